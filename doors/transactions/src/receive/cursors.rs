//! Cursors that a consumer keeps on the server (EVT-062).

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use gate::Caller;
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;

use super::{agent, place, reader};
use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use crate::validate::unreadable;
use parameters::Parameters;

/// Characters of a cursor's name.
const LONGEST_NAME: usize = 64;

#[derive(Deserialize)]
struct Sent {
    at: String,
}

fn named(name: &str) -> Result<(), Refused> {
    let sound = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    let refused = || {
        Refused::new(
            400,
            "cursor_name_wrong",
            "This is no name of a cursor.",
            "Take 1 to 64 letters and digits.",
        )
    };
    sound.then_some(()).ok_or_else(refused)
}

/// `PUT /inbox/cursors/{name}` with `{"at": place}`.
pub(crate) async fn commit(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    named(&name)?;
    let mut given = Parameters::read(uri.query())?;
    let agent = agent(&door, &caller, &uri, &headers, &mut given);
    given.done()?;
    let sent: Sent = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    let at = place(&sent.at)?;
    door.outflow.commit_cursor(reader(&caller, &agent), &name, at, (door.clock)()).await?;
    Ok(answer(StatusCode::OK, &json!({ "name": name, "at": at.to_string() })))
}

/// `GET /inbox/cursors/{name}`
pub(crate) async fn committed(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    named(&name)?;
    let mut given = Parameters::read(uri.query())?;
    let agent = agent(&door, &caller, &uri, &headers, &mut given);
    given.done()?;
    match door.outflow.committed_cursor(reader(&caller, &agent), &name).await? {
        Some(at) => Ok(answer(StatusCode::OK, &json!({ "name": name, "at": at.to_string() }))),
        None => {
            let message = format!("There is no cursor {name:?}.");
            Err(Refused::new(404, "cursor_unknown", message, "PUT commits one."))
        }
    }
}
