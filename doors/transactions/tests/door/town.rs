//! A hub with a franchise, two producers and a subscriber.

use std::sync::Arc;

use axum::Router;
use console::operate::{self, Act, Desk, NewGrant, NewKey, create_client, create_feed, issue_key};
use dictionary::{Dictionary, Record, Text, Timestamp, Value, Version};
use gate::{Class, Gate, SigningKey};
use outflow::Event;
use serde_json::{Value as Json, json};
use store::{Batch, Operation, Store};
pub(crate) use testkit::web::Answer;
use testkit::{Home, web};
use transactions_door::{Door, Settings};

/// The franchise, whose inbox the reports go to.
pub(crate) const FRANCHISE: &str = "https://franchise.hub.example/profile/card#me";
/// The office that reports.
pub(crate) const OFFICE: &str = "https://office-4136.hub.example/profile/card#me";
pub(crate) const REPORT: &str = "realestate/franchise#transactionreport";

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) door: Door,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) desk: Desk,
    pub(crate) outflow: outflow::Outflow,
    /// May publish everything to everyone.
    pub(crate) bms: String,
    /// May publish everything to the franchise alone.
    pub(crate) other: String,
    /// Receives the reports of the franchise.
    pub(crate) hub: String,
    /// Is granted nothing.
    pub(crate) nobody: String,
    _home: Home,
}

/// What the validator says in an answer.
pub(crate) trait Judged {
    /// The places and keywords of what is wrong.
    fn faults(&self) -> Vec<(String, String)>;
    /// The places and keywords of what is worth a second look.
    fn warnings(&self) -> Vec<(String, String)>;
}

impl Judged for Answer {
    fn faults(&self) -> Vec<(String, String)> {
        let said = self.json();
        let items = said["error"]["items"].as_array().unwrap_or_else(|| panic!("no items: {}", self.body));
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        items.iter().map(|item| (text(&item["path"]), text(&item["keyword"]))).collect()
    }

    fn warnings(&self) -> Vec<(String, String)> {
        let said = self.json();
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let items = said["warnings"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| (text(&item["path"]), text(&item["keyword"]))).collect()
    }
}

/// The seed's own example, addressed to the franchise.
pub(crate) fn report() -> Json {
    let mut payload: Json = serde_json::from_str(include_str!("../data/transaction_report.json")).unwrap();
    payload["recipient"] = json!(FRANCHISE);
    payload
}

/// The same for a transaction and a sequence of one's own.
pub(crate) fn report_of(id: &str, sequence: u64) -> Json {
    let mut payload = report();
    payload["data"]["object"]["identifier"]["bmsTransactionId"] = json!(id);
    payload["data"]["object"]["additionalProperty"]["transactionSequence"] = json!(sequence);
    payload
}

impl Town {
    pub(crate) async fn build() -> Self {
        Self::with(|_| {}).await
    }

    /// One that may send to this machine, and gives up what fails once.
    pub(crate) async fn sending() -> Self {
        Self::with(|terms| {
            terms.outbound.rules.allowed = vec!["127.0.0.0/8".parse().unwrap()];
            terms.schedule.waits.clear();
        })
        .await
    }

    async fn with(change: impl FnOnce(&mut outflow::Settings)) -> Self {
        let home = (crate::HOME)();
        let file = || store::Settings::sqlite(home.file("freehold.db"));
        let kept = home.url().map_or_else(file, store::Settings::postgres);
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let gate =
            Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await.unwrap();
        let mut terms = outflow::Settings {
            profile: Arc::new(|who, key| {
                let resource = if who == outflow::Who::App { "Client" } else { "Member" };
                transactions_door::profile_url(&names(), resource, key).unwrap()
            }),
            ..outflow::Settings::new(
                "https://hub.example",
                outflow::MasterKey::from_bytes(&[7; 32]),
                now,
                || 0.5,
            )
        };
        change(&mut terms);
        let outflow = outflow::Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await.unwrap();
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: Some(outflow.clone()),
        };
        let running = outflow.clone();
        tokio::spawn(async move { running.run(std::future::pending()).await });
        let door = Door::open(Arc::clone(&dictionary), gate, store.clone(), outflow.clone(), now, names())
            .await
            .unwrap();
        let act = act();
        create_feed(&desk, &act, "A", "A").await.unwrap();
        let bms = client(&desk, "bms").await;
        let other = client(&desk, "other").await;
        let hub = client(&desk, "hub").await;
        let nobody = client(&desk, "nobody").await;
        operate::grant(&desk, &act, &NewGrant::read("hub", "A", Class::Participant)).await.unwrap();
        let router = transactions_door::router(door.clone());
        let town =
            Self { router, door, dictionary, store, desk, outflow, bms, other, hub, nobody, _home: home };
        town.grant("bms-all", "bms", "*", "*", "Publish").await;
        town.grant("other-franchise", "other", FRANCHISE, "*", "Publish").await;
        town.grant("hub-franchise", "hub", FRANCHISE, "realestate/franchise", "Subscribe").await;
        town
    }

    /// Grants a client a topic of an agent.
    pub(crate) async fn grant(&self, id: &str, client: &str, agent: &str, topics: &str, direction: &str) {
        let fields = [
            ("TopicGrantId", id),
            ("ClientId", client),
            ("AgentUri", agent),
            ("TopicPattern", topics),
            ("TopicDirection", direction),
        ];
        let record = self.record("TopicGrant", fields.map(|(name, value)| (name, value.into())).to_vec());
        operate::create(&self.desk, &act(), "TopicGrant", record).await.unwrap();
        self.door.refresh().await.unwrap();
    }

    pub(crate) fn record(&self, resource: &str, fields: Vec<(&str, Value)>) -> Record {
        let own = self.dictionary.known(resource);
        let named = |(name, value)| (own.find(name).unwrap_or_else(|| panic!("{name}")), value);
        Record::from_values(own.id, fields.into_iter().map(named).collect())
    }

    /// Writes a record of the feed A.
    pub(crate) async fn write(&self, resource: &str, fields: Vec<(&str, Value)>) {
        let mut batch = Batch::new("test", now());
        batch.operations.push(Operation::put("A", self.record(resource, fields)));
        self.store.write(batch).await.unwrap();
    }

    /// Publishes with the key of `bms`.
    pub(crate) async fn publish(&self, body: &Json) -> Answer {
        self.publish_as(&self.bms, body, &[]).await
    }

    pub(crate) async fn publish_as(&self, key: &str, body: &Json, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("x-api-key", key), ("content-type", "application/json")];
        all.extend(headers);
        self.ask("POST", "/publish/", &all, body.to_string()).await
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("x-api-key", key)], String::new()).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let answer = web::ask(&self.router, (method, path), headers, body).await;
        crate::described::hold(method, path, &answer);
        answer
    }

    /// Waits until whatever was published has been fanned out.
    pub(crate) async fn fanned_out(&self) {
        let head = self.store.head().await.unwrap();
        for _ in 0..2_000 {
            if self.outflow.figures().fanned_out >= head {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the fan-out does not come to {head}: {:?}", self.outflow);
    }

    /// The head of the log once nothing more is told of by itself: what was written is fanned out, and what that
    /// wrote, too.
    pub(crate) async fn settled(&self) -> store::Sequence {
        loop {
            let head = self.store.head().await.unwrap();
            self.fanned_out().await;
            if self.store.head().await.unwrap() == head {
                return head;
            }
        }
    }

    /// Every event that is kept, oldest first.
    pub(crate) async fn events(&self) -> Vec<Event> {
        let own = self.dictionary.known("Event").id;
        let changes = self.store.follow(0, 10_000).await.unwrap();
        let events = changes.iter().filter(|change| change.resource == own);
        events.map(|event| Event::read(&self.dictionary, event.record.as_ref().unwrap()).unwrap()).collect()
    }
}

fn names() -> Settings {
    Settings { public_url: "https://hub.example".into(), domain: "hub.example".into() }
}

pub(crate) fn act() -> Act {
    Act { actor: Text::new_static("test"), now: now() }
}

async fn client(desk: &Desk, id: &str) -> String {
    create_client(desk, &act(), id, id, false).await.unwrap();
    issue_key(desk, &act(), id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
}
