//! The MLS's Freehold: a source that is the association.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::{Dictionary, Value, Version, named};
use intake::{IntakeError, Moved, Places, Progress, Report, Sources};
use membership::{Membership, PROFILE};
use store::{Batch, Expect, Operation, Scan, Settings, Store};
use testkit::{Clock, Home};

use crate::association::{House, MLS, outward};

/// Looks on, and ends a run once so many rows have come.
struct Until(AtomicU64, u64);

impl Progress for Until {
    fn moved(&self, moved: &Moved) {
        self.0.store(moved.rows, Ordering::Relaxed);
    }

    fn canceled(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= self.1
    }
}

pub(crate) struct Other {
    dictionary: Arc<Dictionary>,
    store: Store,
    sources: Sources,
    clock: Clock,
    _home: Home,
}

impl Other {
    /// An MLS whose clock is the association's.
    pub(crate) async fn open(home: Home, clock: &Clock) -> Self {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let file = || Settings::sqlite(home.file("mls.db"));
        let kept = home.url().map_or_else(file, Settings::postgres);
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let ticking = clock.clone();
        let now: intake::Clock = Arc::new(move || ticking.now());
        // What was sealed is the key itself: sealing is tried where keys are.
        let open = Arc::new(|_: &str, sealed: &str| Some(sealed.to_owned()));
        let words = Arc::clone(&dictionary);
        let puller = Membership::new(store.clone(), words, Arc::clone(&now), outward(), open);
        let words = Arc::clone(&dictionary);
        let sources = Sources::new(store.clone(), words, now, Places::default(), "mls");
        let sources = sources.with_api(Arc::new(puller));
        Self { dictionary, store, sources, clock: clock.clone(), _home: home }
    }

    /// The source of an environment of the association; the feed has its name.
    pub(crate) async fn source(&self, house: &House, environment: &str, key: &str) {
        let location = format!("http://{}{MLS}/environments/{environment}", house.address);
        let fields: [(&str, Value); 9] = [
            ("SourceId", environment.into()),
            ("FeedId", environment.into()),
            ("SourceType", "RESO Web API".into()),
            ("SourceStatus", "Active".into()),
            ("SourceProfile", PROFILE.into()),
            ("SourceLocation", location.into()),
            ("SealedCredential", key.into()),
            ("SourceCadence", "0 10,12,15,18 * * *".into()),
            ("ModificationTimestamp", self.clock.now().into()),
        ];
        let fields = fields.map(|(name, value)| (name, Some(value)));
        let record = named(self.dictionary.known("Source"), fields);
        let mut batch = Batch::new("test", self.clock.now());
        batch.operations.push(Operation::put_own(record, Expect::Any));
        self.store.write(batch).await.unwrap();
    }

    /// Pulls from an environment.
    pub(crate) async fn pull(&self, environment: &str) -> Result<Report, IntakeError> {
        self.pull_until(environment, u64::MAX).await
    }

    /// Pulls, and is cut off once so many contacts have come.
    pub(crate) async fn pull_until(&self, environment: &str, rows: u64) -> Result<Report, IntakeError> {
        self.sources.run(environment, Arc::new(Until(AtomicU64::new(0), rows))).await
    }

    /// The members that are kept of an environment: key and status.
    pub(crate) async fn members(&self, environment: &str) -> Vec<(String, String)> {
        let own = self.dictionary.known("Member");
        let status = own.find("MemberStatus").unwrap();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let feed = Some(environment.into());
            let found = self.store.scan(Scan { resource: own.id, feed, after, limit: 5_000 }).await.unwrap();
            let Some(last) = found.last() else { break };
            after = Some((own.timestamp_of(&last.record), last.key.clone()));
            all.extend(found.iter().map(|kept| {
                let status = kept.record.get(status).and_then(|value| value.as_text()).unwrap_or_default();
                (kept.key.to_string(), status.to_owned())
            }));
        }
        all.sort();
        all
    }
}
