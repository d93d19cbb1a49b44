//! What a request asks: its body as a record or as an object, the version that it was decided on.

use bytes::Bytes;
use dictionary::{Record, Resource};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, IF_MATCH};
use odata::Fault;
use odata::json::{ReadOptions, ReadRecord, read_record};
use serde::de::DeserializeOwned;
use store::Sequence;

use crate::Door;

/// The body as fields of a record, none but those that `settable` names.
///
/// # Errors
/// 415 for another content type, 400 or 422 with every fault at once.
pub(crate) fn record(
    door: &Door,
    own: &Resource,
    headers: &HeaderMap,
    body: &Bytes,
    settable: &[&str],
) -> Result<ReadRecord, Fault> {
    is_json(headers)?;
    let read = read_record(body, &door.dictionary, own.id, &ReadOptions::default());
    let read = read.map_err(Fault::of_all)?;
    let given = read.record.iter().map(|(id, _)| id).chain(read.nulls.iter().copied());
    let fixed = given.map(|id| &own.field(id).name).filter(|name| !settable.contains(&name.as_str()));
    let faults: Vec<Fault> = fixed
        .map(|name| {
            let message = format!("{name} is not set here.");
            let hint = format!("Here are set: {}.", settable.join(", "));
            Fault::new(422, "field_fixed", message, hint).about(name.as_str())
        })
        .collect();
    if faults.is_empty() { Ok(read) } else { Err(Fault::of_all(faults)) }
}

/// A kept record with what was sent over it.
pub(crate) fn over(kept: &Record, sent: &ReadRecord) -> Record {
    let mut record = kept.clone();
    sent.record.iter().for_each(|(id, value)| drop(record.set(id, value.clone())));
    sent.nulls.iter().for_each(|id| drop(record.clear(*id)));
    record
}

/// The body as an object of this shape; an empty one is `{}`.
///
/// # Errors
/// 415 for another content type, 400 with what is wrong.
pub(crate) fn object<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Fault> {
    let body: &[u8] = if body.is_empty() {
        b"{}"
    } else {
        is_json(headers)?;
        body
    };
    serde_json::from_slice(body).map_err(|error| {
        let hint = "/docs shows what the body holds.";
        Fault::bad("body_wrong", format!("The body cannot be read: {error}."), hint)
    })
}

/// Refuses a body that is not said to be JSON.
///
/// # Errors
/// 415
pub(crate) fn is_json(headers: &HeaderMap) -> Result<(), Fault> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let hint = "Send `Content-Type: application/json`.";
    Err(Fault::new(415, "media_type_wrong", "The body is not said to be JSON.", hint))
}

/// The version that `If-Match` asks for, as `"12"`, `W/"12"` or 12; none where it is not sent, or `*`.
///
/// # Errors
/// 400 for one that names no version.
pub(crate) fn version(headers: &HeaderMap) -> Result<Option<Sequence>, Fault> {
    let Some(header) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let bare = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    bare.parse().map(Some).map_err(|_| {
        let hint = "Send the record's @version between double quotes.";
        Fault::bad("version_wrong", "If-Match names no version.", hint).about("If-Match")
    })
}
