//! A range of numbers made ready to be held against many rows that lie anywhere.

use super::chunk::Chunk;
use super::codes::Codes;
use super::ints::place;

/// For each chunk, which codes pass. What a row costs is then a look into its chunk's list and one comparison.
pub(crate) struct Sieve<'c>(Vec<Part<'c>>);

/// What passes of a chunk: codes from the first number on, and the second more at most.
enum Part<'c> {
    Nothing,
    One(&'c [u8], u8, u8),
    Two(&'c [u16], u16, u16),
    Four(&'c [u32], u32, u32),
    Eight(&'c [u64], u64, u64),
    /// A chunk of few values, which lie beside their rows.
    Few(&'c Chunk, u64, u64),
}

impl<'c> Sieve<'c> {
    /// Of the numbers in `low..=high`.
    pub(super) fn new(chunks: &'c [Chunk], low: i64, high: i64) -> Self {
        Self(chunks.iter().map(|chunk| Part::of(chunk, low, high)).collect())
    }

    /// Whether the number of a row passes; null does not.
    #[inline(always)]
    pub(crate) fn passes(&self, row: u32) -> bool {
        let (chunk, at) = place(row);
        // Null is the code 0, which lies below every range: it is as far beyond one as can be.
        match self.0.get(chunk) {
            None | Some(Part::Nothing) => false,
            Some(Part::One(codes, from, more)) => {
                codes.get(usize::from(at)).is_some_and(|code| code.wrapping_sub(*from) <= *more)
            }
            Some(Part::Two(codes, from, more)) => {
                codes.get(usize::from(at)).is_some_and(|code| code.wrapping_sub(*from) <= *more)
            }
            Some(Part::Four(codes, from, more)) => {
                codes.get(usize::from(at)).is_some_and(|code| code.wrapping_sub(*from) <= *more)
            }
            Some(Part::Eight(codes, from, more)) => {
                codes.get(usize::from(at)).is_some_and(|code| code.wrapping_sub(*from) <= *more)
            }
            Some(Part::Few(chunk, from, more)) => chunk.code_at(at).wrapping_sub(*from) <= *more,
        }
    }
}

impl<'c> Part<'c> {
    fn of(chunk: &'c Chunk, low: i64, high: i64) -> Self {
        let (from, to) = chunk.code_range(low, high);
        if to < from {
            return Self::Nothing;
        }
        let more = to - from;
        let Some(codes) = chunk.codes_by_row() else { return Self::Few(chunk, from, more) };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "codes of a range are no wider than those of the list"
        )]
        match codes {
            Codes::One(list) => Self::One(list, from as u8, more as u8),
            Codes::Two(list) => Self::Two(list, from as u16, more as u16),
            Codes::Four(list) => Self::Four(list, from as u32, more as u32),
            Codes::Eight(list) => Self::Eight(list, from, more),
        }
    }
}
