//! Writing records (RESO-060 to 064, RESO Add/Edit 2.0.0): POST, PATCH, PUT and DELETE.
//!
//! A write reads as a sentence, too: *target* what the URL names, *draft* the records that the body makes of it, with
//! every fault told at once, *judge* them by what the client is granted and by the rules, *keep* them in one
//! transaction with what they change on the records that they are parts of, and *tell* what is there now. Until it is
//! kept nothing has changed; once it is told, it is on disk and every search sees it.
//!
//! ## Who sets what
//! - The key: the client, or this installation where the client gives none and the resource has a single key of text.
//!   Of a record that is there it does not change, whatever a body says (OData 4.01 part 1, 11.4.3).
//! - ModificationTimestamp and the Hub timestamps: this installation, always. A body that names another
//!   ModificationTimestamp has the record dated anew.
//! - OriginalEntryTimestamp, StatusChangeTimestamp, PriceChangeTimestamp: this installation, where the body says
//!   nothing of them and they are due.
//! - OriginatingSystemName: this installation, by the name of the feed, where a new record names none.
//! - What rules set (SET, SET_DEFAULT): the rules of the feed, whatever a body says.
//! - PhotosCount, PhotosChangeTimestamp and their like: this installation, when parts come, change or go (RESO-045).

mod check;
mod draft;
mod feed;
mod fields;
mod keep;
mod link;
mod nested;
mod parts;
mod plan;
mod precondition;
mod rules;
mod target;
mod tell;

use dictionary::{Feed, Record, ResourceId, Text, Timestamp};
use gate::Caller;
use http::{HeaderMap, Method};
use odata::Fault;
use query::Query;
use std::sync::Arc;
use store::{Expect, Sequence, Stored};

use crate::Door;
use crate::headers::Wishes;
use crate::reply::{Refused, Reply};
use crate::url::Url;

/// Bytes of a body: what a listing with a thousand nested records takes, many times over.
pub(crate) const LARGEST_BODY: usize = 16 << 20;
/// Records that one request writes, nested ones and the parts of a removed one among them.
const MOST_RECORDS: usize = 5_000;
/// How often a write is planned again as somebody else writes the same records.
pub(crate) const MOST_ATTEMPTS: usize = 8;

/// A request to write, whichever envelope it came in: alone, or as a part of a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: Url<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// What requests of the same change set do before this one.
    pub(crate) pending: &'a [Step],
}

impl<'a> Sent<'a> {
    /// What becomes of the record of this key before this request's turn comes, in the same change set.
    fn pending(&self, resource: ResourceId, key: &str) -> Option<&'a Step> {
        last(self.pending, resource, key)
    }
}

/// The last of `steps` that is about this record.
fn last<'s>(steps: &'s [Step], resource: ResourceId, key: &str) -> Option<&'s Step> {
    steps.iter().rfind(|step| step.resource == resource && step.key == key)
}

/// What is done to one record.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) resource: ResourceId,
    pub(crate) key: Text,
    pub(crate) feed: Feed,
    /// What the store held when this was planned.
    pub(crate) before: Option<Arc<Record>>,
    /// What it is to hold; none removes.
    pub(crate) after: Option<Record>,
    pub(crate) expect: Expect,
}

impl Step {
    /// What it makes of the record, for whoever writes on: a version that has no number yet.
    fn stored(&self, record: &Record, now: Timestamp) -> Stored {
        Stored {
            resource: self.resource,
            feed: self.feed.clone(),
            key: self.key.clone(),
            sequence: 0,
            at: now,
            record: Arc::new(record.clone()),
        }
    }
}

/// What becomes of the record that a request names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Deed {
    Created,
    Changed,
    Removed,
}

/// A write that may be kept: nothing has changed yet.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// The records, wholes before their parts, what is removed the other way. None where nothing differs.
    pub(crate) steps: Vec<Step>,
    pub(crate) deed: Deed,
    /// Which record the answer tells of.
    pub(crate) resource: ResourceId,
    pub(crate) key: Text,
    /// Its version, where it was there before.
    pub(crate) version: Option<Sequence>,
    /// What of it the answer tells.
    pub(crate) query: Query,
    /// Whether the client named the version that it writes on: a conflict is then its to solve.
    pub(crate) guarded: bool,
    /// What rules warn of.
    pub(crate) warnings: Vec<Fault>,
}

pub(crate) use keep::keep;
pub(crate) use plan::plan;
pub(crate) use rules::Rules;
pub(crate) use tell::{path, tell};

/// Does what a request asks, and answers once it is done.
///
/// A batch plans several and keeps them together with [`plan`], [`keep`] and [`tell`].
///
/// # Errors
/// 400 with every fault of the body, 403 for what is not granted, 404, 405, 409 for a key that is taken, 412, 413,
/// 415: nothing has changed then.
pub(crate) async fn write(
    door: &Door,
    caller: &Caller,
    sent: Sent<'_>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let mut wishes = Wishes { held: None, ..wishes.clone() };
    let mut attempts = 0;
    loop {
        attempts += 1;
        let planned = plan(door, caller, sent, &mut wishes, now).await?;
        match keep(door, caller, std::slice::from_ref(&planned), now).await {
            Ok(()) => return tell(door, caller, &planned, &wishes, now),
            Err(Refused::Overtaken(_)) if !planned.guarded && attempts < MOST_ATTEMPTS => {}
            Err(refused) => return Err(refused),
        }
    }
}
