//! How much one answer tells.
//!
//! The size of a page bounds the records of the list. What these link to is bounded by nothing but the data, at each
//! level anew: open houses of the listing of each open house are as many as their square.

use std::cell::Cell;

use odata::Fault;
use press::Piece;

use crate::reply::Refused;

/// Records that those of the list link to, at whatever depth.
const MOST_LINKED: usize = 100_000;
/// Bytes of the records: as many as a client that is careful reads (`pull` does).
const MOST_BYTES: usize = 128 << 20;

/// What one answer has taken of both.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    linked: Cell<usize>,
    bytes: Cell<usize>,
}

impl Bound {
    /// Takes so many linked records more.
    pub(crate) fn linked(&self, more: usize) -> Result<(), Refused> {
        self.linked.update(|linked| linked + more);
        let hint = "Ask for smaller pages (Prefer: maxpagesize), for fewer links, or for the first of each ($top in $expand).";
        within(self.linked.get(), MOST_LINKED, "linked records", hint)
    }

    /// Takes the bytes of these.
    pub(crate) fn pieces(&self, more: &[impl AsRef<Piece>]) -> Result<(), Refused> {
        let bytes: usize = more.iter().map(|piece| piece.as_ref().plain().len()).sum();
        self.bytes.update(|before| before + bytes);
        let hint =
            "Ask for smaller pages (Prefer: maxpagesize), for fewer fields ($select), or for fewer links.";
        within(self.bytes.get(), MOST_BYTES, "bytes", hint)
    }
}

fn within(taken: usize, most: usize, what: &str, hint: &str) -> Result<(), Refused> {
    match taken <= most {
        true => Ok(()),
        false => {
            let message = format!("The answer would hold more than {most} {what}.");
            Err(Fault::bad("answer_too_large", message, hint).into())
        }
    }
}
