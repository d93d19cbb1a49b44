//! The answer to a write that is kept.

use dictionary::{Record, Timestamp};
use gate::Caller;
use http::StatusCode;
use odata::json::entity_path;
use odata::prefer::Return;
use odata::url::{KeyGiven, Place};

use super::{Deed, Planned};
use crate::headers::Wishes;
use crate::reply::{Addressed, Refused, Reply};
use crate::{Door, entity};

/// Tells what became of the record: it, or where it is, as the client prefers. Without a preference what was created
/// is told, and what was changed is not. What rules warn of is told with the record, whatever is preferred: there is
/// no other place for it.
pub(crate) fn tell(
    door: &Door,
    caller: &Caller,
    planned: &Planned,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    if planned.deed == Deed::Removed {
        return Ok(Reply::no_content());
    }
    let addressed = Some(address(door, planned));
    let asked = wishes.prefer.give_back;
    let usual = if planned.deed == Deed::Created { Return::Representation } else { Return::Minimal };
    let warned = !planned.warnings.is_empty();
    if warned || asked.unwrap_or(usual) == Return::Representation {
        let mut annotations = Vec::new();
        if warned {
            annotations.extend_from_slice(b"\"@freehold.warnings\":");
            odata::error::write_details(&mut annotations, &planned.warnings);
            annotations.push(b',');
        }
        let wishes = Wishes { addresses: true, annotations, ..wishes.clone() };
        let key = KeyGiven::Key(planned.key.clone());
        let at = Place { resource: planned.resource, key, via: Box::default() };
        // Whoever is faster than this answer may have removed it: then where it was is told.
        if let Ok(reply) = entity::answer(door, caller, &at, planned.query.clone(), &wishes, now) {
            let status = if planned.deed == Deed::Created { StatusCode::CREATED } else { StatusCode::OK };
            let applied = asked.filter(|asked| *asked == Return::Representation);
            let applied = applied.map(|_| "return=representation".to_owned());
            let applied = [applied, reply.applied].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let applied = Some(applied).filter(|applied| !applied.is_empty());
            return Ok(Reply { status, applied, addressed, ..reply });
        }
    }
    let reader = door.search.read();
    let version = reader.row(planned.resource, &planned.key);
    let version = version.map(|row| reader.view(planned.resource, row).sequence()).or(planned.version);
    let etag = version.map(|version| format!("W/\"{version}\""));
    let applied = asked.filter(|asked| *asked == Return::Minimal).map(|_| "return=minimal".to_owned());
    Ok(Reply { etag, applied, addressed, ..Reply::no_content() })
}

/// Where the record is.
fn address(door: &Door, planned: &Planned) -> Addressed {
    Addressed { url: format!("{}/{}", door.root_url(), path(door, planned)), key: planned.key.clone() }
}

/// Where the record is, below the service root.
pub(crate) fn path(door: &Door, planned: &Planned) -> String {
    let resource = door.dictionary.resource(planned.resource);
    let written =
        planned.steps.iter().find(|step| step.resource == planned.resource && step.key == planned.key);
    let named = |record: &Record| entity_path(resource, record);
    match written.and_then(|step| step.after.as_ref().or(step.before.as_deref())) {
        Some(record) => named(record),
        // Nothing differed, and so nothing was written: the key of one field is the key itself.
        None => {
            let mut record = Record::new(planned.resource);
            let parts: Vec<&str> = match resource.key.len() {
                1 => vec![planned.key.as_str()],
                _ => planned.key.split('|').collect(),
            };
            resource.key.iter().zip(parts).for_each(|(id, part)| drop(record.set(*id, part)));
            named(&record)
        }
    }
}
