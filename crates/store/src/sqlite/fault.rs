//! What SQLite says, in the store's words.

use rusqlite::ErrorCode;

use crate::{ErrorKind, StoreError};

/// A failure of SQLite as a failure of the store.
pub(crate) fn fault(error: &rusqlite::Error) -> StoreError {
    let code = error.sqlite_error_code();
    let (kind, hint) = match code {
        Some(ErrorCode::DiskFull) => {
            (ErrorKind::Full, "Make room on the disk; writing goes on by itself. Nothing of this was kept.")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            (ErrorKind::Damaged, "Check the disk, and restore the newest backup into a new file.")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            (ErrorKind::Unavailable, "Let Freehold read and write the file and its directory.")
        }
        _ => (ErrorKind::Unavailable, "Try again; if it stays so, look at the disk and at the system's log."),
    };
    StoreError::new(kind, format!("SQLite: {error}."), hint)
}
