//! Whole numbers of the narrowest width that holds them, and the tests that run over many at once.

/// Codes of one width. 0 stands for null.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

macro_rules! each_width {
    ($codes:expr, $list:ident => $do:expr) => {
        match $codes {
            Codes::One($list) => $do,
            Codes::Two($list) => $do,
            Codes::Four($list) => $do,
            Codes::Eight($list) => $do,
        }
    };
}

impl Codes {
    /// An empty list whose codes reach `largest`.
    pub(crate) fn reaching(largest: u64) -> Self {
        if u8::try_from(largest).is_ok() {
            Self::One(Vec::new())
        } else if u16::try_from(largest).is_ok() {
            Self::Two(Vec::new())
        } else if u32::try_from(largest).is_ok() {
            Self::Four(Vec::new())
        } else {
            Self::Eight(Vec::new())
        }
    }

    /// The largest code that the width holds.
    pub(crate) fn largest(&self) -> u64 {
        match self {
            Self::One(_) => u64::from(u8::MAX),
            Self::Two(_) => u64::from(u16::MAX),
            Self::Four(_) => u64::from(u32::MAX),
            Self::Eight(_) => u64::MAX,
        }
    }

    pub(crate) fn len(&self) -> usize {
        each_width!(self, list => list.len())
    }

    /// Bytes of a code.
    pub(crate) fn width(&self) -> f64 {
        match self {
            Self::One(_) => 1.0,
            Self::Two(_) => 2.0,
            Self::Four(_) => 4.0,
            Self::Eight(_) => 8.0,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::One(list) => list.capacity(),
            Self::Two(list) => list.capacity() * 2,
            Self::Four(list) => list.capacity() * 4,
            Self::Eight(list) => list.capacity() * 8,
        }
    }

    /// The code at `at`; 0 past the end.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> u64 {
        match self {
            Self::One(list) => list.get(at).map_or(0, |c| u64::from(*c)),
            Self::Two(list) => list.get(at).map_or(0, |c| u64::from(*c)),
            Self::Four(list) => list.get(at).map_or(0, |c| u64::from(*c)),
            Self::Eight(list) => list.get(at).copied().unwrap_or(0),
        }
    }

    /// Replaces the code at `at`, which the width must hold.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the caller has looked at `largest`")]
    pub(crate) fn set(&mut self, at: usize, code: u64) {
        match self {
            Self::One(list) => list[at] = code as u8,
            Self::Two(list) => list[at] = code as u16,
            Self::Four(list) => list[at] = code as u32,
            Self::Eight(list) => list[at] = code,
        }
    }

    /// Puts a code in before `at`.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the caller has looked at `largest`")]
    pub(crate) fn insert(&mut self, at: usize, code: u64) {
        match self {
            Self::One(list) => list.insert(at, code as u8),
            Self::Two(list) => list.insert(at, code as u16),
            Self::Four(list) => list.insert(at, code as u32),
            Self::Eight(list) => list.insert(at, code),
        }
    }

    pub(crate) fn remove(&mut self, at: usize) {
        each_width!(self, list => {
            list.remove(at);
        });
    }

    /// Makes the list `len` long, with nulls at its new end.
    pub(crate) fn resize(&mut self, len: usize) {
        each_width!(self, list => list.resize(len, 0));
    }

    pub(crate) fn shrink(&mut self) {
        each_width!(self, list => list.shrink_to_fit());
    }

    /// Leaves in `mask` (a byte a code, 0 or 1, from the code at `start`) what lies in `low..=high`, or
    /// what does not where `outside` is set. Past the end all is null.
    pub(crate) fn keep(&self, start: usize, mask: &mut [u8], low: u64, high: u64, outside: bool) {
        let start = start.min(self.len());
        let have = (self.len() - start).min(mask.len());
        let (inside, past) = mask.split_at_mut(have);
        if !past.is_empty() && (low == 0) == outside {
            past.fill(0);
        }
        if high < low || low > self.largest() {
            if !outside {
                inside.fill(0);
            }
            return;
        }
        let high = high.min(self.largest());
        #[expect(clippy::cast_possible_truncation, reason = "both were brought into the width above")]
        match self {
            Self::One(list) => narrow::u8(&list[start..start + have], inside, low as u8, high as u8, outside),
            Self::Two(list) => {
                narrow::u16(&list[start..start + have], inside, low as u16, high as u16, outside);
            }
            Self::Four(list) => {
                narrow::u32(&list[start..start + have], inside, low as u32, high as u32, outside);
            }
            Self::Eight(list) => narrow::u64(&list[start..start + have], inside, low, high, outside),
        }
    }
}

/// How many bytes of a mask are 1.
pub(crate) fn ones(mask: &[u8]) -> u64 {
    // Sums of 255 ones still fit a byte, and bytes are summed many at a time.
    let sum = |part: &[u8]| u64::from(part.iter().fold(0u8, |sum, keep| sum.wrapping_add(*keep)));
    mask.chunks(128).map(sum).sum()
}

/// Whether no byte of a mask is 1.
pub(crate) fn is_clear(mask: &[u8]) -> bool {
    mask.iter().fold(0, |any, keep| any | keep) == 0
}

/// One comparison a code, without a branch: the compiler makes vector instructions of each, and `pulp`
/// takes the widest that the machine has.
mod narrow {
    macro_rules! narrow {
        ($name:ident) => {
            pub(super) fn $name(codes: &[$name], mask: &mut [u8], low: $name, high: $name, outside: bool) {
                let span = high - low;
                let flip = u8::from(outside);
                pulp::Arch::new().dispatch(
                    #[inline(always)]
                    || {
                        for (keep, code) in mask.iter_mut().zip(codes) {
                            *keep &= u8::from(code.wrapping_sub(low) <= span) ^ flip;
                        }
                    },
                );
            }
        };
    }
    narrow!(u8);
    narrow!(u16);
    narrow!(u32);
    narrow!(u64);
}
