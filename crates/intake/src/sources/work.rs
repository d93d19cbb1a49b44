//! The reconciler's loop.

use std::collections::HashMap;
use std::time::Duration;

use dictionary::{ResourceId, Text};
use store::{Scan, Sequence, StoreError};
use tokio::task::JoinHandle;

use super::due::due;
use super::last::{LastRun, last_run};
use super::written::Written;
use super::{Sources, one};

/// How often it is looked whether anything is due.
const LOOK: Duration = Duration::from_secs(1);
/// Sources that are read at once.
const PART: usize = 1_000;

/// What the loop remembers between two looks.
#[derive(Default)]
struct Seen {
    /// How far the log had come when the sources were read.
    head: Option<Sequence>,
    sources: Vec<Written>,
    last: HashMap<Text, Option<LastRun>>,
    running: HashMap<Text, JoinHandle<()>>,
}

impl Sources {
    /// Runs what is due until `shutdown` is done; runs that are under way then are cut off, and found by
    /// whoever works next.
    pub async fn work(self, shutdown: impl Future<Output = ()> + Send) {
        let looking = async {
            let mut seen = Seen::default();
            loop {
                if let Err(error) = self.look(&mut seen).await {
                    tracing::warn!(code = error.code(), "sources are not run for now: {error}");
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = looking => {}
            () = shutdown => {}
        }
    }

    async fn look(&self, seen: &mut Seen) -> Result<(), StoreError> {
        let ended: Vec<Text> =
            seen.running.iter().filter(|(_, run)| run.is_finished()).map(|(id, _)| id.clone()).collect();
        for id in ended {
            seen.running.remove(&id);
            // What the run did to the source's cursor is read anew.
            seen.last.remove(&id);
        }
        let head = self.store.head().await?;
        if seen.head != Some(head) {
            seen.sources = self.all(self.dictionary.known("Source").id).await?;
            seen.head = Some(head);
        }
        let now = (self.clock)();
        for source in &seen.sources {
            if seen.running.contains_key(&source.id) {
                continue;
            }
            let last = match seen.last.get(&source.id) {
                Some(last) => last.clone(),
                None => last_run(&self.store, &source.id).await?,
            };
            if due(source, last.as_ref(), now) {
                let (sources, source) = (self.clone(), source.clone());
                let id = source.id.clone();
                seen.running.insert(id, tokio::spawn(async move { one::when_due(&sources, &source).await }));
            }
            seen.last.insert(source.id.clone(), last);
        }
        Ok(())
    }

    async fn all(&self, resource: ResourceId) -> Result<Vec<Written>, StoreError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let found = self.store.scan(Scan { resource, feed: None, after, limit: PART }).await?;
            let Some(last) = found.last() else { return Ok(all) };
            after = Some((self.dictionary.resource(resource).timestamp_of(&last.record), last.key.clone()));
            all.extend(found.iter().filter_map(|kept| Written::read(&self.dictionary, &kept.record)));
        }
    }
}
