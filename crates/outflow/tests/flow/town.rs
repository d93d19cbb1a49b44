//! A store, outflow on it, clients with grants and subscriptions, and events.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Record, Text, Timestamp, Value, Version};
use outbound::Rules;
use outflow::{Event, EventId, MasterKey, NewEndpoint, Outflow, Registered, Schedule, Settings};
use store::{Batch, Operation, Sequence, Store};
use testkit::Home;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const PUBLIC: &str = "https://hub.example";
pub(crate) const AGENT: &str = "https://agent.example/profile/card#me";
pub(crate) const TOPIC: &str = "realestate/lead#add";

pub(crate) fn now() -> Timestamp {
    testkit::real_time()
}

/// As the specification has it, but that waits are short and this machine may be sent to.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::new(PUBLIC, MasterKey::from_bytes(&[5; 32]), now, || 0.5);
    settings.schedule = Schedule { waits: vec![Duration::from_millis(10); 3], jitter: 0.1 };
    settings.outbound.rules = Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] };
    settings.outbound.timeout = Duration::from_millis(400);
    settings.tending = Duration::from_millis(20);
    settings
}

pub(crate) struct Town {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) outflow: Outflow,
    settings: Settings,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    _home: Home,
}

impl Town {
    /// Outflow that runs, with a client `c` that is granted everything.
    pub(crate) async fn open() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let home = (crate::HOME)();
        let file = || store::Settings::sqlite(home.file("freehold.db"));
        let kept = home.url().map_or_else(file, store::Settings::postgres);
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(kept, dictionary.clone()).await.unwrap();
        let outflow = Outflow::open(store.clone(), dictionary.clone(), settings.clone()).await.unwrap();
        let mut town = Self { store, dictionary, outflow, settings, running: None, _home: home };
        town.put("Client", &[("ClientId", "c".into()), ("ClientStatus", "Active".into())]).await;
        town.grant("c", "*", "*").await;
        town.start();
        town
    }

    pub(crate) fn start(&mut self) {
        let (stop, stopped) = oneshot::channel();
        let outflow = self.outflow.clone();
        let run = tokio::spawn(async move { outflow.run(async { drop(stopped.await) }).await.unwrap() });
        self.running = Some((stop, run));
    }

    pub(crate) async fn stop(&mut self) {
        if let Some((stop, run)) = self.running.take() {
            drop(stop);
            run.await.unwrap();
        }
    }

    /// As after a restart: nothing is remembered but what the store holds.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        let opened = Outflow::open(self.store.clone(), self.dictionary.clone(), self.settings.clone()).await;
        self.outflow = opened.unwrap();
        self.start();
    }

    pub(crate) fn record(&self, resource: &str, fields: &[(&str, Value)]) -> Record {
        let own = self.dictionary.known(resource);
        let mut record = Record::new(own.id);
        for (name, value) in fields {
            record.set(own.find(name).unwrap_or_else(|| panic!("no field {name}")), value.clone());
        }
        record
    }

    pub(crate) async fn put(&self, resource: &str, fields: &[(&str, Value)]) {
        let record = self.record(resource, fields);
        self.write(vec![Operation::put("freehold", record)]).await;
        self.outflow.refresh().await.unwrap();
    }

    pub(crate) async fn write(&self, operations: Vec<Operation>) -> Sequence {
        self.store.write(Batch { operations, ..Batch::new("tester", now()) }).await.unwrap().head
    }

    pub(crate) async fn grant(&self, client: &str, agent: &str, pattern: &str) {
        let fields = [
            ("TopicGrantId", format!("{client}-{}", agent.len() + pattern.len()).into()),
            ("ClientId", client.into()),
            ("AgentUri", agent.into()),
            ("TopicPattern", pattern.into()),
            ("TopicDirection", "Subscribe".into()),
        ];
        self.put("TopicGrant", &fields).await;
    }

    /// An endpoint that has answered its challenge, subscribed to all of the agent's events.
    pub(crate) async fn endpoint(
        &self,
        id: &str,
        url: &str,
        change: impl FnOnce(&mut NewEndpoint),
    ) -> Registered {
        let mut new =
            NewEndpoint { id: id.into(), client: "c".into(), url: url.into(), ..NewEndpoint::default() };
        change(&mut new);
        let registered = self.outflow.register(new, "tester", now()).await.unwrap();
        self.subscribe(id, &[]).await;
        registered
    }

    pub(crate) async fn subscribe(&self, endpoint: &str, more: &[(&str, Value)]) {
        let mut fields = vec![
            ("SubscriptionId", endpoint.into()),
            ("ClientId", "c".into()),
            ("AgentUri", AGENT.into()),
            ("EndpointId", endpoint.into()),
            ("SubscribedTopics", Value::TextList(["realestate/lead".into()].into())),
            ("SubscriptionStatus", "Active".into()),
        ];
        fields.extend(more.iter().cloned());
        self.put("Subscription", &fields).await;
    }

    /// Publishes events, as many as there are payloads; their ids.
    pub(crate) async fn publish_all(&self, events: Vec<Event>) -> Vec<Text> {
        let ids = events.iter().map(|event| event.id.clone()).collect();
        let at = now();
        let operations = events.iter().map(|event| event.operation(&self.dictionary, at).unwrap());
        self.write(operations.collect()).await;
        ids
    }

    pub(crate) async fn publish(&self, data: &str) -> Text {
        self.publish_all(vec![event(data)]).await.remove(0)
    }

    /// Waits until something is so; fails where it never is.
    pub(crate) async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        // Two minutes: a burst of ten thousand takes one on a machine that is busy.
        for _ in 0..12_000 {
            if so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}; {:?}", self.outflow);
    }

    /// The faults of a delivery's attempts, in order, once it is dead.
    pub(crate) async fn dead(&self, endpoint: &str) -> Vec<(Option<u16>, String)> {
        self.until("a dead letter", async || {
            !self.outflow.dead_letters(endpoint, 0).await.unwrap().is_empty()
        })
        .await;
        let dead = self.outflow.dead_letters(endpoint, 0).await.unwrap();
        let attempts = dead[0].1.iter();
        attempts
            .map(|attempt| (attempt.status, attempt.fault.as_deref().unwrap_or_default().to_owned()))
            .collect()
    }

    /// The topics of what lies in an agent's inbox.
    pub(crate) async fn inbox_topics(&self, agent: &str) -> Vec<String> {
        let reader = outflow::Reader { client: "c", agent };
        let page = self.outflow.inbox(reader, 0, 100, now()).await.unwrap();
        page.items.iter().map(|item| item.event.topic.to_string()).collect()
    }
}

pub(crate) fn event(data: &str) -> Event {
    let id = EventId::make(now()).unwrap().text();
    Event {
        uri: format!("{PUBLIC}/publish/{id}").into(),
        id,
        topic: TOPIC.into(),
        time: now(),
        instrument: "https://app.example/profile/card#me".into(),
        original_recipients: vec![AGENT.into()],
        sources: Vec::new(),
        ordering_key: None,
        subject: None,
        context: None,
        data: data.into(),
    }
}
