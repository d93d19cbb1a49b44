//! Work that takes long, done by a thread of its own.
//!
//! A page is some megabytes in a hundred thousand small parts. The runtime's threads for such work take turns, and each
//! holds on to the memory that it was given back: of a copy of everything a tenth of the time went into memory that was
//! new to its thread. One thread that makes every page makes the next one where the last one lay.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use intake::IntakeError;
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// A thread that does one thing after the other, and ends with its handle.
pub(crate) struct Hand(mpsc::Sender<Job>);

impl Hand {
    /// A thread of this name.
    ///
    /// # Errors
    /// `pull_stopped`: the system gives no thread.
    pub(crate) fn new(name: &str) -> Result<Self, IntakeError> {
        let (sender, jobs) = mpsc::channel::<Job>();
        let work = move || {
            for job in jobs {
                // Whoever waits for it is told by the answer that does not come.
                drop(catch_unwind(AssertUnwindSafe(job)));
            }
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(work);
        started.map_err(|error| {
            let hint = "See to the limits of the process: threads and memory.";
            IntakeError::new("pull_stopped", format!("No thread could be started: {error}."), hint)
        })?;
        Ok(Self(sender))
    }

    /// What `work` gives once it is its turn, which begins now.
    ///
    /// # Errors
    /// `pull_stopped`: it has panicked.
    pub(crate) fn give<T, W>(&self, work: W) -> impl Future<Output = Result<T, IntakeError>> + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        // Without a thread nothing comes of it, which is told all the same.
        drop(self.0.send(Box::new(move || drop(tell.send(work())))));
        async {
            told.await.map_err(|_| {
                let hint = "Please report it with the profile and what the server answers.";
                let message = "An answer could not be read by a fault of Freehold's own.";
                IntakeError::new("pull_stopped", message, hint)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Hand;

    #[tokio::test]
    async fn one_thread_does_it_in_turn_and_outlives_what_panics() {
        let hand = Hand::new("hand").unwrap();
        let who = || std::thread::current().id();
        let (first, broken, last) = (hand.give(who), hand.give(|| panic!("on purpose")), hand.give(who));
        let last = last.await.unwrap();
        assert_eq!(first.await.unwrap(), last);
        let broken: Result<(), _> = broken.await;
        assert_eq!(broken.unwrap_err().code, "pull_stopped");
        assert_ne!(last, who());
    }
}
