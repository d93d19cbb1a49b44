//! How many match in all: counted again only where something changed.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::Timestamp;
use gate::Caller;
use parking_lot::Mutex;
use query::Scope;
use search::Reader;
use store::Sequence;

use crate::find::{Page, Question};
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

impl Counts {
    /// How many records match the question of which `shown` is a page.
    pub(crate) fn total(
        &self,
        asked: &Asked,
        caller: &Caller,
        question: &Question,
        reader: &Reader<'_>,
        shown: &Page,
        now: Timestamp,
    ) -> u64 {
        let query = question.query();
        if !shown.more && (query.skip == 0 || !shown.rows.is_empty()) {
            // The last page says it by itself.
            return query.skip + shown.rows.len() as u64;
        }
        let name =
            asked.question(caller.client(), &["Page", "PageSize", "SortBy", "Fields", "IncludeNotices"]);
        let applied = reader.applied();
        if let Some(count) = self.kept.lock().get(&name)
            && count.applied == applied
            && Arc::ptr_eq(&count.scope, caller.scope())
            && now.as_second() - count.at.as_second() < SECONDS
        {
            return count.total;
        }
        let total = reader.count(query.resource, query.filter.as_ref(), question.scope(), now);
        let count = Count { scope: Arc::clone(caller.scope()), applied, at: now, total };
        let mut kept = self.kept.lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(name, count);
        total
    }
}
