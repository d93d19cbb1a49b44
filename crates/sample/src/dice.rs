//! Chance that can be had again: the same seed gives the same numbers on every machine.

/// A source of even numbers (SplitMix64). Not for secrets.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Dice of the `index`th thing of a family: what it throws depends on nothing thrown before.
    #[must_use]
    pub fn at(seed: u64, index: u64) -> Self {
        Self::new(mix(seed ^ mix(index.wrapping_add(STEP))))
    }

    /// Dice of a name.
    #[must_use]
    pub fn of(seed: u64, name: &str) -> Self {
        // FNV-1a: short names, and nothing hostile in them.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Self::at(seed, hash)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number from 0 up to, without, `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // The high half of the product: even but for one part in 2^64 / end.
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// A number of this range, both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(0).unsigned_abs();
        low + i64::try_from(self.below(width + 1)).unwrap_or(0)
    }

    /// A fraction from 0 up to, without, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in this share of throws.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of `items`.
    ///
    /// # Panics
    /// Where there is none.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &'a [&'static T]) -> &'static T
    where
        &'static T: 'a,
    {
        items[self.index(items.len())]
    }

    /// A place in a list of this length.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number of the normal distribution around 0 with deviation 1, within ±6.
    pub fn normal(&mut self) -> f64 {
        // Twelve even numbers: near enough for prices, and no logarithm.
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
