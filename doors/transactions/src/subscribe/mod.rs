//! `/settings/subscriptions`: what a client's app receives, and where to (EVT-073); and what is asked for
//! by an action (EVT-095).

mod items;
mod replay;

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::Text;
use gate::Caller;
use http::StatusCode;
use outflow::{Confided, NewEndpoint, check_standing};
use serde_json::json;
use store::{Batch, Expect, Operation, Scan, Stored};

pub(crate) use replay::replay;

use self::items::Item;
use crate::Door;
use crate::hash::sha256;
use crate::record::{Read, put};
use crate::reply::{Answer, Refused, json as answer};
use crate::validate::unreadable;

/// Subscriptions that one client has at most.
const MOST_ITEMS: usize = 100;
/// Records read of the store at once.
const AT_ONCE: usize = 1_000;

fn refused(fault: outflow::Fault) -> Refused {
    Refused::new(fault.status, fault.code, fault.message, fault.hint)
}

/// Every subscription of a client, as it is kept.
async fn kept(door: &Door, client: &Text) -> Result<Vec<Stored>, Refused> {
    let own = door.dictionary.known("Subscription");
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
        let found = door.store.scan(part).await?;
        let Some(last) = found.last() else { return Ok(all) };
        after = Some((own.timestamp_of(&last.record), last.key.clone()));
        let is_theirs =
            |stored: &Stored| Read { own, record: &stored.record }.text("ClientId").as_ref() == Some(client);
        all.extend(found.into_iter().filter(is_theirs));
    }
}

/// The caller's subscriptions, `{"items": […]}`.
pub(crate) async fn list(State(door): State<Door>, Extension(caller): Extension<Caller>) -> Answer {
    let own = door.dictionary.known("Subscription");
    let stored = kept(&door, caller.client()).await?;
    let items: Vec<_> =
        stored.iter().map(|one| items::told(&door, Read { own, record: &one.record })).collect();
    Ok(answer(StatusCode::OK, &json!({ "items": items })))
}

/// Puts these in the place of the caller's subscriptions. A target that is new is an endpoint that has to
/// answer its challenge first; its secret is shown this once.
pub(crate) async fn replace(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    if caller.is_read_only() {
        let hint = "Ask the token endpoint for a token of the scope api.";
        return Err(Refused::new(403, "read_only", "This token may only read.", hint));
    }
    let sent: items::Items = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    if sent.items.len() > MOST_ITEMS {
        return Err(Refused::new(422, "too_many", "There are more than 100 items.", "Join what you can."));
    }
    // All are looked at before the first is kept.
    sent.items.iter().try_for_each(|item| item.check(&door, &caller))?;
    let now = (door.clock)();
    let own = door.dictionary.known("Subscription");
    let before = kept(&door, caller.client()).await?;
    let mut batch = Batch::new(caller.actor(), now);
    let mut secrets = Vec::new();
    let mut stays: Vec<Text> = Vec::new();
    for item in &sent.items {
        let endpoint = match &item.target {
            Some(target) => Some(register(&door, &caller, item, target, &mut secrets).await?),
            None => None,
        };
        let id = item.key(caller.client());
        let kept = item.record(&door, &caller, &id, endpoint, now);
        if let Some((field, message)) = check_standing(&door.dictionary, &kept).into_iter().next() {
            return Err(Refused::new(400, "subscription_wrong", format!("{field}: {message}"), "Mend it."));
        }
        let known = before.iter().find(|stored| stored.key == id);
        batch.operations.push(put(kept, known.map_or(Expect::Absent, |stored| Expect::At(stored.sequence))));
        stays.push(id);
    }
    for gone in before.iter().filter(|stored| !stays.contains(&stored.key)) {
        let expect = Expect::At(gone.sequence);
        batch.operations.push(Operation::Remove { resource: own.id, key: gone.key.clone(), expect });
    }
    if !batch.operations.is_empty() {
        door.store.write(batch).await?;
        door.outflow.refresh().await?;
    }
    let stored = kept(&door, caller.client()).await?;
    let items: Vec<_> =
        stored.iter().map(|one| items::told(&door, Read { own, record: &one.record })).collect();
    Ok(answer(StatusCode::OK, &json!({ "items": items, "secrets": secrets })))
}

/// The endpoint of a target: one for each address that a client names.
async fn register(
    door: &Door,
    caller: &Caller,
    item: &Item,
    target: &str,
    secrets: &mut Vec<serde_json::Value>,
) -> Result<Text, Refused> {
    let id =
        Text::from(format!("sub-{}", &sha256(format!("{}\n{target}", caller.client()).as_bytes())[..32]));
    if door.outflow.book(|book| book.endpoint(&id).is_some()) {
        return Ok(id);
    }
    let new = NewEndpoint {
        id: id.clone(),
        client: caller.client().clone(),
        url: target.into(),
        confided: Confided { headers: item.headers(), salt: item.salt() },
        ..NewEndpoint::default()
    };
    let registered = door.outflow.register(new, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    secrets.push(json!({ "target": target, "secret": registered.secret.for_receiver() }));
    Ok(id)
}
