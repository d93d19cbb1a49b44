//! `/settings/subscriptions`: what a client's app receives, and where to (EVT-073); and what is asked for
//! by an action (EVT-072, EVT-095).

mod handshake;
mod items;
mod replay;
mod scope;

use axum::extract::{Extension, RawQuery, State};
use bytes::Bytes;
use dictionary::{Named, Text};
use gate::Caller;
use http::StatusCode;
use outflow::{Confided, NewEndpoint, check_standing};
use serde_json::json;
use store::{Batch, Expect, Operation, Scan, Stored};

pub(crate) use handshake::act;
pub(crate) use replay::{instant, replay};

use crate::Door;
use crate::hash::sha256;
use crate::reply::{Answer, Refused, json as answer};
use crate::validate::unreadable;
use parameters::Parameters;

/// Subscriptions that one client has at most.
const MOST_ITEMS: usize = 100;
/// Records read of the store at once.
const AT_ONCE: usize = 1_000;

/// A fault of outflow's, in the door's words.
pub(crate) fn refused(fault: outflow::Fault) -> Refused {
    Refused::new(fault.status, fault.code, fault.message, fault.hint)
}

/// Whoever changes anything has a credential that is not for reading alone.
pub(crate) fn may_change(caller: &Caller) -> Result<(), Refused> {
    let hint = "Ask the token endpoint for a token of the scope api.";
    let refused = || Refused::new(403, "read_only", "This token may only read.", hint);
    if caller.is_read_only() { Err(refused()) } else { Ok(()) }
}

/// Every subscription that `wanted` says, as it is kept.
async fn kept(door: &Door, wanted: impl Fn(Named<'_>) -> bool) -> Result<Vec<Stored>, Refused> {
    let own = door.dictionary.known("Subscription");
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
        let found = door.store.scan(part).await?;
        let Some(last) = found.last() else { return Ok(all) };
        after = Some((own.timestamp_of(&last.record), last.key.clone()));
        all.extend(found.into_iter().filter(|stored| wanted(Named { own, record: &stored.record })));
    }
}

/// Every subscription of a client.
async fn kept_of(door: &Door, client: &Text) -> Result<Vec<Stored>, Refused> {
    kept(door, |read| read.text("ClientId").as_ref() == Some(client)).await
}

/// The caller's subscriptions, `{"items": […]}`; with `agent=`, those of all apps to an agent that the caller
/// acts for (EVT-072).
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Answer {
    let mut given = Parameters::read(query.as_deref())?;
    let agent = given.take("agent").map(Text::from);
    given.done()?;
    let own = door.dictionary.known("Subscription");
    let now = (door.clock)();
    let acts_for = |read: Named<'_>, agent: &Text| {
        let client = caller.client();
        let topics = [read.texts("SubscribedTopics"), read.texts("PublishedTopics")].concat();
        let acts = |topic: &Text| door.outflow.book(|book| book.may_authorize(client, agent, topic, now));
        read.text("AgentUri").as_ref() == Some(agent)
            && (caller.is_operator() || (!topics.is_empty() && topics.iter().all(acts)))
    };
    let stored = match &agent {
        Some(agent) => kept(&door, |read| acts_for(read, agent)).await?,
        None => kept_of(&door, caller.client()).await?,
    };
    let items: Vec<_> =
        stored.iter().map(|one| items::told(&door, Named { own, record: &one.record })).collect();
    Ok(answer(StatusCode::OK, &json!({ "items": items })))
}

/// Puts these in the place of the caller's subscriptions. A target that is new is an endpoint that has to
/// answer its challenge first; its secret is shown this once.
pub(crate) async fn replace(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    let sent: items::Items = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    if sent.items.len() > MOST_ITEMS {
        return Err(Refused::new(422, "too_many", "There are more than 100 items.", "Join what you can."));
    }
    // All are looked at before the first is kept.
    sent.items.iter().try_for_each(|item| item.check(&door, &caller))?;
    let now = (door.clock)();
    let own = door.dictionary.known("Subscription");
    let before = kept_of(&door, caller.client()).await?;
    let mut batch = Batch::new(caller.actor(), now);
    let mut secrets = Vec::new();
    let mut stays: Vec<Text> = Vec::new();
    for item in &sent.items {
        let endpoint = match &item.target {
            Some(target) => {
                let confided = Confided { headers: item.headers(), salt: item.salt() };
                Some(register(&door, &caller, target, confided, &mut secrets).await?)
            }
            None => None,
        };
        let id = item.key(caller.client());
        if stays.contains(&id) {
            let hint = "Give each an id of its own, or another agent or target.";
            return Err(Refused::new(400, "item_twice", "Two items are the same subscription.", hint));
        }
        let known = before.iter().find(|stored| stored.key == id);
        // What is pending or rejected does not become active by being sent back (EVT-072).
        let status =
            known.and_then(|stored| Named { own, record: &stored.record }.text("SubscriptionStatus"));
        let status = status.unwrap_or(Text::new_static("Active"));
        let kept = item.record(&door, &caller, &id, endpoint, status, now);
        if let Some((field, message)) = check_standing(&door.dictionary, &kept).into_iter().next() {
            return Err(Refused::new(400, "subscription_wrong", format!("{field}: {message}"), "Mend it."));
        }
        batch.operations.push(Operation::put_own(
            kept,
            known.map_or(Expect::Absent, |stored| Expect::At(stored.sequence)),
        ));
        stays.push(id);
    }
    for gone in before.iter().filter(|stored| !stays.contains(&stored.key)) {
        let expect = Expect::At(gone.sequence);
        batch.operations.push(Operation::Remove { resource: own.id, key: gone.key.clone(), expect });
        batch.operations.extend(handshake::without_grants(&door, &gone.key).await?);
    }
    if !batch.operations.is_empty() {
        door.store.write(batch).await?;
        door.outflow.refresh().await?;
    }
    let stored = kept_of(&door, caller.client()).await?;
    let items: Vec<_> =
        stored.iter().map(|one| items::told(&door, Named { own, record: &one.record })).collect();
    Ok(answer(StatusCode::OK, &json!({ "items": items, "secrets": secrets })))
}

/// The endpoint of a target: one for each address that a client names.
async fn register(
    door: &Door,
    caller: &Caller,
    target: &str,
    confided: Confided,
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
        confided,
        ..NewEndpoint::default()
    };
    let registered = door.outflow.register(new, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    secrets.push(json!({ "target": target, "secret": registered.secret.for_receiver() }));
    Ok(id)
}
