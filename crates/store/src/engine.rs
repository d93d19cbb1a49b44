//! One interface for both engines: run a statement that reads, give the writer something to do.

use std::sync::Arc;

use dictionary::{Dictionary, Key};
use tokio::sync::watch;

use crate::backup::Contents;
use crate::codec::{Names, Numbered, ResourceNumber};
use crate::job::Queue;
use crate::line::{Gather, Tell, Told};
use crate::postgres::{self, Postgres};
use crate::sql::{Cell, Param};
use crate::sqlite::{self, Sqlite};
use crate::{ErrorKind, Sequence, Settings, StoreError};

/// An engine that is open.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// How a store is opened.
pub(crate) enum Opening<'a> {
    /// For reading and writing.
    Writing,
    /// For reading alone.
    Reading,
    /// For writing, filled with this before anyone sees it.
    Restoring(&'a Contents),
}

/// Opens the engine that the settings name, with its schema of now and numbers for all names.
pub(crate) async fn open(
    settings: Settings,
    dictionary: &Arc<Dictionary>,
    opening: Opening<'_>,
    bell: watch::Sender<Sequence>,
) -> Result<(Engine, Arc<Names>), StoreError> {
    match settings {
        Settings::Sqlite { path } => {
            let dictionary = dictionary.clone();
            let (reading, contents) = match opening {
                Opening::Writing => (false, None),
                Opening::Reading => (true, None),
                Opening::Restoring(contents) => (false, Some(contents.clone())),
            };
            let open = move || {
                let mut opened = if reading { sqlite::open_reading(&path) } else { sqlite::open(&path) }?;
                if let Some(contents) = contents {
                    sqlite::fill(opened.connection(), &contents)?;
                }
                let names = Arc::new(Names::join(&opened.names(&dictionary)?, &dictionary));
                Ok((Engine::Sqlite(Arc::new(opened.start(names.clone(), bell)?)), names))
            };
            tokio::task::spawn_blocking(open).await.map_err(|_| crate::job::stopped())?
        }
        Settings::Postgres { url, connections, certificates } => {
            let opened = postgres::connect(&url, connections, certificates)?;
            let reading = matches!(opening, Opening::Reading);
            postgres::migrate(&opened, reading).await?;
            if let Opening::Restoring(contents) = opening {
                postgres::fill(&opened, contents).await?;
            }
            let numbered = postgres::names(&opened, dictionary, reading).await?;
            let names = Arc::new(Names::join(&numbered, dictionary));
            Ok((Engine::Postgres(postgres::start(opened, names.clone(), bell, reading).await?), names))
        }
    }
}

impl Engine {
    /// The way to the writer.
    pub(crate) fn queue(&self) -> Result<&Queue, StoreError> {
        let queue = match self {
            Self::Sqlite(sqlite) => sqlite.queue(),
            Self::Postgres(postgres) => postgres.queue(),
        };
        queue.ok_or_else(|| {
            StoreError::new(
                ErrorKind::ReadOnly,
                "The store was opened for reading alone.",
                "Write through the server that has it open.",
            )
        })
    }

    /// Entries of the log that a statement gives, told.
    pub(crate) async fn lines<T: Send + 'static>(
        &self,
        sql: &'static str,
        params: Vec<Param>,
        tell: Tell<T>,
    ) -> Result<Told<T>, StoreError> {
        self.gather(sql, params, Told::by(tell)).await
    }

    /// Entries of the log that a statement gives, gathered.
    pub(crate) async fn gather<G: Gather>(
        &self,
        sql: &'static str,
        params: Vec<Param>,
        into: G,
    ) -> Result<G, StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.gather(sql, params, into).await,
            Self::Postgres(postgres) => postgres.gather(sql, params, into).await,
        }
    }

    /// Values that a statement gives.
    pub(crate) async fn cells(
        &self,
        sql: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.cells(sql, params).await,
            Self::Postgres(postgres) => postgres.cells(sql, params).await,
        }
    }

    /// The newest entries of these keys, of those that were ever written, told in any order.
    pub(crate) async fn newest<T: Send + 'static>(
        &self,
        resource: ResourceNumber,
        keys: &[Key],
        tell: Tell<T>,
    ) -> Result<Vec<T>, StoreError> {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        match self {
            Self::Sqlite(sqlite) => sqlite.newest(resource, keys, tell).await,
            Self::Postgres(postgres) => postgres.newest(resource, keys, tell).await,
        }
    }

    /// The numbers of all names.
    pub(crate) async fn numbered(&self) -> Result<Numbered, StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.numbered().await,
            Self::Postgres(postgres) => postgres.numbered().await,
        }
    }
}

/// Rings the bell with a sequence, where it is newer than what it rang with last.
pub(crate) fn ring(bell: &watch::Sender<Sequence>, head: Sequence) {
    bell.send_if_modified(|rung| {
        let newer = head > *rung;
        *rung = head.max(*rung);
        newer
    });
}
