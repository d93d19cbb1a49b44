//! The store: remembers records, the log of their changes, cursors and leases, in SQLite or PostgreSQL.
//!
//! A write appends to the log and moves the record's head in one transaction, on disk before it is
//! acknowledged (RESO-064). The log holds every version of every record once, with its actor, the
//! version before it and the one after; whatever else there is (the index of `search`, history, audit)
//! is read from it. Sequences count commits: 1, 2, 3 … without a gap.
//!
//! Beside the records stands work: what is owed to whom ([`Work`]). It churns, and the log does not hold it.
//!
//! This crate is the only one with a SQL driver. It does not know HTTP, any door's rules, or what time
//! it is: instants come in with what is written.

mod assembly;
mod backup;
mod batch;
mod change;
mod codec;
mod engine;
mod error;
mod follower;
mod job;
mod lease;
mod line;
mod patience;
mod pending;
mod plan;
mod postgres;
mod prepare;
mod read;
mod row_group;
mod schema;
mod settings;
mod sql;
mod sqlite;
mod store;
mod work;

pub use assembly::Assembly;
pub use backup::Beside;
pub use batch::{Batch, Expect, OWN_FEED, Operation, Outcome, Receipt};
pub use change::{Change, ChangeKind, Sequence, Stored, Trace};
pub use error::{ErrorKind, StoreError};
pub use follower::Follower;
pub use lease::Lease;
pub use patience::Patience;
pub use row_group::{FieldRun, Head, Lists, RowGroup, Texts, Values};
pub use settings::{Certificates, Settings};
pub use store::{Scan, Store};
pub use work::{Attempt, Delivery, DeliveryState, Health, Inboxed, Owed, Then, Work};
