//! A market that keeps moving: prices change, houses come and are sold.

use dictionary::{Dictionary, Record, Timestamp};
use store::Operation;

use crate::Dice;

/// The part of the King County market that is on the market, and moves.
#[derive(Debug)]
pub struct Live {
    listings: Vec<Record>,
}

impl Live {
    /// Starts from the listings of feed `NWMLS` that are there: any of them may be given, those that are
    /// not for sale are let be.
    #[must_use]
    pub fn new(_dictionary: &Dictionary, _media_base_url: &str, listings: Vec<Record>) -> Self {
        Self { listings }
    }

    /// What happens next, at `now`: one to a handful of writes of feed `NWMLS` that belong together.
    pub fn step(&mut self, _now: Timestamp, _dice: &mut Dice) -> Vec<Operation> {
        self.listings.clear();
        Vec::new()
    }
}
