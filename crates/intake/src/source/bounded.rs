//! A reader that counts, and that ends a row which does not end.

use std::cell::Cell;
use std::io::{Error, ErrorKind, Read};
use std::sync::atomic::{AtomicU64, Ordering};

/// What the readers of rows share with the reader of bytes below them.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes that may still be read before the row at hand must end.
    left: Cell<usize>,
    /// Double quotes seen so far: a file whose quotes all close holds an even number.
    pub(super) quotes: Cell<u64>,
    /// Bytes seen so far, and the last of them.
    pub(super) seen: Cell<u64>,
    pub(super) last: Cell<u8>,
    /// A row was longer than it may be.
    pub(super) overrun: Cell<bool>,
}

impl Meter {
    /// A new row begins; it may take this many bytes.
    pub(super) fn begin(&self, bytes: usize) {
        self.left.set(bytes);
    }
}

/// Counts what goes through, and fails where a row takes more than it may.
pub(super) struct Bounded<'a, R> {
    pub(super) inner: R,
    pub(super) meter: &'a Meter,
    pub(super) read: &'a AtomicU64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        let quotes = into[..count].iter().filter(|b| **b == b'"').count() as u64;
        self.meter.quotes.set(self.meter.quotes.get() + quotes);
        self.meter.seen.set(self.meter.seen.get() + count as u64);
        if let Some(last) = into[..count].last() {
            self.meter.last.set(*last);
        }
        match self.meter.left.get().checked_sub(count) {
            Some(left) => self.meter.left.set(left),
            None => {
                self.meter.overrun.set(true);
                return Err(Error::new(ErrorKind::InvalidData, "a row is too long"));
            }
        }
        Ok(count)
    }
}
