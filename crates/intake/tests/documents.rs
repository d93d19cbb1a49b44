//! The pages about mappings say what is so.

mod given;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dictionary::Timestamp;
use intake::{Clock, Job, Limits, Mapping, Silent, Source};

use given::words;

const HOW_TO: &str = include_str!("../../../docs/how-to/import-a-file.md");
const REFERENCE: &str = include_str!("../../../docs/reference/mapping-file.md");
const MAPPING: &str = include_str!("data/king_county.toml");

/// What stands between the fences that open with this word.
fn fenced<'p>(page: &'p str, word: &str) -> Vec<&'p str> {
    let fence = format!("```{word}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_how_to_shows_the_mapping_and_the_report_that_it_gives() {
    assert!(fenced(HOW_TO, "toml").contains(&MAPPING), "the mapping is tests/data/king_county.toml");
    let mapping = Mapping::read(MAPPING).expect("the mapping is sound");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/king_county_faulty.csv");
    let job = Job::open(words(), &mapping, Source::file(file), Limits::default()).expect("it fits");
    let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let report = job.check(&clock, &Silent).expect("it can be read").to_string();
    assert!(fenced(HOW_TO, "text").contains(&report.as_str()), "the report is:\n{report}");
}

#[test]
fn every_mapping_that_is_shown_is_one() {
    for text in fenced(HOW_TO, "toml").into_iter().chain(fenced(REFERENCE, "toml")) {
        Mapping::read(text).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    }
}

/// The settings that a part of a mapping takes, as the reader of mappings lists them for an unknown one.
fn taken(before: &str) -> BTreeSet<String> {
    let text = format!("name = 'n'\nfeed = 'T'\n{before}no_such_setting = 1\n");
    let (said, after) = match Mapping::read(&text) {
        Err(error) => (error.faults[0].message.clone(), "expected one of "),
        Ok(mapping) => {
            // The settings of a field are read once there is a file.
            let source = Source::bytes("f.csv", b"id\n1\n".as_slice());
            let error = Job::open(words(), &mapping, source, Limits::default()).expect_err("it is wrong");
            (error.faults[0].message.clone(), "expected one of ")
        }
    };
    let (_, list) = said.split_once(after).unwrap_or_else(|| panic!("{said}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The first column of the table under a heading of the reference.
fn told(heading: &str) -> BTreeSet<String> {
    let (_, rest) = REFERENCE.split_once(&format!("\n## {heading}\n")).expect(heading);
    let part = rest.split("\n## ").next().unwrap_or_default();
    part.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect()
}

#[test]
fn the_reference_names_every_setting_and_no_other() {
    let check = |heading: &str, before: &str| assert_eq!(told(heading), taken(before), "{heading}");
    check("The whole", "");
    check("`[file]`: the form of the file", "[file]\n");
    check("`[parse]`: how values are read", "[parse]\n");
    check("`[[record]]`: what a row yields", "[[record]]\nresource = 'Property'\n");
    check("Conditions", "[[record]]\nresource = 'Property'\n[[record.keep_if]]\ncolumn = 'x'\n");
    let parse = taken("[parse]\n");
    let field = taken("[[record]]\nresource = 'Property'\nkey = '{id}'\n[record.fields.City]\n");
    let own: BTreeSet<String> = field.difference(&parse).cloned().collect();
    assert_eq!(told("`[record.fields]`: where values come from"), own);
    assert!(parse.is_subset(&field), "what [parse] says for all, a field says for itself");
}

/// Every file of the crate's source but its tests.
fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("the source is there") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.ends_with("tests.rs") => {}
            false => found.push(path),
        }
    }
    found
}

#[test]
fn the_reference_explains_every_code() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut codes = BTreeSet::new();
    for path in sources(&dir) {
        let text = std::fs::read_to_string(path).expect("a source file");
        for marker in ["IntakeError::new(", "MappingFault::new(", "Bad::new(", ".fault(", "code: ", "(one, "]
        {
            for rest in text.split(marker).skip(1) {
                let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                let code = rest.split('"').next().unwrap_or_default();
                if code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    assert!(codes.len() > 40, "{codes:?}");
    let told = told("Codes");
    let untold: Vec<_> = codes.difference(&told).collect();
    assert!(untold.is_empty(), "the reference says nothing of {untold:?}");
}
