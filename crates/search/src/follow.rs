//! Following the store: all that is there, then every change.

use std::pin::pin;
use std::time::Duration;

use store::{ErrorKind, Store, StoreError, Stored};

use crate::Search;
use crate::search::Loading;

/// Records read at once while loading, and changes while following.
const PART: usize = 10_000;
const CHANGES: usize = 1_000;
/// How long to wait before a store that did not answer is asked again, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

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
            let changes = retried("follow", || store.follow(self.applied(), CHANGES)).await?;
            if !changes.is_empty() {
                let search = self.clone();
                worked(tokio::task::spawn_blocking(move || search.apply(&changes)).await);
                continue;
            }
            if bell.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    /// Reads one part while the part before is taken in.
    async fn load_all(&self, store: &Store) -> Result<(), StoreError> {
        let head = retried("head", || store.head()).await?;
        let mut loading = self.loading();
        let mut part = retried("current", || store.current(0, PART)).await?;
        while let Some(last) = part.last().map(|stored| stored.sequence) {
            let (taken_in, next) = tokio::join!(
                tokio::task::spawn_blocking(move || take_in(loading, &part)),
                retried("current", || store.current(last, PART)),
            );
            loading = worked(taken_in);
            part = next?;
        }
        let search = self.clone();
        worked(tokio::task::spawn_blocking(move || search.finish(loading, head)).await);
        Ok(())
    }
}

fn take_in(mut loading: Loading, part: &[Stored]) -> Loading {
    loading.load(part);
    loading
}

/// What a blocking task gave; a panic inside it is passed on.
fn worked<T>(joined: Result<T, tokio::task::JoinError>) -> T {
    joined.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => panic!("a blocking task is never aborted: {error}"),
    })
}

/// Asks until the store answers, whatever it answers.
async fn retried<T, F>(what: &str, ask: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        match ask().await {
            Err(error) if error.kind == ErrorKind::Unavailable => {
                tracing::warn!(what, %error, pause_ms = pause.as_millis(), "the store does not answer");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            answer => return answer,
        }
    }
}
