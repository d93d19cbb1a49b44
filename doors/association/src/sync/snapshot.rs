//! A feed's contacts as they were at an entry of the log, whatever has been written since.

use std::collections::HashSet;
use std::sync::Arc;

use dictionary::{Dictionary, Key, Text};
use store::{Scan, Sequence, Store, StoreError, Stored, Trace};
use tokio::sync::{Mutex, MutexGuard};

use super::Contact;

/// Records or entries read at once.
const AT_ONCE: usize = 5_000;
/// Entries of the log looked at at once.
const ENTRIES: Sequence = 10_000;

/// A feed up to an entry of the log. Clones share what they have found to be written since.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) feed: Text,
    pub(crate) upto: Sequence,
    since: Arc<Mutex<Since>>,
}

/// Contacts that were written after a snapshot, as far as the log has been read for them.
#[derive(Debug, Default)]
struct Since {
    read: Sequence,
    keys: HashSet<(Contact, Key)>,
}

impl Snapshot {
    /// A feed at an entry.
    pub(crate) fn new(store: Store, dictionary: Arc<Dictionary>, feed: Text, upto: Sequence) -> Self {
        Self { store, dictionary, feed, upto, since: Arc::default() }
    }

    /// The same feed at another entry.
    pub(crate) fn at(&self, upto: Sequence) -> Self {
        Self { upto, since: Arc::default(), ..self.clone() }
    }

    /// These contacts, in their order; none for what was not there.
    pub(crate) async fn look(
        &self,
        contact: Contact,
        keys: &[Key],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let own = contact.resource(&self.dictionary).id;
        let mut all = Vec::with_capacity(keys.len());
        for part in keys.chunks(AT_ONCE) {
            let found = self.store.get_many(own, part).await?;
            // Read after the records: whatever is missing among them by now is told of.
            let missing = found.iter().any(Option::is_none);
            let since = if missing { Some(self.since().await?) } else { None };
            for (key, stored) in part.iter().zip(found) {
                let written =
                    || since.as_ref().is_some_and(|since| since.keys.contains(&(contact, key.clone())));
                let stored = match stored {
                    Some(stored) if stored.sequence <= self.upto => Some(stored),
                    None if !written() => None,
                    // What was written since: what it was then is in the log.
                    _ => self.store.as_of(own, key, self.upto).await?,
                };
                all.push(stored.filter(|stored| stored.feed == self.feed));
            }
        }
        Ok(all)
    }

    /// What was written after the snapshot, up to now.
    async fn since(&self) -> Result<MutexGuard<'_, Since>, StoreError> {
        let mut since = self.since.lock().await;
        let head = self.store.head().await?;
        let from = since.read.max(self.upto);
        if from < head {
            let keys = &mut since.keys;
            let take = |contact, trace: Trace| keys.extend([(contact, trace.key)]);
            self.at(head).traces(from, take).await?;
            since.read = head;
        }
        Ok(since)
    }

    /// Hands over where each entry of the log after `after` belongs that wrote a contact of this feed.
    pub(crate) async fn traces(
        &self,
        after: Sequence,
        mut take: impl FnMut(Contact, Trace),
    ) -> Result<(), StoreError> {
        let mut at = after;
        while at < self.upto {
            let end = self.upto.min(at + ENTRIES);
            for trace in self.store.traces(at, end).await? {
                if trace.feed == self.feed
                    && let Some(contact) = Contact::of(&self.dictionary, trace.resource)
                {
                    take(contact, trace);
                }
            }
            at = end;
        }
        Ok(())
    }

    /// Hands over every contact of a resource that is there now, by key and version. What has changed since the
    /// snapshot is among it, or not; its traces say so.
    pub(crate) async fn keys(
        &self,
        contact: Contact,
        mut take: impl FnMut(Key, Sequence),
    ) -> Result<(), StoreError> {
        let own = contact.resource(&self.dictionary);
        let mut after = None;
        loop {
            let feed = Some(self.feed.clone());
            let found = self.store.scan(Scan { resource: own.id, feed, after, limit: AT_ONCE }).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = Some((own.timestamp_of(&last.record), last.key.clone()));
            found.into_iter().for_each(|stored| take(stored.key, stored.sequence));
        }
    }

    /// The newest entry of the log that was written before an instant; 0 where there is none.
    pub(crate) async fn before(
        store: &Store,
        head: Sequence,
        instant: dictionary::Timestamp,
    ) -> Result<Sequence, StoreError> {
        let (mut least, mut most) = (0, head);
        while least < most {
            let middle = least + (most - least).div_ceil(2);
            let written = store.version(middle).await?.map(|change| change.at);
            // An entry that this dictionary does not know is taken for a late one: then more is offered, not less.
            if written.is_some_and(|at| at < instant) { least = middle } else { most = middle - 1 }
        }
        Ok(least)
    }
}
