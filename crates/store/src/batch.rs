//! What is written at once, and what became of it.

use dictionary::{Feed, Key, Record, ResourceId, Text, Timestamp};

use crate::{Sequence, Work};

/// Operations that are kept together or not at all.
#[derive(Clone, PartialEq, Debug)]
pub struct Batch {
    /// Who writes: a client, an operator, an import. At most 255 characters, never empty (HUB-005).
    pub actor: Text,
    /// The instant of the write.
    pub at: Timestamp,
    /// What is done, in this order; at most 10,000.
    pub operations: Vec<Operation>,
    /// Named places that move with the operations: how far a reader of something has got. At most 1,000.
    pub cursors: Vec<(Text, String)>,
    /// What is done to the work tables in the same transaction, in this order; at most 10,000.
    pub work: Vec<Work>,
}

impl Batch {
    /// A batch that does nothing yet.
    #[must_use]
    pub fn new(actor: impl Into<Text>, at: Timestamp) -> Self {
        Self { actor: actor.into(), at, operations: Vec::new(), cursors: Vec::new(), work: Vec::new() }
    }
}

/// One thing done to one record.
#[derive(Clone, PartialEq, Debug)]
pub enum Operation {
    /// Keeps `record` in the place of whatever its key held.
    Put {
        /// The feed it belongs to; a key that another feed holds is refused (`key_in_other_feed`).
        feed: Feed,
        /// The record, with its key; whoever writes has checked it against the dictionary.
        record: Record,
        /// What the key must hold for this to be done.
        expect: Expect,
        /// Where the record differs from the kept one in any field but its resource's timestamp, that
        /// field is set to this instant; where it does not, nothing is written.
        stamp: Option<Timestamp>,
    },
    /// Removes a record; what it was stays in the log.
    Remove {
        /// Whose record.
        resource: ResourceId,
        /// Which.
        key: Key,
        /// What the key must hold for this to be done.
        expect: Expect,
    },
}

/// The feed of Freehold's own records: clients, grants, sources, subscriptions. Operators alone see it.
pub const OWN_FEED: &str = "freehold";

impl Operation {
    /// Keeps a record of Freehold's own, its timestamp as it is.
    #[must_use]
    pub fn put_own(record: Record, expect: Expect) -> Self {
        Self::Put { feed: OWN_FEED.into(), record, expect, stamp: None }
    }

    /// Keeps `record` whatever its key held, its own timestamp as it is.
    #[must_use]
    pub fn put(feed: impl Into<Feed>, record: Record) -> Self {
        Self::Put { feed: feed.into(), record, expect: Expect::Any, stamp: None }
    }

    /// Removes a record whatever it is.
    #[must_use]
    pub fn remove(resource: ResourceId, key: impl Into<Key>) -> Self {
        Self::Remove { resource, key: key.into(), expect: Expect::Any }
    }
}

/// What a key must hold for an operation to be done (HTTP's `If-Match` and `If-None-Match: *`). What is
/// not met fails the whole batch (`version_conflict`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Expect {
    /// Anything, or nothing.
    #[default]
    Any,
    /// Nothing.
    Absent,
    /// This version and no other.
    At(Sequence),
}

/// What became of one operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// The key held nothing; this is its version now.
    Created(Sequence),
    /// The key held another version; this is its version now.
    Changed(Sequence),
    /// The key held the same already: this version, and nothing was written.
    Unchanged(Sequence),
    /// The record is gone; this entry of the log says so.
    Removed(Sequence),
    /// There was nothing to remove.
    Absent,
}

/// What became of a batch that is on disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Receipt {
    /// One for each operation, in their order.
    pub outcomes: Vec<Outcome>,
    /// The newest sequence once the batch was kept, its own or an older one where it changed nothing:
    /// who has applied the log up to here sees the batch.
    pub head: Sequence,
}
