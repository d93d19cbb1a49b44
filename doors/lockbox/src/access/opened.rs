//! `POST /lockbox/accesses`: a box was opened.
//!
//! What happened is written down, whether the rules let it or not: a box that was without a network may have opened
//! on a promise that has ended since. Whether they let it stands in the answer and in the audit.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::Text;
use gate::{Caller, fresh_id};
use http::StatusCode;
use serde_json::json as object;

use super::{Question, notice, told};
use crate::audit::Kind;
use crate::reply::{Answer, Refused, json};
use crate::rights::may_write;
use crate::{Door, body};

/// Writes down an access: in the audit, as a LockOrBox record, and as an event to the listing agent.
pub(crate) async fn opened(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    may_write(&caller)?;
    let question: Question = body::read(&bytes)?;
    let put = door.put(&caller, &question, now).await?;
    if put.at > now {
        let message = "The access lies ahead.";
        return Err(Refused::new(400, "instant_out_of_reach", message, "Report what has happened."));
    }
    let id = match &question.id {
        Some(id) => sound(id)?,
        None => fresh_id(now).map_err(no_randomness)?,
    };
    let decided = door.decided(&put, now)?;
    // The feed makes it the association's own: another's report of the same name is another access.
    let key = Text::from(format!("{}-{id}", decided.known.lockbox.feed));
    let own = door.dictionary.known("LockOrBox");
    if door.store.get(own.id, &key).await?.is_some() {
        return Ok(json(StatusCode::OK, &object!({ "access": key.as_str(), "recorded": "before" })));
    }
    let operations = notice::operations(&door, (&put, &decided), &key, now).await?;
    let noted =
        door.note(&caller, (Kind::Access, &put, &decided), (Some(&key), Some(operations)), now).await?;
    let mut answer = told(&put, &decided, &noted);
    answer["access"] = key.as_str().into();
    answer["recorded"] = "now".into();
    Ok(json(StatusCode::CREATED, &answer))
}

/// A name that can stand in a key and in the id of an event.
fn sound(id: &str) -> Result<Text, Refused> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !(1..=40).contains(&id.len()) || !id.bytes().all(plain) {
        let message = "id cannot be the name of an access.";
        return Err(Refused::new(400, "id_wrong", message, "Take 1 to 40 letters, digits, - and _."));
    }
    Ok(Text::new(id))
}

pub(super) fn no_randomness(error: std::io::Error) -> Refused {
    tracing::error!("no id can be made: {error}");
    Refused::new(500, "no_randomness", "No id can be made.", "Look at the system's log.")
}
