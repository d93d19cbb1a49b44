//! What a group of batches does to the log and the heads, decided in memory before any of it is written.
//!
//! The engine gives the heads of every key that the group names; it gets back what to write, which it
//! keeps in one transaction. So both engines do the same, and a batch that is refused leaves no trace.

use std::collections::{BTreeSet, HashMap};

use dictionary::{Feed, Text};

use crate::codec::{Compared, LONGEST_BODY, Names, compare};
use crate::line::{Body, Line, damaged};
use crate::prepare::{Place, Prepared, Put, Step, bounded};
use crate::work::Statement;
use crate::{ChangeKind, ErrorKind, Expect, Outcome, Receipt, Sequence, StoreError};

/// What a key holds now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) feed: Feed,
    pub(crate) sequence: Sequence,
    /// What the record says of when it changed, in microseconds.
    pub(crate) stamp: Option<i64>,
    /// None where the record was removed; the sequence is then that of the removal.
    pub(crate) body: Option<Body>,
    /// When the record came into being, in microseconds, where that happens here; none leaves what is kept.
    pub(crate) created: Option<i64>,
}

/// Heads by their places; a place that was never written is not in it.
pub(crate) type Heads = HashMap<Place, Head>;

/// What a group of batches does.
pub(crate) struct Plan<'a> {
    names: &'a Names,
    heads: Heads,
    /// The newest sequence, given or planned.
    pub(crate) head: Sequence,
    /// What is appended to the log, in order.
    pub(crate) lines: Vec<Line>,
    touched: BTreeSet<Place>,
    /// Where named readers have got to.
    pub(crate) cursors: HashMap<Text, String>,
    /// What is done to the work tables, in order.
    pub(crate) work: Vec<Statement>,
}

impl<'a> Plan<'a> {
    /// A plan on top of these heads, which are those of every place that the group names.
    pub(crate) fn new(names: &'a Names, head: Sequence, heads: Heads) -> Self {
        Self {
            names,
            heads,
            head,
            lines: Vec::new(),
            touched: BTreeSet::new(),
            cursors: HashMap::new(),
            work: Vec::new(),
        }
    }

    /// Plans one more batch, which sees what the ones before it did. Where it is refused, nothing is
    /// planned.
    pub(crate) fn add(&mut self, batch: &Prepared) -> Result<Receipt, StoreError> {
        let start = self.lines.len();
        let mut undo: Vec<(Place, Option<Head>)> = Vec::new();
        let mut outcomes = Vec::with_capacity(batch.steps.len());
        for (at, step) in batch.steps.iter().enumerate() {
            match self.step(batch, step, &mut undo) {
                Ok(outcome) => outcomes.push(outcome),
                Err(error) => {
                    self.head -= (self.lines.len() - start) as Sequence;
                    self.lines.truncate(start);
                    for (place, head) in undo.into_iter().rev() {
                        match head {
                            Some(head) => self.heads.insert(place, head),
                            None => self.heads.remove(&place),
                        };
                    }
                    return Err(error.at(at));
                }
            }
        }
        self.touched.extend(undo.into_iter().map(|(place, _)| place));
        self.cursors.extend(batch.cursors.iter().cloned());
        self.work.extend(batch.work.iter().cloned());
        Ok(Receipt { outcomes, head: self.head })
    }

    /// Plans the next part of an assembly, whose outcomes so far the receipt holds.
    pub(crate) fn add_part(&mut self, part: &Prepared, receipt: &mut Receipt) -> Result<(), StoreError> {
        let before = receipt.outcomes.len();
        let told = self.add(part).map_err(|error| match error.operation {
            Some(at) => error.at(before + at),
            None => error,
        })?;
        receipt.outcomes.extend(told.outcomes);
        receipt.head = told.head;
        Ok(())
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.cursors.is_empty() && self.work.is_empty()
    }

    /// The heads that have moved, each once, as they end up.
    pub(crate) fn moved(&self) -> impl Iterator<Item = (&Place, &Head)> {
        self.touched.iter().filter_map(|place| self.heads.get_key_value(place))
    }

    fn step(
        &mut self,
        batch: &Prepared,
        step: &Step,
        undo: &mut Vec<(Place, Option<Head>)>,
    ) -> Result<Outcome, StoreError> {
        let known = self.heads.get(&step.place);
        let live = known.and_then(|head| Some((head, head.body.as_ref()?)));
        expected(step, live.map(|(head, _)| head.sequence))?;
        let (kind, feed, body, stamp) = match (&step.put, live) {
            (None, None) => return Ok(Outcome::Absent),
            (None, Some((head, _))) => (ChangeKind::Removed, head.feed.clone(), None, None),
            (Some(put), None) => {
                let Put { feed, encoded, .. } = put;
                (ChangeKind::Created, feed.clone(), Some(encoded.body.clone()), encoded.timestamp)
            }
            (Some(put), Some((head, kept))) => {
                if head.feed != put.feed {
                    return Err(other_feed(step, &head.feed, &put.feed));
                }
                let compared = compare(self.names, kept, &put.encoded);
                let body = match compared.map_err(|damage| damaged(head.sequence, damage))? {
                    Compared::Same => return Ok(Outcome::Unchanged(head.sequence)),
                    Compared::Differs => put.encoded.body.clone(),
                    Compared::Carries(body) => {
                        bounded("bytes in a record", body.len(), LONGEST_BODY)?;
                        Body::new(body)
                    }
                };
                (ChangeKind::Changed, put.feed.clone(), Some(body), put.encoded.timestamp)
            }
        };
        let previous = known.map(|head| head.sequence);
        self.head += 1;
        let sequence = self.head;
        self.lines.push(Line {
            sequence,
            at: batch.at,
            actor: batch.actor.clone(),
            resource: step.place.resource,
            feed: feed.clone(),
            key: step.place.key.clone(),
            kind,
            previous,
            body: body.clone(),
            created: None,
        });
        let created = match kind {
            ChangeKind::Created => Some(batch.at),
            ChangeKind::Changed | ChangeKind::Removed => known.and_then(|head| head.created),
        };
        let head = Head { feed, sequence, stamp, body, created };
        undo.push((step.place.clone(), self.heads.insert(step.place.clone(), head)));
        Ok(match kind {
            ChangeKind::Created => Outcome::Created(sequence),
            ChangeKind::Changed => Outcome::Changed(sequence),
            ChangeKind::Removed => Outcome::Removed(sequence),
        })
    }
}

fn expected(step: &Step, found: Option<Sequence>) -> Result<(), StoreError> {
    let met = match step.expect {
        Expect::Any => true,
        Expect::Absent => found.is_none(),
        Expect::At(sequence) => found == Some(sequence),
    };
    if met {
        return Ok(());
    }
    let key = &step.place.key;
    let message = match found {
        None => format!("{key:?} is not there."),
        Some(sequence) => format!("{key:?} is at version {sequence}, which is not the one expected."),
    };
    Err(StoreError::new(ErrorKind::Conflict, message, "Read the record again and decide on what it is now."))
}

fn other_feed(step: &Step, kept: &Feed, given: &Feed) -> StoreError {
    StoreError::new(
        ErrorKind::KeyInOtherFeed,
        format!("{:?} is a record of the feed {kept}, not of {given}.", step.place.key),
        "Keys are unique in a resource whatever the feed; put the feed's name before the key, or write to its feed.",
    )
}
