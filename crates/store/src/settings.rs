//! Where a store is kept.

use std::path::PathBuf;

/// Which engine keeps the store, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum Settings {
    /// One file of SQLite, with its `-wal`, `-shm` and `.lock` beside it.
    Sqlite {
        /// The file; it is made where there is none, its directory too.
        path: PathBuf,
    },
    /// A database of PostgreSQL, version 13 or newer.
    Postgres {
        /// `postgres://user:password@host:port/database`, or `key=value` pairs; `sslmode=require` asks
        /// for TLS. It may hold a password and is never shown.
        url: String,
        /// How many connections answer reads, 1 to 100; writing takes one more.
        connections: usize,
        /// Whose certificates are believed where TLS is used.
        certificates: Certificates,
    },
}

/// Whose certificates are believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Certificates {
    /// The authorities that Mozilla lists, built in.
    #[default]
    Mozilla,
    /// The authorities that this machine trusts: for a database with a certificate of one's own.
    System,
}

impl Settings {
    /// A file of SQLite.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite { path: path.into() }
    }

    /// A database of PostgreSQL, four connections for reading.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres { url: url.into(), connections: 4, certificates: Certificates::default() }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { connections, certificates, url: _ } => f
                .debug_struct("Postgres")
                .field("connections", connections)
                .field("certificates", certificates)
                .finish_non_exhaustive(),
        }
    }
}
