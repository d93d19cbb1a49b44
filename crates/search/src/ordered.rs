//! Rows in the order of a number and then of their keys: what pages walk along.

use std::cmp::Ordering;

use crate::blocks::{Blocks, Place};
use crate::column::plain::Plain;

/// A row and the number it is ordered by, in two halves so that an entry is 12 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    high: u32,
    low: u32,
    pub(crate) row: u32,
}

/// Every live row, sorted by (number, key). Null is the least number.
#[derive(Clone, Debug)]
pub(crate) struct Ordered {
    blocks: Blocks<Entry>,
}

/// The rank of null, and of nothing else: a column holds no `i64::MIN`.
pub(crate) const NULL: u64 = 0;

/// A column's number as one that sorts without a sign, null first.
#[inline]
pub(crate) fn rank(number: Option<i64>) -> u64 {
    number.map_or(NULL, |number| number.cast_unsigned() ^ 1 << 63)
}

impl Entry {
    #[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
    pub(crate) fn new(rank: u64, row: u32) -> Self {
        Self { high: (rank >> 32) as u32, low: rank as u32, row }
    }

    #[inline]
    pub(crate) fn rank(&self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }
}

/// How many bytes all of these begin with.
fn shared<'k>(mut keys: impl Iterator<Item = &'k str>) -> usize {
    let first = keys.next().unwrap_or_default().as_bytes();
    keys.fold(first.len(), |shared, key| {
        first[..shared].iter().zip(key.as_bytes()).take_while(|(a, b)| a == b).count()
    })
}

fn key(keys: &Plain, row: u32) -> &str {
    keys.get(row).unwrap_or_default()
}

impl Ordered {
    /// Of these rows, in any order.
    pub(crate) fn build(entries: impl Iterator<Item = Entry> + Clone, keys: &Plain) -> Self {
        // Prices tie by the thousand, and keys lie all over memory: what tells most of them apart is looked
        // up once, beside the number.
        let shared = shared(entries.clone().map(|entry| key(keys, entry.row)));
        let telling = |row: u32| {
            let mut bytes = [0; 8];
            let rest = key(keys, row).as_bytes().get(shared..).unwrap_or_default();
            let known = rest.len().min(8);
            bytes[..known].copy_from_slice(&rest[..known]);
            u64::from_be_bytes(bytes)
        };
        let mut all: Vec<_> = entries.map(|entry| (entry.rank(), telling(entry.row), entry)).collect();
        all.sort_unstable_by(|(a, tells_a, one), (b, tells_b, other)| {
            let ties = || key(keys, one.row).cmp(key(keys, other.row));
            a.cmp(b).then(tells_a.cmp(tells_b)).then_with(ties)
        });
        let sorted: Vec<Entry> = all.into_iter().map(|(_, _, entry)| entry).collect();
        Self { blocks: Blocks::build(&sorted) }
    }

    pub(crate) fn blocks(&self) -> &Blocks<Entry> {
        &self.blocks
    }

    pub(crate) fn insert(&mut self, rank: u64, row: u32, keys: &Plain) {
        let own = key(keys, row);
        self.blocks.insert(Entry::new(rank, row), |other| order(other, rank, own, keys));
    }

    pub(crate) fn remove(&mut self, rank: u64, row: u32, keys: &Plain) {
        let own = key(keys, row);
        let found = self.blocks.remove(|other| order(other, rank, own, keys));
        debug_assert!(found, "an order holds every live row");
    }

    /// The place before the first row of this rank or a higher one.
    pub(crate) fn at(&self, rank: u64) -> Place {
        self.blocks.seek(|other| other.rank() < rank)
    }

    /// The place after the last row of this rank or a lower one.
    pub(crate) fn past(&self, rank: u64) -> Place {
        self.blocks.seek(|other| other.rank() <= rank)
    }

    /// The place after (rank, key), whether a row has them or not.
    pub(crate) fn after(&self, rank: u64, key: &str, keys: &Plain) -> Place {
        self.blocks.seek(|other| order(other, rank, key, keys) != Ordering::Greater)
    }
}

#[inline]
fn order(other: &Entry, rank: u64, own: &str, keys: &Plain) -> Ordering {
    other.rank().cmp(&rank).then_with(|| key(keys, other.row).cmp(own))
}
