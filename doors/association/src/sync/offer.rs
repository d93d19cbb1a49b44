//! What one pull offers, in its order: worked out when it is opened, kept in memory while it is read, and worked out
//! again, to the same, by a process that has just begun.

use std::collections::VecDeque;
use std::sync::Arc;

use dictionary::{Key, Text};
use parking_lot::Mutex;
use store::{Sequence, StoreError, Stored};

use super::Contact;
use super::candidates::{Candidate, Candidates};
use super::judge::{Judge, Verdict};
use super::run::Counts;
use super::snapshot::Snapshot;

/// Contacts judged at once.
const AT_ONCE: usize = 2_000;
/// Pulls that are kept in memory; one of 200,000 contacts takes some 15 MB.
const MOST_KEPT: usize = 8;

/// A contact that is offered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    /// The entry of the log that brings it in.
    pub(crate) order: Sequence,
    pub(crate) key: Key,
    /// It has not changed: a forced resync brings it.
    pub(crate) forced: bool,
}

/// What a pull offers, each resource by order and key.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) lists: [Vec<Entry>; 4],
    /// The end of its window: what was found to be written since is read of the log once.
    pub(crate) snapshot: Snapshot,
}

impl Offer {
    /// How many of each resource.
    pub(crate) fn counts(&self) -> Counts {
        Counts([0, 1, 2, 3].map(|at: usize| self.lists[at].len() as u64))
    }

    /// Judges every candidate; `see` is told of each that is not offered, and of each that is.
    pub(crate) async fn of(
        candidates: Candidates,
        snapshot: &Snapshot,
        judge: &Judge,
        mut see: impl FnMut(Contact, &Key, Candidate, &Option<Stored>, &Verdict),
    ) -> Result<Self, StoreError> {
        let mut offer = Self { lists: Default::default(), snapshot: snapshot.clone() };
        for (contact, all) in Contact::ALL.into_iter().zip(candidates.0) {
            let all: Vec<(Key, Candidate)> = all.into_iter().collect();
            let list = &mut offer.lists[contact.index()];
            for part in all.chunks(AT_ONCE) {
                let keys: Vec<Key> = part.iter().map(|(key, _)| key.clone()).collect();
                let judged = judge.judge(snapshot, contact, &keys).await?;
                for ((key, candidate), (stored, verdict)) in part.iter().zip(judged) {
                    see(contact, key, *candidate, &stored, &verdict);
                    if matches!(verdict, Verdict::Tell(_) | Verdict::Gone) {
                        let Candidate { order, forced } = *candidate;
                        list.push(Entry { order, key: key.clone(), forced });
                    }
                }
            }
            list.sort_unstable_by(|a, b| a.order.cmp(&b.order).then_with(|| a.key.cmp(&b.key)));
        }
        Ok(offer)
    }
}

/// A pull, by the key of its record, and what it offers.
type Kept = (Text, Arc<Offer>);

/// The pulls that were read last. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offers {
    kept: Arc<Mutex<VecDeque<Kept>>>,
}

impl Offers {
    /// The offer of a pull, by the key of its record.
    pub(crate) fn get(&self, run: &str) -> Option<Arc<Offer>> {
        self.kept.lock().iter().find(|(key, _)| key == run).map(|(_, offer)| Arc::clone(offer))
    }

    /// Keeps one, in the place of the one that was kept first.
    pub(crate) fn keep(&self, run: Text, offer: Arc<Offer>) {
        let mut kept = self.kept.lock();
        kept.retain(|(key, _)| *key != run);
        kept.truncate(MOST_KEPT - 1);
        kept.push_front((run, offer));
    }

    /// Forgets one that is no longer read.
    pub(crate) fn forget(&self, run: &str) {
        self.kept.lock().retain(|(key, _)| key != run);
    }
}
