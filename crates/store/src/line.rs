//! An entry of the log as an engine keeps it.

use std::sync::Arc;

use dictionary::{Feed, Key, Text, Timestamp};

use crate::codec::{Damaged, Names, ResourceNumber, decode};
use crate::{Change, ChangeKind, ErrorKind, Sequence, StoreError, Stored, Trace};

/// The bytes of a record, shared between what is planned and what is written.
pub(crate) type Body = Arc<Vec<u8>>;

/// An entry of the log as an engine keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line<B = Body> {
    pub(crate) sequence: Sequence,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) actor: Text,
    pub(crate) resource: ResourceNumber,
    pub(crate) feed: Feed,
    pub(crate) key: Key,
    pub(crate) kind: ChangeKind,
    /// The entry before of the same key, a removal too: the chain that history walks.
    pub(crate) previous: Option<Sequence>,
    /// None where the record was removed.
    pub(crate) body: Option<B>,
    /// When the record came into being, in microseconds since 1970, where the statement says so.
    pub(crate) created: Option<i64>,
}

impl ChangeKind {
    /// The number on disk. For ever.
    pub(crate) fn number(self) -> i16 {
        match self {
            Self::Created => 1,
            Self::Changed => 2,
            Self::Removed => 3,
        }
    }

    pub(crate) fn of_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Created),
            2 => Some(Self::Changed),
            3 => Some(Self::Removed),
            _ => None,
        }
    }
}

/// A microsecond count as an instant.
pub(crate) fn instant(microseconds: i64) -> Result<Timestamp, Damaged> {
    Timestamp::from_microsecond(microseconds).map_err(|_| Damaged("an instant is out of range"))
}

/// The record that an entry wrote; none where it removed one, or where the dictionary of now does not
/// know the resource.
pub(crate) fn stored(line: Line<&[u8]>, names: &Names) -> Result<Option<Stored>, StoreError> {
    let (Some(resource), Some(body)) = (names.resource_id(line.resource), line.body) else {
        return Ok(None);
    };
    let damaged = |damage| damaged(line.sequence, damage);
    let record = decode(names, resource, body).map_err(damaged)?;
    let at = instant(line.at).map_err(damaged)?;
    let Line { sequence, feed, key, .. } = line;
    Ok(Some(Stored { resource, feed, key, sequence, at, record: Arc::new(record) }))
}

/// An entry, told; none where the dictionary of now does not know the resource.
pub(crate) fn change(line: Line<&[u8]>, names: &Names) -> Result<Option<Change>, StoreError> {
    let Some(resource) = names.resource_id(line.resource) else { return Ok(None) };
    let damaged = |damage| damaged(line.sequence, damage);
    let record = line.body.map(|body| decode(names, resource, body)).transpose().map_err(damaged)?;
    let at = instant(line.at).map_err(damaged)?;
    let Line { sequence, actor, feed, key, kind, previous, .. } = line;
    let before = previous.filter(|_| kind != ChangeKind::Created);
    Ok(Some(Change { sequence, at, actor, resource, feed, key, kind, before, record: record.map(Arc::new) }))
}

/// Where an entry belongs; none as with [`change`].
pub(crate) fn trace(line: Line<&[u8]>, names: &Names) -> Result<Option<Trace>, StoreError> {
    let Line { sequence, resource, feed, key, .. } = line;
    Ok(names.resource_id(resource).map(|resource| Trace { sequence, resource, feed, key }))
}

/// An entry with bytes of its own.
pub(crate) fn owned(line: Line<&[u8]>, _names: &Names) -> Result<Option<Line>, StoreError> {
    let Line { sequence, at, actor, resource, feed, key, kind, previous, body, created } = line;
    let body = body.map(|body| Body::new(body.to_vec()));
    Ok(Some(Line { sequence, at, actor, resource, feed, key, kind, previous, body, created }))
}

/// What an entry is turned into while its bytes still lie where the engine read them.
pub(crate) type Tell<T> = fn(Line<&[u8]>, &Names) -> Result<Option<T>, StoreError>;

/// What gathers entries while their bytes still lie where the engine read them.
pub(crate) trait Gather: Send + 'static {
    fn add(&mut self, line: Line<&[u8]>, names: &Names) -> Result<(), StoreError>;
}

/// What entries were turned into, and the newest sequence among them, those passed over too.
pub(crate) struct Told<T> {
    pub(crate) told: Vec<T>,
    pub(crate) last: Option<Sequence>,
    tell: Tell<T>,
}

impl<T> Told<T> {
    /// Nothing yet.
    pub(crate) fn by(tell: Tell<T>) -> Self {
        Self { told: Vec::new(), last: None, tell }
    }
}

impl<T: Send + 'static> Gather for Told<T> {
    fn add(&mut self, line: Line<&[u8]>, names: &Names) -> Result<(), StoreError> {
        self.last = self.last.max(Some(line.sequence));
        self.told.extend((self.tell)(line, names)?);
        Ok(())
    }
}

/// The fault of an entry that cannot be read.
pub(crate) fn damaged(sequence: Sequence, damage: Damaged) -> StoreError {
    StoreError::new(
        ErrorKind::Damaged,
        format!("Entry {sequence} of the log cannot be read: {}.", damage.0),
        "Restore the newest backup, and check the disk.",
    )
}
