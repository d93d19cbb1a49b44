//! A Freehold with its RESO door open, and a source that leads to another.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use console::operate::{Act, Desk, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Dictionary, Record, Text, Timestamp, Value, Version};
use gate::{Class, Gate, SigningKey};
use intake::{Clock, IntakeError, Moved, Places, Progress, Report, Sources};
use parking_lot::Mutex;
use pull::{Puller, Time};
use reso_door::Door;
use rust_decimal::Decimal;
use search::Search;
use store::{Batch, Operation, Scan, Settings, Store};
use testkit::{Home, Rng, real_time};

/// What was told of progress.
#[derive(Default)]
pub(crate) struct Told(pub(crate) Mutex<Vec<Moved>>);

impl Progress for Told {
    fn moved(&self, moved: &Moved) {
        self.0.lock().push(*moved);
    }
}

pub(crate) struct House {
    words: Arc<Dictionary>,
    store: Store,
    search: Search,
    address: SocketAddr,
    /// What the other side shows.
    key: String,
    own: &'static str,
    other: &'static str,
    sources: Option<Sources>,
    _home: Home,
}

impl House {
    /// A house with a feed of its own and one for what it pulls.
    pub(crate) async fn open(home: Home, own: &'static str, other: &'static str) -> Self {
        let words = Arc::new(Dictionary::standard(Version::V2_1));
        let settings = home.url().map_or_else(|| Settings::sqlite(home.file("house.db")), Settings::postgres);
        let store = Store::open(settings, Arc::clone(&words)).await.unwrap();
        let terms = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
        let gate = Gate::open(store.clone(), Arc::clone(&words), terms).await.unwrap();
        let search = Search::new(Arc::clone(&words));
        let (following, followed) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(followed, std::future::pending()).await });
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&words),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let act = Act { actor: Text::new_static("test"), now: real_time() };
        for feed in [own, other] {
            create_feed(&desk, &act, feed, feed).await.unwrap();
        }
        create_client(&desk, &act, "copy", "copy", false).await.unwrap();
        let new = NewGrant {
            client: "copy".into(),
            feed: own.into(),
            class: Class::Participant,
            write: false,
            every_record: true,
            shown: Vec::new(),
            hidden: Vec::new(),
        };
        grant(&desk, &act, &new).await.unwrap();
        let key = issue_key(&desk, &act, "copy", NewKey::default()).await.unwrap().secret.reveal().to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public_url = format!("http://{address}");
        let small = reso_door::Settings { page_size: 40, public_url, ..reso_door::Settings::default() };
        let door = Door::new(Arc::clone(&words), gate, search.clone(), store.clone(), real_time, small);
        tokio::spawn(axum::serve(listener, reso_door::router(door)).into_future());
        Self { words, store, search, address, key, own, other, sources: None, _home: home }
    }

    /// Its source leads there.
    pub(crate) async fn pulls_from(&mut self, there: &Self) {
        let rules = outbound::Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] };
        let http =
            outbound::Client::new(outbound::Settings { rules, ..outbound::Settings::default() }).unwrap();
        let key = there.key.clone();
        let clock: Clock = Arc::new(real_time);
        let time = Time::real(Arc::clone(&clock));
        let open = Arc::new(move |_: &str, _: &str| Some(key.clone()));
        let puller = Puller::new(self.store.clone(), Arc::clone(&self.words), time, http, open);
        let sources =
            Sources::new(self.store.clone(), Arc::clone(&self.words), clock, Places::default(), "node");
        self.sources = Some(sources.with_api(Arc::new(puller)));
        let own = self.words.known("Source");
        let mut record = Record::new(own.id);
        for (name, text) in [
            ("SourceId", "other".to_owned()),
            ("FeedId", self.other.to_owned()),
            ("SourceType", "RESO Web API".to_owned()),
            ("SourceStatus", "Active".to_owned()),
            ("SourceProfile", "reso".to_owned()),
            ("SourceLocation", format!("http://{}/odata", there.address)),
            ("SealedCredential", "sealed".to_owned()),
        ] {
            record.set(own.find(name).unwrap(), text);
        }
        record.set(own.timestamp.unwrap(), real_time());
        let mut batch = Batch::new("test", real_time());
        batch.operations.push(Operation::put("freehold", record));
        self.store.write(batch).await.unwrap();
        // The door there answers once its index holds what is written.
        there.seen().await;
    }

    pub(crate) async fn run(&self, told: Arc<Told>) -> Result<Report, IntakeError> {
        self.sources.as_ref().unwrap().run("other", told).await
    }

    pub(crate) async fn pull(&self) {
        self.run(Arc::default()).await.unwrap_or_else(|error| panic!("{} pulls: {error:?}", self.own));
    }

    async fn seen(&self) {
        let head = self.store.head().await.unwrap();
        self.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
    }

    async fn keep(&self, operations: Vec<Operation>) {
        let mut batch = Batch::new("test", real_time());
        batch.operations = operations;
        self.store.write(batch).await.unwrap();
        self.seen().await;
    }

    fn record(&self, resource: &str, fields: &[(&str, Value)]) -> Operation {
        let own = self.words.known(resource);
        let mut record = Record::new(own.id);
        for (name, value) in fields {
            record.set(own.find(name).unwrap(), value.clone());
        }
        Operation::put(self.own, record)
    }

    fn listing(&self, key: &str, price: u32, at: Timestamp) -> Operation {
        self.record(
            "Property",
            &[
                ("ListingKey", key.into()),
                ("ListPrice", Value::Decimal(Decimal::from(price))),
                ("City", ["Seattle", "O'Brien", "Zürich"][price as usize % 3].into()),
                ("Latitude", Value::Decimal(Decimal::new(i64::from(price), 4))),
                ("Longitude", Value::Decimal(Decimal::new(-1_223_000, 4))),
                ("Appliances", Value::TextList(["Dishwasher".into(), "Range".into()].into())),
                ("ModificationTimestamp", at.into()),
            ],
        )
    }

    /// So many listings, many of one instant.
    pub(crate) async fn fill(&self, rng: &mut Rng, count: usize) {
        let at = real_time();
        let all = (0..count).map(|n| self.listing(&format!("{}-{n}", self.own), rng.u32(1..900_000), at));
        self.keep(all.collect()).await;
    }

    pub(crate) async fn change(&self, key: &str) {
        self.keep(vec![self.listing(key, 7, real_time())]).await;
    }

    pub(crate) async fn remove(&self, key: &str) {
        self.keep(vec![Operation::remove(self.words.known("Property").id, key)]).await;
    }

    /// A record of its own feed under any key.
    pub(crate) async fn put_own(&self, key: &str) {
        self.keep(vec![self.listing(key, 9, real_time())]).await;
    }

    /// Something happens to its own feed.
    pub(crate) async fn write(&self, rng: &mut Rng) {
        let mut operations = Vec::new();
        let at = real_time();
        for _ in 0..1 + rng.usize(..8) {
            let key = format!("{}-{}", self.own, rng.u32(..200));
            match rng.u8(..10) {
                0..7 => operations.push(self.listing(&key, rng.u32(1..900_000), at)),
                7 => operations.push(Operation::remove(self.words.known("Property").id, key)),
                8 => {
                    let name = format!("Ann {}", rng.u32(..9));
                    let fields: [(&str, Value); 3] = [
                        ("MemberKey", key.into()),
                        ("MemberFullName", name.into()),
                        ("ModificationTimestamp", at.into()),
                    ];
                    operations.push(self.record("Member", &fields));
                }
                _ => {
                    let media = format!("{key}-m");
                    let fields: [(&str, Value); 4] = [
                        ("MediaKey", media.into()),
                        ("ResourceName", "Property".into()),
                        ("ResourceRecordKey", key.into()),
                        ("ModificationTimestamp", at.into()),
                    ];
                    operations.push(self.record("Media", &fields));
                }
            }
        }
        self.keep(operations).await;
    }

    async fn all(&self) -> Vec<store::Stored> {
        let mut all = Vec::new();
        for resource in ["Property", "Member", "Media", "Office", "OpenHouse"] {
            let own = self.words.known(resource);
            let mut after = None;
            loop {
                let scan = Scan { resource: own.id, feed: None, after, limit: 1_000 };
                let part = self.store.scan(scan).await.unwrap();
                let Some(last) = part.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                all.extend(part);
            }
        }
        all
    }

    pub(crate) async fn count(&self) -> usize {
        self.all().await.len()
    }

    /// Every record of a feed.
    pub(crate) async fn feed(&self, feed: &str) -> BTreeMap<(u16, String), Record> {
        let kept = self.all().await.into_iter().filter(|one| one.feed == feed);
        kept.map(|one| ((one.resource.0, one.key.to_string()), (*one.record).clone())).collect()
    }
}
