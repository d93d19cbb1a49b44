//! What a source sends and the dictionary cannot hold: its local fields, and values that are not of their
//! field's type. They are kept beside the record, as they came, in a record of LocalValues; once the
//! installation declares such a field, the values move into the records (RESO-084).

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{Dictionary, Key, Record, Resource, Text, Value, check};
use intake::{IntakeError, OWN_FEED};
use odata::json::{Extra, Numbers};
use serde_json::value::RawValue;
use store::{Batch, Expect, Operation, Scan, Store, Stored};

use crate::page::bend;
use crate::place::Place;
use crate::write::Writer;

/// Records that are looked at in one go.
const PART: usize = 1_000;

/// What is to be kept beside a record.
#[derive(Debug)]
pub(crate) struct Aside {
    local: Vec<Extra>,
    links: BTreeMap<String, Vec<String>>,
}

impl Aside {
    pub(crate) fn new(local: Vec<Extra>) -> Self {
        Self { local, links: BTreeMap::new() }
    }

    /// These records stood inside it.
    pub(crate) fn link(&mut self, name: &str, keys: &[Key]) {
        if !keys.is_empty() {
            self.links.insert(name.to_owned(), keys.iter().map(ToString::to_string).collect());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.local.is_empty() && self.links.is_empty()
    }

    /// As a record of LocalValues.
    pub(crate) fn record(&self, own: &Resource, resource: &str, key: &Key, source: &Text) -> Record {
        let mut record = Record::new(own.id);
        let mut set = |name: &str, value: Value| {
            if let Some(field) = own.find(name) {
                record.set(field, value);
            }
        };
        set("ResourceName", resource.into());
        set("ResourceRecordKey", Value::Text(key.clone()));
        set("SourceId", Value::Text(source.clone()));
        if !self.local.is_empty() {
            set("LocalFieldsText", object(&self.local).into());
        }
        if !self.links.is_empty() {
            set("LinkedKeysText", serde_json::to_string(&self.links).expect("texts have a form").into());
        }
        record
    }
}

/// Members as one JSON object, each value as it came.
fn object(members: &[Extra]) -> String {
    let mut out = vec![b'{'];
    for (at, one) in members.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        odata::json::write_string(&mut out, &one.name);
        out.push(b':');
        out.extend_from_slice(one.json.as_bytes());
    }
    out.push(b'}');
    String::from_utf8_lossy(&out).into_owned()
}

/// What is kept beside a record.
#[derive(Debug, Default)]
pub(crate) struct LocalValues {
    links: BTreeMap<String, Vec<String>>,
}

impl LocalValues {
    /// The key of what is kept beside a record.
    pub(crate) fn key(resource: &str, key: &str) -> Key {
        Key::from(format!("{resource}|{key}"))
    }

    pub(crate) fn read(dictionary: &Dictionary, kept: &Stored) -> Self {
        let own = dictionary.known("LocalValues");
        let text = own.find("LinkedKeysText").and_then(|id| kept.record.get(id)?.as_text());
        Self { links: text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default() }
    }

    pub(crate) fn linked(&self, link: &str) -> &[String] {
        self.links.get(link).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn links(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.links.iter().map(|(name, keys)| (name.as_str(), keys.as_slice()))
    }
}

/// Moves values into the records whose fields the dictionary has come to know since they were kept aside.
/// Gives back how many records gained something.
pub(crate) async fn take_up(
    writer: &mut Writer,
    own: &Resource,
    place: &mut Place,
) -> Result<u64, IntakeError> {
    let known: Vec<String> = place.aside.iter().filter(|name| own.find(name).is_some()).cloned().collect();
    // A value that is not of its field's type stays aside although the field is known.
    let local =
        |name: &String| own.find(name).is_some_and(|id| own.field(id).origin == dictionary::Origin::Local);
    if !known.iter().any(local) {
        return Ok(0);
    }
    let (store, dictionary) = (writer.store.clone(), Arc::clone(&writer.dictionary));
    let aside = dictionary.known("LocalValues");
    let (mut taken, mut after) = (0, None);
    loop {
        let scan = Scan { resource: aside.id, feed: Some(OWN_FEED.into()), after, limit: PART };
        let part = store.scan(scan).await.map_err(|e| IntakeError::store(&e))?;
        let Some(last) = part.last() else { break };
        after = Some((aside.timestamp_of(&last.record), last.key.clone()));
        let mut batch = Batch::new(writer.actor.clone(), (writer.clock)());
        for kept in &part {
            taken += u64::from(take_one(&store, &dictionary, writer, (own, aside), kept, &mut batch).await?);
        }
        if !batch.operations.is_empty() {
            store.write(batch).await.map_err(|e| IntakeError::store(&e))?;
        }
    }
    place.aside.retain(|name| !local(name));
    writer.place(&own.name, place).await?;
    Ok(taken)
}

/// Takes up what is kept beside one record. What is written anew here comes once more in the scan, and has
/// nothing left to take.
async fn take_one(
    store: &Store,
    dictionary: &Dictionary,
    writer: &Writer,
    (own, aside): (&Resource, &Resource),
    kept: &Stored,
    batch: &mut Batch,
) -> Result<bool, IntakeError> {
    let text = |name: &str| kept.record.get(aside.find(name)?)?.as_text();
    let (Some(key), Some(local)) = (text("ResourceRecordKey"), text("LocalFieldsText")) else {
        return Ok(false);
    };
    if text("ResourceName") != Some(own.name.as_str()) || text("SourceId") != Some(writer.source.as_str()) {
        return Ok(false);
    }
    let values: BTreeMap<String, Box<RawValue>> = serde_json::from_str(local).unwrap_or_default();
    let found = store.get(own.id, key).await.map_err(|e| IntakeError::store(&e))?;
    let Some(found) = found.filter(|found| found.feed == writer.feed) else { return Ok(false) };
    let mut record = (*found.record).clone();
    let (mut left, mut moved) = (Vec::new(), false);
    for (name, json) in values {
        let json = json.get().to_owned();
        let taken = own.find(&name).filter(|id| record.get(*id).is_none()).and_then(|id| {
            let mut with = record.clone();
            with.set(id, typed(own.field(id).ty, &json)?);
            check(dictionary, &with).is_empty().then_some(with)
        });
        match taken {
            Some(with) => (record, moved) = (with, true),
            None => left.push(Extra { name: Text::from(name), json }),
        }
    }
    if !moved {
        return Ok(false);
    }
    batch.operations.push(Operation::Put {
        feed: writer.feed.clone(),
        record,
        expect: Expect::At(found.sequence),
        stamp: None,
    });
    let mut beside = (*kept.record).clone();
    if let Some(field) = aside.find("LocalFieldsText") {
        match left.is_empty() {
            true => drop(beside.clear(field)),
            false => drop(beside.set(field, object(&left))),
        }
    }
    let linked = aside.find("LinkedKeysText").is_some_and(|id| beside.get(id).is_some());
    batch.operations.push(match left.is_empty() && !linked {
        true => Operation::remove(aside.id, kept.key.clone()),
        false => Operation::Put {
            feed: OWN_FEED.into(),
            record: beside,
            expect: Expect::At(kept.sequence),
            stamp: Some(batch.at),
        },
    });
    Ok(true)
}

/// A value as its field has it, strictly or bent.
fn typed(ty: dictionary::Type, json: &str) -> Option<Value> {
    use dictionary::Type;
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    match (ty, &value) {
        (Type::Text { .. }, serde_json::Value::String(text)) => Some(Value::from(text.as_str())),
        (Type::Boolean, serde_json::Value::Bool(truth)) => Some(Value::Boolean(*truth)),
        (Type::TextList { .. }, serde_json::Value::Array(_)) => odata::text::read_value(ty, json).ok(),
        _ => bend(ty, json),
    }
}

/// A value of a record as JSON.
pub(crate) fn spelled(value: &Value) -> String {
    let mut out = Vec::new();
    odata::json::write_value(&mut out, value.view(), Numbers::Plain);
    String::from_utf8_lossy(&out).into_owned()
}
