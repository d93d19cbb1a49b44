//! What the URL of a write names.

use dictionary::{LinkId, ResourceId, Timestamp};
use gate::{Caller, Permitted};
use http::Method;
use odata::Fault;
use odata::url::{Asked, KeyGiven, Place};
use query::{Query, Selection};

use super::Sent;
use crate::reply::Refused;
use crate::{Door, entity, told};

/// What is written.
pub(super) enum Target {
    /// A new record of a resource.
    New(Query),
    /// A new record among those that a link of this one leads to.
    NewPart { whole: (ResourceId, dictionary::Key), link: LinkId, query: Query },
    /// The record of this key.
    Record { resource: ResourceId, key: dictionary::Key, query: Query },
    /// A record that is not there, by the key that PUT names.
    Absent { resource: ResourceId, key: dictionary::Key, query: Query },
}

/// Reads what is asked as something to write.
///
/// # Errors
/// 404 for a record that is not there, 405 for what this method does nothing to, 400 for options that ask for more
/// than what of the record is to be told.
pub(super) fn target(
    door: &Door,
    caller: &Caller,
    sent: &Sent<'_>,
    asked: Asked,
    now: Timestamp,
) -> Result<Target, Refused> {
    let method = sent.method;
    match asked {
        Asked::Collection(query) => {
            writable(door, query.resource)?;
            if method != Method::POST {
                return Err(wrong_method("method_of_record", method, "Name the record: Property('key')."));
            }
            Ok(Target::New(shown_alone(query)?))
        }
        Asked::Linked { at, link, query } => {
            writable(door, query.resource)?;
            if method != Method::POST {
                let hint = "Name the record in its own resource.";
                return Err(wrong_method("method_of_record", method, hint));
            }
            let whole = found(door, caller, sent, &at, now)?;
            Ok(Target::NewPart { whole, link, query: shown_alone(query)? })
        }
        Asked::Entity { at, query } => {
            writable(door, query.resource)?;
            if method == Method::POST {
                let hint = "POST goes to the resource; a record is changed with PATCH.";
                return Err(wrong_method("method_of_collection", method, hint));
            }
            let resource = query.resource;
            match (found(door, caller, sent, &at, now), &at.key) {
                (Ok((resource, key)), _) => Ok(Target::Record { resource, key, query }),
                (Err(Refused::Fault(fault)), KeyGiven::Key(key))
                    if fault.status == 404 && method == Method::PUT && at.via.is_empty() =>
                {
                    Ok(Target::Absent { resource, key: key.clone(), query })
                }
                (Err(refused), _) => Err(refused),
            }
        }
        Asked::Field { .. } | Asked::FieldValue { .. } => Err(Fault::new(
            501,
            "not_supported",
            "A single field is not written by itself.",
            "PATCH the record with that field alone.",
        )
        .into()),
        _ => Err(wrong_method("method_of_nothing", method, "What is here is read with GET.")),
    }
}

fn wrong_method(code: &'static str, method: &Method, hint: &str) -> Refused {
    Fault::new(405, code, format!("{method} does nothing here."), hint).into()
}

/// Refuses what is told and not kept.
fn writable(door: &Door, resource: ResourceId) -> Result<(), Refused> {
    if !told::tells(door, resource) {
        return Ok(());
    }
    let name = &door.dictionary.resource(resource).name;
    let message = format!("{name} is read-only.");
    Err(Fault::new(405, "read_only_resource", message, "It is told from what is written elsewhere.").into())
}

/// The record that a place names, of those that the caller sees, or that stand before it in its change set.
fn found(
    door: &Door,
    caller: &Caller,
    sent: &Sent<'_>,
    at: &Place,
    now: Timestamp,
) -> Result<(ResourceId, dictionary::Key), Refused> {
    if let KeyGiven::Key(key) = &at.key
        && let Some(step) = sent.pending(at.resource, key).filter(|_| at.via.is_empty())
    {
        return match step.after {
            Some(_) => Ok((at.resource, key.clone())),
            None => Err(gone().into()),
        };
    }
    let resource = at.end(&door.dictionary);
    // The key alone is looked at: it hides nothing from who sees the record.
    let key = door.dictionary.resource(resource).key.to_vec();
    let query = Query { select: Selection::Fields(key), ..Query::all(resource) };
    let permitted: Permitted = door.gate.permit(caller, query)?;
    let reader = door.search.read();
    let row = entity::find(door, caller, &reader, at, &permitted, now)?;
    Ok((resource, reader.view(resource, row).key().into()))
}

/// What a client is told whose record is no more.
pub(super) fn gone() -> Fault {
    let message = "There is no such record any more.";
    Fault::new(404, "record_unknown", message, "It has just been removed.")
}

/// A write is of one record: what picks among records has no place.
fn shown_alone(query: Query) -> Result<Query, Fault> {
    let picks = query.filter.is_some()
        || !query.order.is_empty()
        || query.top.is_some()
        || query.skip > 0
        || query.count;
    if picks {
        let hint = "What is written is told with $select and $expand.";
        return Err(Fault::bad("option_not_here", "A write does not pick among records.", hint));
    }
    Ok(query)
}
