//! What finds rows by a value rather than by looking at all: built when first asked for, then kept.

use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::DefaultHashBuilder;

use crate::blocks::Blocks;
use crate::column::texts::{Coded, Texts};
use crate::column::{Body, Column};
use crate::grid::cell;
use crate::ordered::{Ordered, rank};
use crate::words::Words;

/// What finds rows by one field.
#[derive(Debug, Default)]
pub(crate) struct Finders {
    /// By the order of the field's numbers.
    pub(crate) order: OnceLock<Ordered>,
    /// By the code of a text, the hash of one, or the cell of a point; the row in the lower half.
    pub(crate) spots: OnceLock<Blocks<u64>>,
    /// By the words of long text.
    pub(crate) words: Words,
    /// Whether somebody would have used the order, or will use the spots: whoever tends the index builds them.
    pub(crate) order_wanted: AtomicBool,
    pub(crate) spots_wanted: AtomicBool,
}

/// Hashes text; one for the whole index, so that a hash means the same wherever it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasher(DefaultHashBuilder);

impl Hasher {
    pub(crate) fn long(&self, text: &str) -> u64 {
        self.0.hash_one(text)
    }

    pub(crate) fn short(&self, text: &str) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
        let half = (self.long(text) >> 16) as u32;
        half
    }
}

pub(crate) fn spot(high: u32, row: u32) -> u64 {
    u64::from(high) << 32 | u64::from(row)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
pub(crate) fn row_of(spot: u64) -> u32 {
    spot as u32
}

impl Column {
    /// Where `spots` keeps a row; none where the row has no value or the column no spots.
    pub(crate) fn spot_of(&self, row: u32, hasher: &Hasher) -> Option<u32> {
        match &self.body {
            Body::Texts(Texts::Coded(coded)) => coded.code(row),
            Body::Texts(Texts::Plain(plain)) => plain.get(row).map(|text| hasher.short(text)),
            Body::Points(points) => points.get(row).map(cell),
            Body::Numbers(_) | Body::Lists(_) => None,
        }
    }

    /// What `order` sorts a row by.
    pub(crate) fn rank_of(&self, row: u32) -> u64 {
        match &self.body {
            Body::Numbers(numbers) => rank(numbers.ints.get(row).map(|number| numbers.sorted(number))),
            _ => 0,
        }
    }

    pub(crate) fn build_spots(&self, hasher: &Hasher) -> Blocks<u64> {
        let mut all = Vec::new();
        match &self.body {
            Body::Texts(Texts::Coded(coded)) => return Blocks::build(&by_code(coded)),
            Body::Texts(Texts::Plain(plain)) => {
                plain.each(|row, text| all.push(spot(hasher.short(text), row)));
            }
            Body::Points(points) => points.presence().each(|row, _| {
                if let Some(point) = points.get(row) {
                    all.push(spot(cell(point), row));
                }
            }),
            Body::Numbers(_) | Body::Lists(_) => {}
        }
        all.sort_unstable();
        Blocks::build(&all)
    }
}

/// The spots of coded text in their order: how many rows each code has is known, so each row has its place.
fn by_code(coded: &Coded) -> Vec<u64> {
    let mut next = Vec::with_capacity(coded.pool.codes());
    let mut all = 0;
    for code in (0u32..).take(coded.pool.codes()) {
        next.push(all);
        all += coded.pool.uses(code) as usize;
    }
    let mut spots = vec![0; all];
    coded.codes.each(|row, code| {
        if let Ok(code) = u32::try_from(code) {
            let place = &mut next[code as usize];
            spots[*place] = spot(code, row);
            *place += 1;
        }
    });
    spots
}

impl Finders {
    /// Whether the order is wanted and not there.
    pub(crate) fn misses_order(&self) -> bool {
        self.order_wanted.load(Ordering::Relaxed) && self.order.get().is_none()
    }

    /// Whether the spots are.
    pub(crate) fn misses_spots(&self) -> bool {
        self.spots_wanted.load(Ordering::Relaxed) && self.spots.get().is_none()
    }

    pub(crate) fn bytes(&self) -> usize {
        let order = self.order.get().map_or(0, |order| order.blocks().bytes());
        order + self.spots.get().map_or(0, Blocks::bytes) + self.words.bytes()
    }
}
