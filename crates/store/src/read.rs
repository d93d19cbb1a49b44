//! Reading: records as they are, as they were, and the log.

use std::collections::HashMap;

use dictionary::{Key, ResourceId, Timestamp};

use crate::line::{Tell, Told, change, stored, trace};
use crate::prepare::bounded;
use crate::row_group::Gathered;
use crate::sql::{self, Cell, NO_STAMP, Param};
use crate::store::Said;
use crate::{Change, RowGroup, Scan, Sequence, Store, Stored, Trace};

/// Records or entries that one call gives at most.
const MOST: usize = 10_000;
/// Feeds of one resource that a scan over all of them looks at; an installation has a few hundred.
const MOST_FEEDS: usize = 10_000;
/// The last of all sequences.
const LAST: Sequence = i64::MAX.unsigned_abs();

impl Store {
    /// The record of this key.
    ///
    /// # Errors
    /// The engine does not answer, or what it gives is damaged; so with everything that reads.
    pub async fn get(&self, resource: ResourceId, key: &str) -> Said<Option<Stored>> {
        let params = vec![self.numbered_param(resource)?, key.into()];
        Ok(self.engine.lines(sql::NEWEST, params, stored).await?.told.pop())
    }

    /// The records of these keys, in their order.
    ///
    /// # Errors
    /// As [`get`](Self::get); more than 10,000 keys.
    pub async fn get_many(&self, resource: ResourceId, keys: &[Key]) -> Said<Vec<Option<Stored>>> {
        bounded("keys", keys.len(), MOST)?;
        let found: Vec<Stored> = self.engine.newest(self.number(resource)?, keys, stored).await?;
        let found: HashMap<Key, Stored> =
            found.into_iter().map(|stored| (stored.key.clone(), stored)).collect();
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    /// The next part of one resource's records in the standing order.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn scan(&self, scan: Scan) -> Said<Vec<Stored>> {
        let Scan { resource, feed, after, limit } = scan;
        let number = self.numbered_param(resource)?;
        let feeds = match feed {
            Some(feed) => vec![feed.to_string()],
            None => self.feeds(&number).await?,
        };
        // No key is empty: every one comes after this place.
        let (stamp, key) = after.map_or((NO_STAMP, String::new()), |(at, key)| {
            (at.map_or(NO_STAMP, |at| at.as_microsecond()), key.to_string())
        });
        let mut found = Vec::new();
        for feed in &feeds {
            let place = [Param::Text(feed.clone()), stamp.into(), Param::Text(key.clone()), size(limit)];
            let params = [number.clone()].into_iter().chain(place).collect();
            found.extend(self.engine.lines(sql::SCAN, params, stored).await?.told);
        }
        if feeds.len() > 1 {
            let resource = self.dictionary.resource(resource);
            let timestamp = |stored: &Stored| resource.timestamp_of(&stored.record);
            found.sort_by(|a, b| timestamp(a).cmp(&timestamp(b)).then_with(|| a.key.cmp(&b.key)));
            found.truncate(limit.min(MOST));
        }
        Ok(found)
    }

    /// Every record that is there, in the order of their versions, after this one: how an index starts.
    /// Take [`head`](Self::head) first, read here until nothing comes, then follow the log from there.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn current(&self, after: Sequence, limit: usize) -> Said<Vec<Stored>> {
        self.page(sql::CURRENT, after, limit, stored).await
    }

    /// As [`current`](Self::current), field by field and a group a resource, of the versions after the first
    /// and up to the second, which are at most 10,000: parts that do not depend on each other may be read at
    /// the same time.
    ///
    /// # Errors
    /// As [`get`](Self::get); more versions than that between the two.
    pub async fn row_groups(&self, after: Sequence, upto: Sequence) -> Said<Vec<RowGroup>> {
        let versions = usize::try_from(upto.saturating_sub(after)).unwrap_or(usize::MAX);
        bounded("versions", versions, MOST)?;
        let params = vec![after.into(), upto.into(), size(MOST)];
        self.engine.gather(sql::CURRENT, params, Gathered::new(versions)).await?.sealed()
    }

    /// Records of one resource that were removed since an instant, in the order of their removals after
    /// this one: each as it was, with the number and the instant of its removal. One that is there again is
    /// among them, too.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn removed(
        &self,
        resource: ResourceId,
        after: Sequence,
        since: Timestamp,
        limit: usize,
    ) -> Said<Vec<Stored>> {
        let since = since.as_microsecond();
        let params = vec![self.numbered_param(resource)?, after.into(), since.into(), size(limit)];
        Ok(self.engine.lines(sql::REMOVED, params, stored).await?.told)
    }

    /// The next entries of the log after `after`, in their order. Entries of a resource that the
    /// dictionary of now does not know are passed over.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn follow(&self, after: Sequence, limit: usize) -> Said<Vec<Change>> {
        self.page(sql::FOLLOW, after, limit, change).await
    }

    /// Where the entries of the log after the first number and up to the second belong, which are at most
    /// 10,000: for whoever counts and looks up rather than reads. Entries are passed over as by
    /// [`follow`](Self::follow).
    ///
    /// # Errors
    /// As [`get`](Self::get); more entries than that between the two.
    pub async fn traces(&self, after: Sequence, upto: Sequence) -> Said<Vec<Trace>> {
        let entries = usize::try_from(upto.saturating_sub(after)).unwrap_or(usize::MAX);
        bounded("entries", entries, MOST)?;
        let params = vec![after.into(), upto.into(), size(MOST)];
        Ok(self.engine.lines(sql::TRACES, params, trace).await?.told)
    }

    /// The entry of the log of this number.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn version(&self, sequence: Sequence) -> Said<Option<Change>> {
        Ok(self.engine.lines(sql::VERSION, vec![sequence.into()], change).await?.told.pop())
    }

    /// The record as it was once the log had reached `sequence`; none where it did not exist then.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn as_of(&self, resource: ResourceId, key: &str, sequence: Sequence) -> Said<Option<Stored>> {
        let params = vec![self.numbered_param(resource)?, key.into(), sequence.into()];
        Ok(self.engine.lines(sql::AS_OF, params, stored).await?.told.pop())
    }

    /// What happened to a record, the newest first, through removals and what was created after them.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn history(&self, resource: ResourceId, key: &str, limit: usize) -> Said<Vec<Change>> {
        let params = vec![self.numbered_param(resource)?, key.into(), size(limit)];
        Ok(self.engine.lines(sql::HISTORY, params, change).await?.told)
    }

    /// Entries in the order of their sequences, told by `tell`. Where all of a page are passed over, the
    /// next one is read: nothing means the end.
    async fn page<T: Send + 'static>(
        &self,
        sql: &'static str,
        mut after: Sequence,
        limit: usize,
        tell: Tell<T>,
    ) -> Said<Vec<T>> {
        loop {
            let params = vec![after.into(), LAST.into(), size(limit)];
            let Told { told, last, .. } = self.engine.lines(sql, params, tell).await?;
            match last {
                Some(last) if told.is_empty() => after = last,
                _ => return Ok(told),
            }
        }
    }

    /// The feeds that hold records of a resource.
    async fn feeds(&self, resource: &Param) -> Said<Vec<String>> {
        let mut feeds: Vec<String> = Vec::new();
        while feeds.len() < MOST_FEEDS {
            let last = feeds.last().map_or("", String::as_str);
            let params = vec![resource.clone(), last.into()];
            match self.engine.cells(sql::NEXT_FEED, params).await?.pop().and_then(|mut row| row.pop()) {
                Some(Cell::Text(feed)) => feeds.push(feed),
                _ => break,
            }
        }
        Ok(feeds)
    }
}

fn size(limit: usize) -> Param {
    Param::Integer(i64::try_from(limit.min(MOST)).unwrap_or(0))
}
