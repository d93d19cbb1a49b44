//! What each line of the table of routes says of its route.

use serde_json::{Value as Json, json};

use super::{About, answers, flag, list, object, text};
use parameters::LONGEST;

const UNREADABLE: &str = "A request that cannot be read.";

pub(crate) fn validate() -> About {
    About::new("Holds a payload, or any thing with a type, against the schema.")
        .takes(json!({ "type": "object", "required": ["object"], "properties": { "object": {} } }))
        .tells(200, "What the schema says of it.", answers::verdict())
        .refuses(400, UNREADABLE)
        .refuses(413, "A body that is too large.")
}

pub(crate) fn mock() -> About {
    let seed = json!({ "type": "integer", "minimum": 0 });
    About::new("Makes an instance of a topic or a definition; x-mock-seed says which seed made it.")
        .query("requiredOnly", flag(), "Only what is required.")
        .query("randomOptionals", flag(), "What is optional by chance.")
        .query("sortProperties", flag(), "Members by their names.")
        .query("seed", seed, "The same instance again.")
        .tells(200, "An instance.", json!({}))
        .refuses(400, UNREADABLE)
        .refuses(404, "There is no topic and no type of this name.")
}

pub(crate) fn publish() -> About {
    let recipients = json!({ "anyOf": [text(2_048), list(text(2_048))] });
    let event = json!({
        "type": "object",
        "description": "/asyncapi.json says what each topic's data holds.",
        "required": ["topic", "recipient", "data"],
        "properties": {
            "topic": { "enum": crate::every_topic().iter().map(|topic| topic.name).collect::<Vec<_>>() },
            "recipient": recipients, "source": recipients,
            "time": answers::instant(), "id": text(2_048), "data": { "type": "object" },
        },
    });
    let several = json!({ "type": "array", "minItems": 1, "maxItems": 1_000, "items": event });
    About::new("Publishes one event or several, all or none.")
        .header(
            "Idempotency-Key",
            json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
            "Done once, however often it is sent in seven days.",
        )
        .takes(json!({ "anyOf": [event, several] }))
        .tells(201, "Kept: the address of each event.", answers::published())
        .tells(200, "Kept before.", answers::published())
        .tells(400, "What is wrong with the events.", answers::verdict_or_refusal())
        .refuses(403, "A topic or a recipient that the client may not publish to.")
        .refuses(409, "Another report has this sequence, or the key stood for another body.")
        .refuses(413, "Events that are too large or too many.")
        .refuses(422, "What cannot be kept.")
}

pub(crate) fn published() -> About {
    About::new("An event by its address.")
        .tells(200, "The event.", answers::event())
        .refuses(404, "There is no such event, or none that the client may read.")
        .refuses(410, "The event is older than events are kept.")
}

fn agent(about: About) -> About {
    about.query("agent", text(LONGEST), "Whose inbox: a profile URL; the client's own.")
}

fn page(about: About) -> About {
    about
        .query(
            "from",
            text(LONGEST),
            "Where to begin: what next or cursor held, or with by=timestamp an instant.",
        )
        .query("by", json!({ "enum": ["token", "timestamp"] }), "What from is.")
        .query("cursor", text(LONGEST), "The name of a cursor to begin at.")
        .query("format", json!({ "enum": ["links", "full"] }), "Addresses, or whole events.")
        .query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 100 }), "Events a page.")
        .tells(200, "A page.", answers::inbox())
        .refuses(400, UNREADABLE)
}

pub(crate) fn inbox() -> About {
    page(agent(About::new("A page of an agent's inbox.")))
}

pub(crate) fn pod_inbox() -> About {
    page(About::new("A page of a profile's inbox."))
}

fn a_copy(about: About) -> About {
    about
        .tells(200, "The event, as this agent gets it.", answers::event())
        .refuses(400, UNREADABLE)
        .refuses(404, "There is no such event in this inbox.")
        .refuses(410, "The event is older than events are kept.")
}

pub(crate) fn copy() -> About {
    a_copy(agent(About::new("An agent's copy of an event.")))
}

pub(crate) fn pod_copy() -> About {
    a_copy(About::new("A profile's copy of an event."))
}

pub(crate) fn committed() -> About {
    agent(About::new("Where a cursor stands that the client keeps here."))
        .tells(200, "The cursor.", answers::cursor())
        .refuses(400, UNREADABLE)
        .refuses(404, "There is no such cursor.")
}

pub(crate) fn commit() -> About {
    let place = json!({ "type": "string", "pattern": "^[0-9]{1,19}$" });
    agent(About::new("Moves a cursor to a place in an inbox."))
        .takes(json!({ "type": "object", "required": ["at"], "properties": { "at": place } }))
        .tells(200, "The cursor.", answers::cursor())
        .refuses(400, UNREADABLE)
        .refuses(403, "An inbox that the client may not read.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "More cursors than a client may keep.")
}

pub(crate) fn stream() -> About {
    agent(About::new(
        "An inbox as server-sent events, until the client leaves or a quarter of an hour is over.",
    ))
    .query("from", text(LONGEST), "Where to begin.")
    .header("Last-Event-ID", text(64), "Where to go on.")
    .tells_as(200, "Events, and a comment where nothing happens.", "text/event-stream", json!({}))
    .refuses(400, UNREADABLE)
}

pub(crate) fn replay() -> About {
    let action = json!({
        "type": "object",
        "required": ["type", "target"],
        "properties": {
            "type": { "const": "ReplayRequestAction" },
            "target": text(2_048),
            "startDate": answers::instant(), "endDate": answers::instant(),
            "items": list(text(2_048)), "filter": { "type": "object" },
        },
    });
    let done = object(
        3,
        &[
            ("id", json!({ "type": "string" })),
            ("queued", answers::count()),
            ("more", json!({ "type": "boolean" })),
        ],
    );
    About::new("Sends events again to an endpoint of the client's own.")
        .takes(action)
        .tells(202, "They are on their way.", done)
        .refuses(400, UNREADABLE)
        .refuses(404, "The client has no such endpoint.")
        .refuses(409, "The endpoint takes nothing just now.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "More than is replayed at once.")
}

pub(crate) fn subscriptions() -> About {
    About::new("The client's subscriptions.").tells(
        200,
        "All of them.",
        object(1, &[("items", list(answers::subscription()))]),
    )
}

pub(crate) fn subscribe() -> About {
    let said = || text(2_048);
    let item = json!({
        "type": "object",
        "properties": {
            "id": said(), "agent": said(), "object": said(), "target": said(), "scope": said(),
            "publishes": list(said()), "subscribes": list(said()), "needContext": { "type": "boolean" },
            "filter": {},
            "config": { "type": "object", "properties": {
                "headers": { "type": "object", "additionalProperties": { "type": "string" } },
                "sign": { "type": "object", "properties": { "salt": { "type": "string" } } } } },
        },
    });
    let items = json!({ "type": "array", "maxItems": 100, "items": item });
    let secret = object(2, &[("target", said()), ("secret", json!({ "type": "string" }))]);
    let kept = object(2, &[("items", list(answers::subscription())), ("secrets", list(secret))]);
    About::new("Puts these in the place of the client's subscriptions. A new target's secret is shown once.")
        .takes(json!({ "type": "object", "required": ["items"], "properties": { "items": items } }))
        .tells(200, "All of them.", kept)
        .refuses(400, UNREADABLE)
        .refuses(403, "The credential only reads.")
        .refuses(409, "Somebody else has changed them meanwhile.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "Too many, or a target that may not be sent to.")
}

fn instrument(about: About) -> About {
    about.query("instrument", text(LONGEST), "The client that reported; the caller.")
}

pub(crate) fn transaction() -> About {
    instrument(About::new("A transaction's current report, and those before it."))
        .tells(200, "The transaction.", answers::transaction())
        .refuses(400, UNREADABLE)
        .refuses(404, "There is no such transaction, or none that the client may read.")
}

pub(crate) fn batch() -> About {
    instrument(About::new("What became of a batch of reports."))
        .tells(200, "What was received and what was refused.", answers::batch())
        .refuses(400, UNREADABLE)
        .refuses(404, "There is no such batch, or none that the client may read.")
}

pub(crate) fn production() -> About {
    let date = || json!({ "type": "string", "format": "date" });
    let mut about = About::new("Sales production: commission, units and sides by what is asked for.")
        .query(
            "by",
            text(LONGEST),
            "agent, office, type, status, and one of month, quarter, year, by commas.",
        )
        .query("from", date(), "The first day.")
        .query("until", date(), "The day after the last.")
        .query("status", text(LONGEST), "Pending, Closed, Canceled, by commas, or any; Closed.")
        .query("agent", text(LONGEST), "One agent's.")
        .query("office", text(LONGEST), "One office's.")
        .query("type", text(LONGEST), "One type of transaction.")
        .query("trace", flag(), "Names the reports of each row.")
        .query("format", json!({ "enum": ["json", "csv"] }), "As Accept asks where it is not said.");
    about = instrument(about).tells(200, "The rows.", answers::production());
    if let Some(rows) = about.answers.last_mut() {
        rows.content.push(("text/csv", json!({})));
    }
    about.refuses(400, UNREADABLE).refuses(422, "More rows, or a larger sum, than is answered.")
}

pub(crate) fn card() -> About {
    About::new("Who a profile is, and where its inbox is.")
        .tells(200, "The card.", answers::card())
        .refuses(404, "There is no such profile.")
}

pub(crate) fn asyncapi() -> About {
    About::new("The events, as an AsyncAPI document.").tells(200, "The document.", any_object())
}

pub(crate) fn asyncapi_page() -> About {
    About::new("The events, as a page to read.").tells_as(200, "The page.", "text/html", json!({}))
}

pub(crate) fn context() -> About {
    About::new("What the members of answers mean as linked data.").tells_as(
        200,
        "The JSON-LD context.",
        "application/ld+json",
        any_object(),
    )
}

fn any_object() -> Json {
    json!({ "type": "object" })
}
