//! What the one writer of an engine is given to do.

use tokio::sync::{mpsc, oneshot};

use crate::prepare::Prepared;
use crate::sql::{Cell, Param};
use crate::{ErrorKind, Receipt, StoreError};

/// Batches that wait for the writer at most; who comes later waits to be let in.
const LONGEST_QUEUE: usize = 256;
/// Bytes that one commit may hold, beyond the first batch: what waits longer would only make the
/// commit longer.
const LARGEST_GROUP: usize = 16 << 20;

/// Where an answer goes. Nobody may be waiting for it any more.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What a statement gives, row by row.
pub(crate) type Table = Vec<Vec<Cell>>;

/// What the writer is given to do.
pub(crate) enum Job {
    /// Keep a batch.
    Batch(Prepared, Reply<Receipt>),
    /// Run one statement of its own: a lease.
    Statement(&'static str, Vec<Param>, Reply<Table>),
}

/// What is done in one commit, and what after it.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) batches: Vec<(Prepared, Reply<Receipt>)>,
    pub(crate) statements: Vec<Statement>,
}

impl Round {
    fn add(&mut self, job: Job) {
        match job {
            Job::Batch(batch, reply) => self.batches.push((batch, reply)),
            Job::Statement(sql, params, reply) => self.statements.push((sql, params, reply)),
        }
    }

    /// The first job and those that wait behind it, as far as one commit may hold them: who writes
    /// while another's commit is on its way to the disk shares the next one.
    pub(crate) fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Self {
        let mut round = Self::default();
        round.add(first);
        while round.batches.iter().map(|(batch, _)| batch.bytes).sum::<usize>() < LARGEST_GROUP {
            let Ok(job) = queue.try_recv() else { break };
            round.add(job);
        }
        round
    }
}

/// A statement, its parameters, and where what it gives goes.
type Statement = (&'static str, Vec<Param>, Reply<Table>);

/// The way to the writer.
#[derive(Clone, Debug)]
pub(crate) struct Queue(mpsc::Sender<Job>);

impl Queue {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Job>) {
        let (sender, receiver) = mpsc::channel(LONGEST_QUEUE);
        (Self(sender), receiver)
    }

    pub(crate) async fn batch(&self, batch: Prepared) -> Result<Receipt, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Job::Batch(batch, reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    pub(crate) async fn statement(&self, sql: &'static str, params: Vec<Param>) -> Result<Table, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Job::Statement(sql, params, reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// The writer has gone: the process is stopping, or it has panicked.
pub(crate) fn stopped() -> StoreError {
    StoreError::new(ErrorKind::Unavailable, "The store's writer has stopped.", "Start Freehold again.")
}
