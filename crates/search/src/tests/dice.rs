//! Random numbers that a printed seed brings back.

/// The seed of a test, from FREEHOLD_SEED or new; it is printed.
pub(super) fn seed(test: &str) -> u64 {
    testkit::rng(test).u64(..)
}

/// A small generator (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    /// For the first, second … round of a test that has this seed.
    pub(super) fn of(seed: u64, round: u64) -> Self {
        Self(seed.wrapping_add(round.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("below a usize")
    }

    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % high.abs_diff(low)).expect("narrow enough")
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
