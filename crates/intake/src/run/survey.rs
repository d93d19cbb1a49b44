//! The first reading: what is wrong with the file, and which of several rows with one key counts.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;

use dictionary::ResourceId;

use crate::job::Parts;
use crate::mapping::{Duplicates, MOST_RECORDS, Mapped, RowFault};
use crate::report::Tally;
use crate::source::Ended;
use crate::{IntakeError, Progress, Stage};

/// What the first reading found.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) tally: Tally,
    pub(crate) ended: Ended,
    hasher: RandomState,
    /// For each key (its hash) the record that counts, as the row's number and the part of the plan. Two
    /// keys share a hash once in 300,000 files of ten million records.
    winners: HashMap<u64, u64>,
    /// Every key of the first part's resource, of refused records too; only where it was asked for.
    keys: Option<HashSet<u64>>,
    /// Records of the first part whose key could not be read.
    pub(crate) keyless: u64,
}

impl Survey {
    fn mark(row: u64, target: usize) -> u64 {
        row * MOST_RECORDS as u64 + target as u64
    }

    fn hash(&self, resource: ResourceId, key: &str) -> u64 {
        self.hasher.hash_one((resource, key))
    }

    /// Whether this record counts, of those in the file that have its key.
    pub(super) fn wins(&self, parts: &Parts, row: u64, mapped: &Mapped) -> bool {
        let resource = parts.plan.targets[mapped.target].resource;
        let Some(key) = &mapped.key else { return false };
        self.winners.get(&self.hash(resource, key)) == Some(&Self::mark(row, mapped.target))
    }

    /// Whether the file holds this key.
    pub(super) fn holds(&self, resource: ResourceId, key: &str) -> bool {
        self.keys.as_ref().is_some_and(|keys| keys.contains(&self.hash(resource, key)))
    }

    fn take(&mut self, parts: &Parts, tally: &mut Tally, row: u64, line: u64, mapped: &Mapped) {
        let at = mapped.target;
        let target = &parts.plan.targets[at];
        tally.counts[at].read += 1;
        if at == 0 {
            match &mapped.key {
                None => self.keyless += 1,
                Some(key) => {
                    let hash = self.hash(target.resource, key);
                    self.keys.as_mut().map(|keys| keys.insert(hash));
                }
            }
        }
        for fault in &mapped.faults {
            tally.fault(&parts.plan, Some(at), line, mapped.refused, fault);
        }
        let Some(key) = mapped.key.as_ref().filter(|_| !mapped.refused) else {
            tally.counts[at].refused += 1;
            return;
        };
        let mark = Self::mark(row, at);
        let hash = self.hash(target.resource, key);
        match self.winners.entry(hash) {
            Entry::Vacant(place) => drop(place.insert(mark)),
            Entry::Occupied(mut place) => match target.duplicates {
                Duplicates::First => tally.counts[at].repeated += 1,
                Duplicates::Last => {
                    place.insert(mark);
                    tally.counts[at].repeated += 1;
                }
                Duplicates::Refuse => {
                    tally.counts[at].refused += 1;
                    let fault = RowFault {
                        code: "duplicate_key",
                        field: None,
                        column: None,
                        value: crate::mapping::cut(key),
                        message: format!("The key {key:?} came before in this file."),
                        hint: "Make the key of more columns, or set duplicates = \"first\" or \"last\"."
                            .into(),
                    };
                    tally.fault(&parts.plan, Some(at), line, true, &fault);
                }
            },
        }
    }
}

/// Reads the whole file. With `wants_keys`, every key is kept.
pub(crate) fn survey(
    parts: &Parts,
    wants_keys: bool,
    progress: &dyn Progress,
) -> Result<Survey, IntakeError> {
    let mut survey = Survey {
        tally: Tally::new(&parts.plan, &parts.limits),
        ended: Ended::default(),
        hasher: RandomState::new(),
        winners: HashMap::new(),
        keys: wants_keys.then(HashSet::new),
        keyless: 0,
    };
    let mut tally = Tally::new(&parts.plan, &parts.limits);
    let ended = parts.walk(Stage::Check, &mut tally, progress, &mut |tally, row, line, mapped| {
        survey.take(parts, tally, row, line, &mapped);
        let most = parts.limits.keys;
        match survey.winners.len() > most {
            true => Err(IntakeError::new(
                "too_many_keys",
                format!("The file has more than {most} different keys."),
                "Split it.",
            )),
            false => Ok(ControlFlow::Continue(())),
        }
    })?;
    (survey.tally, survey.ended) = (tally, ended);
    Ok(survey)
}
