//! `POST /lockbox/access-decisions`

use axum::extract::{Extension, State};
use bytes::Bytes;
use gate::Caller;
use http::StatusCode;

use super::{Question, told};
use crate::audit::Kind;
use crate::reply::{Answer, json};
use crate::rights::may_write;
use crate::{Door, body};

/// Decides, and writes it down before it is answered.
pub(crate) async fn decide(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    may_write(&caller)?;
    let put = door.put(&caller, &body::read::<Question>(&bytes)?, now).await?;
    let decided = door.decided(&put, now)?;
    let noted = door.note(&caller, (Kind::Decision, &put, &decided), (None, None), now).await?;
    Ok(json(StatusCode::OK, &told(&put, &decided, &noted)))
}
