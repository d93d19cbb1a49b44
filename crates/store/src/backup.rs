//! The whole store in one file, whichever engine keeps it.
//!
//! The file holds what cannot be worked out again: the numbers of names, the cursors and the log, entry by
//! entry, with a checksum at its end. Heads and indexes are made anew when it is restored, so a backup
//! of SQLite restores into PostgreSQL and back, every sequence and every version as it was. Leases are
//! not in it: who held one has to take it again. Before the log stand the files that lie beside the
//! store, where there are any ([`Beside`]).
//!
//! Since entries of the log never change, the file is consistent although the store is used while it is
//! written: it ends at the head of when it began.

mod beside;
mod frame;
mod read;
mod write;

use std::path::Path;

use crate::{ErrorKind, StoreError};

pub use beside::Beside;
pub(crate) use read::{Contents, check, lay};
pub(crate) use write::write;

/// What a backup file begins with; another form gets another number.
const MAGIC: &[u8] = b"FREEHOLD BACKUP 1\n";

/// The fault of restoring into a store that holds something.
pub(crate) fn not_empty() -> StoreError {
    StoreError::new(
        ErrorKind::NotEmpty,
        "The store holds records already, and a backup would overwrite them.",
        "Restore into a file that is not there yet, or into an empty database.",
    )
}

fn failed(file: &Path, error: &std::io::Error) -> StoreError {
    let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    StoreError::new(
        if full { ErrorKind::Full } else { ErrorKind::File },
        format!("{}: {error}.", file.display()),
        "Name a file that Freehold may read or write, on a disk with room.",
    )
}

fn damaged(file: &Path, why: &str) -> StoreError {
    StoreError::new(
        ErrorKind::Damaged,
        format!("{} is no whole backup: {why}.", file.display()),
        "Use another backup; nothing was restored from this one.",
    )
}
