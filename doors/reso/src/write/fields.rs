//! The fields that this installation sets by itself.

use dictionary::{FieldId, Record, Resource, Text, Timestamp, Type, Value};
use gate::Caller;
use odata::Fault;

/// Fields whose change is dated by another field, where the resource has both.
const DATED: [(&str, &str); 3] = [
    ("StandardStatus", "StatusChangeTimestamp"),
    ("MlsStatus", "StatusChangeTimestamp"),
    ("ListPrice", "PriceChangeTimestamp"),
];

/// Whether a body says nothing of this field that counts: it is computed here, or never changes.
pub(super) fn is_ours(resource: &Resource, field: FieldId) -> bool {
    resource.timestamp == Some(field) || resource.hub_fields().contains(field)
}

/// Gives a new record the key that its client did not give.
///
/// # Errors
/// The system gives no randomness.
pub(super) fn name(resource: &Resource, record: &mut Record, now: Timestamp) -> Result<(), Fault> {
    if let [key] = *resource.key
        && record.get(key).is_none()
        && matches!(resource.field(key).ty, Type::Text { .. })
    {
        let id = gate::fresh_id(now).map_err(|error| {
            tracing::error!("no key could be made: {error}");
            Fault::new(503, "no_key", "No key could be made.", "Send one, or try again.")
        })?;
        record.set(key, id);
    }
    Ok(())
}

/// Dates a new record, and says where it comes from.
pub(super) fn enter(resource: &Resource, record: &mut Record, caller: &Caller, feed: &Text, now: Timestamp) {
    if let Some(field) = resource.timestamp {
        record.set(field, now);
    }
    let mut assume = |name: &str, value: Value| {
        if let Some(field) = resource.find(name)
            && record.get(field).is_none()
        {
            record.set(field, value);
        }
    };
    assume("OriginalEntryTimestamp", now.into());
    let system = caller.feed_terms(feed).and_then(|terms| terms.name.clone());
    assume("OriginatingSystemName", system.unwrap_or_else(|| feed.clone()).into());
}

/// Dates what differs between two versions, but for what `said` names: that is the client's word.
pub(super) fn date(
    resource: &Resource,
    before: Option<&Record>,
    record: &mut Record,
    said: &dyn Fn(FieldId) -> bool,
    now: Timestamp,
) {
    for (name, dated) in DATED {
        let (Some(field), Some(at)) = (resource.find(name), resource.find(dated)) else { continue };
        let differs = record.get(field) != before.and_then(|before| before.get(field));
        if differs && !said(at) {
            record.set(at, now);
        }
    }
}
