//! From an entry of the log to a message.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use dictionary::{Dictionary, Origin, Record, Resource, Text};
use odata::json::{Metadata, Shape, write_record};
use outflow::Event;
use query::{Selection, Sight};
use store::{Change, ChangeKind, Stored};

use crate::Settings;

/// What the name of the topic of events ends with.
pub const EVENTS: &str = "events";

/// What is handed to the broker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The topic's name.
    pub topic: String,
    /// What decides the partition, and so the order: messages of one key stay in their order.
    pub key: Text,
    /// Names and values, in order; a name may stand several times.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON; none says that the key's record is gone.
    pub value: Option<Bytes>,
}

impl Message {
    /// The message of an entry; none where nothing is sent of it. Freehold's own records stay in the house,
    /// whatever the settings say: they hold the hashes of keys.
    #[must_use]
    pub fn of(change: &Change, dictionary: &Dictionary, settings: &Settings) -> Option<Self> {
        let resource = dictionary.resource(change.resource);
        if resource.id == dictionary.known("Event").id {
            let event = change.record.as_ref().filter(|_| change.kind == ChangeKind::Created)?;
            return Event::read(dictionary, event).map(|event| Self::of_event(event, settings));
        }
        (resource.origin != Origin::Freehold && settings.resources.contains(&resource.id))
            .then(|| Self::of_change(change, dictionary, settings))
    }

    /// An event: its data, with the envelope in the headers, as the transaction seed names them and as
    /// CloudEvents' Kafka binding does in its binary mode.
    fn of_event(event: Event, settings: &Settings) -> Self {
        let subject = event.subject.as_ref().or(event.ordering_key.as_ref()).cloned();
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("ce_specversion", "1.0".to_owned()),
            ("ce_id", event.uri.to_string()),
            ("ce_type", event.topic.to_string()),
            ("ce_source", event.instrument.to_string()),
            ("ce_time", event.time.to_string()),
        ];
        headers.extend(subject.map(|subject| ("ce_subject", subject.to_string())));
        headers.extend([
            ("id", event.uri.to_string()),
            ("topic", event.topic.to_string()),
            ("time", event.time.to_string()),
            ("instrument", event.instrument.to_string()),
        ]);
        headers.extend(event.recipients().iter().map(|agent| ("agent", agent.to_string())));
        headers.extend(event.original_recipients.iter().map(|one| ("originalRecipient", one.to_string())));
        headers.extend(event.sources.iter().map(|one| ("source", one.to_string())));
        // Events that are about nothing in particular spread over the partitions.
        let key = event.ordering_key.unwrap_or(event.id);
        let value = Some(Bytes::from(String::from(event.data)));
        Self { topic: format!("{}.{EVENTS}", settings.prefix), key, headers, value }
    }

    /// A change of a record: the record as it is now, named as EntityEvent names it (RCP-27).
    fn of_change(change: &Change, dictionary: &Dictionary, settings: &Settings) -> Self {
        let resource = dictionary.resource(change.resource);
        let kind = match change.kind {
            ChangeKind::Created => "created",
            ChangeKind::Changed => "changed",
            ChangeKind::Removed => "removed",
        };
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("ResourceName", resource.name.to_string()),
            ("ResourceRecordKey", change.key.to_string()),
            ("EntityEventSequence", change.sequence.to_string()),
            ("Feed", change.feed.to_string()),
            ("change", kind.to_owned()),
            ("time", change.at.to_string()),
        ];
        let value = change.record.as_ref().map(|record| body(resource, record));
        let topic = format!("{}.{}", settings.prefix, resource.name);
        Self { topic, key: change.key.as_str().into(), headers, value }
    }

    /// A record as it stands, sent once more by a forced resync, whose id is `forced`: the headers say so, so that
    /// whoever has it already knows why it comes again (AMS-011).
    pub(crate) fn forced(
        stored: &Stored,
        forced: &str,
        dictionary: &Dictionary,
        settings: &Settings,
    ) -> Self {
        let resource = dictionary.resource(stored.resource);
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("ResourceName", resource.name.to_string()),
            ("ResourceRecordKey", stored.key.to_string()),
            ("EntityEventSequence", stored.sequence.to_string()),
            ("Feed", stored.feed.to_string()),
            ("change", "forced".to_owned()),
            ("ForcedResyncId", forced.to_owned()),
            ("time", stored.at.to_string()),
        ];
        let value = Some(body(resource, &stored.record));
        let topic = format!("{}.{}", settings.prefix, resource.name);
        Self { topic, key: stored.key.as_str().into(), headers, value }
    }

    /// Bytes that it takes, nearly.
    pub(crate) fn weight(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + headers + self.value.as_ref().map_or(0, Bytes::len)
    }

    pub(crate) fn record(self) -> krafka::Record {
        let key = String::from(self.key);
        let mut record = match self.value {
            Some(value) => krafka::Record::new(self.topic, value).key(key),
            None => krafka::Record::tombstone(self.topic, key),
        };
        for (name, value) in self.headers {
            record = record.header(name, value);
        }
        record
    }
}

/// Every field of a record that has a value, as JSON.
fn body(resource: &Resource, record: &Record) -> Bytes {
    let everything = Sight::everything();
    let mut shape = Shape::new(resource, &Selection::All, &everything, true);
    shape.metadata = Metadata::None;
    let mut body = Vec::with_capacity(2_048);
    write_record(&mut body, record, resource, &shape, None);
    Bytes::from(body)
}
