//! The reference page of the partner API's members, made of the tables they are made by.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

const MEMBERS: &str = "doors/partner/data/members.tsv";
const WORDS: &str = "doors/partner/data/words.tsv";
const PAGE: &str = "docs/reference/partner-members.md";

const HEAD: &str = "\
# Members of the partner API

What each member of the partner API's classes is made of, from the fields of the RESO Data Dictionary. This page is
written by `cargo xtask reference` from `doors/partner/data/members.tsv` and `words.tsv`, by which the members are
made, and `cargo xtask tidy` holds that it is fresh.

**Blank** is `\"\"` for text, `null` for a number or date that may be null, `0` and `false` for one that may not, `[]` for
a list. A member is blank where none of its fields has a value, where one of its fields is hidden from the client (a
fallback to another record's field is passed over instead), and where it is held back.

**Dates**: an instant is in UTC and ends in `Z`; a day is written at midnight without a zone, so that nobody shifts it.

**Held back**: *address* where `InternetAddressDisplayYN` is false; *map* there, and where
`InternetEntireListingDisplayYN` is false or the listing has no coordinates; *never* is told to nobody: what is paid to
whom.

| Rule | What it makes of its fields |
|---|---|
| `first` | the first that has a value; `A+B` are said one after the other; `Link/Field` is a linked record's |
| `join` | all of them, with commas, each word once; `= a\\|b` takes these words alone |
| `standard` | the same of the dictionary's own words alone |
| `when` | the second field where the test of the first holds |
| `any` | whether one test holds: a field is true, above zero or says something; `= a\\|b` holds one of these words, `- a\\|b` another than these, `>= n` at least so many, `&` both of one record |
| `map` | the first word of the vocabulary whose test holds (below) |
| `styles` | the words of the first field, and the word of the vocabulary Level |
| `yes_no` | Y or N |
| `worded` | the number, and the words after it |
| `sum` | the sum of what is known, of the first sum that has a part |
| `feet`, `acres` | an area in the unit stated (`per`) or known (`in`), in whole square feet or to 1/10,000 acre; a figure in the member's own unit stays as it is |
| `baths` | full + ½ half + ¾ three-quarter + ¼ quarter where full ones and a part are known, else the stated number |
| `per_foot` | price for each square foot, to the cent |
| `address` | the street line; where the street has no name, the whole address up to its first comma |
| `side` | a side of `front x right x rear x left`; of two numbers, front and depth, each is two sides |
| `rooms` | description, dimensions and level of the rooms of this kind |
| `level` | the area of the rooms of this level, in square feet |
| `units` | how many units of this kind there are |
| `where` | the field of the first linked record that passes |
| `days` | days since it came on the market, to this day in UTC, while it is there; else what the MLS states |
| `shown` | whether address or place may be shown |
| `feed`, `taken_in`, `modified` | the feed; when Freehold took the record in; when the MLS changed it, else when it was taken in |
| `media`, `photos`, `photo_count`, `photos_there`, `photo_stamp`, `rank`, `picture` | photos in the order of `Order`, from 1, and when they last changed |
| `open_house`, `open_houses`, `active`, `public`, `allow_idx` | public open houses that are neither canceled nor ended; active until their end |
| `none` | blank: no field holds it |
";

/// The page as it should be.
fn page(root: &Path) -> Result<String> {
    let read = |path: &str| {
        std::fs::read_to_string(root.join(path)).with_context(|| format!("{path} cannot be read"))
    };
    let (members, words) = (read(MEMBERS)?, read(WORDS)?);
    let rows = |text: &str| -> Vec<Vec<String>> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1);
        lines.map(|line| line.split('\t').map(|cell| cell.replace('|', "\\|")).collect()).collect()
    };
    let mut page = String::from(HEAD);
    let mut class = String::new();
    for row in rows(&members) {
        let [of, member, ty, rule, from, held, note] = &row[..] else { continue };
        if *of != class {
            class.clone_from(of);
            write!(
                page,
                "\n## {class}\n\n| Member | Type | Rule | From | Held back | Note |\n|---|---|---|---|---|---|\n"
            )?;
        }
        let code = |cell: &str| if cell.is_empty() { String::new() } else { format!("`{cell}`") };
        writeln!(page, "| {member} | `{ty}` | `{rule}` | {} | {held} | {note} |", code(from))?;
    }
    page.push_str("\n## Words\n\nOf the lines of a vocabulary the first whose test holds gives the word; `*` is whatever is left. A filter takes\neach word, the other words for it, and the fields' own words, in any case of letters.\n");
    page.push_str("\n| Vocabulary | Word | Also | Test |\n|---|---|---|---|\n");
    for row in rows(&words) {
        let [vocabulary, word, also, test] = &row[..] else { continue };
        let also = also.replace("\\|", ", ");
        writeln!(page, "| {vocabulary} | {word} | {also} | `{test}` |")?;
    }
    Ok(page)
}

/// Says where the page is not what its tables say.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let there = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let fresh = there == page(root)?;
    Ok(if fresh { Vec::new() } else { vec![format!("{PAGE} is not fresh: cargo xtask reference writes it")] })
}

/// Writes the page.
pub(crate) fn write(root: &Path) -> Result<()> {
    std::fs::write(root.join(PAGE), page(root)?).with_context(|| format!("{PAGE} cannot be written"))
}
