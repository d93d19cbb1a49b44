//! What PostgreSQL says, in the store's words.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use crate::{ErrorKind, StoreError};

const AGAIN: &str = "Try again once the database answers: writing the same batch twice keeps it once.";

/// A failure of PostgreSQL as a failure of the store.
pub(super) fn fault(error: &tokio_postgres::Error) -> StoreError {
    let Some(said) = error.as_db_error() else {
        let message = format!("PostgreSQL does not answer: {}.", cause(error));
        return StoreError::new(ErrorKind::Unavailable, message, AGAIN);
    };
    // The sentence alone: the detail may quote values.
    let message = format!("PostgreSQL: {} ({}).", said.message(), said.code().code());
    let (kind, hint) = match said.code() {
        state if *state == SqlState::DISK_FULL => {
            (ErrorKind::Full, "Make room on the database's disk. Nothing of this was kept.")
        }
        state if state.code().starts_with("28") || state.code().starts_with("3D") => {
            (ErrorKind::Settings, "Check the user, the password and the database in the settings.")
        }
        state if *state == SqlState::INSUFFICIENT_PRIVILEGE => {
            (ErrorKind::Settings, "Let the user create tables in the database, or own them.")
        }
        state if *state == SqlState::DATA_CORRUPTED || *state == SqlState::INDEX_CORRUPTED => {
            (ErrorKind::Damaged, "Check the database's disk, and restore the newest backup.")
        }
        _ => (ErrorKind::Unavailable, AGAIN),
    };
    StoreError::new(kind, message, hint)
}

/// Why there is no connection.
pub(super) fn no_connection(error: &PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => fault(error),
        PoolError::PostCreateHook(deadpool_postgres::HookError::Backend(error)) => fault(error),
        PoolError::Timeout(_) => {
            let message = "PostgreSQL gave no connection in time.";
            StoreError::new(
                ErrorKind::Unavailable,
                message,
                "Try again; if it stays so, allow more connections.",
            )
        }
        other => StoreError::new(ErrorKind::Unavailable, format!("PostgreSQL: {other}."), AGAIN),
    }
}

fn cause(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
