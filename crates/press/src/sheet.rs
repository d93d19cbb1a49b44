//! A body on its way out.

use crc32fast::Hasher;

use crate::gzip::{HEADER, LAST, Packed, begin_stored, fill_stored};
use crate::{Form, Piece};

/// Text between pieces that is longer is compressed and not stored: shorter text seldom pays for the
/// block's own codes.
const WORTH_PACKING: usize = 128;

/// A body that is being written: text and pieces in their order, plain or as one gzip member.
#[derive(Debug)]
pub struct Sheet {
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
        Self::with_capacity(form, 0)
    }

    /// An empty body that will take about `bytes` in its form.
    #[must_use]
    pub fn with_capacity(form: Form, bytes: usize) -> Self {
        let mut out = Vec::with_capacity(bytes);
        let gzip = (form == Form::Gzip).then(|| {
            out.extend_from_slice(&HEADER);
            begin_stored(&mut out);
            Gzip { text: Vec::new(), checksum: Hasher::new(), length: 0 }
        });
        Self { out, gzip }
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
            None => self.out.extend_from_slice(piece.plain()),
            Some(gzip) => match piece.packed() {
                None => gzip.text.extend_from_slice(piece.plain()),
                Some(packed) => {
                    gzip.put_text(&mut self.out);
                    gzip.put(&mut self.out, packed);
                }
            },
        }
    }

    /// The whole body.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if let Some(mut gzip) = self.gzip {
            gzip.put_text(&mut self.out);
            self.out.extend_from_slice(&LAST);
            self.out.extend_from_slice(&gzip.checksum.finalize().to_le_bytes());
            // RFC 1952, 2.3.1: the length modulo 2^32.
            self.out.extend_from_slice(&(gzip.length as u32).to_le_bytes());
        }
        self.out
    }
}

impl Gzip {
    /// Writes the text that waits and ends the stored block that was begun.
    fn put_text(&mut self, out: &mut Vec<u8>) {
        if self.text.len() > WORTH_PACKING {
            fill_stored(out, &[]);
            let packed = Packed::once(&self.text);
            self.put(out, &packed);
            fill_stored(out, &[]);
        } else {
            fill_stored(out, &self.text);
            self.checksum.update(&self.text);
            self.length += self.text.len() as u64;
        }
        self.text.clear();
    }

    /// Writes blocks, the last of which is begun and open.
    fn put(&mut self, out: &mut Vec<u8>, packed: &Packed) {
        out.extend_from_slice(&packed.blocks);
        self.checksum.combine(&packed.checksum);
        self.length += packed.length;
    }
}
