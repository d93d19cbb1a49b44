//! Numbers for what is written of a row.

use std::hash::Hash;

use hashbrown::HashMap;
use parking_lot::RwLock;

/// What is written of a row, as a number: pieces of one kind of one version of one row are the same bytes.
///
/// A number is given once and never again, so that a kind that was forgotten finds no pieces of another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Kind(u64);

/// The kinds of pieces that a door writes, by everything that decides their bytes: resource, fields, who
/// may see which, spelling.
#[derive(Debug)]
pub struct Kinds<K> {
    most: usize,
    known: RwLock<(u64, HashMap<K, Kind>)>,
}

impl<K: Eq + Hash + Clone> Kinds<K> {
    /// Kinds, of which `most` are remembered at a time.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, known: RwLock::default() }
    }

    /// The number of a kind. Where `most` are known, all are forgotten: their pieces are found no more and
    /// give way in time.
    pub fn of(&self, kind: &K) -> Kind {
        if let Some(known) = self.known.read().1.get(kind) {
            return *known;
        }
        let mut guard = self.known.write();
        let (next, known) = &mut *guard;
        if known.len() >= self.most {
            known.clear();
        }
        *known.entry(kind.clone()).or_insert_with(|| {
            *next += 1;
            Kind(*next)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Kinds;

    #[test]
    fn a_number_is_never_given_twice() {
        let kinds = Kinds::new(3);
        let numbers: Vec<_> = (0..10).map(|n| kinds.of(&n)).collect();
        let mut distinct = numbers.clone();
        distinct.dedup();
        assert_eq!(distinct.len(), numbers.len());
        assert!(numbers.is_sorted());
        assert_eq!(kinds.of(&9), numbers[9], "the newest is still known");
        assert!(kinds.of(&0) > numbers[9], "the oldest was forgotten and is another now");
    }
}
