//! Members against records: what each rule makes, what is held back, that filters and members agree, and that
//! what is written fits the classes.

mod agree;
mod classes;
mod held;
mod orders;
mod rules;
mod shape;
mod tables;

use std::sync::{Arc, LazyLock};

use dictionary::{Dictionary, FieldSet, Record, Text, Timestamp, Type, Value, Version};
use query::Scope;
use search::{Reader, Row, Search};
use serde_json::Value as Json;
use store::Stored;

use super::{Class, Disclosure, Dress, Kind, Look, Members};

/// Noon in UTC of a Wednesday.
const NOW: &str = "2026-11-25T12:00:00Z";

/// A few records in an index, and the members bound to its dictionary.
struct Town {
    dictionary: Arc<Dictionary>,
    search: Search,
    members: Arc<Members>,
    now: Timestamp,
}

impl Town {
    fn of(dictionary: Arc<Dictionary>, records: Vec<(&str, Record)>) -> Self {
        let search = Search::new(Arc::clone(&dictionary));
        let now: Timestamp = NOW.parse().unwrap();
        let stored = |(at, (feed, record)): (usize, (&str, Record))| Stored {
            resource: record.resource(),
            feed: feed.into(),
            key: dictionary.resource(record.resource()).key_of(&record).expect("it has a key"),
            sequence: at as u64 + 1,
            at: now,
            record: Arc::new(record),
        };
        let stored: Vec<Stored> = records.into_iter().enumerate().map(stored).collect();
        search.load(&stored);
        Self { dictionary, search, members: members(), now }
    }

    /// Records written as `Resource: Field=value; Field=a|b`. Keys and links of a listing `L` are filled in.
    fn written(lines: &[&str]) -> Self {
        let dictionary = standard();
        let records = lines.iter().enumerate().map(|(at, line)| ("A", record(&dictionary, line, at)));
        let records = records.collect();
        Self::of(Arc::clone(&dictionary), records)
    }

    fn row(&self, reader: &Reader<'_>, kind: Kind, key: &str) -> Row {
        reader.row(self.members.resource(kind), key).expect("the record is there")
    }

    fn object(&self, kind: Kind, key: &str, dress: &Dress) -> Json {
        self.rendered(kind, key, dress, self.now).0
    }

    fn rendered(&self, kind: Kind, key: &str, dress: &Dress, now: Timestamp) -> (Json, Option<Timestamp>) {
        let reader = self.search.read();
        let scope = Scope::everything();
        let look = Look { reader: &reader, scope: &scope, now };
        let rendered = self.members.render(kind, &look, self.row(&reader, kind, key), dress);
        let text = String::from_utf8(rendered.bytes.into()).expect("it is UTF-8");
        let json = serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        (json, rendered.stale)
    }
}

/// Read once: hundreds of small towns stand on it.
fn standard() -> Arc<Dictionary> {
    static STANDARD: LazyLock<Arc<Dictionary>> =
        LazyLock::new(|| Arc::new(Dictionary::standard(Version::V2_1)));
    Arc::clone(&STANDARD)
}

/// The members bound to [`standard`].
fn members() -> Arc<Members> {
    static MEMBERS: LazyLock<Arc<Members>> = LazyLock::new(|| Arc::new(Members::bind(&standard())));
    Arc::clone(&MEMBERS)
}

/// The dress of whoever sees everything.
fn full(dictionary: &Dictionary) -> Dress {
    let shown = dictionary.resources().iter().map(|own| FieldSet::first(own.fields.len())).collect();
    Dress::full(shown, Disclosure::default(), "https://hub.example")
}

/// The full dress without these fields, each `Resource.Field`.
fn without(dictionary: &Dictionary, fields: &[&str]) -> Dress {
    let mut dress = full(dictionary);
    for field in fields {
        let (resource, field) = field.split_once('.').expect("Resource.Field");
        let resource = dictionary.known(resource);
        dress.shown[resource.id.index()].remove(resource.find(field).expect("there is such a field"));
    }
    dress
}

/// Reads `Resource: Field=value; …`; the `at`th of its kind.
fn record(dictionary: &Dictionary, line: &str, at: usize) -> Record {
    let (name, fields) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
    let resource = dictionary.known(name);
    let mut record = Record::new(resource.id);
    let mut put = |field: &str, text: &str| {
        let id = resource.find(field).unwrap_or_else(|| panic!("no {name}.{field}"));
        let value = match resource.field(id).ty {
            Type::TextList { .. } => {
                Value::TextList(text.split('|').filter(|word| !word.is_empty()).map(Text::new).collect())
            }
            ty => odata::text::read_value(ty, text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")),
        };
        record.set(id, value);
    };
    for (field, text) in match name {
        "Property" => {
            vec![("ListingKey", "L"), ("ListAgentKey", "M"), ("ListOfficeKey", "O"), ("BuyerOfficeKey", "O")]
        }
        "Media" => vec![("ResourceName", "Property"), ("ResourceRecordKey", "L")],
        "PropertyRooms" | "PropertyUnitTypes" | "OpenHouse" => vec![("ListingKey", "L")],
        "Member" => vec![("MemberKey", "M"), ("OfficeKey", "O")],
        "Office" => vec![("OfficeKey", "O")],
        _ => vec![],
    } {
        put(field, text);
    }
    let key = &resource.field(resource.key[0]).name;
    if !["Property", "Member", "Office"].contains(&name) {
        put(key, &format!("{name}-{at}"));
    }
    for pair in fields.split("; ").filter(|pair| !pair.is_empty()) {
        let (field, text) = pair.split_once('=').unwrap_or_else(|| panic!("{pair}"));
        put(field, text);
    }
    record
}

/// Every class whose objects are written by themselves.
const KINDS: [Kind; 5] = [Kind::Summary, Kind::Details, Kind::Agent, Kind::Office, Kind::OpenHouse];

/// The facts of the partner API's own document: class, member, C# type, whether it is nullable.
fn facts() -> Vec<(&'static str, &'static str, &'static str, bool)> {
    const CLASSES: &str = include_str!("../../../tests/data/classes.tsv");
    let fact = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        (cells[0], cells[1], cells[2], cells[3] == "yes")
    };
    CLASSES.lines().skip(1).map(fact).collect()
}

fn facts_of(class: Class) -> Vec<(&'static str, &'static str, bool)> {
    let own = facts().into_iter().filter(|(name, ..)| *name == class.name());
    own.map(|(_, member, ty, nullable)| (member, ty, nullable)).collect()
}
