//! An entry of the log as an event.

use dictionary::{Dictionary, Record, Resource, ResourceId, Timestamp, Value};
use query::{Context, NoLinks};
use store::{Sequence, Store, Trace};

use crate::reply::Refused;

/// Entries between two that are wanted which are read with them: fewer than a further question to the store costs.
const NEAR: Sequence = 64;
/// Entries that one question to the store may span.
const LONGEST: Sequence = 5_000;

/// What an event is written with.
pub(super) struct Words<'a> {
    pub(super) resource: &'a Resource,
    pub(super) root: String,
    pub(super) dictionary: &'a Dictionary,
    pub(super) now: Timestamp,
}

impl<'a> Words<'a> {
    /// What a term about an event is held against. It is made anew wherever it is needed, as it is not to
    /// be kept while waiting.
    pub(super) fn context(&self) -> Context<'a> {
        Context { dictionary: self.dictionary, links: &NoLinks, now: self.now }
    }

    /// An event of which nothing is known but whose it is.
    pub(super) fn named(&self, of: ResourceId) -> Record {
        let mut event = Record::new(self.resource.id);
        if let Some(field) = self.resource.find("ResourceName") {
            event.set(field, Value::Text(self.dictionary.resource(of).name.clone()));
        }
        event
    }

    /// The events of these numbers, which ascend or descend, in their order.
    pub(super) async fn read(&self, store: &Store, numbers: &[Sequence]) -> Result<Vec<Record>, Refused> {
        let mut ascending = numbers.to_vec();
        ascending.sort_unstable();
        let mut events = Vec::with_capacity(numbers.len());
        let mut rest = ascending.as_slice();
        while let Some(first) = rest.first() {
            let near = |at: &usize| rest[*at] - rest[at - 1] <= NEAR && rest[*at] - first < LONGEST;
            let length = 1 + (1..rest.len()).take_while(near).count();
            let (run, later) = rest.split_at(length);
            let traces = store.traces(first - 1, run[length - 1]).await?;
            let wanted = traces.iter().filter(|trace| run.binary_search(&trace.sequence).is_ok());
            events.extend(
                wanted.map(|Trace { sequence, resource, key, .. }| self.event(*sequence, *resource, key)),
            );
            rest = later;
        }
        if numbers.first() > numbers.last() {
            events.reverse();
        }
        Ok(events)
    }

    pub(super) fn event(&self, sequence: Sequence, of: ResourceId, key: &str) -> Record {
        let mut event = self.named(of);
        let of = self.dictionary.resource(of);
        let mut put = |name: &str, value: Value| {
            if let Some(field) = self.resource.find(name) {
                event.set(field, value);
            }
        };
        put("EntityEventSequence", Value::Integer(i64::try_from(sequence).unwrap_or(i64::MAX)));
        put("ResourceRecordKey", Value::from(key));
        put("ResourceRecordUrl", Value::from(format!("{}/{}", self.root, path(of, key))));
        event
    }
}

/// The address of a record by the text of its key.
fn path(resource: &Resource, key: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match &*resource.key {
        [_] => format!("{}({})", resource.name, quoted(key)),
        several => {
            let parts = several.iter().zip(key.split('|'));
            let named: Vec<String> = parts
                .map(|(field, text)| format!("{}={}", resource.field(*field).name, quoted(text)))
                .collect();
            format!("{}({})", resource.name, named.join(","))
        }
    }
}
