//! The events that are being sent, kept for a while: ten endpoints that are sent the same event read it
//! once.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use dictionary::{Dictionary, Key, Text};
use parking_lot::Mutex;
use store::{Store, StoreError};

use crate::Event;

/// Bytes of payloads that are kept.
const ROOM: usize = 16 << 20;
/// Events that are read at once where one is missing.
const AHEAD: usize = 32;

/// Events by their keys, the oldest first to go.
#[derive(Debug, Default)]
pub(crate) struct Events(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    events: HashMap<Key, Arc<Event>>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Events {
    /// Keeps an event.
    pub(crate) fn keep(&self, event: Arc<Event>) {
        let mut kept = self.0.lock();
        let (key, size) = (event.id.clone(), size(&event));
        if kept.events.insert(key.clone(), event).is_none() {
            kept.order.push_back(key);
            kept.bytes += size;
        }
        while kept.bytes > ROOM
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some(gone) = kept.events.remove(&oldest) {
                kept.bytes = kept.bytes.saturating_sub(self::size(&gone));
            }
        }
    }

    /// The event of this key; where it is not kept it is read, with those that are wanted next.
    pub(crate) async fn get(
        &self,
        store: &Store,
        dictionary: &Dictionary,
        key: &Text,
        next: &[Text],
    ) -> Result<Option<Arc<Event>>, StoreError> {
        if let Some(event) = self.0.lock().events.get(key) {
            return Ok(Some(Arc::clone(event)));
        }
        let keys: Vec<Key> = {
            let kept = self.0.lock();
            let missing = next.iter().filter(|key| !kept.events.contains_key(*key)).take(AHEAD);
            std::iter::once(key).chain(missing).cloned().collect()
        };
        let mut found = store.get_many(dictionary.known("Event").id, &keys).await?.into_iter();
        let read = |stored: Option<store::Stored>| {
            stored.and_then(|stored| Event::read(dictionary, &stored.record)).map(Arc::new)
        };
        let wanted = found.next().and_then(read);
        found.filter_map(read).for_each(|event| self.keep(event));
        if let Some(event) = &wanted {
            self.keep(Arc::clone(event));
        }
        Ok(wanted)
    }
}

fn size(event: &Event) -> usize {
    // What stands around the payload in memory, roughly.
    event.data.len() + 1_024
}
