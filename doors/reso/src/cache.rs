//! Records rendered once per version and kept while they are asked for: a page is then a concatenation.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dictionary::{Resource, ResourceId};
use odata::json::Rendered;
use parking_lot::RwLock;
use search::{Row, RowView};

/// Shards, so that threads seldom wait for each other.
const SHARDS: usize = 16;

/// A rendered record, and whether it was asked for since the last sweep.
struct Kept {
    rendered: Arc<Rendered>,
    used: AtomicBool,
}

#[derive(Default)]
struct Shard {
    kept: HashMap<(ResourceId, Row), Kept>,
    bytes: usize,
}

/// Rendered records, bounded by their bytes.
pub(crate) struct Cache {
    shards: Vec<RwLock<Shard>>,
    shard_bytes: usize,
}

impl Cache {
    pub(crate) fn new(bytes: usize) -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { shards, shard_bytes: bytes / SHARDS }
    }

    /// The record of `row` as JSON, of the version that `view` shows.
    pub(crate) fn get(&self, resource: &Resource, row: Row, view: RowView<'_>) -> Arc<Rendered> {
        let shard = &self.shards[row.number() as usize % SHARDS];
        let sequence = Some(view.sequence());
        // A row number may have passed to another record: the version tells.
        if let Some(kept) = shard.read().kept.get(&(resource.id, row))
            && kept.rendered.sequence() == sequence
        {
            kept.used.store(true, Ordering::Relaxed);
            return Arc::clone(&kept.rendered);
        }
        let rendered = Arc::new(Rendered::of(&view, resource, sequence));
        shard.write().keep((resource.id, row), &rendered, self.shard_bytes);
        rendered
    }
}

impl Shard {
    fn keep(&mut self, name: (ResourceId, Row), rendered: &Arc<Rendered>, most: usize) {
        let kept = Kept { rendered: Arc::clone(rendered), used: AtomicBool::new(false) };
        self.bytes += rendered.weight();
        if let Some(before) = self.kept.insert(name, kept) {
            self.bytes -= before.rendered.weight();
        }
        if self.bytes > most {
            self.sweep(most / 2);
        }
    }

    /// Lets go of what was not asked for since the last sweep, then of anything, down to `goal`.
    fn sweep(&mut self, goal: usize) {
        for unused_only in [true, false] {
            let (mut bytes, before) = (self.bytes, self.bytes);
            self.kept.retain(|_, kept| {
                let stays = bytes <= goal || (unused_only && kept.used.swap(false, Ordering::Relaxed));
                if !stays {
                    bytes -= kept.rendered.weight();
                }
                stays
            });
            self.bytes = bytes;
            if bytes <= goal || before == bytes {
                return;
            }
        }
    }
}
