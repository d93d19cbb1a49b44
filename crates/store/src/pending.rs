//! Which instants are over: no batch of this process that is still to be seen bears one of them.
//!
//! A batch bears the instant at which somebody began to put it together, and is in the log some moments later. Who
//! copies what changed until an instant, and goes on from there the next time, would never hear of a batch that was
//! on its way meanwhile (PAR-140).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dictionary::Timestamp;
use parking_lot::Mutex;

use crate::Sequence;

/// Batches that are remembered after their commit. An index is behind the log by a few; behind one that is by more,
/// the oldest that is remembered stands for all before it.
const REMEMBERED: usize = 10_000;

/// The batches of this process that a reader of the log may not have seen yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    /// By a number of their own, those that are on their way.
    open: BTreeMap<u64, Timestamp>,
    next: u64,
    /// Those in the log, in its order: the sequence of the last entry, and the instant.
    committed: VecDeque<(Sequence, Timestamp)>,
    /// What was promised to be over.
    over: Timestamp,
}

/// A batch on its way. Once it is dropped, the batch is in the log, or never will be.
#[derive(Debug)]
pub(crate) struct OnItsWay {
    pending: Pending,
    number: u64,
    pub(crate) at: Timestamp,
}

impl Pending {
    /// A batch of this instant, or of the first one that is not over, sets out.
    pub(crate) fn sets_out(&self, at: Timestamp) -> OnItsWay {
        let mut inside = self.0.lock();
        let (number, at) = (inside.next, at.max(inside.over));
        inside.next += 1;
        inside.open.insert(number, at);
        OnItsWay { pending: self.clone(), number, at }
    }

    /// The latest instant, `until` at most, before which nothing is still to be seen by who has seen the log until
    /// `seen`. It is over from now on: what sets out later bears it or a later one.
    pub(crate) fn over(&self, seen: Sequence, until: Timestamp) -> Timestamp {
        let mut inside = self.0.lock();
        let unseen = inside.committed.iter().rev().take_while(|(sequence, _)| *sequence > seen);
        let earliest = inside.open.values().copied().chain(unseen.map(|(_, at)| *at)).min();
        let over = earliest.map_or(until, |earliest| earliest.min(until));
        inside.over = inside.over.max(over);
        over
    }
}

impl OnItsWay {
    /// It is in the log up to this sequence.
    pub(crate) fn arrived(&self, sequence: Sequence) {
        let mut inside = self.pending.0.lock();
        if inside.committed.len() == REMEMBERED
            && let Some((_, oldest)) = inside.committed.pop_front()
            && let Some((_, next)) = inside.committed.front_mut()
        {
            *next = oldest.min(*next);
        }
        inside.committed.push_back((sequence, self.at));
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.pending.0.lock().open.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use dictionary::Timestamp;

    use super::{Pending, REMEMBERED};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn par_140_an_instant_is_over_once_nothing_of_it_is_still_to_be_seen() {
        let pending = Pending::default();
        let check = |seen, until, over| assert_eq!(pending.over(seen, at(until)), at(over), "{seen} {until}");
        check(0, 10, 10);
        let slow = pending.sets_out(at(20));
        let quick = pending.sets_out(at(25));
        check(0, 30, 20);
        quick.arrived(1);
        drop(quick);
        // It is in the log, and not in what has been seen.
        check(1, 30, 20);
        slow.arrived(2);
        drop(slow);
        check(1, 30, 20);
        check(2, 30, 30);
        // What was put together before and sets out only now bears an instant that is not over.
        assert_eq!(pending.sets_out(at(15)).at, at(30));
        assert_eq!(pending.sets_out(at(31)).at, at(31));
        // What is refused was never there.
        check(2, 40, 40);
    }

    #[test]
    fn an_index_far_behind_the_log_is_told_of_the_oldest() {
        let pending = Pending::default();
        for sequence in 1..=REMEMBERED + 5 {
            let batch = pending.sets_out(at(i64::try_from(sequence).expect("few")));
            batch.arrived(sequence as u64);
        }
        assert_eq!(pending.over(0, at(1 << 20)), at(1));
        let last = REMEMBERED as u64 + 5;
        assert_eq!(pending.over(last - 1, at(1 << 20)), at(i64::try_from(last).expect("few")));
        assert_eq!(pending.over(last, at(1 << 20)), at(1 << 20));
    }
}
