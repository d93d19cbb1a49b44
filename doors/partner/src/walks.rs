//! Walks over pages by number: what page 1 found, kept while the other pages are asked for.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use dictionary::{ResourceId, Timestamp};
use gate::Caller;
use parking_lot::Mutex;
use query::Scope;
use search::{Reader, Row};

use crate::envelope::Refused;
use crate::request::{Asked, Value};

/// Bytes of all walks that are kept, at most; one of a million listings takes 12 MB.
const MOST_BYTES: usize = 256 << 20;

/// A row of a walk, and what tells that it still holds the same record.
#[derive(Clone, Copy)]
struct Step {
    row: Row,
    key: u32,
}

/// What page 1 of a question found.
pub(crate) struct Walk {
    /// Until when records changed that are part of it: what page 1 froze.
    pub(crate) to: Timestamp,
    steps: Vec<Step>,
}

impl Walk {
    /// How many records it has.
    pub(crate) fn total(&self) -> u64 {
        self.steps.len() as u64
    }

    /// The rows of a page that are still there and may still be seen.
    pub(crate) fn page(
        &self,
        page: u64,
        size: u32,
        reader: &Reader<'_>,
        resource: ResourceId,
        scope: &Scope,
        now: Timestamp,
    ) -> Vec<Row> {
        let skip = usize::try_from((page - 1).saturating_mul(u64::from(size))).unwrap_or(usize::MAX);
        let steps = self.steps.iter().skip(skip).take(usize::try_from(size).unwrap_or(usize::MAX));
        let same = |step: &&Step| {
            step.key == mark(reader.view(resource, step.row).key())
                && reader.sees(resource, step.row, scope, now)
        };
        steps.filter(same).map(|step| step.row).collect()
    }
}

/// A few bits of a key: a row that was freed may hold another record by now.
fn mark(key: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    #[expect(clippy::cast_possible_truncation, reason = "some of the bits are what is wanted")]
    let few = hasher.finish() as u32;
    few
}

/// The walks of all clients, those used last kept longest.
#[derive(Default)]
pub(crate) struct Walks {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    walks: HashMap<u64, (u64, Arc<Walk>)>,
    /// Counts uses, to know which was used last.
    clock: u64,
}

/// What a question about a page leaves open.
const PAGES: [&str; 3] = ["Page", "PageSize", "Fields"];

impl Walks {
    /// The walk that a page belongs to: page 1 begins one, a later page goes on in it. Where it is no
    /// longer kept (a restart, another node), it is begun again as of the instant that the request names.
    pub(crate) fn walk(
        &self,
        asked: &Asked,
        caller: &Caller,
        page: u64,
        find: impl FnOnce() -> Result<(Timestamp, Vec<Row>), Refused>,
        reader: &Reader<'_>,
        resource: ResourceId,
    ) -> Result<Arc<Walk>, Refused> {
        let name = asked.question(caller.client(), &PAGES);
        if page > 1
            && let Some(walk) = self.kept.lock().find(name)
        {
            return Ok(walk);
        }
        let (to, rows) = find()?;
        let step = |row: Row| Step { row, key: mark(reader.view(resource, row).key()) };
        let walk = Arc::new(Walk { to, steps: rows.into_iter().map(step).collect() });
        // Who asks for the next page may repeat the request, or name the instant that page 1 said.
        let dated = asked.with("ToUpdatedDate", Value::Moment(to)).question(caller.client(), &PAGES);
        let mut kept = self.kept.lock();
        kept.keep(name, &walk);
        kept.keep(dated, &walk);
        Ok(walk)
    }
}

impl Kept {
    fn find(&mut self, name: u64) -> Option<Arc<Walk>> {
        self.clock += 1;
        let (used, walk) = self.walks.get_mut(&name)?;
        *used = self.clock;
        Some(Arc::clone(walk))
    }

    fn keep(&mut self, name: u64, walk: &Arc<Walk>) {
        self.clock += 1;
        self.walks.insert(name, (self.clock, Arc::clone(walk)));
        // Two names of one walk are counted twice: a bound, not a sum.
        let bytes = |walk: &Arc<Walk>| walk.steps.len() * size_of::<Step>() + size_of::<Walk>();
        let mut sum: usize = self.walks.values().map(|(_, walk)| bytes(walk)).sum();
        while sum > MOST_BYTES && self.walks.len() > 2 {
            let Some(oldest) = self.walks.iter().min_by_key(|(_, (used, _))| *used).map(|(name, _)| *name)
            else {
                return;
            };
            if let Some((_, walk)) = self.walks.remove(&oldest) {
                sum -= bytes(&walk);
            }
        }
    }
}
