//! What a tenant says of its sources: read, and replaced.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::json;
use store::{Batch, Expect, Operation};

use super::body;
use super::quarantined::retry_every;
use crate::Door;
use crate::import::terms::Terms;
use crate::reply::{Answer, Refused, json};
use crate::tenant::Right;

/// `GET …/import-settings`
pub(crate) async fn read(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let (terms, _) = Terms::load(&door.store, &door.dictionary, &tenant).await?;
    Ok(json(StatusCode::OK, &terms))
}

/// `PUT …/import-settings`: they count for every later import, and the quarantine is tried again (LBX-006).
pub(crate) async fn write(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Answer).await?;
    let mut terms: Terms = body(&bytes)?;
    let faults = terms.faults(&door.dictionary);
    if !faults.is_empty() {
        let message = format!("{} things are wrong: {}", faults.len(), faults.join(" "));
        let hint = "/openapi.json says what each may be.";
        return Err(Refused::new(422, "settings_wrong", message, hint).with(json!(faults)));
    }
    let (before, version) = Terms::load(&door.store, &door.dictionary, &tenant).await?;
    if terms.source_feed != before.source_feed && !caller.is_operator() {
        let hint = "Leave sourceFeed as it is, or ask an operator.";
        return Err(Refused::new(
            403,
            "not_operator",
            "Which feed is imported from is an operator's to say.",
            hint,
        ));
    }
    terms.unidentified = before.unidentified;
    // Records without an identifier are one board's: with a second one nobody could say whose (LBX-016).
    if terms.unidentified && terms.boards.len() > 1 && terms.default_board.is_none() {
        let message = "Records have come without a board identifier: there cannot be a second board.";
        let hint = "Set defaultBoard: whose the records without identifier are.";
        return Err(Refused::new(409, "board_id_missing", message, hint));
    }
    if let Some(board) = terms.default_board.as_ref().filter(|board| !terms.boards.contains(board)) {
        let message = format!("defaultBoard is {board}, which is none of the boards.");
        return Err(Refused::new(422, "settings_wrong", message, "Name it among the boards, too."));
    }
    let mut batch = Batch::new(caller.actor(), (door.clock)());
    batch.operations.push(Operation::Put {
        feed: OWN_FEED.into(),
        record: terms.record(&door.dictionary, &tenant),
        expect: version.map_or(Expect::Absent, Expect::At),
        stamp: Some((door.clock)()),
    });
    door.store.write(batch).await?;
    let retried = retry_every(&door, &tenant, &caller.actor(), None).await?;
    let mut told = serde_json::to_value(&terms).unwrap_or_default();
    told["retried"] = retried.iter().map(|batch| batch.id.as_str()).collect();
    Ok(json(StatusCode::OK, &told))
}
