//! A record as it lies on disk, read field by field without making a record of it.

use std::ops::Range;
use std::sync::Arc;

use dictionary::{Feed, FieldId, Key, ResourceId, ValueRef};

use crate::codec::{Names, visit};
use crate::line::{Body, Line, damaged};
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

impl Line {
    /// The record that the entry wrote, as it lies; none as with [`stored`](Self::stored).
    pub(crate) fn packed(self, names: &Arc<Names>) -> Option<Packed> {
        let (resource, body) = (names.resource_id(self.resource)?, self.body?);
        let (feed, key, sequence) = (self.feed, self.key, self.sequence);
        Some(Packed { resource, feed, key, sequence, body, names: Arc::clone(names) })
    }
}
