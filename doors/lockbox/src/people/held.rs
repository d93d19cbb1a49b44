//! The fields that a user holds, told, and released by an administrator (LBX-024).

use axum::extract::{Extension, Path, State};
use dictionary::{Named, Value, set_named};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::json;
use store::{Batch, Expect, Operation};

use crate::Door;
use crate::reply::{Answer, Refused, json};
use crate::tenant::Right;

/// `GET …/users/{user}/held`
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, user)): Path<(String, String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Belong).await?;
    let person = door.person(&caller, &tenant, (&user, Right::See)).await?;
    let own = door.dictionary.known("Member");
    let held = person.held(door.dictionary.known("LockboxUser"));
    let items: Vec<_> = held
        .iter()
        .map(|field| {
            let record = person.member.as_ref().map(|member| &member.record);
            let value = record.and_then(|record| Named { own, record }.text(field));
            json!({ "field": field.as_str(), "value": value.as_deref() })
        })
        .collect();
    Ok(json(StatusCode::OK, &json!({ "items": items })))
}

/// `DELETE …/users/{user}/held/{field}`: the next import says again what stands there.
pub(crate) async fn release(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, user, field)): Path<(String, String, String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Answer).await?;
    let person = door.person(&caller, &tenant, (&user, Right::Answer)).await?;
    let own = door.dictionary.known("LockboxUser");
    let mut held = person.held(own);
    let before = held.len();
    held.retain(|one| *one != field);
    if held.len() == before {
        let message = format!("{field} is not held.");
        return Err(Refused::new(404, "not_held", message, "GET …/held lists what is."));
    }
    let mut record = (*person.user.record).clone();
    set_named(&mut record, own, "HeldFields", (!held.is_empty()).then(|| Value::TextList(held.into())));
    let now = (door.clock)();
    let mut batch = Batch::new(caller.actor(), now);
    let expect = Expect::At(person.user.sequence);
    batch.operations.push(Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: Some(now) });
    door.store.write(batch).await?;
    Ok(json(StatusCode::OK, &json!({ "user": user, "released": field })))
}
