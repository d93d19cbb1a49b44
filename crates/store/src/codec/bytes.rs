//! Whole numbers of variable length, and a place in bytes that are read.

use super::{Damaged, NOT_TEXT};

/// Writes a number in groups of seven bits, the lowest first (LEB128).
pub(crate) fn put_varint(to: &mut Vec<u8>, mut number: u128) {
    while number >= 0x80 {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Small numbers of either sign as small numbers without: 0, −1, 1, −2 …
pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// What [`zigzag`] made of a number, back.
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// A place in bytes that are read from front to back.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, Damaged> {
        let byte = *self.bytes.get(self.at).ok_or(Damaged("it ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let end = self.at.checked_add(count).ok_or(Damaged("a length is too large"))?;
        let taken = self.bytes.get(self.at..end).ok_or(Damaged("it ends too early"))?;
        self.at = end;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, Damaged> {
        // Nearly all are of one byte or two.
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if let [first @ 0..0x80, ..] = rest {
            self.at += 1;
            return Ok(u64::from(*first));
        }
        if let [first, second @ 0..0x80, ..] = rest {
            self.at += 2;
            return Ok(u64::from(*first & 0x7f) | u64::from(*second) << 7);
        }
        u64::try_from(self.long()?).map_err(|_| Damaged("a number is too large"))
    }

    /// A number of up to 126 bits, in whatever many groups.
    #[inline]
    pub(crate) fn wide(&mut self) -> Result<u128, Damaged> {
        // Prices and areas take up to nine bytes, which 64 bits hold.
        let (mut number, mut shift) = (0_u64, 0);
        for byte in self.bytes.get(self.at..).unwrap_or_default().iter().take(9) {
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 {
                self.at += shift / 7;
                return Ok(number.into());
            }
        }
        self.long()
    }

    #[cold]
    fn long(&mut self) -> Result<u128, Damaged> {
        let (mut number, mut shift) = (0_u128, 0);
        // 18 groups of seven bits are 126: more than a decimal's 96.
        while shift <= 119 {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged("a number is too large"))
    }

    #[inline]
    pub(crate) fn length(&mut self) -> Result<usize, Damaged> {
        usize::try_from(self.varint()?).map_err(|_| Damaged("a length is too large"))
    }

    /// The bytes of a text, which nobody has looked at.
    #[inline]
    pub(crate) fn unchecked(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.length()?;
        self.take(length)
    }

    #[inline]
    pub(crate) fn text(&mut self) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.unchecked()?).map_err(|_| NOT_TEXT)
    }
}
