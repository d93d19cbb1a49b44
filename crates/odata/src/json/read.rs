//! Records read from JSON: typed by the dictionary, every fault named.

mod bind;
mod page;
mod record;
mod value;

use dictionary::{Dictionary, FieldId, LinkId, Record, ResourceId, Text};

use super::scan::{Broken, Scanner};
use crate::Fault;
use crate::metadata::EnumNames;

pub use page::{ReadPage, glimpse_next, read_page};

/// What to do with members that the dictionary does not know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UnknownPolicy {
    /// A fault each: for writes.
    #[default]
    Refuse,
    /// Kept aside as [`Extra`]: for pulling and intake.
    Keep,
    /// Passed over.
    Ignore,
}

/// What to do with a value that is not of its field's type.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MistypedPolicy {
    /// A fault each: for writes.
    #[default]
    Refuse,
    /// Kept aside as [`Extra`], and the field has no value: for pulling.
    Keep,
}

/// What to do with linked records that stand inside a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LinkPolicy {
    /// A fault each.
    #[default]
    Refuse,
    /// Read too, and kept apart from the record.
    Keep,
    /// The same, with what changes of them (`Media@delta`), which is passed over otherwise.
    Change,
    /// Passed over.
    Ignore,
}

/// How large a body may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadLimits {
    /// Bytes in all.
    pub bytes: usize,
    /// Lists and objects in one another.
    pub depth: usize,
    /// Members of one object, and elements of one list.
    pub members: usize,
    /// Faults that are told; what is wrong beyond them is not.
    pub faults: usize,
}

impl Default for ReadLimits {
    /// 16 MiB, 12 deep, 10,000 members, 100 faults.
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 12, members: 10_000, faults: 100 }
    }
}

/// How to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReadOptions {
    /// Members that the dictionary does not know.
    pub unknown: UnknownPolicy,
    /// Values of another type than their field's.
    pub mistyped: MistypedPolicy,
    /// Linked records.
    pub links: LinkPolicy,
    /// Bounds.
    pub limits: ReadLimits,
}

/// A member that the dictionary does not know, or whose value is not of its field's type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extra {
    /// Its name.
    pub name: Text,
    /// Its value, as the JSON text that was sent.
    pub json: String,
}

/// The records that stood under a link.
#[derive(Clone, PartialEq, Debug)]
pub struct NestedRecords {
    /// The link.
    pub link: LinkId,
    /// The records; none where it was null or an empty list.
    pub records: Vec<ReadRecord>,
    /// Whether these are changes of what it links to (`Media@delta`), and not all of it.
    pub delta: bool,
}

/// A record as it was sent. It has the types of its fields; lengths, lookups and the key are
/// [`dictionary::check`]'s to say.
#[derive(Clone, PartialEq, Debug)]
pub struct ReadRecord {
    /// The fields that have a value.
    pub record: Record,
    /// The fields that were sent as null, in the order of their ids: a change clears these.
    pub nulls: Vec<FieldId>,
    /// Linked records, where they are kept.
    pub links: Vec<NestedRecords>,
    /// Unknown members and mistyped values, where they are kept.
    pub extra: Vec<Extra>,
    /// Whether this says of one of the changes that the record is no more (`@removed`).
    pub removed: bool,
}

/// Reads one record of `resource`. Annotations (`@odata.id`, `City@…`) are passed over, but
/// that `ListAgent@odata.bind` gives the field that ties the link its value where links are kept; null is no value, a
/// number may be a string where the field is an `Edm.Int64` or an `Edm.Decimal`.
///
/// # Errors
/// Every fault, in the order of the text, with its target (`Media[1].MediaCategory`), position and hint
/// (RESO-061). Codes: `not_json`, `too_large`, `not_an_object`, `unknown_field`, `repeated_member`,
/// `wrong_type`, `link_refused`.
pub fn read_record(
    bytes: &[u8],
    dictionary: &Dictionary,
    resource: ResourceId,
    options: &ReadOptions,
) -> Result<ReadRecord, Vec<Fault>> {
    match salvage_record(bytes, dictionary, resource, options, None) {
        (Some(found), faults) if faults.is_empty() => Ok(found),
        (_, faults) => Err(faults),
    }
}

/// As [`read_record`], with what could be read beside the faults, so that whoever looks at the record further can
/// tell every fault at once. Where `enums` are given, the fields that they cover are read as members of their
/// enumerations (RESO-025). Without a fault there is a record.
#[must_use]
pub fn salvage_record(
    bytes: &[u8],
    dictionary: &Dictionary,
    resource: ResourceId,
    options: &ReadOptions,
    enums: Option<&EnumNames>,
) -> (Option<ReadRecord>, Vec<Fault>) {
    let mut scan = match begin(bytes, options) {
        Ok(scan) => scan,
        Err(fault) => return (None, vec![fault]),
    };
    let mut reader = record::Reader { dictionary, options, enums, faults: Vec::new(), usual: 0 };
    let read = reader.record(&mut scan, resource, String::new());
    match read.and_then(|found| scan.end().map(|()| found)) {
        Ok(found) => (found, reader.faults),
        Err(broken) => {
            reader.faults.push(not_json(broken));
            (None, reader.faults)
        }
    }
}

/// A scanner of a body that is not too large.
fn begin<'a>(bytes: &'a [u8], options: &ReadOptions) -> Result<Scanner<'a>, Fault> {
    let limits = options.limits;
    if bytes.len() > limits.bytes {
        let message = format!("The body has {} bytes.", bytes.len());
        return Err(Fault::new(413, "too_large", message, format!("Send at most {}.", limits.bytes)));
    }
    Scanner::new(bytes, limits.depth, limits.members).map_err(not_json)
}

fn not_json(broken: Broken) -> Fault {
    Fault::bad("not_json", broken.message, "Send JSON (RFC 8259) in UTF-8.").at(broken.at)
}

/// Reads any bytes as a record and as a page, for the fuzzer: neither may panic, and what is read is
/// written and read again as the same.
///
/// # Panics
/// Where it is not.
pub fn fuzz(bytes: &[u8], dictionary: &Dictionary, resource: ResourceId) {
    let options =
        ReadOptions { unknown: UnknownPolicy::Keep, links: LinkPolicy::Keep, ..ReadOptions::default() };
    let _ = (read_page(bytes, dictionary, resource, &options), glimpse_next(bytes));
    let Ok(first) = read_record(bytes, dictionary, resource, &options) else { return };
    let mut out = Vec::new();
    super::write_record(
        &mut out,
        &first.record,
        dictionary.resource(resource),
        &super::Shape::everything(),
        None,
    );
    let second = read_record(&out, dictionary, resource, &options).map(|found| found.record);
    assert_eq!(second, Ok(first.record), "what is written reads as the same");
}
