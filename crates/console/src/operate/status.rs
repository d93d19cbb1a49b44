//! How the node stands.

use dictionary::{Feed, Text};
use odata::Fault;
use search::Search;
use store::Sequence;

use super::{Desk, of_store};

/// How many records of a resource a feed has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The resource.
    pub resource: Text,
    /// The feed.
    pub feed: Feed,
    /// Records.
    pub records: u64,
}

/// How the node stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// The newest sequence of the log.
    pub head: Sequence,
    /// How far the gate has read, where there is one.
    pub gate: Option<Sequence>,
    /// How far the index has read, where there is one.
    pub search: Option<Sequence>,
    /// Whether the index has loaded all that there was when it began.
    pub ready: bool,
    /// Bytes that the index takes.
    pub index_bytes: u64,
    /// Records, by resource and feed.
    pub counts: Vec<Counted>,
}

/// How the node stands.
///
/// # Errors
/// The store does not answer.
pub async fn status(desk: &Desk, search: Option<&Search>) -> Result<Status, Fault> {
    let head = desk.store.head().await.map_err(of_store)?;
    let mut counts = Vec::new();
    let mut index_bytes = 0;
    if let Some(search) = search {
        let reader = search.read();
        for resource in desk.dictionary.resources() {
            counts.extend(reader.counts(resource.id).into_iter().map(|(feed, records)| Counted {
                resource: resource.name.clone(),
                feed,
                records,
            }));
        }
        drop(reader);
        index_bytes = search.bytes_by_column().iter().map(|(_, _, bytes)| *bytes as u64).sum();
    }
    Ok(Status {
        head,
        gate: desk.gate.as_ref().map(gate::Gate::applied),
        search: search.map(Search::applied),
        ready: search.is_none_or(Search::is_ready),
        index_bytes,
        counts,
    })
}
