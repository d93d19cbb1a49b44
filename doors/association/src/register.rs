//! What the door knows by heart: its own records, read from the store when it opens and kept current by
//! following the log. A question of an onboarding looks at dozens of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{Dictionary, Key, ResourceId};
use parking_lot::RwLock;
use store::{Change, Follower, Scan, Sequence, Store, StoreError, Stored};

/// Entries read of the store at once.
const AT_ONCE: usize = 1_000;

/// The resources that are known by heart. The keys of all but the first two begin with the tenant's id and a
/// point.
const READ: [&str; 20] = [
    "Tenant",
    "TenantGrant",
    "Integration",
    "IntegrationSetting",
    "IntegrationTransition",
    "ChecklistItem",
    "TenantContact",
    "OnboardingTicket",
    "KeyRequest",
    "DataFile",
    "MappingSet",
    "ContactImport",
    "ForcedResync",
    "SyncState",
    "HeldContact",
    "LinkingRule",
    "FieldAuthority",
    "FieldConflict",
    "ReconciliationPlan",
    "Alert",
];

type Shelves = BTreeMap<ResourceId, BTreeMap<Key, Stored>>;

/// The records, and how far the log has been read into them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Register {
    shared: Arc<Shared>,
}

struct Shared {
    log: Follower,
    dictionary: Arc<Dictionary>,
    shelves: RwLock<Shelves>,
}

impl Register {
    /// Reads what the store holds.
    pub(crate) async fn open(store: Store, dictionary: Arc<Dictionary>) -> Result<Self, StoreError> {
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        let mut shelves = Shelves::new();
        for name in READ {
            let own = dictionary.known(name);
            let shelf = shelves.entry(own.id).or_default();
            let mut after = None;
            loop {
                let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
                let found = store.scan(part).await?;
                let Some(last) = found.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                shelf.extend(found.into_iter().map(|stored| (stored.key.clone(), stored)));
            }
        }
        let log = Follower::new(store, READ.map(|name| dictionary.known(name).id).into(), head);
        let register = Self { shared: Arc::new(Shared { log, dictionary, shelves: RwLock::new(shelves) }) };
        register.refresh().await?;
        Ok(register)
    }

    /// Reads the log up to its head.
    pub(crate) async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.shared.log.catch_up(|changes| self.take(changes)).await
    }

    fn take(&self, changes: &[Change]) {
        let mut shelves = self.shared.shelves.write();
        for change in changes {
            let shelf = shelves.entry(change.resource).or_default();
            // A scan may have read a later version than this entry of the log tells of.
            if shelf.get(&change.key).is_some_and(|known| known.sequence >= change.sequence) {
                continue;
            }
            let Some(record) = change.record.clone() else {
                shelf.remove(&change.key);
                continue;
            };
            let Change { resource, feed, key, sequence, at, .. } = change;
            let stored = Stored {
                resource: *resource,
                feed: feed.clone(),
                key: key.clone(),
                sequence: *sequence,
                at: *at,
                record,
            };
            shelf.insert(stored.key.clone(), stored);
        }
    }

    /// Follows the log until `shutdown` is done.
    pub(crate) async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.shared.log.follow("the association door", || self.refresh(), shutdown).await
    }

    /// The record of this key.
    pub(crate) fn get(&self, resource: &str, key: &str) -> Option<Stored> {
        let own = self.shared.dictionary.known(resource).id;
        self.shared.shelves.read().get(&own)?.get(key).cloned()
    }

    /// Every record of a resource, by key.
    pub(crate) fn all(&self, resource: &str) -> Vec<Stored> {
        let own = self.shared.dictionary.known(resource).id;
        self.shared.shelves.read().get(&own).into_iter().flat_map(|shelf| shelf.values().cloned()).collect()
    }

    /// The records whose keys begin with the tenant's id and a point, by key.
    pub(crate) fn of_tenant(&self, resource: &str, tenant: &str) -> Vec<Stored> {
        self.beginning(resource, &format!("{tenant}."))
    }

    /// The records whose keys begin with `start`, by key.
    pub(crate) fn beginning(&self, resource: &str, start: &str) -> Vec<Stored> {
        let own = self.shared.dictionary.known(resource).id;
        let shelves = self.shared.shelves.read();
        let Some(shelf) = shelves.get(&own) else { return Vec::new() };
        let from = shelf.range(Key::new(start)..);
        from.take_while(|(key, _)| key.starts_with(start)).map(|(_, stored)| stored.clone()).collect()
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register").field("applied", &self.shared.log.applied()).finish_non_exhaustive()
    }
}
