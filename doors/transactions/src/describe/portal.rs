//! The routes of a subscriber's own endpoints, and of the handshake by which an app is let in.

use serde_json::{Value as Json, json};

use super::{About, answers, list, object, text};
use parameters::LONGEST;

fn said() -> Json {
    json!({ "type": "string" })
}

fn truth() -> Json {
    json!({ "type": "boolean" })
}

/// What a change of an endpoint may be refused with.
fn changes(about: About) -> About {
    about
        .refuses(400, "A request that cannot be read.")
        .refuses(403, "The credential only reads.")
        .refuses(404, "The client has no such endpoint.")
        .refuses(409, "Somebody else has changed it meanwhile, or it takes nothing just now.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "What cannot be kept, or an address that may not be sent to.")
}

fn endpoint_object() -> Json {
    let count = answers::count;
    let deliveries = object(3, &[("waiting", count()), ("held", count()), ("dead", count())]);
    let replayed = object(3, &[("id", said()), ("queued", count()), ("more", truth())]);
    object(
        8,
        &[
            ("id", said()),
            ("url", said()),
            ("status", json!({ "enum": ["Unverified", "Active", "Disabled"] })),
            ("signatureScheme", json!({ "enum": ["HMAC", "Ed25519"] })),
            ("deliveryFormat", said()),
            ("ordered", truth()),
            ("concurrentRequests", json!({ "type": ["integer", "null"] })),
            ("deliveries", deliveries),
            ("name", said()),
            ("requestsPerSecond", count()),
            ("disabled", answers::instant()),
            ("previousSecretUntil", answers::instant()),
            ("pushed", object(2, &[("upTo", count()), ("newest", count())])),
            ("secret", said()),
            ("replayed", replayed),
        ],
    )
}

pub(crate) fn endpoints() -> About {
    About::new("The client's endpoints.").tells(
        200,
        "All of them.",
        object(1, &[("items", list(endpoint_object()))]),
    )
}

pub(crate) fn register() -> About {
    let endpoint = json!({
        "type": "object",
        "required": ["url"],
        "additionalProperties": false,
        "properties": {
            "url": text(LONGEST), "name": text(255), "signatureScheme": { "enum": ["HMAC", "Ed25519"] },
            "deliveryFormat": { "enum":
                ["Envelope", "CloudEvents Structured", "CloudEvents Binary", "RESO EntityEvent"] },
            "ordered": truth(), "requestsPerSecond": { "type": "integer", "minimum": 1 },
            "concurrentRequests": { "type": "integer", "minimum": 1 },
            "headers": { "type": "object", "additionalProperties": said() }, "salt": said(),
        },
    });
    changes(About::new("Registers an endpoint. It is sent nothing before it has answered its challenge."))
        .takes(endpoint)
        .tells(201, "The endpoint, with its secret this once.", endpoint_object())
}

pub(crate) fn endpoint() -> About {
    About::new("One endpoint.")
        .tells(200, "The endpoint.", endpoint_object())
        .refuses(404, "The client has no such endpoint.")
}

pub(crate) fn unregister() -> About {
    changes(About::new("Removes an endpoint: what is owed to it is owed no more.")).finishes("It is gone.")
}

pub(crate) fn rotate() -> About {
    changes(About::new("Makes a new secret; the former one signs as well for a day.")).tells(
        200,
        "The endpoint, with its secret this once.",
        endpoint_object(),
    )
}

pub(crate) fn verify() -> About {
    changes(About::new("Puts its challenge to an endpoint once more.")).tells(
        200,
        "Whether it answered.",
        object(1, &[("verified", truth())]),
    )
}

pub(crate) fn enable() -> About {
    let missed =
        json!({ "type": "object", "additionalProperties": false, "properties": { "missed": truth() } });
    changes(About::new("Sends to an endpoint again, and with missed what was published meanwhile."))
        .may_take(missed)
        .tells(200, "The endpoint.", endpoint_object())
}

pub(crate) fn disable() -> About {
    changes(About::new("Sends nothing more to an endpoint: what is owed to it waits.")).tells(
        200,
        "The endpoint.",
        endpoint_object(),
    )
}

pub(crate) fn test() -> About {
    let tried = object(
        6,
        &[
            ("id", said()),
            ("delivered", truth()),
            ("status", json!({ "type": ["integer", "null"] })),
            ("fault", json!({ "type": ["string", "null"] })),
            ("milliseconds", json!({ "type": "number" })),
            ("answer", said()),
        ],
    );
    changes(About::new("Sends one event to try an endpoint.")).tells(200, "What it answered.", tried)
}

fn again(about: &'static str) -> About {
    let which = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "events": list(text(LONGEST)), "from": answers::instant(), "until": answers::instant(),
            "topic": text(255), "filter": {},
        },
    });
    let queued = object(3, &[("id", said()), ("queued", answers::count()), ("more", truth())]);
    changes(About::new(about)).may_take(which).tells(202, "They are on their way.", queued)
}

pub(crate) fn retry() -> About {
    again("Tries an endpoint's dead letters again.")
}

pub(crate) fn replay_to() -> About {
    again("Sends events to an endpoint again.")
}

fn deliveries_of(about: About) -> About {
    let attempt = object(
        6,
        &[
            ("number", answers::count()),
            ("at", answers::instant()),
            ("status", json!({ "type": ["integer", "null"] })),
            ("fault", json!({ "type": ["string", "null"] })),
            ("milliseconds", json!({ "type": "number" })),
            ("answer", said()),
        ],
    );
    let delivery = object(
        6,
        &[
            ("place", answers::count()),
            ("event", said()),
            ("agent", said()),
            ("state", json!({ "enum": ["waiting", "held", "done", "dead"] })),
            ("due", answers::instant()),
            ("attempts", list(attempt)),
        ],
    );
    about
        .tells(200, "A hundred at most.", object(1, &[("items", list(delivery))]))
        .refuses(400, "A request that cannot be read.")
        .refuses(404, "The client has no such endpoint.")
}

fn place() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

pub(crate) fn deliveries() -> About {
    deliveries_of(About::new("The newest deliveries to an endpoint, with their attempts.").query(
        "before",
        place(),
        "The place of the last one that was told.",
    ))
}

pub(crate) fn dead() -> About {
    deliveries_of(About::new("An endpoint's dead letters, with their attempts.").query(
        "after",
        place(),
        "The place of the last one that was told.",
    ))
}

pub(crate) fn act() -> About {
    let action = json!({ "type": "object", "required": ["type"], "properties": { "type": said() } });
    let answer = || json!({ "type": "object" });
    changes(About::new("An action of the handshake by which an app is let in."))
        .takes(action)
        .tells(200, "Where it stands.", answer())
        .tells(201, "It is asked for.", answer())
}

pub(crate) fn portal_page() -> About {
    About::new("A subscriber's own page.").tells_as(200, "The page.", "text/html", json!({}))
}

pub(crate) fn portal_script() -> About {
    About::new("The page's script.").tells_as(200, "The script.", "text/javascript", json!({}))
}

pub(crate) fn portal_style() -> About {
    About::new("The page's style.").tells_as(200, "The style.", "text/css", json!({}))
}
