//! The log in memory: of each entry whose it is, four bytes an entry.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use dictionary::{Feed, Origin, ResourceId};
use gate::Caller;
use parking_lot::RwLock;
use store::{Sequence, Store, StoreError, Trace};

use crate::Door;

/// Entries read from the log at a time.
const PART: Sequence = 10_000;
/// Entries that are counted together, so that a range is counted and passed over block by block.
const BLOCK: usize = 4_096;
/// The class of an entry that the dictionary of now does not know.
const UNKNOWN: u32 = u32::MAX;

/// The summary, brought up to date by whoever asks.
#[derive(Debug, Default)]
pub(crate) struct Log {
    summary: RwLock<Summary>,
    reading: tokio::sync::Mutex<()>,
}

/// The entries of one resource in one feed are a class.
#[derive(Debug, Default)]
struct Summary {
    classes: Vec<(ResourceId, Feed)>,
    by_name: HashMap<(ResourceId, Feed), u32>,
    /// The class of each entry: that of number 1 first.
    of: Vec<u32>,
    /// Of each block, how many entries each class has in it.
    blocks: Vec<Vec<u16>>,
}

impl Log {
    /// Takes in what the log has got since. The first time that is all of it: some seconds for millions,
    /// and what was taken in stays where the one who asked does not wait for the end.
    pub(super) async fn catch_up(&self, store: &Store) -> Result<(), StoreError> {
        let head = store.head().await?;
        if self.applied() >= head {
            return Ok(());
        }
        let _alone = self.reading.lock().await;
        loop {
            let after = self.applied();
            if after >= head {
                return Ok(());
            }
            let upto = head.min(after + PART);
            let traces = store.traces(after, upto).await?;
            self.summary.write().take(&traces, upto);
        }
    }

    fn applied(&self) -> Sequence {
        self.summary.read().of.len() as Sequence
    }

    /// The classes that the caller is told of and that the question takes: a resource that is offered, in
    /// a feed that is granted.
    pub(super) fn told(&self, door: &Door, caller: &Caller, takes: impl Fn(ResourceId) -> bool) -> Vec<bool> {
        let offered = |resource| door.dictionary.resource(resource).origin != Origin::Freehold;
        let told = |(resource, feed): &(ResourceId, Feed)| {
            offered(*resource) && caller.may_read(feed, *resource) && takes(*resource)
        };
        self.summary.read().classes.iter().map(told).collect()
    }

    /// The resources of the told classes.
    pub(super) fn resources(&self, told: &[bool]) -> Vec<ResourceId> {
        let summary = self.summary.read();
        let classes = summary.classes.iter().zip(told).filter(|(_, told)| **told);
        let mut resources: Vec<ResourceId> = classes.map(|((resource, _), _)| *resource).collect();
        resources.sort_unstable();
        resources.dedup();
        resources
    }

    /// Whether the entry of this number is of a told class.
    pub(super) fn tells(&self, told: &[bool], number: Sequence) -> bool {
        let summary = self.summary.read();
        let at = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        summary.of.get(at).is_some_and(|class| is(told, *class))
    }

    /// How many entries of the range are of told classes.
    pub(super) fn count(&self, told: &[bool], range: RangeInclusive<Sequence>) -> u64 {
        let summary = self.summary.read();
        let places = summary.places(range);
        let mut count = 0;
        let mut at = places.start;
        while at < places.end {
            if at.is_multiple_of(BLOCK) && at + BLOCK <= places.end {
                count += summary.in_block(told, at / BLOCK);
                at += BLOCK;
            } else {
                count += u64::from(is(told, summary.of[at]));
                at += 1;
            }
        }
        count
    }

    /// The numbers of the range's entries of told classes, `skip` of them passed over, `most` at most.
    pub(super) fn numbers(
        &self,
        told: &[bool],
        range: RangeInclusive<Sequence>,
        descending: bool,
        mut skip: u64,
        most: usize,
    ) -> Vec<Sequence> {
        let summary = self.summary.read();
        let mut places = summary.places(range);
        let mut found = Vec::new();
        while !places.is_empty() && found.len() < most {
            // A block that holds no more than is passed over is passed over whole.
            let block = if descending { (places.end - 1) / BLOCK } else { places.start / BLOCK };
            let (first, end) = (block * BLOCK, (block + 1) * BLOCK);
            if places.start <= first && end <= places.end {
                let inside = summary.in_block(told, block);
                if inside <= skip {
                    skip -= inside;
                    places = if descending { places.start..first } else { end..places.end };
                    continue;
                }
            }
            let part = places.start.max(first)..places.end.min(end);
            places = if descending { places.start..part.start } else { part.end..places.end };
            let one = |at: usize| is(told, summary.of[at]).then_some(at as Sequence + 1);
            let mut take = |number| match skip {
                0 => found.push(number),
                _ => skip -= 1,
            };
            if descending {
                part.rev().filter_map(one).for_each(&mut take);
            } else {
                part.filter_map(one).for_each(&mut take);
            }
        }
        found.truncate(most);
        found
    }
}

fn is(told: &[bool], class: u32) -> bool {
    told.get(class as usize).copied().unwrap_or(false)
}

impl Summary {
    /// Where the entries of a range lie.
    fn places(&self, range: RangeInclusive<Sequence>) -> std::ops::Range<usize> {
        let place = |number: Sequence| usize::try_from(number).unwrap_or(usize::MAX).min(self.of.len());
        let (first, last) = range.into_inner();
        let (start, end) = (place(first.max(1) - 1), place(last));
        start..end.max(start)
    }

    fn in_block(&self, told: &[bool], block: usize) -> u64 {
        self.blocks[block]
            .iter()
            .zip(told)
            .filter(|(_, told)| **told)
            .map(|(count, _)| u64::from(*count))
            .sum()
    }

    /// Takes in the entries up to `upto`, of which these are known.
    fn take(&mut self, traces: &[Trace], upto: Sequence) {
        for trace in traces {
            self.fill(trace.sequence - 1);
            let next = u32::try_from(self.classes.len()).expect("feeds and resources are thousands");
            let name = (trace.resource, trace.feed.clone());
            let class = *self.by_name.entry(name).or_insert_with_key(|name| {
                self.classes.push(name.clone());
                next
            });
            self.push(class);
        }
        self.fill(upto);
    }

    /// Entries that nothing was said of, up to this one.
    fn fill(&mut self, upto: Sequence) {
        while (self.of.len() as Sequence) < upto {
            self.push(UNKNOWN);
        }
    }

    fn push(&mut self, class: u32) {
        if self.of.len().is_multiple_of(BLOCK) {
            self.blocks.push(Vec::new());
        }
        self.of.push(class);
        let Some(counts) = self.blocks.last_mut().filter(|_| class != UNKNOWN) else { return };
        let class = class as usize;
        if counts.len() <= class {
            counts.resize(class + 1, 0);
        }
        counts[class] += 1;
    }
}

#[cfg(test)]
mod tests;
