//! The handshake (EVT-072): an agent's owner authorizes an app, the app subscribes, either rejects.
//!
//! `POST /settings/subscriptions` takes three actions. An *AuthorizeAction* makes a subscription that is
//! pending; the app's *SubscribeAction* makes it active, and with it the grants that its scope names; a
//! *RejectAction* takes the grants back and ends delivery at once. Each change is an event of
//! `freehold/operator#subscription.updated` to the app.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Named, Text, Value, named};
use gate::Caller;
use http::StatusCode;
use outflow::{Confided, TopicPattern};
use serde::Deserialize;
use serde_json::json;
use store::{Batch, Expect, Operation, Stored};

use super::scope::{Scope, Scopes};
use super::{may_change, register};
use crate::Door;
use crate::hash::sha256;
use crate::profile::{self, Kind};
use crate::reply::{Answer, Refused, json as answer};
use crate::validate::unreadable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(rename = "type", alias = "@type")]
    kind: String,
    /// The subscription that an action is about.
    #[serde(alias = "object")]
    id: Option<String>,
    /// Whose events: the owner's, or another profile that the caller acts for.
    agent: Option<String>,
    /// The profile of the app that is authorized.
    recipient: Option<String>,
    #[serde(default)]
    scope: Scopes,
    action_status: Option<String>,
    /// Where the app wants to be sent to.
    target: Option<String>,
}

/// `POST /settings/subscriptions`
pub(crate) async fn act(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    let sent: Sent = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    match sent.kind.as_str() {
        "AuthorizeAction" => authorize(&door, &caller, &sent).await,
        "SubscribeAction" => subscribe(&door, &caller, &sent).await,
        "RejectAction" => reject(&door, &caller, &sent).await,
        other => {
            let message = format!("{other:?} is not done here.");
            let hint = "Send an AuthorizeAction, a SubscribeAction or a RejectAction.";
            Err(Refused::new(400, "action_wrong", message, hint))
        }
    }
}

/// The key of the subscription by which an agent's owner lets an app in: there is one of each pair.
fn key(app: &str, agent: &str) -> Text {
    Text::from(format!("sub-{}", &sha256(format!("{app}\nauthorized\n{agent}").as_bytes())[..32]))
}

async fn authorize(door: &Door, caller: &Caller, sent: &Sent) -> Answer {
    let now = (door.clock)();
    let own = || profile::of_app(&door.settings, caller.client());
    let agent = sent.agent.as_ref().map_or_else(own, Text::from);
    let scopes = sent.scope.read()?;
    let owned = |scope: &Scope| {
        let client = caller.client();
        caller.is_operator()
            || door.outflow.book(|book| book.may_authorize(client, &agent, scope.topic(), now))
    };
    if let Some(scope) = scopes.iter().find(|scope| !owned(scope)) {
        let message = format!("You do not act for {agent} on {}.", scope.topic());
        return Err(Refused::new(
            403,
            "not_owner",
            message,
            "An operator grants that: TopicDirection Authorize.",
        ));
    }
    let app = app(door, sent.recipient.as_deref()).await?;
    let id = key(&app, &agent);
    let before = door.store.get(door.dictionary.known("Subscription").id, &id).await?;
    let scope = sent.scope.text();
    if let Some(kept) = &before
        && Kept::read(door, kept).stands_for(&scope)
    {
        return Ok(answer(StatusCode::OK, &Kept::read(door, kept).told(door)));
    }
    let list = |publishes: bool| {
        let of = scopes.iter().filter(|scope| scope.publishes() == publishes);
        let topics: Vec<Text> = of.map(|scope| Text::from(scope.topic())).collect();
        (!topics.is_empty()).then(|| Value::TextList(topics.into()))
    };
    let fields = [
        ("SubscriptionId", Some(id.clone().into())),
        ("ClientId", Some(app.into())),
        ("AgentUri", Some(agent.into())),
        ("ObjectUri", Some(own().into())),
        ("SubscribedTopics", list(false)),
        ("PublishedTopics", list(true)),
        ("SubscriptionScope", Some(scope.into())),
        ("NeedContextYN", Some(false.into())),
        ("SubscriptionStatus", Some("Pending".into())),
        ("ModificationTimestamp", Some(now.into())),
    ];
    let mut batch = Batch::new(caller.actor(), now);
    let expect = before.as_ref().map_or(Expect::Absent, |kept| Expect::At(kept.sequence));
    batch.operations.push(Operation::put_own(named(door.dictionary.known("Subscription"), fields), expect));
    // What it was let in to before ends until the app agrees to what it is let in to now.
    batch.operations.extend(without_grants(door, &id).await?);
    written(door, batch).await?;
    told(door, &id, StatusCode::CREATED).await
}

/// The client whose app's profile this is.
async fn app(door: &Door, recipient: Option<&str>) -> Result<Text, Refused> {
    let unknown = || {
        let message = format!("{:?} is no app's profile here.", recipient.unwrap_or_default());
        Refused::new(
            400,
            "app_unknown",
            message,
            "recipient is the profile URL of the app: …/app-{id}/profile/card#me.",
        )
    };
    let pod =
        recipient.and_then(|url| profile::read_url(&door.settings, url)).filter(|pod| pod.kind == Kind::App);
    let pod = pod.ok_or_else(unknown)?;
    let client = door.store.get(door.dictionary.known("Client").id, &pod.key).await?;
    client.map(|client| client.key).ok_or_else(unknown)
}

async fn subscribe(door: &Door, caller: &Caller, sent: &Sent) -> Answer {
    let stored = found(door, sent).await?;
    let kept = Kept::read(door, &stored);
    if kept.client != *caller.client() {
        return Err(unknown(sent));
    }
    if !matches!(sent.action_status.as_deref(), Some("ActiveActionStatus" | "CompletedActionStatus")) {
        let message = "A SubscribeAction says that it is active.";
        return Err(Refused::new(400, "status_wrong", message, "Send actionStatus ActiveActionStatus."));
    }
    if kept.status == "Rejected" {
        let message = "The owner has rejected this subscription.";
        return Err(Refused::new(409, "rejected", message, "The owner authorizes it anew."));
    }
    let now = (door.clock)();
    let mut secrets = Vec::new();
    let mut changed = (*stored.record).clone();
    let own = door.dictionary.known("Subscription");
    let mut set = |name: &str, value: Value| {
        let field = own.find(name).expect("the field stands in dictionary/freehold/fields.tsv");
        changed.set(field, value);
    };
    if let Some(target) = &sent.target {
        let endpoint = register(door, caller, target, Confided::default(), &mut secrets).await?;
        set("EndpointId", endpoint.into());
    }
    set("SubscriptionStatus", "Active".into());
    set("ModificationTimestamp", now.into());
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(Operation::put_own(changed, Expect::At(stored.sequence)));
    for (number, scope) in kept.scopes().iter().enumerate() {
        let direction = if scope.publishes() { "Publish" } else { "Subscribe" };
        let fields = [
            ("TopicGrantId", Some(grant_key(&kept.id, number).into())),
            ("ClientId", Some(kept.client.clone().into())),
            ("AgentUri", Some(kept.agent.clone().into())),
            ("TopicPattern", Some(scope.topic().into())),
            ("TopicDirection", Some(direction.into())),
            ("ModificationTimestamp", Some(now.into())),
        ];
        batch
            .operations
            .push(Operation::put_own(named(door.dictionary.known("TopicGrant"), fields), Expect::Any));
    }
    written(door, batch).await?;
    let stored = found(door, sent).await?;
    let mut said = Kept::read(door, &stored).told(door);
    said["secrets"] = json!(secrets);
    Ok(answer(StatusCode::OK, &said))
}

async fn reject(door: &Door, caller: &Caller, sent: &Sent) -> Answer {
    let stored = found(door, sent).await?;
    let kept = Kept::read(door, &stored);
    let now = (door.clock)();
    let owns = |scope: &Scope| {
        door.outflow.book(|book| book.may_authorize(caller.client(), &kept.agent, scope.topic(), now))
    };
    let scopes = kept.scopes();
    let owner = caller.is_operator() || (!scopes.is_empty() && scopes.iter().all(owns));
    if !owner && kept.client != *caller.client() {
        return Err(unknown(sent));
    }
    let own = door.dictionary.known("Subscription");
    let mut changed = (*stored.record).clone();
    for (name, value) in
        [("SubscriptionStatus", Value::from("Rejected")), ("ModificationTimestamp", now.into())]
    {
        let field = own.find(name).expect("the field stands in dictionary/freehold/fields.tsv");
        changed.set(field, value);
    }
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(Operation::put_own(changed, Expect::At(stored.sequence)));
    batch.operations.extend(without_grants(door, &kept.id).await?);
    written(door, batch).await?;
    told(door, &stored.key, StatusCode::OK).await
}

/// The grant of one scope of a subscription.
fn grant_key(subscription: &str, number: usize) -> Text {
    Text::from(format!("{subscription}-{number}"))
}

/// What takes the grants of a subscription back.
pub(super) async fn without_grants(door: &Door, subscription: &str) -> Result<Vec<Operation>, Refused> {
    let own = door.dictionary.known("TopicGrant");
    let keys: Vec<Text> = (0..super::scope::MOST).map(|number| grant_key(subscription, number)).collect();
    let kept = door.store.get_many(own.id, &keys).await?.into_iter().flatten();
    let remove = |kept: Stored| Operation::Remove {
        resource: own.id,
        key: kept.key,
        expect: Expect::At(kept.sequence),
    };
    Ok(kept.map(remove).collect())
}

/// Writes, and lets what was written hold before it is acknowledged.
async fn written(door: &Door, batch: Batch) -> Result<(), Refused> {
    door.store.write(batch).await?;
    door.outflow.refresh().await?;
    Ok(())
}

fn unknown(sent: &Sent) -> Refused {
    let message = format!("There is no subscription {:?}.", sent.id.as_deref().unwrap_or_default());
    Refused::new(404, "subscription_unknown", message, "id is what the AuthorizeAction was answered with.")
}

async fn found(door: &Door, sent: &Sent) -> Result<Stored, Refused> {
    let id = sent.id.as_deref().ok_or_else(|| unknown(sent))?;
    let stored = door.store.get(door.dictionary.known("Subscription").id, id).await?;
    stored.ok_or_else(|| unknown(sent))
}

async fn told(door: &Door, id: &str, status: StatusCode) -> Answer {
    let stored = door.store.get(door.dictionary.known("Subscription").id, id).await?;
    let said = stored.map(|stored| Kept::read(door, &stored).told(door));
    Ok(answer(status, &said))
}

/// A subscription that was authorized, as it is kept.
struct Kept {
    id: Text,
    client: Text,
    agent: Text,
    scope: Text,
    status: Text,
}

impl Kept {
    fn read(door: &Door, stored: &Stored) -> Self {
        let read = Named { own: door.dictionary.known("Subscription"), record: &stored.record };
        let text = |name: &str| read.text(name).unwrap_or_default();
        Self {
            id: stored.key.clone(),
            client: text("ClientId"),
            agent: text("AgentUri"),
            scope: text("SubscriptionScope"),
            status: text("SubscriptionStatus"),
        }
    }

    /// Whether it is what an authorization of this scope would come to.
    fn stands_for(&self, scope: &str) -> bool {
        self.status != "Rejected" && self.scope == scope
    }

    /// What it was authorized for; nothing where nobody did.
    fn scopes(&self) -> Vec<Scope> {
        let authorized = self.id == key(&self.client, &self.agent);
        let sound = |scope: &Scope| TopicPattern(scope.topic()).is_sound();
        if authorized { Scope::read_all(&self.scope).into_iter().filter(sound).collect() } else { Vec::new() }
    }

    /// As a SubscribeAction tells it.
    fn told(&self, door: &Door) -> serde_json::Value {
        let status = match self.status.as_str() {
            "Pending" => "PotentialActionStatus",
            "Active" => "ActiveActionStatus",
            _ => "FailedActionStatus",
        };
        json!({
            "type": if self.status == "Rejected" { "RejectAction" } else { "SubscribeAction" },
            "id": self.id.as_str(),
            "actionStatus": if self.status == "Rejected" { "CompletedActionStatus" } else { status },
            "agent": profile::of_app(&door.settings, &self.client).as_str(),
            "object": self.agent.as_str(),
            "scope": self.scope.split(' ').collect::<Vec<_>>(),
        })
    }
}
