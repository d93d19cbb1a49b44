//! The gate's memory of Freehold's own records, kept current from the log.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use dictionary::{Key, Record, Resource, ResourceId, Text, Timestamp};
use parking_lot::Mutex;
use store::Sequence;

use crate::Limits;
use crate::account::{Account, Terms};
use crate::compile::{self, Lexicon, Words};
use crate::feed_terms::FeedTerms;
use crate::partner::{Environment, PartnerTerms, SALT_BYTES};
use crate::quota::Meter;
use crate::secret::{read_hash, read_hex};
use crate::tenants::TenantRight;

/// The resources that the gate reads.
pub(crate) const READ: [&str; 6] = ["Client", "ClientKey", "Grant", "TenantGrant", "Feed", "Quota"];

/// A key of a client, read.
pub(crate) struct KeyEntry {
    pub(crate) id: Text,
    pub(crate) client: Text,
    pub(crate) hash: [u8; 32],
    pub(crate) expires: Option<Timestamp>,
    pub(crate) revoked: Option<Timestamp>,
    /// Whether it is a key of the partner API, and of nothing else.
    pub(crate) partner: bool,
    /// The environment that it is for; any where none is said.
    pub(crate) environment: Option<Environment>,
    /// What its hash was salted with, where it was.
    pub(crate) salt: Option<[u8; SALT_BYTES]>,
    /// What signed requests are made with, sealed.
    pub(crate) sealed: Option<Text>,
    /// The second of its last use that is known.
    used: AtomicI64,
    /// The second of the last use that was written or is to be.
    noted: AtomicI64,
}

/// Seconds between two uses that are written: what a key costs the log is bounded.
const NOTED_EVERY: i64 = 3_600;

impl KeyEntry {
    fn read(words: &Words<'_>) -> Option<Self> {
        let used = words.instant("LastUsedTimestamp").map_or(NEVER, Timestamp::as_second);
        Some(Self {
            id: words.text("ClientKeyId")?,
            client: words.text("ClientId")?,
            hash: read_hash(words.text("ClientKeyHash")?.as_str())?,
            expires: words.instant("ExpirationTimestamp"),
            revoked: words.instant("RevokedTimestamp"),
            partner: words.text("ClientKeyUse").as_deref() == Some("Partner"),
            // A word that is not known is no environment of ours: then none will do.
            environment: match words.text("ClientKeyEnvironment") {
                None => None,
                Some(name) => Some(Environment::find(&name)?),
            },
            salt: words.text("ClientKeySalt").and_then(|text| read_hex(&text)),
            sealed: words.text("ClientKeySealed"),
            used: AtomicI64::new(used),
            noted: AtomicI64::new(used),
        })
    }

    /// Notes a use; true for one that is to be written.
    pub(crate) fn note_use(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.used.fetch_max(now, Ordering::Relaxed);
        let due = |noted: i64| (noted == NEVER || now - noted >= NOTED_EVERY).then_some(now);
        self.noted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok()
    }

    /// Its last use that is known.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.used.load(Ordering::Relaxed)).ok()
    }
}

/// The second of a use that never was.
const NEVER: i64 = i64::MIN;

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
    /// The keys of the partner API, by client: there a key does not name itself.
    partners: HashMap<Text, Vec<Arc<KeyEntry>>>,
    /// The grants for tenants, by client: their keys do not tell whose they are.
    tenants: HashMap<Text, BTreeSet<Key>>,
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
            partners: HashMap::new(),
            tenants: HashMap::new(),
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
                self.take_key(key, entry);
            }
            "Client" | "Grant" => {
                for record in before.map(|kept| kept.record).into_iter().chain(record) {
                    if let Some(client) = (Words { own, record: &record }).text("ClientId") {
                        self.accounts.remove(&client);
                    }
                }
            }
            "TenantGrant" => {
                self.take_tenant_grant(own, key, before.as_ref().map(|kept| &*kept.record), record)
            }
            // A feed that is suspended, a quota that changes: they may touch everyone.
            _ => self.accounts.clear(),
        }
    }

    fn take_tenant_grant(
        &mut self,
        own: &Resource,
        key: &Key,
        before: Option<&Record>,
        record: Option<Arc<Record>>,
    ) {
        let client = |record: &Record| (Words { own, record }).text("ClientId");
        if let Some(client) = before.and_then(client) {
            if let Some(keys) = self.tenants.get_mut(&client) {
                keys.remove(key);
            }
            self.accounts.remove(&client);
        }
        if let Some(client) = record.as_deref().and_then(client) {
            self.accounts.remove(&client);
            self.tenants.entry(client).or_default().insert(key.clone());
        }
    }

    fn take_key(&mut self, key: &Key, entry: Option<KeyEntry>) {
        let before = self.keys.remove(key);
        if let Some(before) = &before
            && let Some(kept) = self.partners.get_mut(&before.client)
        {
            kept.retain(|other| other.id != before.id);
        }
        let Some(entry) = entry else { return };
        if let Some(before) = before {
            // What was noted of its uses here is newer than what its record says.
            entry.used.fetch_max(before.used.load(Ordering::Relaxed), Ordering::Relaxed);
            entry.noted.fetch_max(before.noted.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        let entry = Arc::new(entry);
        if entry.partner {
            self.partners.entry(entry.client.clone()).or_default().push(entry.clone());
        }
        self.keys.insert(key.clone(), entry);
    }

    /// The keys with which a client enters the partner API.
    pub(crate) fn partner_keys(&self, client: &str) -> Vec<Arc<KeyEntry>> {
        self.partners.get(client).cloned().unwrap_or_default()
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
            partner: PartnerTerms::read(&words),
            client: client.clone(),
        };
        let (grants, tenants) = (self.grants(&client, now), self.tenants(&client, now));
        // A client keeps its meter, whatever else of it changes.
        let meter = self.meters.entry(client.clone()).or_default().clone();
        let account = Arc::new(Account::new(&self.lexicon, Terms { meter, ..terms }, grants, tenants));
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
                Ok(grant) => grants.push(compile::Granted { terms: self.feed_terms(&feed), ..grant }),
                Err(faults) => {
                    tracing::warn!(grant = key.as_str(), ?faults, "a grant is wrong and shows nothing");
                }
            }
        }
        grants
    }

    fn tenants(&self, client: &str, now: Timestamp) -> Vec<TenantRight> {
        let keys = self.tenants.get(client).into_iter().flatten();
        keys.filter_map(|key| TenantRight::read(&self.words("TenantGrant", key)?, now)).collect()
    }

    fn suspended(&self, feed: &str) -> bool {
        self.words("Feed", feed).and_then(|w| w.text("FeedStatus")).is_some_and(|status| status != "Active")
    }

    fn feed_terms(&self, feed: &str) -> FeedTerms {
        self.words("Feed", feed).map_or_else(FeedTerms::default, |words| FeedTerms::read(&words))
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
