//! Work: what is owed to whom, what was tried, and what lies in whose inbox.
//!
//! These rows churn, so they are tables and not records: the log does not hold them and a backup leaves
//! them out. They are written in a [`Batch`](crate::Batch), in the transaction of its operations and
//! cursors, so that a reader of the log moves on in the moment in which what it read is owed.

mod read;
mod sql;
mod write;

use std::time::Duration;

use dictionary::{Key, Text, Timestamp};

use crate::Sequence;

pub use read::Inboxed;
pub(crate) use write::{Statement, statements};

/// What a batch does to the work tables.
#[derive(Clone, PartialEq, Debug)]
pub enum Work {
    /// Owes an event to an endpoint. One that is owed already stays as it is.
    Owe(Owed),
    /// Owes an event to an endpoint once more, from the first step of the schedule on, whatever became of
    /// it before.
    OweAgain(Owed),
    /// An attempt was made.
    Attempted {
        /// The delivery, as it was when the attempt began.
        delivery: Delivery,
        /// What was tried.
        attempt: Attempt,
        /// What becomes of the delivery.
        then: Then,
    },
    /// What an endpoint's order holds back is held back no longer.
    LetGo {
        /// Whose.
        endpoint: Text,
    },
    /// An event lies in an agent's inbox.
    Inbox {
        /// Whose.
        agent: Text,
        /// The log's number of the event.
        sequence: Sequence,
        /// The event's key.
        event: Key,
        /// When it was accepted.
        at: Timestamp,
    },
    /// An event lies in an agent's inbox no longer.
    Unbox {
        /// Whose.
        agent: Text,
        /// The log's number of the event.
        sequence: Sequence,
    },
    /// How an endpoint fares.
    Health(Health),
    /// Forgets an endpoint's deliveries up to a sequence, with their attempts; at most 1,000 at once.
    Forget {
        /// Whose.
        endpoint: Text,
        /// The last that is forgotten.
        upto: Sequence,
        /// Those that are done alone, or all.
        done_alone: bool,
    },
}

/// An event that is owed to an endpoint.
#[derive(Clone, PartialEq, Debug)]
pub struct Owed {
    /// To whom. At most 255 characters.
    pub endpoint: Text,
    /// The log's number of the event: deliveries of one ordering key follow it.
    pub sequence: Sequence,
    /// The event's key.
    pub event: Key,
    /// For which subscription.
    pub subscription: Text,
    /// As a copy of which agent.
    pub agent: Text,
    /// Where the endpoint is ordered: what must be done or dead before the next of this key goes out.
    pub ordering_key: Option<Text>,
    /// When it is first tried.
    pub due: Timestamp,
}

/// How far a delivery has got.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DeliveryState {
    /// It is sent when it is due.
    Waiting,
    /// Another of its ordering key goes first.
    Held,
    /// It was acknowledged.
    Done,
    /// It was given up: a dead letter.
    Dead,
}

impl DeliveryState {
    /// The word by which answers tell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// A delivery.
#[derive(Clone, PartialEq, Debug)]
pub struct Delivery {
    /// What is owed to whom; `due` is when it is next tried, or when it was last.
    pub owed: Owed,
    /// How far it has got.
    pub state: DeliveryState,
    /// Attempts that were made, ever.
    pub tries: u32,
    /// Attempts that failed since it was last owed: the step of the schedule.
    pub step: u32,
}

/// One attempt.
#[derive(Clone, PartialEq, Debug)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// The status that was answered.
    pub status: Option<u16>,
    /// How long it took.
    pub latency: Duration,
    /// Why it failed, as a code; none where it succeeded.
    pub fault: Option<Text>,
    /// What was answered, as far as it is kept.
    pub answer: Text,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// It is done.
    Done,
    /// It is tried again at this instant.
    Again(Timestamp),
    /// It is given up.
    Dead,
}

/// How an endpoint fares.
#[derive(Clone, PartialEq, Debug)]
pub struct Health {
    /// Which.
    pub endpoint: Text,
    /// Since when every attempt has failed; none where the last one succeeded.
    pub failing_since: Option<Timestamp>,
    /// The percentage of the time until it is disabled at which its owner was last warned.
    pub warned: u8,
}

impl DeliveryState {
    /// The number on disk. For ever.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Waiting => 1,
            Self::Held => 2,
            Self::Done => 3,
            Self::Dead => 4,
        }
    }

    pub(crate) fn of_number(number: i64) -> Option<Self> {
        [Self::Waiting, Self::Held, Self::Done, Self::Dead].into_iter().find(|state| state.number() == number)
    }
}
