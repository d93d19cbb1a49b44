//! All keys of a source, held against those that are kept: what is gone there, what never came here, what is not
//! as new (RESO-087).

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use dictionary::{Key, Resource};
use intake::{Difference, IntakeError};
use store::{Scan, Store};

use crate::walk::Walk;

/// Records that are looked at in one go.
const PART: usize = 5_000;
/// Differences of one kind that are named; further ones are counted.
const MOST_NAMED: usize = 100_000;
/// Keys of one resource: 24 bytes of memory each.
const MOST_KEYS: usize = 50_000_000;

/// What is not the same.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    /// Records that the source has.
    pub(crate) there: u64,
    /// Records that are kept.
    pub(crate) here: u64,
    /// Which the source alone has.
    pub(crate) only_there: Vec<Key>,
    /// Which are kept alone.
    pub(crate) only_here: Vec<Key>,
    /// Which have another timestamp.
    pub(crate) differ: Vec<Key>,
}

impl Differences {
    /// As a report lists them.
    pub(crate) fn told(&self, resource: &str) -> impl Iterator<Item = Difference> {
        let one = |code: &'static str, keys: &[Key]| -> Vec<Difference> {
            let named = |key: &Key| Difference { resource: resource.to_owned(), key: key.to_string(), code };
            keys.iter().map(named).collect()
        };
        let (there, here) = (one("only_at_source", &self.only_there), one("only_here", &self.only_here));
        there.into_iter().chain(here).chain(one("timestamp_differs", &self.differ))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.only_there.is_empty() && self.only_here.is_empty() && self.differ.is_empty()
    }
}

/// Walks all keys of the source and holds them against the records of the feed. What is kept is looked at first:
/// a record that comes into being at the source meanwhile is not taken for one that is gone.
pub(crate) async fn sweep(
    store: &Store,
    own: &Resource,
    feed: &str,
    time: &str,
    mut walk: Walk<'_>,
) -> Result<Differences, IntakeError> {
    let (hasher, time) = (RandomState::new(), own.find(time));
    let mut kept: HashMap<u64, i64> = HashMap::new();
    each(store, own, feed, |key, record| {
        let at = time.and_then(|id| record.get(id)?.as_timestamp());
        kept.insert(hasher.hash_one(key.as_str()), at.map_or(i64::MIN, |at| at.as_microsecond()));
        match kept.len() > MOST_KEYS {
            true => Err(too_many()),
            false => Ok(()),
        }
    })
    .await?;
    let mut found = Differences { here: kept.len() as u64, ..Differences::default() };
    let mut more = 0_usize;
    while let Some((page, _)) = walk.next().await? {
        for one in page.records {
            let Some(key) = &one.key else { continue };
            let hash = hasher.hash_one(key.as_str());
            // A key that comes a second time, as its record moved while it was walked, is one record.
            match kept.get_mut(&hash) {
                None if found.only_there.len() < MOST_NAMED => found.only_there.push(key.clone()),
                None => more += 1,
                Some(&mut SEEN) => continue,
                Some(at) => {
                    let there = time.and_then(|id| one.at(id)).map_or(i64::MIN, |at| at.as_microsecond());
                    if there != *at && found.differ.len() < MOST_NAMED {
                        found.differ.push(key.clone());
                    }
                    *at = SEEN;
                }
            }
            found.there += 1;
        }
    }
    if more > 0 {
        tracing::warn!(
            resource = own.name.as_str(),
            more,
            "more records are at the source alone than are named"
        );
    }
    found.only_there.sort();
    found.only_there.dedup();
    let mut gone = Vec::new();
    each(store, own, feed, |key, _| {
        if kept.get(&hasher.hash_one(key.as_str())).is_some_and(|at| *at != SEEN) && gone.len() < MOST_KEYS {
            gone.push(key.clone());
        }
        Ok(())
    })
    .await?;
    found.only_here = gone;
    Ok(found)
}

/// Stands for a record that the source has. No clock shows it.
const SEEN: i64 = i64::MAX;

fn too_many() -> IntakeError {
    let message = format!("The feed has more than {MOST_KEYS} records of one resource.");
    IntakeError::new("too_many_keys", message, "Pull it into several feeds.")
}

/// Every record of the feed.
async fn each(
    store: &Store,
    own: &Resource,
    feed: &str,
    mut take: impl FnMut(&Key, &dictionary::Record) -> Result<(), IntakeError>,
) -> Result<(), IntakeError> {
    let mut after = None;
    loop {
        let scan = Scan { resource: own.id, feed: Some(feed.into()), after, limit: PART };
        let part = store.scan(scan).await.map_err(|e| IntakeError::store(&e))?;
        let Some(last) = part.last() else { return Ok(()) };
        after = Some((own.timestamp_of(&last.record), last.key.clone()));
        part.iter().try_for_each(|stored| take(&stored.key, &stored.record))?;
    }
}
