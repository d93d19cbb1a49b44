//! The store in a file of SQLite: a thread that writes, connections that read beside it.
//!
//! One process writes at a time: it holds an advisory lock on the file's `.lock`, which the system
//! gives back however the process ends. Readers of any process are not in its way (WAL).

mod fault;
mod fill;
mod open;
mod rows;
mod writer;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::{Semaphore, watch};

use crate::codec::{Names, Numbered, ResourceNumber};
use crate::job::{Queue, stopped};
use crate::line::{Gather, Tell, Told};
use crate::sql::{Cell, Param};
use crate::{Sequence, StoreError};

pub(crate) use fill::fill;
pub(crate) use open::{Opened, open, open_reading};

/// Connections that read at the same time.
const READERS: usize = 4;

/// An open file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    names: Arc<Names>,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    queue: Option<Queue>,
    writer: Option<JoinHandle<()>>,
}

impl Opened {
    /// Starts the writer, where there is to be one.
    pub(crate) fn start(
        self,
        names: Arc<Names>,
        bell: watch::Sender<Sequence>,
    ) -> Result<Sqlite, StoreError> {
        let Self { path, connection, lock } = self;
        let mut sqlite = Sqlite {
            path,
            names: names.clone(),
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(READERS)),
            queue: None,
            writer: None,
        };
        let Some(lock) = lock else { return Ok(sqlite) };
        let (queue, jobs) = Queue::new();
        let run = move || {
            writer::run(connection, jobs, &names, &bell);
            // Only now may another process write.
            drop(lock);
        };
        let writer = std::thread::Builder::new().name("store-writer".into()).spawn(run);
        let writer = writer.map_err(|error| open::cannot_start(&error))?;
        sqlite.queue = Some(queue);
        sqlite.writer = Some(writer);
        Ok(sqlite)
    }
}

impl Sqlite {
    pub(crate) fn queue(&self) -> Option<&Queue> {
        self.queue.as_ref()
    }

    pub(crate) async fn gather<G: Gather>(
        self: &Arc<Self>,
        sql: &'static str,
        params: Vec<Param>,
        mut into: G,
    ) -> Result<G, StoreError> {
        let names = self.names.clone();
        self.read(move |connection| {
            rows::gather(connection, sql, &params, &names, &mut into)?;
            Ok(into)
        })
        .await
    }

    pub(crate) async fn cells(
        self: &Arc<Self>,
        sql: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.read(move |connection| rows::cells(connection, sql, &params)).await
    }

    pub(crate) async fn newest<T: Send + 'static>(
        self: &Arc<Self>,
        resource: ResourceNumber,
        keys: Vec<String>,
        tell: Tell<T>,
    ) -> Result<Vec<T>, StoreError> {
        let names = self.names.clone();
        self.read(move |connection| {
            let mut found = Told::by(tell);
            for key in keys {
                let params = [Param::Integer(resource.into()), Param::Text(key)];
                rows::gather(connection, crate::sql::NEWEST, &params, &names, &mut found)?;
            }
            Ok(found.told)
        })
        .await
    }

    pub(crate) async fn numbered(self: &Arc<Self>) -> Result<Numbered, StoreError> {
        self.read(rows::numbered).await
    }

    /// Runs a read on a connection of its own, on a thread that may wait.
    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| stopped())?;
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let idle = this.idle.lock().pop();
            let connection = match idle {
                Some(connection) => connection,
                None => open::reader(&this.path)?,
            };
            let found = read(&connection);
            // A connection that failed may be the reason: the next read opens another.
            if found.is_ok() {
                this.idle.lock().push(connection);
            }
            found
        });
        done.await.map_err(|_| stopped())?
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The queue's end ends the writer; who opens the file next must find it unlocked.
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}
