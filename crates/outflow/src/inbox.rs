//! Pulling: an agent's inbox, read by a client that is granted it (EVT-060 to EVT-063).

use std::sync::Arc;

use dictionary::{Text, Timestamp};
use store::{Batch, ChangeKind, Sequence, StoreError};

use crate::standing::Direction;
use crate::{Event, Outflow, seen_by};

/// Items of one page at most (EVT-060).
pub const LARGEST_PAGE: usize = 100;
/// Rows that one page looks at: where most are not granted, it ends early and says where to go on.
const LOOKED_AT: usize = 1_000;

/// Who reads which inbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reader<'a> {
    /// The client, whose grants count.
    pub client: &'a str,
    /// Whose inbox.
    pub agent: &'a str,
}

/// An event as one reader sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct InboxItem {
    /// Its place in the inbox.
    pub at: Sequence,
    /// The event.
    pub event: Arc<Event>,
    /// Its payload as data policies let the reader see it.
    pub data: Text,
}

/// A page of an inbox, the oldest first.
#[derive(Clone, PartialEq, Debug)]
pub struct InboxPage {
    /// What it holds.
    pub items: Vec<InboxItem>,
    /// Where the next page begins; the same place as before where nothing has come.
    pub next: Sequence,
    /// Whether there is more already.
    pub more: bool,
}

/// What became of an event.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// It is there.
    Event(Arc<Event>),
    /// It was there, and is older than the retention: 410 (EVT-102).
    Pruned,
    /// It never was: 404.
    Unknown,
}

impl Outflow {
    /// The next page of an inbox after a place; 0 is before the first. Reading on from `next` gives every
    /// event once, whatever arrives meanwhile (EVT-060).
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn inbox(
        &self,
        reader: Reader<'_>,
        after: Sequence,
        limit: usize,
        now: Timestamp,
    ) -> Result<InboxPage, StoreError> {
        let shared = &self.shared;
        let limit = limit.clamp(1, LARGEST_PAGE);
        let policies = self.book(|book| book.policies());
        let mut page = InboxPage { items: Vec::new(), next: after, more: false };
        let mut looked = 0;
        while page.items.len() < limit && looked < LOOKED_AT {
            let part = limit - page.items.len();
            let rows = shared.store.inbox(reader.agent, page.next, part + 1).await?;
            page.more = rows.len() > part;
            let rows = &rows[..rows.len().min(part)];
            if rows.is_empty() {
                break;
            }
            looked += rows.len();
            let ahead: Vec<Text> = rows.iter().map(|row| row.event.clone()).collect();
            for (at, row) in rows.iter().enumerate() {
                let ahead = &ahead[at + 1..];
                let event = shared.events.get(&shared.store, &shared.dictionary, &row.event, ahead).await?;
                page.next = row.sequence;
                let granted = |event: &Arc<Event>| self.may_read(reader, &event.topic, now);
                if let Some(event) = event.filter(granted) {
                    let data = seen_by(&policies, &event, reader.agent, &shared.settings.master);
                    let data = Text::from(data);
                    page.items.push(InboxItem { at: row.sequence, event, data });
                }
            }
            if !page.more {
                break;
            }
        }
        Ok(page)
    }

    /// The place before the first event of an inbox that was accepted at `at` or later (EVT-061).
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn inbox_from(&self, agent: &str, at: Timestamp) -> Result<Sequence, StoreError> {
        let store = &self.shared.store;
        match store.inbox_at(agent, at).await? {
            Some(first) => Ok(first.saturating_sub(1)),
            // Nothing yet: what comes from now on.
            None => Ok(*self.shared.boxed.borrow()),
        }
    }

    /// Whether a client may read events of a topic in an agent's inbox.
    #[must_use]
    pub fn may_read(&self, reader: Reader<'_>, topic: &str, now: Timestamp) -> bool {
        self.book(|book| book.is_granted(reader.client, reader.agent, topic, Direction::Subscribe, now))
    }

    /// The event of this id (EVT-102).
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn find(&self, id: &str) -> Result<Found, StoreError> {
        let (store, own) = (&self.shared.store, self.shared.dictionary.known("Event"));
        let newest = store.history(own.id, id, 1).await?.pop();
        Ok(match newest {
            None => Found::Unknown,
            Some(change) if change.kind == ChangeKind::Removed => Found::Pruned,
            Some(change) => {
                let event = change.record.and_then(|record| Event::read(&self.shared.dictionary, &record));
                event.map_or(Found::Unknown, |event| Found::Event(Arc::new(event)))
            }
        })
    }

    /// Remembers how far a client has got in an inbox, under a name of its own (EVT-062).
    ///
    /// # Errors
    /// A name that is too long; the store does not answer.
    pub async fn commit_cursor(
        &self,
        reader: Reader<'_>,
        name: &str,
        at: Sequence,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let cursors = vec![(cursor_name(reader, name), at.to_string())];
        let batch = Batch { cursors, ..Batch::new(format!("client/{}", reader.client), now) };
        self.shared.store.write(batch).await.map(drop)
    }

    /// How far a client has got in an inbox, as it was last committed.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn committed_cursor(
        &self,
        reader: Reader<'_>,
        name: &str,
    ) -> Result<Option<Sequence>, StoreError> {
        let kept = self.shared.store.cursor(&cursor_name(reader, name)).await?;
        Ok(kept.and_then(|text| text.parse().ok()))
    }
}

/// Agents are longer than the names of cursors: their hash stands for them.
fn cursor_name(reader: Reader<'_>, name: &str) -> Text {
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("{}\0{name}", reader.agent).as_bytes());
    let hash: String = hash.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Text::from(format!("inbox/{}/{hash}", reader.client))
}
