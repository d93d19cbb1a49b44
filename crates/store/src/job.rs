//! What the one writer of an engine is given to do.

use tokio::sync::{mpsc, oneshot};

use crate::assembly::Assembled;
use crate::pending::OnItsWay;
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
    Batch(Prepared, Asker),
    /// Keep an assembly, in a commit of its own.
    Assembly(Assembled, Asker),
    /// Run one statement of its own: a lease.
    Statement(&'static str, Vec<Param>, Reply<Table>),
}

/// Who waits for a batch, and that it is on its way.
pub(crate) struct Asker {
    reply: Reply<Receipt>,
    on_its_way: OnItsWay,
}

impl Asker {
    /// Tells what has become of the batch. Who asked may have stopped waiting; what was written stays written.
    pub(crate) fn tell(self, answer: Result<Receipt, StoreError>) {
        if let Ok(receipt) = &answer {
            self.on_its_way.arrived(receipt.head);
        }
        drop(self.on_its_way);
        drop(self.reply.send(answer));
    }
}

/// What is done in one commit, and what after it.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) batches: Vec<(Prepared, Asker)>,
    /// What came after the batches, and has the next commit for itself.
    pub(crate) assembly: Option<(Assembled, Asker)>,
    pub(crate) statements: Vec<Statement>,
}

impl Round {
    fn add(&mut self, job: Job) {
        match job {
            Job::Batch(batch, asker) => self.batches.push((batch, asker)),
            Job::Assembly(whole, asker) => self.assembly = Some((whole, asker)),
            Job::Statement(sql, params, reply) => self.statements.push((sql, params, reply)),
        }
    }

    /// The first job and those that wait behind it, as far as one commit may hold them: who writes
    /// while another's commit is on its way to the disk shares the next one. An assembly ends the round.
    pub(crate) fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Self {
        let mut round = Self::default();
        round.add(first);
        while round.assembly.is_none()
            && round.batches.iter().map(|(batch, _)| batch.bytes).sum::<usize>() < LARGEST_GROUP
        {
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

    pub(crate) async fn batch(&self, batch: Prepared, on_its_way: OnItsWay) -> Result<Receipt, StoreError> {
        self.ask(on_its_way, |asker| Job::Batch(batch, asker)).await
    }

    pub(crate) async fn assembly(
        &self,
        whole: Assembled,
        on_its_way: OnItsWay,
    ) -> Result<Receipt, StoreError> {
        self.ask(on_its_way, |asker| Job::Assembly(whole, asker)).await
    }

    async fn ask(&self, on_its_way: OnItsWay, job: impl FnOnce(Asker) -> Job) -> Result<Receipt, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(job(Asker { reply, on_its_way })).await.map_err(|_| stopped())?;
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
