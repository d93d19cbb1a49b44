//! What the routes of imports ask and answer.

use serde_json::{Value as Json, json};

use crate::describe::{About, list, may_say, object, said};

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn texts() -> Json {
    list(said())
}

fn flag() -> Json {
    json!({ "enum": ["true", "false", "1", "0", ""] })
}

fn part() -> Json {
    json!({ "enum": ["offices", "members", "listings"] })
}

fn word() -> Json {
    let word = object(3, &[("by", said()), ("reason", said()), ("at", said())]);
    json!({ "anyOf": [word, { "type": "null" }] })
}

fn batch() -> Json {
    let totals = object(
        9,
        &[
            ("rows", count()),
            ("absent", count()),
            ("added", count()),
            ("changed", count()),
            ("unchanged", count()),
            ("terminated", count()),
            ("quarantined", count()),
            ("warnings", count()),
            ("matchRate", json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1 })),
        ],
    );
    let step = json!({ "type": "object", "required": ["step"], "properties": { "step": said() } });
    let fault = object(3, &[("code", said()), ("message", said()), ("hint", said())]);
    let status =
        json!({ "enum": ["Received", "Running", "Waiting", "Applied", "Failed", "Rejected", "Undone"] });
    object(
        17,
        &[
            ("id", said()),
            ("tenant", said()),
            ("environment", json!({ "enum": ["production", "staging"] })),
            ("part", part()),
            ("mode", json!({ "enum": ["full", "incremental"] })),
            ("source", said()),
            ("status", status),
            ("by", said()),
            ("received", said()),
            ("ended", may_say()),
            ("totals", totals),
            ("steps", list(step)),
            ("alerts", texts()),
            ("gate", texts()),
            ("approved", word()),
            ("undone", word()),
            ("fault", json!({ "anyOf": [fault, { "type": "null" }] })),
        ],
    )
}

fn batches() -> Json {
    object(1, &[("items", list(batch()))])
}

fn finding() -> Json {
    object(
        8,
        &[
            ("row", count()),
            ("key", said()),
            ("field", said()),
            ("code", said()),
            ("severity", json!({ "enum": ["error", "warning", "note"] })),
            ("value", said()),
            ("message", said()),
            ("hint", said()),
        ],
    )
}

fn row() -> Json {
    let cells = json!({ "type": "object", "additionalProperties": said() });
    object(
        8,
        &[
            ("id", said()),
            ("part", part()),
            ("batch", said()),
            ("row", count()),
            ("key", said()),
            ("cells", cells),
            ("findings", list(finding())),
            ("at", may_say()),
        ],
    )
}

fn decision() -> Json {
    object(
        2,
        &[
            ("by", json!({ "type": "string", "minLength": 1, "maxLength": 255 })),
            ("reason", json!({ "type": "string", "minLength": 1, "maxLength": 1024 })),
        ],
    )
}

fn terms(more: &[(&str, Json)]) -> Json {
    let words = || json!({ "type": "object", "additionalProperties": said() });
    let mut members = vec![
        ("headings", words()),
        ("userTypes", words()),
        ("statuses", json!({ "type": "object", "additionalProperties": words() })),
        ("boardFields", texts()),
        ("boards", texts()),
        ("defaultBoard", may_say()),
        ("unidentified", json!({ "type": "boolean" })),
        (
            "tieField",
            json!({ "enum": ["MemberMlsId", "MemberNationalAssociationId", "MemberStateLicense", null] }),
        ),
        ("sourceFeed", may_say()),
    ];
    members.extend_from_slice(more);
    object(0, &members)
}

/// What any route of a tenant may refuse.
fn of_tenant(about: About) -> About {
    about
        .refuses(403, "The caller's role in the tenant does not do, or the credential only reads.")
        .refuses(404, "There is none, or it is not the caller's.")
}

pub(crate) fn settings() -> About {
    of_tenant(About::new("What the tenant says of its sources.").tells(200, "The settings.", terms(&[])))
}

pub(crate) fn set_settings() -> About {
    of_tenant(About::new(
        "Replaces what the tenant says of its sources; the quarantine is tried again by it.",
    ))
    .takes("application/json", terms(&[]))
    .tells(
        200,
        "The settings, and the imports that try the quarantine again.",
        terms(&[("retried", texts())]),
    )
    .refuses(400, "A body that cannot be read.")
    .refuses(409, "A second board where records came without an identifier; or somebody else was quicker.")
    .refuses(413, "A body that is too large.")
    .refuses(422, "Settings that mean nothing, each named in `details`.")
}

pub(crate) fn imports() -> About {
    of_tenant(About::new("The tenant's newest imports, a hundred at most."))
        .query("status", said(), "Of this status alone.")
        .tells(200, "The newest first.", batches())
        .refuses(400, "A parameter that is not known.")
}

pub(crate) fn alerts() -> About {
    let alert = object(
        7,
        &[
            ("id", said()),
            ("code", said()),
            ("about", said()),
            ("text", said()),
            ("count", count()),
            ("raised", said()),
            ("resolved", may_say()),
        ],
    );
    of_tenant(About::new("What somebody of the tenant should look at: a hundred alerts at most."))
        .query("standing", flag(), "Leave out those that are over.")
        .tells(200, "Those that stand before those that are over.", object(1, &[("items", list(alert))]))
        .refuses(400, "A parameter that is not known.")
}

pub(crate) fn receive() -> About {
    let file = || json!({ "type": "string", "format": "binary" });
    of_tenant(About::new("Takes in a file of one part of the association's data, or imports it from a feed."))
        .needs("part", part(), "Whose rows these are.")
        .needs(
            "mode",
            json!({ "enum": ["full", "incremental"] }),
            "Whether what the file does not hold is gone.",
        )
        .query("name", said(), "The name of the file: its ending tells the form.")
        .query("from", json!({ "enum": ["feed"] }), "Imports from the feed of the settings, without a body.")
        .takes("text/csv", file())
        .takes("application/json", file())
        .takes("application/x-ndjson", file())
        .tells(202, "It is kept and waits for its turn; Location says where it is told of.", batch())
        .refuses(400, "An empty file, or a parameter that is not known or missing.")
        .refuses(409, "No feed is set to import from.")
        .refuses(413, "A file that is too large.")
        .refuses(507, "The disk is full.")
}

pub(crate) fn import() -> About {
    of_tenant(About::new("An import: its steps, its totals, what stops it.").tells(200, "This.", batch()))
}

pub(crate) fn report() -> About {
    let whole = object(3, &[("batch", batch()), ("findings", list(finding())), ("next", may_say())]);
    of_tenant(About::new("Everything that there is to say of an import's rows."))
        .query("format", json!({ "enum": ["json", "csv"] }), "JSON unless it says csv.")
        .query("part", said(), "From where on, of JSON: what `next` said.")
        .tells_as(
            200,
            "The totals and the findings; of CSV the findings alone.",
            &[("application/json", whole), ("text/csv", json!({}))],
        )
        .refuses(400, "A parameter that is not known.")
}

fn decided(about: &'static str) -> About {
    of_tenant(About::new(about))
        .takes("application/json", decision())
        .refuses(400, "A body that cannot be read.")
        .refuses(409, "The import is not so far, or too far, or records of it were changed later.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "No name, or no reason.")
}

pub(crate) fn approve() -> About {
    decided("A named person lets an import go on that stands at the gate.").tells(202, "It goes on.", batch())
}

pub(crate) fn reject() -> About {
    decided("A named person ends an import that stands at the gate.").tells(200, "It is at an end.", batch())
}

pub(crate) fn undo() -> About {
    let left = list(object(2, &[("resource", said()), ("key", said())]));
    decided("Undoes an import that was applied within the last 7 days, as a whole.")
        .query("leaving", flag(), "Leave what was changed later as it is.")
        .tells(
            200,
            "How many records are as they were, and which were left.",
            object(2, &[("restored", count()), ("left", left)]),
        )
}

pub(crate) fn quarantine() -> About {
    of_tenant(About::new("The rows that were not applied, with everything that is wrong with each."))
        .query("part", part(), "Of this part alone.")
        .query("after", said(), "Those after this row: what `next` said.")
        .tells(
            200,
            "A thousand at most.",
            object(3, &[("items", list(row())), ("count", count()), ("next", may_say())]),
        )
        .refuses(400, "A parameter that is not known.")
}

pub(crate) fn quarantined() -> About {
    of_tenant(About::new("A row that was not applied.").tells(200, "This.", row()))
}

pub(crate) fn retry_one() -> About {
    of_tenant(About::new("Tries one row again, by the settings of now.").tells(
        202,
        "As an import of its own.",
        batches(),
    ))
}

pub(crate) fn retry_all() -> About {
    of_tenant(About::new("Tries all rows again, by the settings of now."))
        .query("part", part(), "Of this part alone.")
        .tells(202, "As an import for each part.", batches())
        .refuses(400, "A parameter that is not known.")
}
