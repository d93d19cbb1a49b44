//! A body on its way out.

use bytes::Bytes;
use crc32fast::Hasher;

use crate::gzip::{HEADER, LAST, Packed, begin_stored, fill_stored};
use crate::{Form, Piece, Printed, lent};

/// Text between pieces that is longer is compressed and not stored: shorter text seldom pays for the
/// block's own codes.
const WORTH_PACKING: usize = 128;
/// Bytes of text that are compressed at once: more would not shrink by much more, and would no longer lie near.
const PACKED_AT_ONCE: usize = 256 << 10;
/// Bytes from which on a part of a body is sent from where it lies: a system call takes a few parts only, and a
/// shorter one is copied sooner than it is handed on.
const WORTH_SHARING: usize = 4_096;

/// A body that is being written: text and pieces in their order, plain or as one gzip member.
#[derive(Debug)]
pub struct Sheet {
    /// What stands before `out`.
    parts: Vec<Bytes>,
    out: Vec<u8>,
    gzip: Option<Gzip>,
}

/// What a compressed body knows beside its bytes, which end with the head of a stored block.
#[derive(Debug)]
struct Gzip {
    /// Text that waits for the next piece.
    text: Vec<u8>,
    checksum: Hasher,
    length: u64,
}

impl Sheet {
    /// An empty body.
    #[must_use]
    pub fn new(form: Form) -> Self {
        let mut out = Vec::new();
        let gzip = (form == Form::Gzip).then(|| {
            out.extend_from_slice(&HEADER);
            begin_stored(&mut out);
            Gzip { text: Vec::new(), checksum: Hasher::new(), length: 0 }
        });
        Self { parts: Vec::new(), out, gzip }
    }

    /// The form in which this body is written.
    #[must_use]
    pub fn form(&self) -> Form {
        if self.gzip.is_some() { Form::Gzip } else { Form::Plain }
    }

    /// Writes bytes of this body alone.
    pub fn text(&mut self, bytes: &[u8]) {
        self.writer().extend_from_slice(bytes);
    }

    /// How many bytes of these pieces a plain body copies: the short ones.
    #[must_use]
    pub fn copied(pieces: &[impl AsRef<Piece>]) -> usize {
        pieces.iter().map(|piece| piece.as_ref().plain().len()).filter(|len| *len < WORTH_SHARING).sum()
    }

    /// Makes room for so many bytes in a plain body; of a compressed one nobody knows yet.
    pub fn make_room(&mut self, bytes: usize) {
        if self.gzip.is_some() {
            return;
        }
        if self.out.capacity() == 0 {
            self.out = lent::borrow(bytes);
        } else {
            self.out.reserve(bytes);
        }
    }

    /// Where bytes of this body alone are appended: for whoever writes to a `Vec`. What it holds already
    /// is not to be looked at, as it depends on the form.
    pub fn writer(&mut self) -> &mut Vec<u8> {
        match &mut self.gzip {
            None => &mut self.out,
            Some(gzip) => &mut gzip.text,
        }
    }

    /// Writes a piece.
    pub fn piece(&mut self, piece: &Piece) {
        match &mut self.gzip {
            None => share(&mut self.parts, &mut self.out, piece.bytes()),
            Some(gzip) => match piece.packed() {
                None => {
                    gzip.text.extend_from_slice(piece.plain());
                    if gzip.text.len() >= PACKED_AT_ONCE {
                        gzip.put_text(&mut self.out);
                        begin_stored(&mut self.out);
                    }
                }
                Some(packed) => {
                    gzip.put_text(&mut self.out);
                    gzip.count(packed);
                    share(&mut self.parts, &mut self.out, &packed.blocks);
                }
            },
        }
    }

    /// The whole body.
    #[must_use]
    pub fn finish(mut self) -> Printed {
        if let Some(mut gzip) = self.gzip {
            gzip.put_text(&mut self.out);
            self.out.extend_from_slice(&LAST);
            self.out.extend_from_slice(&gzip.checksum.finalize().to_le_bytes());
            // RFC 1952, 2.3.1: the length modulo 2^32.
            self.out.extend_from_slice(&(gzip.length as u32).to_le_bytes());
        }
        if !self.out.is_empty() {
            self.parts.push(lent::filled(self.out));
        }
        Printed::new(self.parts)
    }
}

/// Adds bytes that others hold too to a body of `parts`, the last of which is `out`. What was written since the last part
/// is copied where they are shared: they are not, where they are fewer.
fn share(parts: &mut Vec<Bytes>, out: &mut Vec<u8>, bytes: &Bytes) {
    if bytes.len() < WORTH_SHARING.max(out.len()) {
        out.extend_from_slice(bytes);
        return;
    }
    if !out.is_empty() {
        parts.push(Bytes::copy_from_slice(out));
        out.clear();
    }
    parts.push(bytes.clone());
}

impl Gzip {
    /// Writes the text that waits and ends the stored block that was begun; blocks follow.
    fn put_text(&mut self, out: &mut Vec<u8>) {
        if self.text.len() > WORTH_PACKING {
            fill_stored(out, &[]);
            let packed = Packed::once(&self.text);
            self.count(&packed);
            out.extend_from_slice(&packed.blocks);
            fill_stored(out, &[]);
        } else {
            fill_stored(out, &self.text);
            self.checksum.update(&self.text);
            self.length += self.text.len() as u64;
        }
        self.text.clear();
    }

    /// Counts blocks that stand in the body, the last of which is begun and open.
    fn count(&mut self, packed: &Packed) {
        self.checksum.combine(&packed.checksum);
        self.length += packed.length;
    }
}
