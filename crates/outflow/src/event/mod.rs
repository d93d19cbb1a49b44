//! An event: what happened, to whom it is told, in bytes that never change.

pub(crate) mod cloud;
pub(crate) mod envelope;
mod id;
#[cfg(test)]
mod tests;

use dictionary::{Dictionary, Record, Text, Timestamp, Value};
use store::{Expect, Operation};

pub use id::EventId;

use crate::topic::is_topic;

/// Bytes of an event's data at most (EVT-043).
pub const LARGEST_DATA: usize = 256 << 10;
/// Agents that one event is told to at most.
const MOST_RECIPIENTS: usize = 1_000;
/// Characters of a URI.
const LONGEST_URI: usize = 2_048;
/// Characters of an ordering key and of a subject, as the dictionary has them.
const LONGEST_KEY: usize = 255;
/// The feed that events belong to: Freehold's own, which no grant of records names.
pub(crate) const FEED: &str = "freehold";

/// What happened, as it was accepted. Kept as a record of `Event`; write [`Event::operation`] in the batch
/// of whatever caused it, so that both are there or neither.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// The key, as [`EventId::text`] gives it, or any other text of at most 64 characters that is good for
    /// a header.
    pub id: Text,
    /// The address that every subscriber sees as `id` (EVT-035).
    pub uri: Text,
    /// What kind of thing happened.
    pub topic: Text,
    /// When (EVT-039).
    pub time: Timestamp,
    /// The profile of whoever published it (EVT-036).
    pub instrument: Text,
    /// The recipients as given, never none: whom it was published to.
    pub original_recipients: Vec<Text>,
    /// Who gets a copy besides (EVT-038).
    pub sources: Vec<Text>,
    /// Events of one key reach an ordered endpoint one after the other (EVT-089): the transaction, listing
    /// or contact that it is about.
    pub ordering_key: Option<Text>,
    /// What it is about, for CloudEvents' `subject` (EVT-097).
    pub subject: Option<Text>,
    /// What is known of the request that published it, a JSON object; left out where a subscription does
    /// not need it (EVT-074). Never a credential.
    pub context: Option<Text>,
    /// The payload: a JSON object of at most 256 KiB, kept to the byte.
    pub data: Text,
}

/// Why an event cannot be kept.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} {hint}")]
pub struct EventFault {
    /// The stable name, such as `event_data_too_large`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl Event {
    /// Everyone who gets a copy, each once: the recipients, then the sources.
    #[must_use]
    pub fn recipients(&self) -> Vec<Text> {
        let mut all: Vec<Text> = Vec::with_capacity(self.original_recipients.len() + self.sources.len());
        for one in self.original_recipients.iter().chain(&self.sources) {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        all
    }

    /// What keeps the event: refused where its id is taken already. `now` is when it was accepted.
    ///
    /// # Errors
    /// A bound that is passed, a topic or data of another form.
    pub fn operation(&self, dictionary: &Dictionary, now: Timestamp) -> Result<Operation, EventFault> {
        self.check()?;
        let record = self.record(dictionary, now);
        Ok(Operation::Put { feed: FEED.into(), record, expect: Expect::Absent, stamp: None })
    }

    fn check(&self) -> Result<(), EventFault> {
        let fault = |code, message: String, hint: &str| Err(EventFault { code, message, hint: hint.into() });
        let sound = |id: &str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        if !sound(&self.id) {
            return fault(
                "event_id_wrong",
                format!("{:?} cannot be the id of an event.", self.id),
                "Take 1 to 64 letters, digits, - and _.",
            );
        }
        if !is_topic(&self.topic) {
            return fault(
                "event_topic_wrong",
                format!("{:?} is no topic.", self.topic),
                "A topic reads realestate/{group}#{action}.",
            );
        }
        let recipients = self.original_recipients.len() + self.sources.len();
        if self.original_recipients.is_empty() || recipients > MOST_RECIPIENTS {
            return fault(
                "event_recipients_wrong",
                format!("The event has {recipients} recipients and sources."),
                "Name 1 to 1,000, of which one at least is a recipient.",
            );
        }
        let uris = [&self.uri, &self.instrument].into_iter();
        for uri in uris.chain(&self.original_recipients).chain(&self.sources) {
            if uri.is_empty() || uri.chars().count() > LONGEST_URI {
                return fault(
                    "event_uri_wrong",
                    "A URI of the event is empty or has more than 2,048 characters.".into(),
                    "Give each agent's profile URL.",
                );
            }
        }
        for name in self.ordering_key.iter().chain(&self.subject) {
            if name.is_empty() || name.chars().count() > LONGEST_KEY {
                return fault(
                    "event_key_wrong",
                    "The ordering key or the subject is empty or has more than 255 characters.".into(),
                    "Give a shorter one, or none.",
                );
            }
        }
        if self.data.len() > LARGEST_DATA {
            return fault(
                "event_data_too_large",
                format!("The data have {} bytes.", self.data.len()),
                "An event takes at most 256 KiB; send an address of what is larger.",
            );
        }
        for object in [&self.data].into_iter().chain(&self.context) {
            if crate::json::members(object).is_none() {
                return fault("event_data_wrong", "The data are no JSON object.".into(), "Send an object.");
            }
        }
        Ok(())
    }

    fn record(&self, dictionary: &Dictionary, now: Timestamp) -> Record {
        let own = dictionary.known("Event");
        let mut record = Record::new(own.id);
        let mut set = |name: &str, value: Option<Value>| {
            if let (Some(field), Some(value)) = (own.find(name), value) {
                record.set(field, value);
            }
        };
        let text = |text: &Text| Some(Value::Text(text.clone()));
        let list = |list: &[Text]| (!list.is_empty()).then(|| Value::TextList(list.into()));
        set("EventId", text(&self.id));
        set("EventUri", text(&self.uri));
        set("EventTopic", text(&self.topic));
        set("EventTimestamp", Some(self.time.into()));
        set("InstrumentUri", text(&self.instrument));
        set("OriginalRecipientUris", list(&self.original_recipients));
        set("RecipientUris", list(&self.recipients()));
        set("SourceUris", list(&self.sources));
        set("OrderingKey", self.ordering_key.as_ref().and_then(text));
        set("EventSubject", self.subject.as_ref().and_then(text));
        set("EventContext", self.context.as_ref().and_then(text));
        set("EventData", text(&self.data));
        set("ModificationTimestamp", Some(now.into()));
        record
    }

    /// The event that a record keeps; none where a part that every event has is missing.
    #[must_use]
    pub fn read(dictionary: &Dictionary, record: &Record) -> Option<Self> {
        let own = dictionary.known("Event");
        let value = |name: &str| record.get(own.find(name)?);
        let text = |name: &str| match value(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        let list = |name: &str| match value(name) {
            Some(Value::TextList(list)) => list.to_vec(),
            _ => Vec::new(),
        };
        Some(Self {
            id: text("EventId")?,
            uri: text("EventUri")?,
            topic: text("EventTopic")?,
            time: value("EventTimestamp")?.as_timestamp()?,
            instrument: text("InstrumentUri")?,
            original_recipients: list("OriginalRecipientUris"),
            sources: list("SourceUris"),
            ordering_key: text("OrderingKey"),
            subject: text("EventSubject"),
            context: text("EventContext"),
            data: text("EventData")?,
        })
    }
}
