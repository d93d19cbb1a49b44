//! A finished body, as the parts that it is made of.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::Sheet;

/// A whole body on its way out. Long pieces are parts of their own, handed to the socket where they lie: to copy
/// a page of whole listings once more takes longer than to find it.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    parts: std::vec::IntoIter<Bytes>,
    length: usize,
}

impl Printed {
    /// A body of these parts, one after another.
    pub(crate) fn new(parts: Vec<Bytes>) -> Self {
        let length = parts.iter().map(Bytes::len).sum();
        Self { parts: parts.into_iter(), length }
    }

    /// How many bytes are left to send.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Writes what is left as text of another body, in its form.
    pub fn onto(&self, sheet: &mut Sheet) {
        self.parts.as_slice().iter().for_each(|part| sheet.text(part));
    }

    /// What is left as one run of bytes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.parts.as_slice().concat()
    }
}

impl From<Vec<u8>> for Printed {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(if bytes.is_empty() { Vec::new() } else { vec![bytes.into()] })
    }
}

impl Body for Printed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.parts.next();
        self.length -= next.as_ref().map_or(0, Bytes::len);
        Poll::Ready(next.map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.len() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length as u64)
    }
}
