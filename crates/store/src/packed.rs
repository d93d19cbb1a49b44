//! A record as it lies on disk, read field by field without making a record of it.

use std::ops::Range;
use std::sync::Arc;

use dictionary::{Feed, FieldId, Key, ResourceId, Timestamp, ValueRef};

use crate::codec::{Names, visit};
use crate::line::{Body, Line, damaged, owned};
use crate::{Sequence, StoreError};

/// A record as it lies on disk: for whoever looks at each of millions once, such as an index that starts.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Whose record.
    pub resource: ResourceId,
    /// The feed it belongs to.
    pub feed: Feed,
    /// Its key.
    pub key: Key,
    /// Its version.
    pub sequence: Sequence,
    /// When that version was written.
    pub at: Timestamp,
    /// When the record came into being: first of all, or again after it had been removed.
    pub created: Timestamp,
    body: Body,
    names: Arc<Names>,
}

impl Packed {
    /// Calls `look` with every field of these that has a value, in the order in which they lie on disk.
    ///
    /// # Errors
    /// Bytes that are not what was written.
    pub fn each(
        &self,
        fields: Range<usize>,
        mut look: impl FnMut(FieldId, ValueRef<'_>),
    ) -> Result<(), StoreError> {
        visit(&self.names, &self.body, fields, &mut look).map_err(|damage| damaged(self.sequence, damage))
    }
}

/// The record that an entry wrote, as it lies; none as with [`stored`](crate::line::stored).
pub(crate) fn unread(
    line: Line<&[u8]>,
    names: &Names,
) -> Result<Option<(ResourceId, Line<Body>)>, StoreError> {
    let Some(resource) = names.resource_id(line.resource).filter(|_| line.body.is_some()) else {
        return Ok(None);
    };
    Ok(owned(line, names)?.map(|line| (resource, line)))
}

impl Packed {
    pub(crate) fn new((resource, line): (ResourceId, Line<Body>), names: &Arc<Names>) -> Option<Self> {
        let Line { sequence, at, feed, key, body, created, .. } = line;
        // Instants were checked when they were written.
        let instant = |microseconds| Timestamp::from_microsecond(microseconds).unwrap_or_default();
        let (at, created) = (instant(at), instant(created.unwrap_or(at)));
        Some(Self { resource, feed, key, sequence, at, created, body: body?, names: Arc::clone(names) })
    }
}
