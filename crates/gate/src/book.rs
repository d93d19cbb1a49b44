//! The gate's memory of Freehold's own records, kept current from the log.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use dictionary::{Date, Key, Record, ResourceId, Text, Timestamp};
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use store::Sequence;

use crate::Limits;
use crate::account::{Account, Terms};
use crate::compile::{self, Lexicon, Words};
use crate::quota::Meter;
use crate::secret::read_hash;

/// The resources that the gate reads.
pub(crate) const READ: [&str; 5] = ["Client", "ClientKey", "Grant", "Feed", "Quota"];

/// A key of a client, read.
pub(crate) struct KeyEntry {
    pub(crate) id: Text,
    pub(crate) client: Text,
    pub(crate) hash: [u8; 32],
    pub(crate) expires: Option<Timestamp>,
    pub(crate) revoked: Option<Timestamp>,
    /// The day of its last use that is known, as days of the Christian era; kept by the day so that a
    /// use costs the log one entry a day.
    used: AtomicI32,
}

impl KeyEntry {
    fn read(words: &Words<'_>) -> Option<Self> {
        Some(Self {
            id: words.text("ClientKeyId")?,
            client: words.text("ClientId")?,
            hash: read_hash(words.text("ClientKeyHash")?.as_str())?,
            expires: words.instant("ExpirationTimestamp"),
            revoked: words.instant("RevokedTimestamp"),
            used: AtomicI32::new(words.date("LastUsedDate").map_or(i32::MIN, day)),
        })
    }

    /// Notes a use; true for the first of a day.
    pub(crate) fn note_use(&self, now: Timestamp) -> bool {
        let today = day(now.to_zoned(TimeZone::UTC).date());
        self.used.fetch_max(today, Ordering::Relaxed) < today
    }
}

fn day(date: Date) -> i32 {
    i32::from(date.year()) * 366 + i32::from(date.day_of_year())
}

#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) sequence: Sequence,
    pub(crate) record: Arc<Record>,
}

/// Records, and what is made of them when it is first asked for.
pub(crate) struct Book {
    lexicon: Arc<Lexicon>,
    default_terms: (Limits, u32),
    kept: HashMap<ResourceId, BTreeMap<Key, Kept>>,
    keys: HashMap<Text, Arc<KeyEntry>>,
    accounts: HashMap<Text, Arc<Account>>,
    meters: HashMap<Text, Arc<Mutex<Meter>>>,
}

impl Book {
    pub(crate) fn new(lexicon: Arc<Lexicon>, limits: Limits, token_seconds: u32) -> Self {
        let kept = READ.iter().map(|name| (lexicon.dictionary.known(name).id, BTreeMap::new())).collect();
        Self {
            lexicon,
            default_terms: (limits, token_seconds),
            kept,
            keys: HashMap::new(),
            accounts: HashMap::new(),
            meters: HashMap::new(),
        }
    }

    /// Takes what the log says of one record; none is a removal. What is older than what is known is
    /// passed over.
    pub(crate) fn take(
        &mut self,
        resource: ResourceId,
        key: &Key,
        sequence: Sequence,
        record: Option<Arc<Record>>,
    ) {
        let Some(kept) = self.kept.get_mut(&resource) else { return };
        if kept.get(key).is_some_and(|before| before.sequence >= sequence) {
            return;
        }
        let before = match &record {
            Some(record) => kept.insert(key.clone(), Kept { sequence, record: record.clone() }),
            None => kept.remove(key),
        };
        let dictionary = self.lexicon.dictionary.clone();
        let own = dictionary.resource(resource);
        match own.name.as_str() {
            "ClientKey" => {
                let entry = record.and_then(|record| KeyEntry::read(&Words { own, record: &record }));
                match entry {
                    Some(entry) => {
                        if let Some(before) = self.keys.get(key) {
                            let used = before.used.load(Ordering::Relaxed);
                            entry.used.fetch_max(used, Ordering::Relaxed);
                        }
                        self.keys.insert(key.clone(), Arc::new(entry));
                    }
                    None => drop(self.keys.remove(key)),
                }
            }
            "Client" | "Grant" => {
                for record in before.map(|kept| kept.record).into_iter().chain(record) {
                    if let Some(client) = (Words { own, record: &record }).text("ClientId") {
                        self.accounts.remove(&client);
                    }
                }
            }
            // A feed that is suspended, a quota that changes: they may touch everyone.
            _ => self.accounts.clear(),
        }
    }

    pub(crate) fn key(&self, id: &str) -> Option<&Arc<KeyEntry>> {
        self.keys.get(id)
    }

    /// A key's record as it is kept, with its version.
    pub(crate) fn key_record(&self, id: &str) -> Option<Kept> {
        self.own("ClientKey")?.get(id).cloned()
    }

    /// The client compiled before, where that is still good.
    pub(crate) fn account(&self, client: &str, now: Timestamp) -> Option<Arc<Account>> {
        let account = self.accounts.get(client)?;
        account.until.is_none_or(|until| now < until).then(|| account.clone())
    }

    /// Compiles a client; none where it is not there or not active.
    pub(crate) fn compile(&mut self, client: &str, now: Timestamp) -> Option<Arc<Account>> {
        let words = self.words("Client", client)?;
        if words.text("ClientStatus").as_deref() != Some("Active") {
            return None;
        }
        let client = words.text("ClientId")?;
        let seconds = words.integer("TokenSeconds").and_then(|n| u32::try_from(n).ok());
        let terms = Terms {
            operator: words.truth("OperatorYN"),
            limits: self.limits(words.text("QuotaId").as_deref()),
            token_seconds: seconds.filter(|n| *n > 0).unwrap_or(self.default_terms.1),
            meter: Arc::default(),
            client: client.clone(),
        };
        let grants = self.grants(&client, now);
        // A client keeps its meter, whatever else of it changes.
        let meter = self.meters.entry(client.clone()).or_default().clone();
        let account = Arc::new(Account::new(&self.lexicon, Terms { meter, ..terms }, grants));
        self.accounts.insert(client, account.clone());
        Some(account)
    }

    fn grants(&self, client: &str, now: Timestamp) -> Vec<compile::Granted> {
        let own = self.lexicon.dictionary.known("Grant");
        let mut grants = Vec::new();
        // The key of a grant is the client's id, `|` and the feed's.
        let from = Key::from(format!("{client}|"));
        for (key, kept) in self.own("Grant").into_iter().flat_map(|all| all.range(from.clone()..)) {
            if !key.starts_with(from.as_str()) {
                break;
            }
            let words = Words { own, record: &kept.record };
            let ended = words.instant("ExpirationTimestamp").is_some_and(|end| end <= now);
            let feed = words.text("FeedId").unwrap_or_default();
            if ended || words.text("ClientId").as_deref() != Some(client) || self.suspended(&feed) {
                continue;
            }
            match compile::grant(&self.lexicon, &kept.record) {
                Ok(grant) => grants.push(grant),
                Err(faults) => {
                    tracing::warn!(grant = key.as_str(), ?faults, "a grant is wrong and shows nothing");
                }
            }
        }
        grants
    }

    fn suspended(&self, feed: &str) -> bool {
        self.words("Feed", feed).and_then(|w| w.text("FeedStatus")).is_some_and(|status| status != "Active")
    }

    fn limits(&self, quota: Option<&str>) -> Limits {
        // A quota that is named and not there falls back to what holds for everyone.
        let words = quota.and_then(|id| self.words("Quota", id)).or_else(|| self.words("Quota", "default"));
        let Some(words) = words else { return self.default_terms.0 };
        let limit = |name: &str| words.integer(name).and_then(|n| u64::try_from(n).ok());
        Limits {
            requests_per_second: limit("RequestsPerSecond"),
            requests_per_hour: limit("RequestsPerHour"),
            requests_per_day: limit("RequestsPerDay"),
            bytes_per_hour: limit("BytesPerHour"),
        }
    }

    fn own(&self, name: &str) -> Option<&BTreeMap<Key, Kept>> {
        self.kept.get(&self.lexicon.dictionary.known(name).id)
    }

    fn words(&self, name: &str, key: &str) -> Option<Words<'_>> {
        let own = self.lexicon.dictionary.known(name);
        let kept = self.kept.get(&own.id)?.get(key)?;
        Some(Words { own, record: &kept.record })
    }
}
