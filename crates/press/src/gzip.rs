//! Deflate blocks that stand behind each other (RFC 1951), and the frame around them (RFC 1952).

use std::cell::RefCell;

use bytes::Bytes;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress, Status};

/// A header without a name, a time or an operating system.
pub(crate) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// A last block of fixed codes that holds its end and nothing else.
pub(crate) const LAST: [u8; 2] = [0x03, 0x00];
/// The most that one stored block holds: its length has 16 bits.
const LONGEST_STORED: usize = 0xffff;
/// The head of a stored block that is not the last, at a byte's border.
const STORED: u8 = 0x00;
/// What an empty stored block says of its length.
const NOTHING: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// Of what is compressed once and kept, and of what is compressed for one answer. Of a page of whole listings, which
/// has 8 kB of each: level 1 takes 32 µs a listing and leaves 1 byte of 4.2, level 2 takes 50 and leaves 1 of 5.5, level 6
/// takes 80 and leaves 1 of 8; each listing alone at level 6 takes 154 µs and leaves 1 of 2.5.
const LEVEL_KEPT: u32 = 6;
const LEVEL_ONCE: u32 = 1;

thread_local! {
    // Its tables take 300 kB, and longer to make than a record takes to compress.
    static KEPT: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL_KEPT), false));
    static ONCE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL_ONCE), false));
}

/// Bytes as deflate blocks that look back at nothing before them.
#[derive(Debug)]
pub(crate) struct Packed {
    /// They end where a stored block has been begun and its length is still to be said: whatever stands
    /// between two pieces goes there, for four bytes that a flush costs anyway.
    pub(crate) blocks: Bytes,
    /// The checksum of the plain bytes.
    pub(crate) checksum: Hasher,
    /// How many they are.
    pub(crate) length: u64,
}

impl Packed {
    /// Compressed to be kept.
    pub(crate) fn kept(plain: &[u8]) -> Self {
        Self::by(plain, KEPT.with_borrow_mut(|compress| squeezed(compress, plain)))
    }

    /// Compressed for one answer.
    pub(crate) fn once(plain: &[u8]) -> Self {
        Self::by(plain, ONCE.with_borrow_mut(|compress| squeezed(compress, plain)))
    }

    fn by(plain: &[u8], squeezed: Option<Vec<u8>>) -> Self {
        let mut checksum = Hasher::new();
        checksum.update(plain);
        // What is kept gives back the room that was not needed.
        let blocks = squeezed.unwrap_or_else(|| stored(plain)).into_boxed_slice();
        Self { blocks: blocks.into(), checksum, length: plain.len() as u64 }
    }
}

/// The bytes compressed; none where that would make them longer.
fn squeezed(compress: &mut Compress, plain: &[u8]) -> Option<Vec<u8>> {
    compress.reset();
    // Room for the worst that any level does: where it is short, zlib-rs 0.6 may panic or end a stream too
    // early at level 1.
    let mut blocks = Vec::with_capacity(plain.len() + plain.len() / 8 + 64);
    let status = compress.compress_vec(plain, &mut blocks, FlushCompress::Sync).ok()?;
    let whole = status == Status::Ok
        && compress.total_in() == plain.len() as u64
        && blocks.len() < blocks.capacity()
        && blocks.ends_with(&NOTHING);
    blocks.truncate(blocks.len().saturating_sub(NOTHING.len()));
    (whole && blocks.len() < plain.len()).then_some(blocks)
}

/// The bytes as they are, in stored blocks.
fn stored(plain: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(plain.len() + 8);
    begin_stored(&mut blocks);
    fill_stored(&mut blocks, plain);
    begin_stored(&mut blocks);
    blocks
}

/// Begins a stored block at a byte's border.
pub(crate) fn begin_stored(out: &mut Vec<u8>) {
    out.push(STORED);
}

/// Fills the stored block that `out` has begun, and as many more as the bytes take.
pub(crate) fn fill_stored(out: &mut Vec<u8>, plain: &[u8]) {
    let (mut part, mut rest) = plain.split_at(plain.len().min(LONGEST_STORED));
    loop {
        let length = part.len() as u16;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(part);
        if rest.is_empty() {
            return;
        }
        begin_stored(out);
        (part, rest) = rest.split_at(rest.len().min(LONGEST_STORED));
    }
}
