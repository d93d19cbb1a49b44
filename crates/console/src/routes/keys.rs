//! Keys: issued once, revoked at once.

use axum::extract::{Extension, Path, State as Stand};
use bytes::Bytes;
use dictionary::{Resource, Text, Value};
use gate::{Environment, Secret};
use http::{HeaderMap, StatusCode};
use odata::Fault;
use serde_json::json;

use super::answer::{Answer, ok, with_status};
use super::asking;
use super::spelling;
use crate::State;
use crate::operate::{self, Act, Desk, KeyUse, NewKey};

/// The member of the body that holds a key of another host; it is no field, for it is not kept.
const GIVEN: &str = "systemaccesskey";

/// Issues a key; the answer is the only place where its secret is shown. The body may hold
/// `ClientKeyName`, `ExpirationTimestamp`, `ClientKeyUse`, `ClientKeyEnvironment`, and for a partner
/// that brings its key `systemaccesskey`.
pub(super) async fn issue(
    Stand(state): Stand<State>,
    Path(client): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = state.desk.resource("ClientKey")?;
    let new = if body.is_empty() { NewKey::default() } else { read(&state.desk, own, &headers, &body)? };
    let shown = operate::issue_key(&state.desk, &act, &client, new).await?;
    let mut answer = spelling::record(own, &shown.kept);
    answer["secret"] = json!(shown.secret.reveal());
    Ok(with_status(StatusCode::CREATED, &answer))
}

fn read(desk: &Desk, own: &Resource, headers: &HeaderMap, body: &Bytes) -> Result<NewKey, Fault> {
    let (given, rest) = take_given(headers, body)?;
    let read = asking::record(headers, &rest, &desk.dictionary, own.id)?;
    let mut new = NewKey::default();
    let mut partner = false;
    for (id, value) in read.record.iter() {
        match own.field(id).name.as_str() {
            "ClientKeyName" => new.name = value.as_text().map(Text::new),
            "ExpirationTimestamp" => new.expires = value.as_timestamp(),
            "ClientKeyUse" => {
                partner = one_of("ClientKeyUse", value, |text| match text {
                    "Bearer" => Some(false),
                    "Partner" => Some(true),
                    _ => None,
                })?
            }
            "ClientKeyEnvironment" => {
                new.environment = Some(one_of("ClientKeyEnvironment", value, Environment::find)?);
            }
            other => {
                let message = format!("{other} is not yours to say.");
                let hint = "Send ClientKeyName, ExpirationTimestamp, ClientKeyUse and ClientKeyEnvironment.";
                return Err(Fault::new(422, "field_fixed", message, hint).about(other));
            }
        }
    }
    if partner {
        new.opens = KeyUse::Partner { given };
    } else if given.is_some() {
        let message = "A key is brought to the partner API alone; others are made here.";
        return Err(
            Fault::new(422, "key_wrong", message, "Send ClientKeyUse: Partner beside it.").about(GIVEN)
        );
    }
    Ok(new)
}

/// Takes a key of another host out of the body; what is left is a record.
fn take_given(headers: &HeaderMap, body: &Bytes) -> Result<(Option<Secret>, Bytes), Fault> {
    let mut object = asking::object(headers, body)?;
    let Some(given) = object.as_object_mut().and_then(|members| members.remove(GIVEN)) else {
        return Ok((None, body.clone()));
    };
    let text = given.as_str().ok_or_else(|| {
        Fault::new(422, "key_wrong", "A key is a text.", "Send it as a JSON string.").about(GIVEN)
    })?;
    Ok((Some(Secret::new(text)), Bytes::from(object.to_string())))
}

fn one_of<T>(name: &str, value: &Value, find: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    value.as_text().and_then(find).ok_or_else(|| {
        Fault::new(
            422,
            "not_in_lookup",
            format!("{name} has no such value."),
            "GET /admin/resources lists them.",
        )
        .about(name)
    })
}

/// Revokes a key.
pub(super) async fn revoke(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    let stored = operate::revoke_key(&state.desk, &act, &key).await?;
    Ok(ok(&spelling::record(state.desk.resource("ClientKey")?, &stored)))
}
