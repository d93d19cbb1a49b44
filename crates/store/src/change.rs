//! What the store gives back: records as they are, and entries of the log.

use std::sync::Arc;

use dictionary::{Feed, Key, Record, ResourceId, Text, Timestamp};

/// The number of an entry of the log: 1, 2, 3 … without a gap, in the order of commits. It names the
/// version of the record that the entry wrote, too. 0 is before the first.
pub type Sequence = u64;

/// A record as it is, or was.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
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
    /// The record.
    pub record: Arc<Record>,
}

/// What an entry of the log did.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChangeKind {
    /// The key held nothing before.
    Created,
    /// The key held another version before.
    Changed,
    /// The key holds nothing any more.
    Removed,
}

/// One entry of the log: who did what to which record, and when (HUB-005).
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Its number.
    pub sequence: Sequence,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub actor: Text,
    /// Whose record.
    pub resource: ResourceId,
    /// The feed it belongs to.
    pub feed: Feed,
    /// Its key.
    pub key: Key,
    /// What was done.
    pub kind: ChangeKind,
    /// The version that it replaced or removed; [`Store::version`](crate::Store::version) gives it.
    pub before: Option<Sequence>,
    /// The record after it; none where it was removed.
    pub record: Option<Arc<Record>>,
}

/// Where an entry of the log belongs, without what it wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// Its number.
    pub sequence: Sequence,
    /// Whose record.
    pub resource: ResourceId,
    /// The feed it belongs to.
    pub feed: Feed,
    /// Its key.
    pub key: Key,
}
