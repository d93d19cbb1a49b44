//! Every record that is there, read and decoded ahead on several threads: how an index starts.

use std::collections::VecDeque;

use tokio::task::JoinHandle;

use crate::store::Said;
use crate::{Sequence, Store, Stored};

/// Sequences of one part. Superseded ones cost next to nothing: a part of few records is soon read.
const PART: Sequence = 4_096;
/// Parts that are read and decoded at the same time.
const AHEAD: usize = 3;

/// Every record that was there when it began, part by part, in the order of their versions.
#[derive(Debug)]
pub struct Live {
    store: Store,
    next: Sequence,
    head: Sequence,
    ahead: VecDeque<Part>,
}

/// Sequences that are being read: those after the first, up to the second.
#[derive(Debug)]
struct Part {
    after: Sequence,
    upto: Sequence,
    read: JoinHandle<Said<Vec<Stored>>>,
}

impl Store {
    /// Every record that is there, read ahead. Once it has ended, following the log from its
    /// [`head`](Live::head) leads on without a gap: a record that changes meanwhile comes then, if not
    /// before.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn live(&self) -> Said<Live> {
        Ok(Live { store: self.clone(), next: 0, head: self.head().await?, ahead: VecDeque::new() })
    }
}

impl Live {
    /// The newest sequence when it began.
    #[must_use]
    pub fn head(&self) -> Sequence {
        self.head
    }

    /// The next part, which may hold nothing; none at the end.
    ///
    /// # Errors
    /// As [`Store::get`]. The part that could not be read is then the next one again.
    pub async fn next(&mut self) -> Said<Option<Vec<Stored>>> {
        while self.ahead.len() < AHEAD && self.next < self.head {
            let upto = self.head.min(self.next + PART);
            self.ahead.push_back(self.read(self.next, upto));
            self.next = upto;
        }
        let Some(Part { after, upto, read }) = self.ahead.front_mut() else { return Ok(None) };
        let found = read.await.unwrap_or_else(|_| Err(crate::job::stopped()));
        let again = (*after, *upto);
        self.ahead.pop_front();
        if found.is_err() {
            self.ahead.push_front(self.read(again.0, again.1));
        }
        found.map(Some)
    }

    fn read(&self, after: Sequence, upto: Sequence) -> Part {
        let store = self.store.clone();
        Part { after, upto, read: tokio::spawn(async move { store.current_between(after, upto).await }) }
    }
}
