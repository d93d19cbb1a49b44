//! A page of records: an OData answer, or a plain list.

use dictionary::{Dictionary, ResourceId};

use super::record::Reader;
use super::{ReadOptions, ReadRecord, begin, not_json};
use crate::Fault;
use crate::json::scan::{Broken, Next, Scanner};

/// A page as it was sent.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReadPage {
    /// Each record, or what is wrong with it: one bad record does not spoil the page.
    pub records: Vec<Result<ReadRecord, Vec<Fault>>>,
    /// `@odata.nextLink`.
    pub next: Option<String>,
    /// `@odata.count`.
    pub count: Option<u64>,
}

/// Reads `{"value": […], "@odata.nextLink": …}` (the prefix `odata.` may be missing, as in 4.01), or
/// `[…]` alone. `options.limits.members` bounds the records too.
///
/// # Errors
/// Where it is no JSON, too large or no page. What is wrong with single records is told in their place.
pub fn read_page(
    bytes: &[u8],
    dictionary: &Dictionary,
    resource: ResourceId,
    options: &ReadOptions,
) -> Result<ReadPage, Fault> {
    let mut scan = begin(bytes, options)?;
    let mut page = ReadPage::default();
    let found = whole(&mut scan, &mut page, &Reading { dictionary, resource, options });
    if found.map_err(not_json)? {
        return Ok(page);
    }
    let hint = "A page is {\"value\": [records]} or a list of records.";
    Err(Fault::bad("not_a_page", "The body holds no list of records.", hint))
}

/// Bytes at either end of a page in which its link stands, where it stands where servers put it.
const ENDS: usize = 4 << 10;

/// The link to the next page, looked for at the ends of a page that has not been read: a guess, by which the next page
/// can be asked for while this one is read. What [`read_page`] finds is right.
#[must_use]
pub fn glimpse_next(bytes: &[u8]) -> Option<String> {
    let end = &bytes[bytes.len().saturating_sub(ENDS)..];
    let start = &bytes[..bytes.len().min(ENDS)];
    [end, start].into_iter().find_map(|part| {
        // Inside a text its quotes would be escaped.
        [&b"\"@odata.nextLink\""[..], b"\"@nextLink\""].into_iter().find_map(|name| {
            let at = part.windows(name.len()).rposition(|here| here == name)?;
            let rest = part[at + name.len()..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
            let close = 1 + rest.get(1..)?.iter().position(|byte| *byte == b'"')?;
            let mut scan = Scanner::new(&rest[..=close], 1, 1).ok()?;
            matches!(scan.next(), Ok(Next::String))
                .then(|| scan.string().ok().map(|link| link.into_owned()))?
        })
    })
}

struct Reading<'r> {
    dictionary: &'r Dictionary,
    resource: ResourceId,
    options: &'r ReadOptions,
}

/// Reads to the end; false where there was no list of records.
fn whole(scan: &mut Scanner<'_>, page: &mut ReadPage, reading: &Reading<'_>) -> Result<bool, Broken> {
    let mut listed = false;
    match scan.next()? {
        Next::Array => {
            list(scan, page, reading)?;
            listed = true;
        }
        Next::Object => scan.object(&mut |scan, name, _| {
            let at = scan.place();
            match (&*name, scan.next()?) {
                ("value", Next::Array) if !listed => {
                    listed = true;
                    list(scan, page, reading)?;
                }
                ("@odata.nextLink" | "@nextLink", Next::String) => {
                    page.next = Some(scan.string()?.into_owned())
                }
                ("@odata.count" | "@count", Next::Number) => page.count = scan.number()?.parse().ok(),
                _ if scan.place() == at => drop(scan.skip()?),
                _ => {}
            }
            Ok(())
        })?,
        _ => return Ok(false),
    }
    scan.end()?;
    Ok(listed)
}

fn list(scan: &mut Scanner<'_>, page: &mut ReadPage, reading: &Reading<'_>) -> Result<(), Broken> {
    let mut reader = Reader {
        dictionary: reading.dictionary,
        options: reading.options,
        enums: None,
        faults: Vec::new(),
        usual: 0,
    };
    scan.array(&mut |scan, _| {
        let read = reader.record(scan, reading.resource, String::new())?;
        let faults = std::mem::take(&mut reader.faults);
        page.records.push(match read {
            Some(found) if faults.is_empty() => Ok(found),
            _ => Err(faults),
        });
        Ok(())
    })
}
