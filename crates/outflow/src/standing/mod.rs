//! What stands: who subscribes to what, where it is sent, who is granted what, whose data are covered.
//!
//! All of it is records of Freehold's own resources. [`Book`] holds them in memory, read from the store and
//! kept current from the log.

mod book;
mod check;
mod read;
#[cfg(test)]
mod tests;

use dictionary::{Text, Timestamp};
use store::Sequence;

use crate::{PayloadFilter, Scheme};

pub(crate) use book::READ;
pub use book::{Book, Match};
pub use check::check_standing;
pub(crate) use read::{ENTITY_EVENT, Words};

/// A subscription.
#[derive(Clone, PartialEq, Debug)]
pub struct Subscription {
    /// Its key.
    pub id: Text,
    /// Whose it is.
    pub client: Text,
    /// Whose events; `*` is everyone's.
    pub agent: Text,
    /// Where they are sent; one without is for pulling alone.
    pub endpoint: Option<Text>,
    /// Which topics, as [`TopicPattern`](crate::TopicPattern)s.
    pub topics: Vec<Text>,
    /// Which payloads; one that cannot be read wants none.
    pub filter: Option<Result<PayloadFilter, crate::FilterFault>>,
    /// Whether the context of the publishing request is told (EVT-074).
    pub need_context: bool,
    /// Whether it is in force: neither pending nor rejected.
    pub active: bool,
}

/// Whether an endpoint is sent to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndpointStatus {
    /// It has not answered its challenge (EVT-091).
    Unverified,
    /// It is sent to.
    Active,
    /// It is not sent to until it is enabled again.
    Disabled,
}

/// In which words an endpoint is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// The envelope.
    #[default]
    Envelope,
    /// CloudEvents, structured.
    CloudStructured,
    /// CloudEvents, binary.
    CloudBinary,
    /// The log, as RESO's EntityEvents (RCP-28), and no event.
    EntityEvent,
}

/// Where events are sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Endpoint {
    /// Its key.
    pub id: Text,
    /// The version of its record.
    pub version: Sequence,
    /// Whose it is.
    pub client: Text,
    /// What it is called, for people; a receiver of EntityEvents is told it as their source.
    pub name: Option<Text>,
    /// Its address.
    pub url: Text,
    /// Whether it is sent to.
    pub status: EndpointStatus,
    /// When its record last changed.
    pub changed: Timestamp,
    /// Since when it is disabled.
    pub disabled: Option<Timestamp>,
    /// How its deliveries are signed.
    pub scheme: Scheme,
    /// What its secret is derived from.
    pub nonce: Text,
    /// What its former secret was derived from, and until when that signs as well (EVT-082).
    pub previous: Option<(Text, Timestamp)>,
    /// What the receiver confided, sealed.
    pub sealed: Option<Text>,
    /// In which words it is told.
    pub format: Format,
    /// Whether events of one key come one after the other (EVT-089).
    pub ordered: bool,
    /// Requests a second at most.
    pub rate: Option<u32>,
    /// Requests at a time at most.
    pub concurrency: usize,
}

/// What a grant lets a client do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// Publish to the agent.
    Publish,
    /// Receive what the agent receives.
    Subscribe,
    /// Act for the agent: let apps receive what it receives, and publish to it (EVT-072).
    Authorize,
}

/// That a client may publish to, or receive for, an agent. What no grant says is not so (EVT-034).
#[derive(Clone, PartialEq, Debug)]
pub struct TopicGrant {
    /// To whom.
    pub client: Text,
    /// The agent; `*` is everyone.
    pub agent: Text,
    /// Which topics, as [`TopicPattern`](crate::TopicPattern).
    pub pattern: Text,
    /// What.
    pub direction: Direction,
    /// Until when.
    pub expires: Option<Timestamp>,
}
