//! Where one test's store lies.

use std::path::PathBuf;

use crate::{Database, Scratch};

/// A place for one test's store, on one of the two engines. It is gone when this is dropped.
#[derive(Debug)]
pub enum Home {
    /// A file of SQLite in this directory.
    Sqlite(Scratch),
    /// A database of PostgreSQL, and a directory for whatever else the test keeps.
    Postgres(Database, Scratch),
}

impl Home {
    /// An empty one on each engine: what writes to a store is tried on both.
    ///
    /// # Panics
    /// Where there is no PostgreSQL, with a hint.
    #[must_use]
    pub fn each() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    /// An empty one on SQLite.
    #[must_use]
    pub fn sqlite() -> Self {
        Self::Sqlite(Scratch::new())
    }

    /// An empty one on PostgreSQL.
    ///
    /// # Panics
    /// Where there is none, with a hint.
    #[must_use]
    pub fn postgres() -> Self {
        Self::Postgres(Database::fresh(), Scratch::new())
    }

    /// The URL of the database; none where the store is a file.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(database, _) => Some(database.url()),
        }
    }

    /// A path in the test's directory, that of the store's file too.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        match self {
            Self::Sqlite(scratch) | Self::Postgres(_, scratch) => scratch.file(name),
        }
    }
}
