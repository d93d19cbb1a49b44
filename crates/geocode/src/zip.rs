//! The ZIP codes of the United States and their middles.

use std::io::Read;
use std::sync::LazyLock;

use crate::Position;

/// The table, gzip-compressed: one line a ZIP code, in their order, below a line of headings: `zip`, `city`,
/// `state`, `county`, `latitude`, `longitude`, `zone`, `population`, `median_value`, between tabs. Where it
/// comes from stands in `data/README.md`.
pub const ZIP_TABLE: &[u8] = include_bytes!("../data/us_zips.tsv.gz");

/// A ZIP code's digits as a number, and its middle in millionths of a degree: half a megabyte in all.
static MIDDLES: LazyLock<Vec<(u32, i32, i32)>> = LazyLock::new(|| {
    let mut text = String::new();
    flate2::read::GzDecoder::new(ZIP_TABLE)
        .read_to_string(&mut text)
        .expect("the table is built in and is tried by the tests");
    text.lines().skip(1).filter_map(middle).collect()
});

fn middle(line: &str) -> Option<(u32, i32, i32)> {
    let mut cells = line.split('\t');
    let zip = cells.next()?.parse().ok()?;
    let mut degrees = cells.skip(3).map(|cell| cell.parse::<f64>().ok());
    let (latitude, longitude) = (degrees.next()??, degrees.next()??);
    Some((zip, millionths(latitude), millionths(longitude)))
}

#[expect(clippy::cast_possible_truncation, reason = "180 millions of millionths fit")]
fn millionths(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

/// The first five digits of a ZIP code, of `98101`, `98101-1234` or `981011234`; none where it is no such.
#[must_use]
pub fn zip_digits(text: &str) -> Option<&str> {
    let text = text.trim();
    let five = text.get(..5).filter(|five| five.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = text[5..].trim_start().trim_start_matches('-').trim_start();
    let four = rest.is_empty() || (rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit()));
    four.then_some(five)
}

/// The middle of a ZIP code; none where there is no such.
#[must_use]
pub fn zip(text: &str) -> Option<Position> {
    let digits: u32 = zip_digits(text)?.parse().ok()?;
    let at = MIDDLES.binary_search_by_key(&digits, |(zip, ..)| *zip).ok()?;
    let (_, latitude, longitude) = MIDDLES[at];
    Some(Position { latitude: f64::from(latitude) / 1e6, longitude: f64::from(longitude) / 1e6 })
}
