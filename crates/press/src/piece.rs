//! One rendered record, as it is and compressed.

use std::sync::OnceLock;

use bytes::Bytes;

use crate::gzip::Packed;

/// Bytes from which on a piece is compressed by itself: shorter ones have little in them that comes again,
/// and are compressed together with their neighbours for each answer.
const WORTH_PACKING: usize = 2_048;

/// The bytes of one rendered record, or of anything else that many answers hold.
///
/// What is asked for once is compressed with its neighbours: alone it takes three times the work, and twice the
/// bytes. What is asked for again is given a compressed form of its own, which costs nothing from then on, where
/// it is long enough to have one.
#[derive(Debug)]
pub struct Piece {
    plain: Bytes,
    packed: OnceLock<Packed>,
    checksum: OnceLock<u32>,
}

impl Piece {
    /// A piece of these bytes.
    #[must_use]
    pub fn new(plain: impl Into<Box<[u8]>>) -> Self {
        Self { plain: plain.into().into(), packed: OnceLock::new(), checksum: OnceLock::new() }
    }

    /// The bytes as they are.
    #[must_use]
    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// Their CRC-32, computed when it is first wanted.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        *self.checksum.get_or_init(|| crc32fast::hash(&self.plain))
    }

    /// The same, to be shared.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.plain
    }

    /// Gives it a compressed form of its own, unless it has one or is too short for one.
    pub fn pack(&self) {
        if self.plain.len() >= WORTH_PACKING {
            self.packed.get_or_init(|| Packed::kept(&self.plain));
        }
    }

    /// Its compressed form, where it was given one.
    pub(crate) fn packed(&self) -> Option<&Packed> {
        self.packed.get()
    }

    /// Whether there is no compressed form still to be made.
    pub(crate) fn is_ready(&self) -> bool {
        self.plain.len() < WORTH_PACKING || self.packed.get().is_some()
    }

    /// How many bytes of memory it takes, its compressed form included where it has been made.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.plain.len() + self.packed.get().map_or(0, |packed| packed.blocks.len())
    }
}
