//! Who writes the chains: one task, which takes together what waits together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dictionary::{Dictionary, Text, Timestamp};
use store::{Batch, ErrorKind, Expect, Operation, Outcome, Receipt, Sequence, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::chain::{Head, Sealing};
use super::kept;
use crate::memory::Memory;

/// Entries that wait at most; who comes later waits to be let in.
const LONGEST_QUEUE: usize = 4_096;
/// Entries of one commit, and so of one link: a link stays below half a megabyte.
const MOST_ENTRIES: usize = 1_000;
/// How often another process may be faster with the next link.
const MOST_TRIES: usize = 20;
/// Who writes links that tell of questions alone: each entry names who asked.
const ACTOR: &str = "lockbox";

/// Where an entry stands, for whoever wants to prove it later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Noted {
    pub(crate) entry: u64,
    pub(crate) link: u64,
    pub(crate) hash: Text,
}

/// Something to be written down.
struct Job {
    chain: Text,
    line: String,
    now: Timestamp,
    /// What is written with it, in whose name.
    with: Option<(Text, Vec<Operation>)>,
    reply: oneshot::Sender<Result<Noted, StoreError>>,
}

/// The way to whoever writes. Cheap to clone; with the last clone the task ends.
#[derive(Clone)]
pub(crate) struct Committer(mpsc::Sender<Job>);

impl Committer {
    /// Starts the task.
    pub(crate) fn start(store: Store, dictionary: Arc<Dictionary>, sealing: Sealing, memory: Memory) -> Self {
        let (sender, queue) = mpsc::channel(LONGEST_QUEUE);
        let writer = Writer { store, dictionary, sealing, memory, heads: HashMap::new() };
        tokio::spawn(writer.run(queue));
        Self(sender)
    }

    /// Writes an entry down, and with it what is done in somebody's name: both or neither, on disk when this returns.
    ///
    /// # Errors
    /// The store does not take it: then nothing is written.
    pub(crate) async fn note(
        &self,
        chain: &Text,
        line: String,
        now: Timestamp,
        with: Option<(Text, Vec<Operation>)>,
    ) -> Result<Noted, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { chain: chain.clone(), line, now, with, reply };
        self.0.send(job).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

struct Writer {
    store: Store,
    dictionary: Arc<Dictionary>,
    sealing: Sealing,
    memory: Memory,
    /// The chains that were written, as far as is known here.
    heads: HashMap<Text, Head>,
}

impl Writer {
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(MOST_ENTRIES);
        while queue.recv_many(&mut waiting, MOST_ENTRIES).await > 0 {
            // Questions go together; what is done in somebody's name is the log's to attribute.
            let mut together: BTreeMap<Option<Text>, Vec<Job>> = BTreeMap::new();
            for job in waiting.drain(..) {
                let actor = job.with.as_ref().map(|(actor, _)| actor.clone());
                together.entry(actor).or_default().push(job);
            }
            for (actor, jobs) in together {
                self.keep(actor.unwrap_or(Text::new_static(ACTOR)), jobs).await;
            }
        }
    }

    /// Keeps what waits together, and tells those who wait.
    async fn keep(&mut self, actor: Text, jobs: Vec<Job>) {
        let mut written = self.write(&actor, &jobs).await;
        for _ in 1..MOST_TRIES {
            if !matches!(&written, Err(error) if error.kind == ErrorKind::Conflict) {
                break;
            }
            // Another process has appended to one of the chains.
            self.heads.clear();
            written = self.write(&actor, &jobs).await;
        }
        if written.is_err() {
            self.heads.clear();
        }
        // Nobody may be waiting any more; what was written stays written.
        match written {
            Ok(noted) => jobs.into_iter().zip(noted).for_each(|(job, noted)| drop(job.reply.send(Ok(noted)))),
            Err(error) => jobs.into_iter().for_each(|job| drop(job.reply.send(Err(error.clone())))),
        }
    }

    async fn write(&mut self, actor: &Text, jobs: &[Job]) -> Result<Vec<Noted>, StoreError> {
        let mut of_chain: BTreeMap<&Text, Vec<usize>> = BTreeMap::new();
        for (at, job) in jobs.iter().enumerate() {
            of_chain.entry(&job.chain).or_default().push(at);
        }
        let now = jobs.iter().map(|job| job.now).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut batch = Batch::new(actor.clone(), now);
        let mut noted = vec![Noted { entry: 0, link: 0, hash: Text::default() }; jobs.len()];
        let mut moved = Vec::with_capacity(of_chain.len());
        for (chain, places) in of_chain {
            let head = self.head(chain).await?;
            let lines: Vec<String> = places.iter().map(|at| jobs[*at].line.clone()).collect();
            let link = head.next(chain, &lines, &self.sealing);
            for (entry, at) in (link.first..).zip(&places) {
                noted[*at] = Noted { entry, link: link.number, hash: link.hash.clone() };
            }
            let head = head.after(&link);
            batch
                .operations
                .push(Operation::put_own(kept::record(&self.dictionary, &link, now), Expect::Absent));
            batch.cursors.push((kept::cursor(chain), head.text(chain, &self.sealing)));
            moved.push((chain.clone(), head));
        }
        let with = jobs.iter().filter_map(|job| job.with.as_ref());
        let links = batch.operations.len();
        batch.operations.extend(with.flat_map(|(_, operations)| operations.iter().cloned()));
        let alone = batch.operations.len() == links;
        let receipt = self.store.write(batch).await?;
        if alone {
            self.pass(&receipt);
        }
        self.heads.extend(moved);
        Ok(noted)
    }

    /// Links are none of the book's: it need not read them.
    fn pass(&self, receipt: &Receipt) {
        let written = receipt.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Created(sequence) => Some(*sequence),
            _ => None,
        });
        let (first, last) = written.fold((Sequence::MAX, 0), |(a, b), at| (a.min(at), b.max(at)));
        // One batch's entries follow each other without a gap.
        if last >= first {
            self.memory.pass(first, last);
        }
    }

    async fn head(&mut self, chain: &Text) -> Result<Head, StoreError> {
        if let Some(head) = self.heads.get(chain) {
            return Ok(head.clone());
        }
        kept::head(&self.store, &self.dictionary, chain, &self.sealing).await
    }
}

fn stopped() -> StoreError {
    StoreError {
        kind: ErrorKind::Unavailable,
        message: "The audit's writer has stopped.".into(),
        hint: "Start Freehold again.".into(),
        operation: None,
    }
}
