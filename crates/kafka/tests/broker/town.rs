//! A store, and eyes on a broker's topics.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Record, Timestamp, Value, Version, named};
use kafka::{Figures, House, Security, Settings};
use krafka::Kafka;
use krafka::consumer::{AutoOffsetReset, ConsumerRecord};
use store::{Batch, Expect, Operation, Store};
use testkit::Scratch;

/// The instant of every write: what is tried here does not ask for the time.
pub(crate) fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) prefix: String,
    _scratch: Scratch,
}

impl Town {
    pub(crate) async fn new() -> Self {
        let scratch = Scratch::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let settings = store::Settings::sqlite(scratch.file("freehold.sqlite"));
        let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
        // Topics of other tests and of runs before lie on the same broker.
        let chance = testkit::Rng::new().u64(..);
        Self { store, dictionary, prefix: format!("town-{chance:x}"), _scratch: scratch }
    }

    pub(crate) fn house(&self, brokers: &str) -> House {
        House {
            store: self.store.clone(),
            dictionary: Arc::clone(&self.dictionary),
            clock: testkit::real_time,
            settings: Settings {
                brokers: brokers.into(),
                security: Security::default(),
                prefix: self.prefix.clone(),
                resources: ["Property", "Member"].map(|name| self.dictionary.known(name).id).into(),
            },
            figures: Arc::new(Figures::default()),
            holder: "town".into(),
        }
    }

    /// A listing with a price.
    pub(crate) fn listing(&self, key: u64, price: u64) -> Operation {
        let property = self.dictionary.known("Property");
        let mut record = Record::new(property.id);
        record.set(property.key[0], Value::Text(format!("K{key}").into()));
        record.set(property.find("ListPrice").unwrap(), Value::Decimal(price.into()));
        Operation::put("TOWN", record)
    }

    /// A member of a feed.
    pub(crate) fn member(&self, feed: &str, key: u64, name: &str) -> Operation {
        let member = self.dictionary.known("Member");
        let name = (member.find("MemberFirstName").unwrap(), Value::from(name));
        let key = (member.key[0], Value::from(format!("M{key}")));
        Operation::put(feed, Record::from_values(member.id, vec![key, name]))
    }

    /// The order to send every contact of a feed once more.
    pub(crate) fn forced(&self, id: &str, feed: &str) -> Operation {
        let own = self.dictionary.known("ForcedResync");
        let fields = [("ForcedResyncId", Some(Value::from(id))), ("FeedId", Some(Value::from(feed)))];
        Operation::put_own(named(own, fields), Expect::Absent)
    }

    pub(crate) async fn write(&self, operations: Vec<Operation>) {
        let mut batch = Batch::new("town", now());
        batch.operations = operations;
        self.store.write(batch).await.unwrap();
    }

    pub(crate) fn topic(&self, name: &str) -> String {
        format!("{}.{name}", self.prefix)
    }
}

/// Everything that lies in a topic, partition by partition in order, once `enough` says so.
pub(crate) async fn read(
    brokers: &str,
    topic: &str,
    enough: impl Fn(&[ConsumerRecord]) -> bool,
) -> Vec<ConsumerRecord> {
    let often = Duration::from_millis(500);
    let kafka = Kafka::builder(brokers).metadata_max_age(often).connect().await.unwrap();
    let group = format!("eyes-{:x}", testkit::Rng::new().u64(..));
    let consumer =
        kafka.consumer(group).auto_offset_reset(AutoOffsetReset::Earliest).enable_auto_commit(false).build();
    let consumer = consumer.await.unwrap();
    consumer.subscribe([topic]).await.unwrap();
    let mut found = Vec::new();
    let mut looks = 0;
    while !enough(&found) {
        // A topic that is not there yet is asked for again.
        found.extend(consumer.poll(Duration::from_millis(500)).await.unwrap_or_default());
        looks += 1;
        assert!(looks < 240, "{topic}: only {} messages came", found.len());
    }
    consumer.close().await.unwrap();
    found
}

/// A header's text.
pub(crate) fn header<'r>(record: &'r ConsumerRecord, name: &str) -> &'r str {
    record.header_str(name).unwrap()
}

/// Waits for something to come to be, a minute and a half at most.
pub(crate) async fn until(done: impl AsyncFn() -> bool) {
    for _ in 0..900 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come to be");
}
