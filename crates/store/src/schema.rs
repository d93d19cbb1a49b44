//! The tables, version by version.
//!
//! A migration is never changed once it has been released: another is added after it. A store whose
//! version is not among these is refused, since what it holds would be read wrongly.

use crate::{ErrorKind, StoreError};

/// One step from a version to the next, in each engine's words.
pub(crate) struct Migration {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// Every step from an empty database on; the version of a store is how many it has gone through.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        sqlite: include_str!("schema/1.sqlite.sql"),
        postgres: include_str!("schema/1.postgres.sql"),
    },
    Migration {
        sqlite: include_str!("schema/2.sqlite.sql"),
        postgres: include_str!("schema/2.postgres.sql"),
    },
    Migration {
        sqlite: include_str!("schema/3.sqlite.sql"),
        postgres: include_str!("schema/3.postgres.sql"),
    },
    Migration {
        sqlite: include_str!("schema/4.sqlite.sql"),
        postgres: include_str!("schema/4.postgres.sql"),
    },
];

/// The steps that a store of this version has still to go.
pub(crate) fn outstanding(version: usize) -> Result<&'static [Migration], StoreError> {
    MIGRATIONS.get(version..).ok_or_else(|| {
        StoreError::new(
            ErrorKind::Schema,
            format!(
                "The store has schema version {version}; this Freehold knows versions up to {}.",
                MIGRATIONS.len()
            ),
            "Run the newer Freehold that wrote it, or restore a backup into an empty store.",
        )
    })
}

/// The fault of a database that holds tables of somebody else.
pub(crate) fn stranger() -> StoreError {
    StoreError::new(
        ErrorKind::Schema,
        "The database holds tables and none that says which version of Freehold wrote them.",
        "Name an empty database, or a file that is not there yet.",
    )
}

/// The fault of a store that is opened for reading alone and is of an older version.
pub(crate) fn outdated(version: usize) -> StoreError {
    StoreError::new(
        ErrorKind::Schema,
        format!("The store has schema version {version}, and reading alone cannot bring it up to date."),
        "Start this Freehold's server on it once.",
    )
}
