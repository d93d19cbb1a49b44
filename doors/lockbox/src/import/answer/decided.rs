//! What a named person decides of a batch: approved, rejected, undone.

use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::Text;
use gate::Caller;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Named, body};
use crate::Door;
use crate::import::batch::{Batch, Status, Word};
use crate::reply::{Answer, Refused, json};
use crate::tenant::Right;
use parameters::Parameters;

/// Who decides, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    by: String,
    reason: String,
}

/// Characters of a name and of a reason.
const LONGEST_NAME: usize = 255;
const LONGEST_REASON: usize = 1_024;

fn word(door: &Door, bytes: &Bytes) -> Result<Word, Refused> {
    let Said { by, reason } = body(bytes)?;
    let said = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    if !said(&by, LONGEST_NAME) || !said(&reason, LONGEST_REASON) {
        let hint = "by is the name of the person who answers for it, reason says why; 255 and 1,024 characters at most.";
        return Err(Refused::new(422, "reason_missing", "This needs a name and a reason.", hint));
    }
    Ok(Word { who: Text::from(by.trim()), reason: Text::from(reason.trim()), at: (door.clock)() })
}

async fn waiting(door: &Door, caller: &Caller, (environment, id, batch): &Named) -> Result<Batch, Refused> {
    let tenant = door.tenant(caller, (environment, id), Right::Answer).await?;
    let batch = door.batch_of(&tenant, batch).await?;
    if batch.status != Status::Waiting {
        let message = format!("The import is {} and does not stand at the gate.", batch.status.name());
        return Err(Refused::new(409, "not_waiting", message, "Only what waits is approved or rejected."));
    }
    Ok(batch)
}

/// `POST …/imports/{batch}/approve`: it goes on, for so many terminations as it showed and not for more.
pub(crate) async fn approve(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(named): Path<Named>,
    bytes: Bytes,
) -> Answer {
    let mut batch = waiting(&door, &caller, &named).await?;
    batch.approved = Some(word(&door, &bytes)?);
    batch.status = Status::Received;
    door.save(&batch).await?;
    Ok(json(StatusCode::ACCEPTED, &batch.told()))
}

/// `POST …/imports/{batch}/reject`: nothing of it is applied, ever.
pub(crate) async fn reject(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(named): Path<Named>,
    bytes: Bytes,
) -> Answer {
    let mut batch = waiting(&door, &caller, &named).await?;
    batch.undone = Some(word(&door, &bytes)?);
    batch.status = Status::Rejected;
    batch.ended = Some((door.clock)());
    door.save(&batch).await?;
    door.forget_file(&batch).await;
    Ok(json(StatusCode::OK, &batch.told()))
}

/// `POST …/imports/{batch}/undo`
pub(crate) async fn undo(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, batch)): Path<Named>,
    RawQuery(query): RawQuery,
    bytes: Bytes,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Answer).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let leaving = asked.flag("leaving")?;
    asked.done()?;
    let batch = door.batch_of(&tenant, &batch).await?;
    let undone = door.undo(batch, word(&door, &bytes)?, leaving).await?;
    Ok(json(StatusCode::OK, &json!({ "restored": undone.restored, "left": undone.left })))
}
