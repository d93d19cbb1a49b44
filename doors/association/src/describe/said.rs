//! What is asked and answered in forms of its own.

use serde_json::{Value as Json, json};

use crate::conversion::Category;
use crate::onboarding::Event;
use crate::words::KeyAccess;

fn text(most: usize) -> Json {
    json!({ "type": "string", "maxLength": most })
}

fn word() -> Json {
    json!({ "type": "string" })
}

fn object(needed: &[&str], members: Json) -> Json {
    json!({ "type": "object", "required": needed, "properties": members, "additionalProperties": false })
}

fn names<const N: usize>(all: [&'static str; N]) -> Json {
    json!({ "enum": all.to_vec() })
}

pub(crate) fn feed() -> Json {
    object(&["FeedId"], json!({ "FeedId": word() }))
}

/// What moves an integration on.
pub(crate) fn event() -> Json {
    object(
        &["event"],
        json!({ "event": names(Event::ALL.map(Event::name)), "goLive": text(64), "reason": text(1_024),
            "overrideReason": text(1_024) }),
    )
}

pub(crate) fn transition() -> Json {
    let record = || json!({ "type": "object" });
    let warnings = json!({ "type": "array", "items": word() });
    object(
        &["integration", "transition", "warnings"],
        json!({ "integration": record(), "transition": record(), "warnings": warnings }),
    )
}

/// How an onboarding stands, without its items.
fn standing() -> Json {
    let next = object(
        &["rule", "sentence", "responsible"],
        json!({ "rule": word(), "sentence": word(), "responsible": word() }),
    );
    json!({
        "integration": word(), "kind": word(), "state": word(), "awaits": word(), "blockedReason": word(),
        "percent": { "type": "integer", "minimum": 0, "maximum": 100 },
        "ageDays": { "type": "integer", "minimum": 0 }, "next": next,
    })
}

pub(crate) fn checklist() -> Json {
    let item = object(
        &["rule", "requirement", "event", "sentence", "responsible", "evidenceKind", "done"],
        json!({ "rule": word(), "requirement": word(), "event": word(), "sentence": word(),
            "responsible": word(), "evidenceKind": names(["automatic", "manual"]),
            "done": { "type": "boolean" }, "evidence": word(), "missing": word(), "confirmedBy": word(),
            "confirmedTimestamp": { "type": "string", "format": "date-time" } }),
    );
    let mut members = standing();
    members["items"] = json!({ "type": "array", "items": item });
    object(&["integration", "state", "percent", "ageDays", "items"], members)
}

pub(crate) fn dashboard() -> Json {
    let mut members = standing();
    members["tenant"] = word();
    members["tenantName"] = word();
    let one = object(&["integration", "state", "percent", "ageDays", "tenant"], members);
    let state = object(
        &["state", "integrations"],
        json!({ "state": word(), "integrations": { "type": "array", "items": one } }),
    );
    object(&["states"], json!({ "states": { "type": "array", "items": state } }))
}

pub(crate) fn evidence() -> Json {
    let text = json!({ "type": "string", "pattern": "\\S", "maxLength": 1_024 });
    object(&["evidence"], json!({ "evidence": text }))
}

pub(crate) fn mail() -> Json {
    let list = || json!({ "type": "array", "items": word() });
    object(
        &["to", "cc", "subject", "text"],
        json!({ "to": list(), "cc": list(), "subject": word(), "text": word() }),
    )
}

pub(crate) fn entries() -> Json {
    let value = || json!({ "type": "string", "pattern": "^\\S(.*\\S)?$", "maxLength": 50 });
    let entry = object(
        &["category", "value", "displayValue", "vendorCode"],
        json!({ "category": names(Category::ALL.map(Category::name)), "value": value(),
            "displayValue": value(), "vendorCode": value() }),
    );
    object(
        &["entries"],
        json!({ "entries": { "type": "array", "maxItems": 4_000, "items": entry },
            "standardTypes": { "type": "boolean" } }),
    )
}

pub(crate) fn kind() -> Json {
    names(["agent", "office"])
}

pub(crate) fn name() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 255 })
}

pub(crate) fn limit() -> Json {
    json!({ "type": "integer", "minimum": 1, "maximum": 1_000 })
}

pub(crate) fn heading() -> Json {
    text(255)
}

pub(crate) fn file() -> Json {
    object(&[], json!({ "file": { "type": ["string", "null"], "maxLength": 255 } }))
}

pub(crate) fn access() -> Json {
    object(&["access"], json!({ "access": names([KeyAccess::Read.name(), KeyAccess::Write.name()]) }))
}

pub(crate) fn key() -> Json {
    let request = json!({ "type": "object" });
    object(
        &["clientId", "access", "requests"],
        json!({ "clientId": word(), "access": word(), "secret": word(),
            "requests": { "type": "array", "items": request } }),
    )
}
