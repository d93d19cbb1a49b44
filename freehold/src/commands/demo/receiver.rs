//! The franchise's own server, as it might be: it receives what is published to the franchise, believes what is
//! signed, and says what came.

use std::sync::{Arc, OnceLock};

use anyhow::{Result, anyhow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use console::operate::{Act, create_client};
use dictionary::{Record, Text, Value};
use http::{HeaderMap, StatusCode};
use outflow::{EndpointSecret, NewEndpoint};
use serde::Deserialize;
use store::{Batch, Operation};
use tokio::net::TcpListener;

use super::credentials::FRANCHISE;
use crate::clock;
use crate::commands::say;
use crate::serve::House;

/// What the receiver may be sent to, though it is no public address.
pub(super) const HERE: &str = "127.0.0.1/32";
/// The topic of the demo's own reports: two thousand lines would hide what a reader publishes.
const QUIET: &str = "realestate/franchise#transactionreport";

#[derive(Clone)]
struct Receiver {
    secret: Arc<OnceLock<EndpointSecret>>,
    /// Whether it says what came.
    speaks: bool,
}

/// Starts it and subscribes it to what is published to the franchise.
pub(super) async fn start(house: &House, speaks: bool) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    let receiver = Receiver { secret: Arc::default(), speaks };
    let secret = Arc::clone(&receiver.secret);
    let routes = Router::new().route("/hook", get(challenged).post(sent)).with_state(receiver);
    tokio::spawn(axum::serve(listener, routes).into_future());
    let act = Act { actor: Text::new_static("demo"), now: clock::now() };
    if house.store.get(house.dictionary.known("Client").id, FRANCHISE).await?.is_none() {
        create_client(&house.desk(), &act, FRANCHISE, "Freehold demo, franchise", false).await?;
    }
    // It listens at another port each time: an endpoint is where it was registered.
    if house.outflow.endpoint(FRANCHISE).is_ok() {
        house.outflow.unregister(FRANCHISE, &act.actor, act.now).await?;
    }
    let new = NewEndpoint {
        id: FRANCHISE.into(),
        client: FRANCHISE.into(),
        name: Some("The demo's own receiver".into()),
        url: url.into(),
        ..NewEndpoint::default()
    };
    let registered = house.outflow.register(new, &act.actor, act.now).await?;
    drop(secret.set(registered.secret));
    let agent = transactions_door::profile_url(house.transactions.settings(), "Client", FRANCHISE);
    let agent = Value::Text(agent.ok_or_else(|| anyhow!("A client has no profile."))?);
    let topics = Value::TextList(["realestate/franchise".into()].into());
    let franchise = || Value::from(FRANCHISE);
    let grant = [
        ("TopicGrantId", franchise()),
        ("ClientId", franchise()),
        ("AgentUri", agent.clone()),
        ("TopicPattern", "realestate/franchise".into()),
        ("TopicDirection", "Subscribe".into()),
    ];
    let subscription = [
        ("SubscriptionId", franchise()),
        ("ClientId", franchise()),
        ("AgentUri", agent),
        ("EndpointId", franchise()),
        ("SubscribedTopics", topics),
        ("SubscriptionStatus", "Active".into()),
    ];
    let mut batch = Batch::new(act.actor, act.now);
    batch.operations.push(Operation::put(gate::OWN_FEED, record(house, "TopicGrant", &grant)));
    batch.operations.push(Operation::put(gate::OWN_FEED, record(house, "Subscription", &subscription)));
    house.store.write(batch).await?;
    house.outflow.refresh().await?;
    Ok(())
}

fn record(house: &House, resource: &str, fields: &[(&str, Value)]) -> Record {
    let own = house.dictionary.known(resource);
    let named = fields.iter().filter_map(|(name, value)| Some((own.find(name)?, value.clone())));
    Record::from_values(own.id, named.collect())
}

/// Who may be sent to answers the challenge with its token.
async fn challenged(RawQuery(query): RawQuery) -> String {
    query.unwrap_or_default().trim_start_matches("challenge=").to_owned()
}

/// What a receiver looks at first.
#[derive(Deserialize)]
struct Envelope {
    topic: String,
    id: String,
}

async fn sent(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !receiver.believes(&headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(Envelope { topic, id }) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST };
    if receiver.speaks && topic != QUIET {
        say(&format!("Delivered to the franchise, signed as it should be: {topic} {id}"));
    }
    StatusCode::NO_CONTENT
}

impl Receiver {
    /// Whether the signature is that of the endpoint's secret over this very body (Standard Webhooks).
    fn believes(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let expect = (|| {
            let at = text("webhook-timestamp")?.parse().ok()?;
            Some(self.secret.get()?.sign(text("webhook-id")?, at, body))
        })();
        let told = text("webhook-signature").unwrap_or_default();
        expect.is_some_and(|expect| told.split(' ').any(|one| one == expect))
    }
}
