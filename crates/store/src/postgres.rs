//! The store in a database of PostgreSQL: one task that writes, a pool of connections that read.
//!
//! Several processes may write: who appends locks the one row of `head`, so that sequences have no gap
//! and follow the order of commits. Every process asks for the head twice a second and so hears of the
//! others' commits; LISTEN would tell it sooner, but the distributed kin of PostgreSQL lack it, and a
//! connection that has quietly died would tell it nothing.

mod connect;
mod fault;
mod rows;
mod setup;
mod writer;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use tokio::sync::watch;

use crate::codec::{Names, Numbered, ResourceNumber};
use crate::engine::ring;
use crate::job::Queue;
use crate::line::{Gather, Tell, Told};
use crate::sql::{Cell, HEAD, Param};
use crate::{Sequence, StoreError};

pub(crate) use connect::connect;
pub(crate) use setup::{fill, migrate, names};

/// How often the head is asked for.
const POLL: Duration = Duration::from_millis(500);

/// The two pools of connections.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    readers: Pool,
    /// One connection: the writer's.
    writer: Pool,
}

/// An open database.
#[derive(Debug)]
pub(crate) struct Postgres {
    readers: Pool,
    names: Arc<Names>,
    queue: Option<Queue>,
}

/// Starts the writer, where there is to be one, and the task that hears of other processes' commits.
pub(crate) async fn start(
    pools: Pools,
    names: Arc<Names>,
    bell: watch::Sender<Sequence>,
    reading: bool,
) -> Result<Arc<Postgres>, StoreError> {
    let queue = (!reading).then(|| {
        let (queue, jobs) = Queue::new();
        tokio::spawn(writer::run(pools.writer.clone(), jobs, names.clone(), bell.clone()));
        queue
    });
    let postgres = Arc::new(Postgres { readers: pools.readers, names, queue });
    let weak = Arc::downgrade(&postgres);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(POLL).await;
            let Some(postgres) = weak.upgrade() else { return };
            // A database that is away for a while is asked again: whoever reads or writes is told.
            if let Ok(cells) = postgres.cells(HEAD, Vec::new()).await
                && let Some(Cell::Integer(head)) = cells.first().and_then(|row| row.first())
            {
                ring(&bell, head.unsigned_abs());
            }
        }
    });
    Ok(postgres)
}

impl Postgres {
    pub(crate) fn queue(&self) -> Option<&Queue> {
        self.queue.as_ref()
    }

    pub(crate) async fn gather<G: Gather>(
        &self,
        sql: &'static str,
        params: Vec<Param>,
        into: G,
    ) -> Result<G, StoreError> {
        let rows = rows::rows(&self.connection().await?, sql, &params).await?;
        rows::gather(rows, self.names.clone(), into).await
    }

    pub(crate) async fn cells(
        &self,
        sql: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        rows::cells(&self.connection().await?, sql, &params).await
    }

    pub(crate) async fn newest<T: Send + 'static>(
        &self,
        resource: ResourceNumber,
        keys: Vec<String>,
        tell: Tell<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = rows::newest(&self.connection().await?, resource, &keys).await?;
        Ok(rows::gather(rows, self.names.clone(), Told::by(tell)).await?.told)
    }

    pub(crate) async fn numbered(&self) -> Result<Numbered, StoreError> {
        rows::numbered(&self.connection().await?).await
    }

    async fn connection(&self) -> Result<Object, StoreError> {
        self.readers.get().await.map_err(|error| fault::no_connection(&error))
    }
}
