//! An entry of the log as an engine keeps it.

use std::sync::Arc;

use dictionary::{Feed, Key, Text, Timestamp};

use crate::codec::{Damaged, Names, ResourceNumber, decode};
use crate::{Change, ChangeKind, ErrorKind, Sequence, StoreError, Stored};

/// The bytes of a record, shared between what is planned and what is written.
pub(crate) type Body = Arc<Vec<u8>>;

/// An entry of the log as an engine keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line {
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
    pub(crate) body: Option<Body>,
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

impl Line {
    /// The record that the entry wrote; none where it removed one, or where the dictionary of now does
    /// not know the resource.
    pub(crate) fn stored(self, names: &Names) -> Result<Option<Stored>, StoreError> {
        let (Some(resource), Some(body)) = (names.resource_id(self.resource), &self.body) else {
            return Ok(None);
        };
        let damaged = |damage| damaged(self.sequence, damage);
        let record = decode(names, resource, body).map_err(damaged)?;
        Ok(Some(Stored {
            resource,
            sequence: self.sequence,
            at: instant(self.at).map_err(damaged)?,
            feed: self.feed,
            key: self.key,
            record: Arc::new(record),
        }))
    }

    /// The entry, told; none where the dictionary of now does not know the resource.
    pub(crate) fn change(self, names: &Names) -> Result<Option<Change>, StoreError> {
        let Some(resource) = names.resource_id(self.resource) else { return Ok(None) };
        let damaged = |damage| damaged(self.sequence, damage);
        let record = self.body.as_ref().map(|body| decode(names, resource, body)).transpose();
        Ok(Some(Change {
            sequence: self.sequence,
            at: instant(self.at).map_err(damaged)?,
            resource,
            kind: self.kind,
            before: self.previous.filter(|_| self.kind != ChangeKind::Created),
            record: record.map_err(damaged)?.map(Arc::new),
            actor: self.actor,
            feed: self.feed,
            key: self.key,
        }))
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
