//! Reading records of Freehold's own resources.

use dictionary::{FieldId, FieldSet, Key, Resource, Text, Timestamp, Value};
use odata::Fault;
use store::{Scan, Stored};

use super::faults::not_there;
use super::{Desk, of_store};

/// Records that one answer holds at most.
const LONGEST: usize = 1_000;
/// Records that one answer looks at: a filter that fits few does not read the store to its end.
const LOOKED_AT: usize = 10_000;

/// Where a listing ended: timestamp and key of the last record looked at.
pub type Place = (Option<Timestamp>, Key);

/// What is asked of a listing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Part {
    /// Where the part before ended.
    pub after: Option<Place>,
    /// Records at most, up to 1,000.
    pub limit: usize,
    /// Fields and the text that each must hold.
    pub fields: Vec<(FieldId, Text)>,
}

/// A part of a resource's records, by timestamp and key.
#[derive(Clone, PartialEq, Debug)]
pub struct Listing {
    /// The records.
    pub records: Vec<Stored>,
    /// Where it ended, where there is more.
    pub next: Option<Place>,
}

/// The fields of `resource` that are ever shown: what is kept of a key's secret is not.
#[must_use]
pub fn shown_fields(resource: &Resource) -> FieldSet {
    resource.each().filter(|(_, field)| !hidden(&field.name)).map(|(id, _)| id).collect()
}

pub(super) fn hidden(field: &str) -> bool {
    matches!(field, "ClientKeyHash" | "ClientKeySalt" | "ClientKeySealed")
}

/// One record.
///
/// # Errors
/// 404 where there is none.
pub async fn get(desk: &Desk, resource: &str, key: &str) -> Result<Stored, Fault> {
    let resource = desk.resource(resource)?;
    let found = desk.store.get(resource.id, key).await.map_err(of_store)?;
    found.ok_or_else(|| not_there(&resource.name, key))
}

/// A part of a resource's records.
///
/// # Errors
/// 404 for a resource that is not Freehold's own, 400 for a limit that is none.
pub async fn list(desk: &Desk, resource: &str, part: &Part) -> Result<Listing, Fault> {
    let resource = desk.resource(resource)?;
    if part.limit == 0 || part.limit > LONGEST {
        let message = format!("A part of {} records cannot be listed.", part.limit);
        return Err(Fault::bad("limit_wrong", message, format!("Ask for 1 to {LONGEST}.")).about("limit"));
    }
    let mut listing = Listing { records: Vec::new(), next: part.after.clone() };
    let mut looked = 0;
    loop {
        let scan = Scan { resource: resource.id, feed: None, after: listing.next.clone(), limit: LONGEST };
        let found = desk.store.scan(scan).await.map_err(of_store)?;
        let end = found.len() < LONGEST;
        for stored in found {
            if listing.records.len() == part.limit {
                return Ok(listing);
            }
            looked += 1;
            listing.next = Some((resource.timestamp_of(&stored.record), stored.key.clone()));
            if fits(&stored, &part.fields) {
                listing.records.push(stored);
            }
        }
        if end {
            return Ok(Listing { next: None, ..listing });
        }
        if looked >= LOOKED_AT {
            return Ok(listing);
        }
    }
}

fn fits(stored: &Stored, fields: &[(FieldId, Text)]) -> bool {
    fields.iter().all(|(field, wanted)| match stored.record.get(*field) {
        Some(Value::Text(text)) => text == wanted,
        Some(Value::Boolean(truth)) => *wanted == truth.to_string(),
        Some(Value::Integer(number)) => *wanted == number.to_string(),
        Some(Value::TextList(list)) => list.contains(wanted),
        _ => false,
    })
}
