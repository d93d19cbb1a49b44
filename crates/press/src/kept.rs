//! Pieces that are kept while they are asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hashbrown::HashMap;
use parking_lot::RwLock;

use crate::share::shared;
use crate::{Form, Kind, Piece};

/// A piece that a page needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// What is written of the row.
    pub kind: Kind,
    /// The row's number. It may pass to another record: the version tells.
    pub row: u32,
}

/// As of when a page is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AsOf {
    /// The state of all that pages are made of: as long as it is the same number, no version is another. Those who
    /// ask at the same time ask of the same state.
    pub state: u64,
    /// The instant, counted as [`Fresh::until`] is.
    pub now: i64,
}

/// A piece that was just made.
#[derive(Debug)]
pub struct Fresh {
    /// The bytes.
    pub piece: Piece,
    /// The instant from which on they are no longer right (an open house ends, a day on the market
    /// passes), counted as the caller counts; none where only another version changes them.
    pub until: Option<i64>,
}

impl From<Piece> for Fresh {
    fn from(piece: Piece) -> Self {
        Self { piece, until: None }
    }
}

/// Pieces, bounded by their bytes. What is asked for stays; what is not gives way.
///
/// A page looks for all its pieces under one lock that readers share, and keeps those that it had to make
/// under one more: a lock for each piece took more than the piece.
#[derive(Debug)]
pub struct Kept {
    most: usize,
    slots: RwLock<Slots>,
}

/// Bytes that a piece takes beside its own: its slot, and its place in the table that finds it.
const OVERHEAD: usize = 96;
/// Bytes that go at once where a piece finds no room, as a share of all: one in this many. One pass over
/// some slots then makes room for thousands of pieces.
const SHARE: usize = 16;

#[derive(Debug, Default)]
struct Slots {
    by_name: HashMap<(Kind, u32), usize>,
    all: Vec<Slot>,
    /// The slot that is looked at next where room is needed.
    hand: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Slot {
    name: (Kind, u32),
    version: u64,
    until: i64,
    /// The state in which the version was last found to be this one.
    checked: AtomicU64,
    piece: Arc<Piece>,
    /// What `bytes` counts of it: a piece grows when it is compressed.
    weight: usize,
    /// Whether it was asked for since the hand passed.
    used: AtomicBool,
}

/// A piece that was made, or (without `until`) one that was compressed.
struct New {
    wanted: Wanted,
    version: u64,
    piece: Arc<Piece>,
    until: Option<i64>,
}

impl Kept {
    /// Room for `most` bytes.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, slots: RwLock::default() }
    }

    /// The pieces of a page, in its order. `version` tells, by its place, the version of what is written, which
    /// no other content of the row ever has: it is asked for where the state is another than when the piece was
    /// last found, as versions of what hangs on many records take longer to find than the piece. `make` is asked for
    /// those that are not there, after `ahead` was told of some of them at once, so that whoever makes them can have
    /// their memory come near. Where the page is to be compressed, those that were there, and so are asked for again, are
    /// given their compressed forms, which are kept too. Many at once are made on several threads.
    pub fn pieces(
        &self,
        wanted: &[Wanted],
        as_of: AsOf,
        form: Form,
        version: impl Fn(usize) -> u64 + Sync,
        ahead: impl Fn(&[usize]) + Sync,
        make: impl Fn(usize) -> Fresh + Sync,
    ) -> Vec<Arc<Piece>> {
        let mut found = self.slots.read().find(wanted, as_of, &version);
        let is_whole = |piece: &Arc<Piece>| form == Form::Plain || piece.is_ready();
        let work: Vec<usize> =
            (0..found.len()).filter(|at| !found[*at].as_ref().is_some_and(is_whole)).collect();
        let missing = |some: &[usize]| {
            let some: Vec<usize> = some.iter().copied().filter(|at| found[*at].is_none()).collect();
            if !some.is_empty() {
                ahead(&some);
            }
        };
        let news = shared(&work, missing, |at| {
            let (piece, until) = match &found[*at] {
                Some(piece) => {
                    piece.pack();
                    (Arc::clone(piece), None)
                }
                None => {
                    let Fresh { piece, until } = make(*at);
                    (Arc::new(piece), Some(until.unwrap_or(i64::MAX)))
                }
            };
            New { wanted: wanted[*at], version: version(*at), piece, until }
        });
        for (at, new) in work.into_iter().zip(&news) {
            found[at] = Some(Arc::clone(&new.piece));
        }
        if !news.is_empty() {
            self.slots.write().keep(news, as_of.state, self.most);
        }
        found.into_iter().flatten().collect()
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.slots.read().bytes
    }
}

impl Slots {
    fn find(
        &self,
        wanted: &[Wanted],
        AsOf { state, now }: AsOf,
        version: impl Fn(usize) -> u64,
    ) -> Vec<Option<Arc<Piece>>> {
        let one = |(at, wanted): (usize, &Wanted)| {
            let slot = &self.all[*self.by_name.get(&(wanted.kind, wanted.row))?];
            if slot.until <= now {
                return None;
            }
            if slot.checked.load(Ordering::Relaxed) != state {
                if slot.version != version(at) {
                    return None;
                }
                slot.checked.store(state, Ordering::Relaxed);
            }
            // Most are marked already, and to read takes nothing from other readers.
            if !slot.used.load(Ordering::Relaxed) {
                slot.used.store(true, Ordering::Relaxed);
            }
            Some(Arc::clone(&slot.piece))
        };
        wanted.iter().enumerate().map(one).collect()
    }

    /// Keeps pieces that were made, and counts those anew that were compressed (which have no `until`).
    fn keep(&mut self, news: Vec<New>, state: u64, most: usize) {
        for New { wanted, version, piece, until } in news {
            let name = (wanted.kind, wanted.row);
            let slot = |piece, until, weight, used| Slot {
                name,
                version,
                until,
                checked: AtomicU64::new(state),
                piece,
                weight,
                used: AtomicBool::new(used),
            };
            let weight = piece.weight() + OVERHEAD;
            match (self.by_name.get(&name), until) {
                (Some(at), None) => {
                    let old = &mut self.all[*at];
                    if Arc::ptr_eq(&old.piece, &piece) {
                        self.bytes = self.bytes - old.weight + weight;
                        old.weight = weight;
                    }
                }
                (Some(at), Some(until)) => {
                    let old = &mut self.all[*at];
                    self.bytes = self.bytes - old.weight + weight;
                    *old = slot(piece, until, weight, true);
                }
                (None, Some(until)) => {
                    self.by_name.insert(name, self.all.len());
                    self.bytes += weight;
                    self.all.push(slot(piece, until, weight, false));
                }
                (None, None) => {}
            }
        }
        if self.bytes > most {
            self.give_way(most - most / SHARE);
        }
    }

    /// Lets pieces go until no more than `goal` bytes are in use: the hand goes round, and what was asked
    /// for since it last came by stays until the next time.
    fn give_way(&mut self, goal: usize) {
        while self.bytes > goal && !self.all.is_empty() {
            self.hand %= self.all.len();
            if std::mem::take(self.all[self.hand].used.get_mut()) {
                self.hand += 1;
                continue;
            }
            let gone = self.all.swap_remove(self.hand);
            self.by_name.remove(&gone.name);
            self.bytes -= gone.weight;
            if let Some(moved) = self.all.get(self.hand) {
                self.by_name.insert(moved.name, self.hand);
            }
        }
    }
}

#[cfg(test)]
mod tests;
