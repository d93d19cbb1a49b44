//! Following the store: all that is there, then every change.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use store::{Patience, Store, StoreError};
use tokio::task::{JoinError, JoinHandle};

use crate::Search;

/// Versions read at once while loading, so few that their records are still in the cache when they are
/// taken in; parts read ahead; and changes read at once while following.
const PART: usize = 2_000;
const AHEAD: usize = 3;
const CHANGES: usize = 1_000;
/// How long a question may wait at most until work that it would be faster for begins.
const TENDING: Duration = Duration::from_secs(1);
/// Who asks the store.
const WHO: &str = "the index";

impl Search {
    /// Loads what the store holds, then follows its log until `shutdown` is done. A store that does not
    /// answer is asked again, ever more slowly, up to every five seconds.
    ///
    /// # Errors
    /// A store that answers wrongly: damaged, or of a schema that is not known.
    pub async fn follow(
        &self,
        store: Store,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), StoreError> {
        let mut shutdown = pin!(shutdown);
        tokio::select! {
            () = &mut shutdown => Ok(()),
            ended = self.follow_for_ever(store) => ended,
        }
    }

    async fn follow_for_ever(&self, store: Store) -> Result<(), StoreError> {
        self.load_all(&store).await?;
        let mut bell = store.bell();
        loop {
            let changes = Patience::endless().ask(WHO, || store.follow(self.applied(), CHANGES)).await?;
            if !changes.is_empty() {
                let search = self.clone();
                worked(tokio::task::spawn_blocking(move || search.apply(&changes))).await;
                continue;
            }
            let search = self.clone();
            if worked(tokio::task::spawn_blocking(move || search.tend())).await {
                continue;
            }
            // What is wanted by questions rings no bell: it is looked for now and then.
            if let Ok(Err(_)) = tokio::time::timeout(TENDING, bell.changed()).await {
                return Ok(());
            }
        }
    }

    /// Reads the next parts while one is taken in.
    async fn load_all(&self, store: &Store) -> Result<(), StoreError> {
        let head = Patience::endless().ask(WHO, || store.head()).await?;
        let mut loading = self.loading();
        let mut parts = (0..head).step_by(PART).map(|after| (after, (after + PART as u64).min(head)));
        let mut reading: VecDeque<JoinHandle<_>> = VecDeque::new();
        loop {
            while reading.len() < AHEAD
                && let Some((after, upto)) = parts.next()
            {
                let store = store.clone();
                let read =
                    async move { Patience::endless().ask(WHO, || store.row_groups(after, upto)).await };
                reading.push_back(tokio::spawn(read));
            }
            let Some(next) = reading.pop_front() else { break };
            let part = worked(next).await?;
            let take_in = move || {
                loading.load(&part);
                loading
            };
            loading = worked(tokio::task::spawn_blocking(take_in)).await;
        }
        let search = self.clone();
        worked(tokio::task::spawn_blocking(move || search.finish(loading, head))).await;
        Ok(())
    }
}

/// What a task gave; a panic inside it is passed on. A runtime that stops drops its tasks unfinished, and
/// this one with them: nobody waits any more.
async fn worked<T>(task: JoinHandle<T>) -> T {
    match task.await.map_err(JoinError::try_into_panic) {
        Ok(given) => given,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => std::future::pending().await,
    }
}
