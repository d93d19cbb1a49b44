//! Memory of bodies that have been sent, lent to those that are written next.
//!
//! A page is some hundred kilobytes. Memory of that size goes back to the kernel when it is given up, and comes anew page
//! by page, each filled with zeros: 6 to 10 % of the profiles of searches.

use bytes::Bytes;
use parking_lot::Mutex;

/// Bytes from which on memory is kept, and up to which.
const WORTH_KEEPING: std::ops::RangeInclusive<usize> = (64 << 10)..=(2 << 20);
/// How many are kept: as many bodies as are on their way at once, and 32 MB at most.
const MOST: usize = 16;

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Empty memory for about so many bytes.
pub(crate) fn borrow(bytes: usize) -> Vec<u8> {
    let spare = WORTH_KEEPING.contains(&bytes).then(|| SPARE.lock().pop()).flatten();
    let mut memory = spare.unwrap_or_default();
    memory.reserve(bytes);
    memory
}

/// What was written, in memory that is lent again once nobody reads it any more.
pub(crate) fn filled(memory: Vec<u8>) -> Bytes {
    if WORTH_KEEPING.contains(&memory.capacity()) { Bytes::from_owner(Lent(memory)) } else { memory.into() }
}

struct Lent(Vec<u8>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut memory = std::mem::take(&mut self.0);
        memory.clear();
        let mut spare = SPARE.lock();
        if spare.len() < MOST {
            spare.push(memory);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, SPARE, WORTH_KEEPING, borrow, filled};

    #[test]
    fn what_is_lent_again_is_empty_and_bounded_and_changes_nothing_that_is_read() {
        let page = |byte: u8| {
            let mut memory = borrow(100_000);
            assert!(memory.is_empty() && memory.capacity() >= 100_000);
            memory.resize(100_000, byte);
            filled(memory)
        };
        let held: Vec<_> = (0..50).map(page).collect();
        for (byte, body) in (0..).zip(&held) {
            assert!(body.len() == 100_000 && body.iter().all(|one| *one == byte));
        }
        let slice = held[0].slice(10..20);
        drop(held);
        assert!(SPARE.lock().len() <= MOST);
        let again = page(99);
        assert_eq!(&slice[..], [0; 10], "a part of a body keeps all of its memory");
        assert!(again.iter().all(|one| *one == 99));
        for small in [0, WORTH_KEEPING.start() - 1, WORTH_KEEPING.end() + 1] {
            let memory = borrow(small);
            assert!(memory.is_empty() && memory.capacity() >= small);
        }
    }
}
