//! What is answered, as JSON schemas.

use serde_json::{Value as Json, json};

use super::{DescribedAnswer, list, object, text};

/// What any route may answer a client, besides its own.
pub(super) fn of_every_client() -> Vec<DescribedAnswer> {
    let refused =
        |status, about| DescribedAnswer { status, about, content: vec![("application/json", refusal())] };
    vec![
        refused(401, "No credential, or one that is not admitted."),
        refused(405, "Another method."),
        refused(429, "More requests than the client's quota."),
        refused(503, "The store does not answer just now."),
    ]
}

/// A refusal: a sentence, with a code and a hint where nobody compares it to the letter.
pub(super) fn refusal() -> Json {
    let said = json!({ "type": "string" });
    object(1, &[("error", said.clone()), ("code", said.clone()), ("hint", said)])
}

/// One thing that is wrong, or worth a warning.
fn item() -> Json {
    let said = || json!({ "type": "string" });
    object(
        6,
        &[
            ("keyword", said()),
            ("dataPath", said()),
            ("path", said()),
            ("schemaPath", said()),
            ("params", json!({})),
            ("message", said()),
        ],
    )
}

pub(super) fn items() -> Json {
    list(item())
}

/// What the validator says.
pub(super) fn verdict() -> Json {
    let said = || json!({ "type": "string" });
    let error = object(3, &[("code", said()), ("message", said()), ("items", items())]);
    object(1, &[("isValid", json!({ "type": "boolean" })), ("error", error), ("warnings", items())])
}

pub(super) fn verdict_or_refusal() -> Json {
    json!({ "anyOf": [verdict(), refusal()] })
}

pub(super) fn uri() -> Json {
    json!({ "type": "string", "format": "uri" })
}

fn uris() -> Json {
    json!({ "anyOf": [uri(), list(uri())] })
}

pub(super) fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

/// What is told of a published event.
pub(super) fn published() -> Json {
    let one = object(1, &[("id", uri()), ("warnings", items())]);
    json!({ "anyOf": [one, list(one.clone())] })
}

/// An event as one of its receivers gets it.
pub(super) fn event() -> Json {
    json!({
        "type": "object",
        "required": ["topic", "time", "agent", "instrument", "id", "@id", "data"],
        "properties": {
            "topic": { "type": "string" }, "time": instant(), "agent": uri(), "instrument": uri(),
            "source": uris(), "originalRecipient": uris(), "id": uri(), "@id": uri(), "data": {},
        },
    })
}

/// A page of an inbox: addresses of events, or with `format=full` the events.
pub(super) fn inbox() -> Json {
    let place = json!({ "type": "string", "pattern": "^[0-9]+$" });
    let contains = list(json!({ "anyOf": [uri(), event()] }));
    object(2, &[("contains", contains), ("cursor", place.clone()), ("next", place)])
}

pub(super) fn cursor() -> Json {
    object(2, &[("name", text(64)), ("at", json!({ "type": "string", "pattern": "^[0-9]+$" }))])
}

/// A subscription, as it is told.
pub(super) fn subscription() -> Json {
    let said = || json!({ "type": "string" });
    object(
        6,
        &[
            ("id", said()),
            ("agent", said()),
            ("publishes", list(said())),
            ("subscribes", list(said())),
            ("needContext", json!({ "type": ["boolean", "null"] })),
            ("status", said()),
            ("object", said()),
            ("recipient", said()),
            ("target", said()),
            ("scope", said()),
            ("filter", json!({})),
        ],
    )
}

fn report() -> Json {
    object(
        4,
        &[
            ("id", uri()),
            ("transactionSequence", count()),
            ("batchId", json!({ "type": "string" })),
            ("data", json!({})),
            ("received", instant()),
            ("warnings", items()),
        ],
    )
}

pub(super) fn transaction() -> Json {
    let said = json!({ "type": "string" });
    object(
        4,
        &[
            ("bmsTransactionId", said),
            ("instrument", uri()),
            ("current", report()),
            ("history", list(report())),
        ],
    )
}

pub(super) fn batch() -> Json {
    let said = || json!({ "type": "string" });
    let counts = object(3, &[("received", count()), ("warned", count()), ("rejected", count())]);
    let received = object(
        3,
        &[
            ("id", uri()),
            ("bmsTransactionId", said()),
            ("transactionSequence", count()),
            ("received", instant()),
            ("warnings", items()),
        ],
    );
    let rejected = object(
        6,
        &[
            ("bmsTransactionId", said()),
            ("transactionSequence", said()),
            ("status", count()),
            ("at", json!({ "type": ["string", "null"] })),
            ("items", items()),
            ("receivedLater", json!({ "type": "boolean" })),
        ],
    );
    object(
        4,
        &[
            ("batchId", said()),
            ("counts", counts),
            ("received", list(received)),
            ("rejected", list(rejected)),
        ],
    )
}

pub(super) fn production() -> Json {
    let said = || json!({ "type": "string" });
    let number = || json!({ "type": "number" });
    let trace = object(3, &[("id", uri()), ("bmsTransactionId", said()), ("transactionSequence", count())]);
    let row = object(
        8,
        &[
            ("currency", said()),
            ("gci", number()),
            ("deduction", number()),
            ("net", number()),
            ("units", number()),
            ("sides", count()),
            ("transactions", count()),
            ("referrals", count()),
            ("agent", said()),
            ("office", said()),
            ("type", said()),
            ("status", said()),
            ("period", said()),
            ("reports", list(trace)),
            ("trace", uri()),
        ],
    );
    let by = list(json!({ "enum": ["agent", "office", "type", "status", "period"] }));
    object(2, &[("by", by), ("value", list(row))])
}

pub(super) fn card() -> Json {
    let said = || json!({ "type": "string" });
    object(
        3,
        &[
            ("type", json!({ "anyOf": [said(), list(said())] })),
            ("id", uri()),
            ("inbox", uri()),
            ("name", said()),
        ],
    )
}
