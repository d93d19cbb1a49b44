//! A batch made ready in its caller's task, so that the one writer has little left to do.

use dictionary::{Dictionary, Feed, Key, Record, Text, Timestamp};

use crate::codec::{Encoded, LONGEST_BODY, Names, Refused, ResourceNumber, encode};
use crate::work::{Statement, statements};
use crate::{Batch, ErrorKind, Expect, Operation, StoreError};

/// Characters of a key, a feed, an actor, the name of a cursor or lease: the dictionary's own length for
/// keys, and short enough for every index.
const LONGEST_NAME: usize = 255;
/// Operations of one batch: a group of them must not hold the writer for longer than a second or two.
const MOST_OPERATIONS: usize = 10_000;
/// Bytes of all records of one batch.
const LARGEST_BATCH: usize = 64 << 20;
/// Cursors of one batch.
const MOST_CURSORS: usize = 1_000;
/// Bytes of what a cursor holds.
const LONGEST_CURSOR: usize = 64 << 10;

/// A batch whose records are bytes already.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) actor: Text,
    pub(crate) at: i64,
    pub(crate) steps: Vec<Step>,
    pub(crate) cursors: Vec<(Text, String)>,
    pub(crate) work: Vec<Statement>,
    pub(crate) bytes: usize,
}

/// One operation of it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) place: Place,
    pub(crate) expect: Expect,
    /// What is put there; none removes.
    pub(crate) put: Option<Put>,
}

/// A record and the feed that it is put for.
#[derive(Clone, Debug)]
pub(crate) struct Put {
    pub(crate) feed: Feed,
    pub(crate) encoded: Encoded,
}

impl Step {
    /// Bytes of its record.
    pub(crate) fn bytes(&self) -> usize {
        self.put.as_ref().map_or(0, |put| put.encoded.body.len())
    }
}

/// Where a record is kept.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    pub(crate) resource: ResourceNumber,
    pub(crate) key: Key,
}

/// Holds a batch against the bounds and encodes it.
pub(crate) fn prepare(dictionary: &Dictionary, names: &Names, batch: &Batch) -> Result<Prepared, StoreError> {
    named("The actor", &batch.actor)?;
    bounded("operations", batch.operations.len(), MOST_OPERATIONS)?;
    bounded("cursors", batch.cursors.len(), MOST_CURSORS)?;
    bounded("pieces of work", batch.work.len(), MOST_OPERATIONS)?;
    let work = statements(&batch.work)?;
    for (name, value) in &batch.cursors {
        named("The name of a cursor", name)?;
        bounded("bytes in a cursor", value.len(), LONGEST_CURSOR)?;
        without_nul("A cursor", value)?;
    }
    let mut steps = Vec::with_capacity(batch.operations.len());
    let mut bytes = 0;
    for (at, operation) in batch.operations.iter().enumerate() {
        let step = step(dictionary, names, operation).map_err(|error| error.at(at))?;
        bytes += step.bytes();
        bounded("bytes in a batch", bytes, LARGEST_BATCH)?;
        steps.push(step);
    }
    Ok(Prepared {
        actor: batch.actor.clone(),
        at: batch.at.as_microsecond(),
        steps,
        cursors: batch.cursors.clone(),
        work,
        bytes,
    })
}

fn step(dictionary: &Dictionary, names: &Names, operation: &Operation) -> Result<Step, StoreError> {
    match operation {
        Operation::Put { feed, record, expect, stamp } => {
            let number = names.resource(record.resource()).ok_or_else(stranger)?;
            let resource = dictionary.resource(record.resource());
            let key = resource.key_of(record).filter(|key| !key.is_empty()).ok_or_else(|| {
                StoreError::new(
                    ErrorKind::KeyMissing,
                    format!("A record of {} has no key.", resource.name),
                    "Check a record against the dictionary before it is written.",
                )
            })?;
            named("The key", &key)?;
            named("The feed", feed)?;
            let put = Put { feed: feed.clone(), encoded: bytes(dictionary, names, record, *stamp)? };
            Ok(Step { place: Place { resource: number, key }, expect: *expect, put: Some(put) })
        }
        Operation::Remove { resource, key, expect } => {
            let resource = names.resource(*resource).ok_or_else(stranger)?;
            named("The key", key)?;
            Ok(Step { place: Place { resource, key: key.clone() }, expect: *expect, put: None })
        }
    }
}

fn bytes(
    dictionary: &Dictionary,
    names: &Names,
    record: &Record,
    stamp: Option<Timestamp>,
) -> Result<Encoded, StoreError> {
    let resource = dictionary.resource(record.resource());
    let encoded = encode(names, record, stamp).map_err(|refused| match refused {
        Refused::Stranger => stranger(),
        Refused::WrongType(field) => {
            let field = resource.field(field);
            StoreError::new(
                ErrorKind::NotKeepable,
                format!("{} of {} holds a value of another type.", field.name, resource.name),
                format!("{} is {}.", field.name, field.ty.edm()),
            )
        }
    })?;
    bounded("bytes in a record", encoded.body.len(), LONGEST_BODY)?;
    Ok(encoded)
}

fn stranger() -> StoreError {
    StoreError::new(
        ErrorKind::NotKeepable,
        "The resource or a field is not of the dictionary that the store was opened with.",
        "Use one dictionary throughout a process.",
    )
}

/// Refuses a name that is empty, too long, or that PostgreSQL could not keep.
pub(crate) fn named(what: &str, name: &str) -> Result<(), StoreError> {
    if name.is_empty() {
        let hint = format!("Give a name of 1 to {LONGEST_NAME} characters.");
        return Err(StoreError::new(ErrorKind::NotKeepable, format!("{what} is empty."), hint));
    }
    // A text has no more characters than bytes: most need no count.
    let long = name.len() > LONGEST_NAME && name.chars().count() > LONGEST_NAME;
    if long {
        return Err(StoreError::new(
            ErrorKind::TooLarge,
            format!("{what} has more than {LONGEST_NAME} characters."),
            "Give a shorter one.",
        ));
    }
    without_nul(what, name)
}

fn without_nul(what: &str, text: &str) -> Result<(), StoreError> {
    if !text.contains('\0') {
        return Ok(());
    }
    let message = format!("{what} holds the character U+0000.");
    Err(StoreError::new(ErrorKind::NotKeepable, message, "Leave it out: no engine keeps it in a name."))
}

/// Refuses more of something than its bound.
pub(crate) fn bounded(what: &str, count: usize, most: usize) -> Result<(), StoreError> {
    if count <= most {
        return Ok(());
    }
    let message = format!("There are {count} {what}, and at most {most} are taken.");
    Err(StoreError::new(ErrorKind::TooLarge, message, "Take fewer at once."))
}
