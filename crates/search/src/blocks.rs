//! A sorted list in blocks, so that an entry goes in or out anywhere at the cost of one block.

use std::cmp::Ordering;

/// Entries sorted by an order that the caller brings along each time, always the same.
#[derive(Clone, Debug)]
pub(crate) struct Blocks<E> {
    /// None is empty.
    blocks: Vec<Vec<E>>,
}

/// Most entries in a block: an insertion moves at most so many.
const FULL: usize = 1_024;
/// Entries in a block of a list that is built at once, so that the next insertions find room.
const BUILT: usize = 896;

/// A place between two entries: before the entry `at` of the block `block`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    block: usize,
    at: usize,
}

impl<E: Copy> Blocks<E> {
    /// The list of these entries, which are sorted.
    pub(crate) fn build(sorted: &[E]) -> Self {
        Self { blocks: sorted.chunks(BUILT).map(<[E]>::to_vec).collect() }
    }

    /// The place before the first entry for which `before` is false; `before` is true of a beginning of
    /// the list and of nothing after it.
    pub(crate) fn seek(&self, mut before: impl FnMut(&E) -> bool) -> Place {
        let block = self.blocks.partition_point(|block| block.first().is_some_and(&mut before));
        let Some(last) = block.checked_sub(1) else { return self.start() };
        let at = self.blocks[last].partition_point(before);
        if at == self.blocks[last].len() { Place { block, at: 0 } } else { Place { block: last, at } }
    }

    /// The same between two places.
    pub(crate) fn seek_between(&self, from: Place, to: Place, before: impl Fn(&E) -> bool) -> Place {
        if from >= to {
            return from;
        }
        let end = if to.at > 0 { to.block + 1 } else { to.block };
        let blocks = &self.blocks[from.block..end];
        // In the block past these nothing is before.
        let past = blocks.partition_point(|block| block.first().is_some_and(&before));
        let Some(last) = past.checked_sub(1) else { return from };
        let at = blocks[last].partition_point(before);
        let last = from.block + last;
        let place = match at == self.blocks[last].len() {
            true => Place { block: last + 1, at: 0 },
            false => Place { block: last, at },
        };
        place.clamp(from, to)
    }

    pub(crate) fn start(&self) -> Place {
        Place { block: 0, at: 0 }
    }

    pub(crate) fn end(&self) -> Place {
        Place { block: self.blocks.len(), at: 0 }
    }

    /// How many entries lie between two places.
    pub(crate) fn between(&self, from: Place, to: Place) -> usize {
        if to <= from {
            return 0;
        }
        if from.block == to.block {
            return to.at - from.at;
        }
        let inner: usize = self.blocks[from.block + 1..to.block].iter().map(Vec::len).sum();
        self.blocks[from.block].len() - from.at + inner + to.at
    }

    /// The entry before a place.
    pub(crate) fn before(&self, place: Place) -> Option<&E> {
        match place.at.checked_sub(1) {
            Some(at) => self.blocks.get(place.block)?.get(at),
            None => self.blocks.get(place.block.checked_sub(1)?)?.last(),
        }
    }

    /// The entries of one block that end at `to` and do not begin before `from`, and where they begin.
    pub(crate) fn slice_before(&self, from: Place, to: Place) -> Option<(&[E], Place)> {
        let (block, end) = match to.at {
            0 => (to.block.checked_sub(1)?, self.blocks.get(to.block.checked_sub(1)?)?.len()),
            at => (to.block, at),
        };
        let at = if from.block == block { from.at } else { 0 };
        (from.block <= block && at < end).then(|| (&self.blocks[block][at..end], Place { block, at }))
    }

    /// The place so many entries on, within the block of `from`.
    pub(crate) fn forward(&self, from: Place, by: usize) -> Place {
        Place { block: from.block, at: from.at + by }
    }

    /// The entries between two places, a slice of a block at a time.
    pub(crate) fn slices(&self, from: Place, to: Place) -> impl Iterator<Item = &[E]> {
        let last = if to.at > 0 { to.block + 1 } else { to.block };
        let blocks = if from < to { from.block..last } else { 0..0 };
        blocks.map(move |block| {
            let start = if block == from.block { from.at } else { 0 };
            let end = if block == to.block { to.at } else { self.blocks[block].len() };
            &self.blocks[block][start..end]
        })
    }

    /// Puts an entry in; `compare` says how another lies to it.
    pub(crate) fn insert(&mut self, entry: E, mut compare: impl FnMut(&E) -> Ordering) {
        let mut before = |other: &E| compare(other) == Ordering::Less;
        let past = self.blocks.partition_point(|block| block.first().is_some_and(&mut before));
        let last = past.saturating_sub(1);
        if self.blocks.is_empty() {
            self.blocks.push(Vec::new());
        }
        let at = self.blocks[last].partition_point(before);
        if self.blocks[last].len() < FULL {
            self.blocks[last].insert(at, entry);
            return;
        }
        // At the very end a new block begins: a list that grows there stays full behind.
        let cut = if at == FULL && last + 1 == self.blocks.len() { FULL } else { FULL / 2 };
        let mut upper = self.blocks[last].split_off(cut);
        match at.checked_sub(cut) {
            Some(at) => upper.insert(at, entry),
            None => self.blocks[last].insert(at, entry),
        }
        self.blocks.insert(last + 1, upper);
    }

    /// Takes an entry out, if it is there: the one that `compare` calls equal.
    pub(crate) fn remove(&mut self, mut compare: impl FnMut(&E) -> Ordering) -> bool {
        let place = self.seek(|other| compare(other) == Ordering::Less);
        let Some(block) = self.blocks.get_mut(place.block) else { return false };
        if block.get(place.at).is_none_or(|other| compare(other) != Ordering::Equal) {
            return false;
        }
        block.remove(place.at);
        if block.is_empty() {
            self.blocks.remove(place.block);
        }
        true
    }

    pub(crate) fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.capacity() * size_of::<E>() + size_of::<Vec<E>>()).sum()
    }
}
