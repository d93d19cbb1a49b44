//! How many match in all: counted again only where something changed.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::Timestamp;
use gate::Caller;
use parking_lot::Mutex;
use query::Scope;
use search::{Reader, Row};
use store::Sequence;

use crate::Door;
use crate::envelope::Refused;
use crate::find::Question;
use crate::request::Asked;

/// Questions whose counts are kept.
const MOST: usize = 10_000;
/// Seconds after which a count is made again although nothing was written: open houses end by themselves.
const SECONDS: i64 = 60;

struct Count {
    scope: Arc<Scope>,
    applied: Sequence,
    at: Timestamp,
    total: u64,
}

/// Counts by question.
#[derive(Default)]
pub(crate) struct Counts {
    kept: Mutex<HashMap<u64, Count>>,
}

/// A question whose count is looked for: its name, and as of when.
struct Name {
    name: u64,
    applied: Sequence,
}

impl Counts {
    /// A page of what a question asks, and how many records match in all.
    pub(crate) fn page(
        &self,
        door: &Door,
        (asked, caller): (&Asked, &Caller),
        question: &mut Question,
        reader: &Reader<'_>,
        (skip, size): (u64, u32),
        now: Timestamp,
    ) -> Result<(Vec<Row>, u64), Refused> {
        let known = self.known(asked, caller, reader, now);
        question.count(known.is_err());
        let shown = question.page(door, reader, (skip, size), now)?;
        if !shown.more && (skip == 0 || !shown.rows.is_empty()) {
            // The last page says it by itself.
            let total = skip + shown.rows.len() as u64;
            return Ok((shown.rows, total));
        }
        let total = known.unwrap_or_else(|name| {
            let counted = || {
                let query = question.query();
                reader.count(query.resource, query.filter.as_ref(), question.scope(), now)
            };
            let total = shown.total.unwrap_or_else(counted);
            self.keep(name, caller, total, now);
            total
        });
        Ok((shown.rows, total))
    }

    /// How many match, where that is known; else under which name it is to be kept.
    fn known(
        &self,
        asked: &Asked,
        caller: &Caller,
        reader: &Reader<'_>,
        now: Timestamp,
    ) -> Result<u64, Name> {
        let name =
            asked.question(caller.client(), &["Page", "PageSize", "SortBy", "Fields", "IncludeNotices"]);
        let applied = reader.applied();
        match self.kept.lock().get(&name) {
            Some(count)
                if count.applied == applied
                    && Arc::ptr_eq(&count.scope, caller.scope())
                    && now.as_second() - count.at.as_second() < SECONDS =>
            {
                Ok(count.total)
            }
            _ => Err(Name { name, applied }),
        }
    }

    fn keep(&self, Name { name, applied }: Name, caller: &Caller, total: u64, now: Timestamp) {
        let count = Count { scope: Arc::clone(caller.scope()), applied, at: now, total };
        let mut kept = self.kept.lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(name, count);
    }
}
