//! A market that keeps moving: prices change, houses come, find a buyer and are sold.

mod moves;

use dictionary::{Dictionary, Record, Timestamp};
use store::Operation;

use crate::Dice;
use crate::calendar::day_of;
use crate::king_county::{FEED, KingCounty, Setting};

/// The part of the King County market that is on the market, and moves.
#[derive(Debug)]
pub struct Live {
    market: KingCounty,
    /// Listings that are for sale or pending, as they stand.
    open: Vec<Record>,
    next_id: u64,
}

/// New listings come while fewer than this are open; then only what is there moves.
const MOST_OPEN: usize = 20_000;

impl Live {
    /// Starts from the listings of feed `NWMLS` that are there: any may be given, those that are neither
    /// for sale nor pending are let be.
    #[must_use]
    pub fn new(
        dictionary: &Dictionary,
        setting: &Setting,
        listings: impl IntoIterator<Item = Record>,
    ) -> Self {
        let market = KingCounty::new(dictionary, setting);
        let shape = &market.shapes.property;
        let moves = |record: &Record| {
            record.resource() == shape.resource()
                && matches!(
                    shape.text(record, "StandardStatus"),
                    "Active" | "Active Under Contract" | "Pending" | "Coming Soon"
                )
        };
        let open = listings.into_iter().filter(moves).collect();
        Self { market, open, next_id: 0 }
    }

    /// What happens next, at `now`: one to a dozen writes of feed `NWMLS` that belong together. Time must
    /// not go back from one step to the next.
    pub fn step(&mut self, now: Timestamp, dice: &mut Dice) -> Vec<Operation> {
        self.market.setting.now = now;
        self.market.today = day_of(&self.market.zone, now);
        let room = self.open.len() < MOST_OPEN;
        let written = match dice.below(20) {
            0..=3 if room => self.list(now, dice),
            4..=9 => self.cut_price(now, dice),
            10..=12 => self.find_buyer(now, dice),
            13..=14 => self.close(now, dice),
            15 => self.come_back(now, dice),
            16..=17 => self.activate(now, dice),
            _ => self.invite(now, dice),
        };
        // Where nothing could move that way, a price moves, or a first house comes.
        let written = written.or_else(|| self.cut_price(now, dice)).or_else(|| self.list(now, dice));
        written.unwrap_or_default().into_iter().map(|record| Operation::put(FEED, record)).collect()
    }

    /// How many listings are for sale or pending.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests;
