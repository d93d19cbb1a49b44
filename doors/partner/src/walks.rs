//! Walks over pages by number: what page 1 found, kept while the other pages are asked for.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{FieldId, Fields as _, ResourceId, Timestamp, ValueRef};
use gate::Caller;
use parking_lot::Mutex;
use query::Scope;
use search::{Moment, Reader, Row};

use crate::envelope::Refused;
use crate::gone::Gone;
use crate::request::{Asked, Value};

/// Bytes of all walks that are kept, at most; one of a million listings takes 8 MB.
const MOST_BYTES: usize = 256 << 20;

/// A step of a walk.
#[derive(Clone, Copy)]
enum Step {
    Row(Row),
    /// One of those that are gone.
    Gone(u32),
}

/// What stands on a page.
#[derive(Clone, Copy)]
pub(crate) enum Found<'w> {
    Row(Row),
    Gone(&'w Gone),
}

impl Found<'_> {
    /// The row, where it is one.
    pub(crate) fn row(&self) -> Option<Row> {
        match self {
            Self::Row(row) => Some(*row),
            Self::Gone(_) => None,
        }
    }
}

/// What page 1 found.
pub(crate) struct Beginning {
    /// Until when records changed that are part of it.
    pub(crate) to: Timestamp,
    /// In the order of their changes.
    pub(crate) rows: Vec<Row>,
    pub(crate) gone: Vec<Gone>,
}

/// What page 1 of a question found.
pub(crate) struct Walk {
    /// Until when records changed that are part of it: what page 1 froze.
    pub(crate) to: Timestamp,
    /// When it was found: a row may hold another record by now.
    then: Moment,
    steps: Vec<Step>,
    gone: Vec<Gone>,
}

impl Walk {
    /// Puts what is gone among the rows, by when and then by key.
    fn new(beginning: Beginning, reader: &Reader<'_>, resource: ResourceId, updated: FieldId) -> Self {
        let Beginning { to, rows, mut gone } = beginning;
        gone.sort_unstable_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        let mut steps = Vec::with_capacity(rows.len() + gone.len());
        let mut left = (0u32..).zip(&gone).peekable();
        for row in rows {
            let view = reader.view(resource, row);
            let at = || match view.look(updated) {
                Some(ValueRef::Timestamp(at)) => at,
                _ => Timestamp::MIN,
            };
            while let Some((at, _)) =
                left.next_if(|(_, gone)| (gone.at, gone.key.as_str()) < (at(), view.key()))
            {
                steps.push(Step::Gone(at));
            }
            steps.push(Step::Row(row));
        }
        steps.extend(left.map(|(at, _)| Step::Gone(at)));
        Self { to, then: reader.moment(), steps, gone }
    }

    /// How many records it has.
    pub(crate) fn total(&self) -> u64 {
        self.steps.len() as u64
    }

    /// What stands on a page and may still be seen.
    pub(crate) fn page(
        &self,
        page: u64,
        size: u32,
        reader: &Reader<'_>,
        resource: ResourceId,
        scope: &Scope,
        now: Timestamp,
    ) -> Vec<Found<'_>> {
        let skip = usize::try_from((page - 1).saturating_mul(u64::from(size))).unwrap_or(usize::MAX);
        let steps = self.steps.iter().skip(skip).take(usize::try_from(size).unwrap_or(usize::MAX));
        let found = |step: &Step| match *step {
            Step::Gone(at) => self.gone.get(at as usize).map(Found::Gone),
            Step::Row(row) => {
                let same = reader.is_same(resource, row, self.then);
                (same && reader.sees(resource, row, scope, now)).then_some(Found::Row(row))
            }
        };
        steps.filter_map(found).collect()
    }
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
        find: impl FnOnce() -> Result<Beginning, Refused>,
        reader: &Reader<'_>,
        (resource, updated): (ResourceId, FieldId),
    ) -> Result<Arc<Walk>, Refused> {
        let name = asked.question(caller.client(), &PAGES);
        if page > 1
            && let Some(walk) = self.kept.lock().find(name)
        {
            return Ok(walk);
        }
        let walk = Arc::new(Walk::new(find()?, reader, resource, updated));
        // Who asks for the next page may repeat the request, or name the instant that page 1 said.
        let dated = asked.with("ToUpdatedDate", Value::Moment(walk.to)).question(caller.client(), &PAGES);
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
        let bytes = |walk: &Arc<Walk>| {
            walk.steps.len() * size_of::<Step>() + walk.gone.len() * size_of::<Gone>() + size_of::<Walk>()
        };
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
