//! An installation that pulls from a vendor, with a clock by script.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Key, Record, Value, Version};
use intake::{Clock, IntakeError, Places, Report, Silent, Sources};
use jiff::SignedDuration;
use parking_lot::Mutex;
use pull::{Puller, Time};
use serde_json::json;
use store::{Batch, Operation, Scan, Settings, Store};
use testkit::Home;

use crate::vendor::{Brand, Vendor};
use crate::world::Row;

pub(crate) struct Town {
    pub(crate) words: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) home: Home,
    pub(crate) clock: testkit::Clock,
    pub(crate) sources: Sources,
    pub(crate) slept: Arc<Mutex<Duration>>,
    /// Keys of the pictures that were to be copied.
    pub(crate) copied: Arc<Mutex<Vec<String>>>,
}

impl Town {
    /// An installation with a source `s` of feed `F`, at the given vendor.
    pub(crate) async fn of(home: Home, vendor: &Mutex<Vendor>, fields: &[(&str, Value)]) -> Self {
        Self::with(home, Arc::new(Dictionary::standard(Version::V2_1)), vendor, fields).await
    }

    pub(crate) async fn with(
        home: Home,
        words: Arc<Dictionary>,
        vendor: &Mutex<Vendor>,
        fields: &[(&str, Value)],
    ) -> Self {
        let settings = home.url().map_or_else(|| Settings::sqlite(home.file("town.db")), Settings::postgres);
        let store = Store::open(settings, Arc::clone(&words)).await.unwrap();
        let (clock, brand, address) = {
            let vendor = vendor.lock();
            (vendor.world.clock.clone(), vendor.brand, vendor.address)
        };
        let slept = Arc::new(Mutex::new(Duration::ZERO));
        let time = {
            let (now, sleeping, slept) = (clock.clone(), clock.clone(), Arc::clone(&slept));
            Time {
                now: Arc::new(move || now.now()),
                sleep: Arc::new(move |time| {
                    sleeping.pass(SignedDuration::try_from(time).unwrap());
                    *slept.lock() += time;
                    Box::pin(tokio::task::yield_now())
                }),
            }
        };
        let http = outbound::Client::new(outbound::Settings {
            rules: outbound::Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] },
            ..outbound::Settings::default()
        });
        let open =
            |source: &str, sealed: &str| sealed.strip_prefix(&format!("sealed:{source}:")).map(str::to_owned);
        let puller = Puller::new(store.clone(), Arc::clone(&words), time, http.unwrap(), Arc::new(open));
        let copied = Arc::new(Mutex::new(Vec::new()));
        let copying = Arc::clone(&copied);
        let copy = move |keys: Vec<Key>| -> Pin<Box<dyn Future<Output = u64> + Send>> {
            let count = keys.len() as u64;
            copying.lock().extend(keys.iter().map(ToString::to_string));
            Box::pin(async move { count })
        };
        let puller = puller.with_profiles(home.file("profiles")).with_pictures(Arc::new(copy));
        let now: Clock = {
            let clock = clock.clone();
            Arc::new(move || clock.now())
        };
        let sources = Sources::new(store.clone(), Arc::clone(&words), now, Places::default(), "node");
        let sources = sources.with_api(Arc::new(puller));
        let town = Self { words, store, home, clock, sources, slept, copied };
        let profile = match brand {
            Brand::MlsGrid => "mls_grid",
            Brand::Trestle => "trestle",
            Brand::Bridge => "bridge",
            Brand::Spark => "spark",
            Brand::Plain(_) => "reso",
        };
        let mut all: Vec<(&str, Value)> = vec![
            ("SourceId", "s".into()),
            ("FeedId", "F".into()),
            ("SourceType", "RESO Web API".into()),
            ("SourceStatus", "Active".into()),
            ("SourceProfile", profile.into()),
            ("SourceLocation", format!("http://{address}/odata/").into()),
            ("SourceResources", Value::TextList(["Property".into(), "Member".into()].into())),
            ("SealedCredential", "sealed:s:s3cret".into()),
            ("OriginatingSystemName", "actris".into()),
        ];
        if brand == Brand::Trestle {
            all.push(("OAuthClientId", "me".into()));
            all.push(("TokenLocation", format!("http://{address}/token").into()));
        }
        all.extend(fields.iter().cloned());
        town.put(&all).await;
        town
    }

    /// Writes the source's record.
    pub(crate) async fn put(&self, fields: &[(&str, Value)]) {
        let own = self.words.known("Source");
        let kept = self.store.get(own.id, "s").await.unwrap();
        let mut record = kept.map_or_else(|| Record::new(own.id), |kept| (*kept.record).clone());
        for (name, value) in fields {
            record.set(own.find(name).unwrap(), value.clone());
        }
        record.set(own.timestamp.unwrap(), self.clock.now());
        let mut batch = Batch::new("test", self.clock.now());
        batch.operations.push(Operation::put("freehold", record));
        self.store.write(batch).await.unwrap();
    }

    pub(crate) async fn pull(&self) -> Result<Report, IntakeError> {
        self.sources.run("s", Arc::new(Silent)).await
    }

    /// The pictures that were to be copied since this was asked last, in the order of their keys.
    pub(crate) fn copied(&self) -> Vec<String> {
        let mut copied = std::mem::take(&mut *self.copied.lock());
        copied.sort();
        copied
    }

    /// Every record of a resource in the feed.
    pub(crate) async fn all(&self, resource: &str) -> Vec<store::Stored> {
        let own = self.words.known(resource);
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let scan = Scan { resource: own.id, feed: None, after, limit: 1_000 };
            let part = self.store.scan(scan).await.unwrap();
            let Some(last) = part.last() else { return all };
            after = Some((own.timestamp_of(&last.record), last.key.clone()));
            all.extend(part);
        }
    }

    /// Every record of a resource, as the vendor would show it.
    pub(crate) async fn rows(&self, resource: &str) -> BTreeMap<String, Row> {
        let own = self.words.known(resource);
        let row = |record: &Record| {
            let mut row = Row::new();
            for (id, value) in record.iter() {
                let shown = match value {
                    Value::Text(text) => json!(text.as_str()),
                    Value::Integer(number) => json!(number),
                    Value::Decimal(number) => json!(number.to_string().parse::<u64>().unwrap()),
                    Value::Timestamp(at) => json!(at.to_string()),
                    other => panic!("{other:?}"),
                };
                row.insert(own.field(id).name.to_string(), shown);
            }
            row
        };
        let kept = self.all(resource).await;
        assert!(kept.iter().all(|one| one.feed == "F"));
        kept.into_iter().map(|one| (one.key.to_string(), row(&one.record))).collect()
    }

    /// Fails where this installation and the vendor do not hold the same.
    pub(crate) async fn agrees(&self, vendor: &Mutex<Vendor>, what: &str) {
        for resource in ["Property", "Member"] {
            let (here, there) = (self.rows(resource).await, vendor.lock().world.whole(resource));
            for (key, row) in &there {
                assert_eq!(here.get(key), Some(row), "{what}: {resource} {key}");
            }
            let over: Vec<&String> = here.keys().filter(|key| !there.contains_key(*key)).collect();
            assert!(over.is_empty(), "{what}: {resource} holds {over:?}, which are gone");
        }
    }
}
