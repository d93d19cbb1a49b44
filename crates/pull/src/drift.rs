//! Drift: what a server has been changed to since it was looked at last, told before a record of it is written
//! (RESO-084).

use std::collections::{BTreeMap, BTreeSet};

use dictionary::{Dictionary, Record, Resource, Text, Timestamp};
use intake::{Drift, IntakeError, OWN_FEED};
use odata::metadata::Declared;
use store::{Batch, Expect, Operation, Store};

/// Fields, or lookup values, by name.
type Seen = BTreeMap<String, String>;

/// What a server offers, in the parts that are kept: one for each resource, one for each lookup.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Offer {
    pub(crate) resources: BTreeMap<String, Seen>,
    pub(crate) lookups: BTreeMap<String, BTreeSet<String>>,
}

/// Drifts that are told of one run; what is beyond them is counted.
const MOST_TOLD: usize = 1_000;
/// Bytes of what is kept of one lookup or resource; the store keeps a record of a megabyte.
const LONGEST: usize = 900_000;
/// Parts that are written together.
const PART: usize = 500;

impl Offer {
    /// The fields of these resources.
    pub(crate) fn of(metadata: &Declared, resources: &[String]) -> Self {
        let fields = |name: &String| Some((name.clone(), metadata.fields(name)?.clone()));
        let lookups = metadata.enums.iter().map(|(name, members)| (name.clone(), members.clone()));
        Self { resources: resources.iter().filter_map(fields).collect(), lookups: lookups.collect() }
    }

    /// What is new, missing and changed since `before`, which is none where nothing was seen yet: then fields
    /// that the dictionary does not know are told of alone.
    fn drift(&self, dictionary: &Dictionary, before: &Kept) -> Vec<Drift> {
        let mut found = Vec::new();
        let mut tell = |code, name: &str, about: &str, message: String| {
            found.push(Drift { code, name: name.to_owned(), about: about.to_owned(), message });
        };
        for (resource, fields) in &self.resources {
            let own = dictionary.find(resource);
            let known = |field: &str| own.is_some_and(|own| own.find(field).is_some());
            let seen = before.resources.get(resource);
            for (field, ty) in fields {
                match seen.map(|seen| seen.get(field)) {
                    Some(None) if known(field) => {
                        tell("field_new", resource, field, format!("The source has a new field, {ty}."));
                    }
                    Some(None) | None if !known(field) => {
                        let message = format!(
                            "The source has a local field, {ty}: its values are kept in LocalValues."
                        );
                        tell("field_local", resource, field, message);
                    }
                    Some(Some(was)) if was != ty => {
                        tell("type_changed", resource, field, format!("It was {was} and is {ty}."));
                    }
                    _ => {}
                }
            }
            for field in seen
                .into_iter()
                .flatten()
                .map(|(field, _)| field)
                .filter(|field| !fields.contains_key(*field))
            {
                tell("field_missing", resource, field, "The source has it no longer.".into());
            }
        }
        for (lookup, values) in &self.lookups {
            let Some(seen) = before.lookups.get(lookup) else { continue };
            for value in values.difference(seen) {
                tell("lookup_value_new", lookup, value, "The source has a new value.".into());
            }
        }
        found
    }
}

/// What was seen of a source last.
#[derive(Debug, Default)]
struct Kept {
    resources: BTreeMap<String, Seen>,
    lookups: BTreeMap<String, BTreeSet<String>>,
}

/// Holds what a source offers against what it offered last, and keeps it for the next time.
///
/// # Errors
/// The store fails.
pub(crate) async fn look(
    store: &Store,
    dictionary: &Dictionary,
    (source, actor, now): (&Text, &Text, Timestamp),
    offer: &Offer,
) -> Result<Vec<Drift>, IntakeError> {
    let own = dictionary.known("SourceSchema");
    let failed = |e: store::StoreError| IntakeError::store(&e);
    let resources = offer.resources.keys().map(|name| (format!("resource/{name}"), name));
    let lookups = offer.lookups.keys().map(|name| (format!("lookup/{name}"), name));
    let names: Vec<(String, &String)> = resources.chain(lookups).collect();
    let mut kept = Kept::default();
    let mut texts = BTreeMap::new();
    for part in names.chunks(PART) {
        let keys: Vec<_> = part.iter().map(|(name, _)| key(source, name)).collect();
        for (stored, (part, name)) in
            store.get_many(own.id, &keys).await.map_err(failed)?.into_iter().zip(part)
        {
            let text = stored
                .and_then(|stored| Some(stored.record.get(own.find("SchemaText")?)?.as_text()?.to_owned()));
            let Some(text) = text else { continue };
            if part.starts_with("resource/") {
                kept.resources.insert((*name).clone(), serde_json::from_str(&text).unwrap_or_default());
            } else {
                kept.lookups.insert((*name).clone(), serde_json::from_str(&text).unwrap_or_default());
            }
            texts.insert(part.clone(), text);
        }
    }
    let mut drift = offer.drift(dictionary, &kept);
    let resources = offer.resources.iter().map(|(n, s)| (format!("resource/{n}"), serde_json::to_string(s)));
    let lookups = offer.lookups.iter().map(|(n, s)| (format!("lookup/{n}"), serde_json::to_string(s)));
    let mut batch = Batch::new(actor.clone(), now);
    for (part, text) in resources.chain(lookups) {
        let text = text.expect("texts have a form in JSON");
        if text.len() > LONGEST || texts.get(&part) == Some(&text) {
            continue;
        }
        let record = record(own, source, &part, &text);
        batch.operations.push(Operation::Put {
            feed: OWN_FEED.into(),
            record,
            expect: Expect::Any,
            stamp: Some(now),
        });
        if batch.operations.len() == PART {
            let full = std::mem::replace(&mut batch, Batch::new(actor.clone(), now));
            store.write(full).await.map_err(failed)?;
        }
    }
    if !batch.operations.is_empty() {
        store.write(batch).await.map_err(failed)?;
    }
    for one in &drift {
        tracing::info!(
            source = source.as_str(),
            code = one.code,
            "{} {}: {}",
            one.name,
            one.about,
            one.message
        );
    }
    drift.truncate(MOST_TOLD);
    Ok(drift)
}

fn key(source: &str, part: &str) -> Text {
    let all = format!("{source}|{part}");
    Text::from(all.chars().take(255).collect::<String>())
}

fn record(own: &Resource, source: &Text, part: &str, text: &str) -> Record {
    let mut record = Record::new(own.id);
    for (name, value) in
        [("SourceSchemaId", key(source, part)), ("SourceId", source.clone()), ("SchemaText", text.into())]
    {
        if let Some(field) = own.find(name) {
            record.set(field, value);
        }
    }
    record
}
