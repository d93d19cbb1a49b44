//! Which contacts a pull has to look at, and why.

use std::collections::BTreeMap;

use dictionary::Key;
use store::{Sequence, StoreError};

use super::Contact;
use super::snapshot::Snapshot;

/// Why a contact is looked at, and where it stands in the order of the pull.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Candidate {
    /// The entry of the log that brings it in.
    pub(crate) order: Sequence,
    /// It has not changed: a forced resync brings it.
    pub(crate) forced: bool,
}

/// The contacts of a pull, each once.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Candidates(pub(crate) [BTreeMap<Key, Candidate>; 4]);

impl Candidates {
    /// What changed in the window (AMS-031).
    pub(crate) async fn changed(snapshot: &Snapshot, after: Sequence) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let take = |contact: Contact, trace: store::Trace| {
            all.add(contact, trace.key, Candidate { order: trace.sequence, forced: false });
        };
        snapshot.traces(after, take).await?;
        Ok(all)
    }

    /// Everything, and what is gone since `after` (AMS-011).
    pub(crate) async fn everything(snapshot: &Snapshot, after: Sequence) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for contact in Contact::ALL {
            let take = |key: Key, sequence: Sequence| {
                let order = sequence.min(snapshot.upto);
                all.add(contact, key, Candidate { order, forced: sequence <= after });
            };
            snapshot.keys(contact, take).await?;
        }
        // What was written while this was read is looked up as it was, too.
        let now = snapshot.at(snapshot.store.head().await?.max(snapshot.upto));
        let mut moved = Vec::new();
        now.traces(snapshot.upto, |contact, trace| moved.push((contact, trace.key))).await?;
        moved.sort_unstable();
        moved.dedup();
        for (contact, key) in moved {
            let own = contact.resource(&snapshot.dictionary).id;
            let then = snapshot.store.as_of(own, &key, snapshot.upto).await?;
            all.0[contact.index()].remove(&key);
            if let Some(then) = then {
                let candidate = Candidate { order: then.sequence, forced: then.sequence <= after };
                all.add(contact, key, candidate);
            }
        }
        let changed = Self::changed(snapshot, after).await?;
        for (contact, changed) in Contact::ALL.into_iter().zip(changed.0) {
            changed.into_iter().for_each(|(key, candidate)| all.add(contact, key, candidate));
        }
        Ok(all)
    }

    /// Adds a contact; of one that is there already the later entry counts, and that it has changed.
    pub(crate) fn add(&mut self, contact: Contact, key: Key, candidate: Candidate) {
        let kept = self.0[contact.index()].entry(key).or_insert(candidate);
        kept.order = kept.order.max(candidate.order);
        kept.forced &= candidate.forced;
    }

    /// Whether a contact is among them.
    pub(crate) fn get(&self, contact: Contact, key: &str) -> Option<Candidate> {
        self.0[contact.index()].get(key).copied()
    }
}
