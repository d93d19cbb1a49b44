//! The demo market: a year of real sales in King County, Washington, as feed `NWMLS`.

mod load;

use dictionary::{Dictionary, Record, Timestamp};

pub use load::{Loaded, load};

/// The feed that every record of the market belongs to.
pub const FEED: &str = "NWMLS";

/// What the market depends on.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The instant as of which the market stands.
    pub now: Timestamp,
    /// What every `MediaURL` starts with, without a slash at its end: `http://127.0.0.1:8700`.
    pub media_base_url: String,
    /// Another seed, other streets, people and remarks; the sales stay.
    pub seed: u64,
}

/// The market, ready to be written out.
#[derive(Debug)]
pub struct KingCounty {
    batches: Vec<Vec<Record>>,
}

impl KingCounty {
    /// Reads the sales and settles who lives and works there.
    #[must_use]
    pub fn new(_dictionary: &Dictionary, _setting: &Setting) -> Self {
        Self { batches: Vec::new() }
    }

    /// Every record, in batches of at most 5,000; what another refers to comes before it. A key may come
    /// more than once: each time as it stood next, so that a listing has a past in the log as well.
    pub fn batches(&self) -> impl Iterator<Item = Vec<Record>> {
        self.batches.iter().cloned()
    }

    /// About how many records the batches hold in all, within a tenth: for a progress bar.
    #[must_use]
    pub fn about(&self) -> u64 {
        0
    }
}
