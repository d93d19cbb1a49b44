//! `POST /api/schema/validate` and `GET /api/schema/mock/{name}`: the schema, for whoever builds against it.

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Door;
use crate::judge::judge;
use crate::reply::{Answer, Refused, json, verdict};
use crate::schema::{self, Wanted};
use parameters::Parameters;

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    object: Option<&'a RawValue>,
}

/// `{"object": …}` → `{isValid, error?, warnings?}`. A payload is held against its topic, any other thing
/// against its type.
pub(crate) async fn validate(body: Bytes) -> Answer {
    let sent: Sent<'_> = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    let Some(object) = sent.object else {
        return Err(Refused::new(
            400,
            "object_missing",
            "The body has no member object.",
            "Send {\"object\": …} with what is to be validated.",
        ));
    };
    let judged = judge(object.get()).map_err(|error| unreadable(&error))?;
    Ok(json(StatusCode::OK, &verdict(&judged.items, &judged.warnings)))
}

pub(crate) fn unreadable(error: &serde_json::Error) -> Refused {
    let message = format!("The body is no JSON: {error}.");
    Refused::new(400, "json_wrong", message, "Send JSON in UTF-8 without a byte order mark.")
}

/// An instance of a topic or a definition. `seed` asks for the same one again; the answer's `x-mock-seed`
/// says which it was.
pub(crate) async fn mock(
    State(door): State<Door>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let mut given = Parameters::read(query.as_deref())?;
    let wanted = Wanted {
        required_only: given.flag("requiredOnly")?,
        random_optionals: given.flag("randomOptionals")?,
        sort_properties: given.flag("sortProperties")?,
    };
    let seed: u64 = match given.take("seed") {
        Some(text) => text.parse().map_err(|_| {
            Refused::new(400, "parameter_wrong", "seed is no whole number.", "Send 0 or more.")
        })?,
        None => (door.clock)().as_microsecond().unsigned_abs(),
    };
    given.done()?;
    let Some(made) = schema::mock(&name, wanted, seed) else {
        let message = format!("There is no topic and no type {name:?}.");
        return Err(Refused::new(404, "topic_unknown", message, "/asyncapi.json lists them."));
    };
    let mut answer = json(StatusCode::OK, &made);
    answer.headers_mut().insert("x-mock-seed", seed.into());
    Ok(answer)
}
