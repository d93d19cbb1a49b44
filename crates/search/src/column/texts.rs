//! A column of text: codes of distinct words, or each row's own text where few are shared.

use super::chunk::Frame;
use super::ints::Ints;
use super::plain::Plain;
use super::pool::Pool;

/// A text or null for each row.
#[derive(Clone, Debug)]
pub(crate) enum Texts {
    /// Many rows share few words.
    Coded(Coded),
    /// Nearly every row has its own.
    Plain(Plain),
}

/// Text as codes of distinct words.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub(crate) pool: Pool,
    pub(crate) codes: Ints,
}

/// With fewer distinct words than this the question is not asked.
const FEW: usize = 4_096;

impl Texts {
    pub(crate) fn new() -> Self {
        Self::Coded(Coded { pool: Pool::default(), codes: Ints::new(Frame::FromZero) })
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<&str> {
        match self {
            Self::Coded(coded) => Some(coded.pool.word(coded.code(row)?)),
            Self::Plain(plain) => plain.get(row),
        }
    }

    pub(crate) fn set(&mut self, row: u32, text: &str) {
        match self {
            Self::Plain(plain) => plain.set(row, text),
            Self::Coded(coded) => {
                let code = coded.pool.take(text);
                if let Some(old) = coded.code(row) {
                    coded.pool.release(old);
                }
                coded.codes.set(row, i64::from(code));
                let words = coded.pool.in_use();
                if self.is_better_plain(words.saturating_sub(1)) {
                    self.make_plain();
                }
            }
        }
    }

    /// Whether nearly every row has its own text, now that there are more words than so many. A word in a
    /// list of words costs some 36 bytes and a code, a text of its own 5: they meet where half the rows share
    /// nothing. Asked at each doubling.
    pub(super) fn is_better_plain(&self, before: usize) -> bool {
        let Self::Coded(coded) = self else { return false };
        let words = coded.pool.in_use();
        words >= FEW && before.checked_ilog2() < words.checked_ilog2() && words * 2 > coded.codes.count()
    }

    pub(super) fn make_plain(&mut self) {
        if let Self::Coded(coded) = self {
            *self = Self::Plain(coded.to_plain());
        }
    }

    pub(crate) fn clear(&mut self, row: u32) {
        match self {
            Self::Plain(plain) => plain.clear(row),
            Self::Coded(coded) => {
                if let Some(old) = coded.code(row) {
                    coded.pool.release(old);
                    coded.codes.clear(row);
                }
            }
        }
    }

    /// What is null where a row has no text.
    pub(crate) fn presence(&self) -> &Ints {
        match self {
            Self::Coded(coded) => &coded.codes,
            Self::Plain(plain) => plain.presence(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Coded(coded) => coded.pool.bytes() + coded.codes.bytes(),
            Self::Plain(plain) => plain.bytes(),
        }
    }

    pub(crate) fn shrink(&mut self) {
        match self {
            Self::Coded(coded) => {
                coded.pool.shrink();
                coded.codes.shrink();
            }
            Self::Plain(plain) => plain.shrink(),
        }
    }
}

impl Coded {
    #[inline]
    pub(crate) fn code(&self, row: u32) -> Option<u32> {
        self.codes.get(row).and_then(|code| u32::try_from(code).ok())
    }

    fn to_plain(&self) -> Plain {
        let mut plain = Plain::new();
        self.codes.each(|row, code| {
            if let Ok(code) = u32::try_from(code) {
                plain.set(row, self.pool.word(code));
            }
        });
        plain
    }
}
