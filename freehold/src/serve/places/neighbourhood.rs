//! The streets that own listings know, a ZIP code or a city at a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, FieldId, Fields, ResourceId, Text, Timestamp, Value, ValueRef};
use geocode::{Address, Known, Position, Streets, zip_digits};
use parking_lot::Mutex;
use query::{Comparison, Expr, Function, Query, Scope};
use search::{Reader, Row, Search};
use store::Sequence;

/// Neighbourhoods kept; beyond them the one that was read first goes.
const MOST_KEPT: usize = 256;
/// Listings of one neighbourhood that are read at most: about 2 MB of streets.
const MOST_LISTINGS: u32 = 20_000;
/// How long what was read is good although listings have changed since: a new listing's neighbours lie
/// where they lay.
const GOOD: Duration = Duration::from_secs(60);
/// States of a listing that says nothing to outsiders, not even that it is there (RESO StandardStatus).
const SILENT: [&str; 2] = ["Incomplete", "Delete"];

/// Reads neighbourhoods from the index, and keeps those that were asked for.
pub(super) struct Neighbourhoods {
    search: Search,
    words: Words,
    clock: fn() -> Timestamp,
    kept: Mutex<HashMap<String, Kept>>,
}

/// The fields that say where a listing is.
struct Words {
    property: ResourceId,
    /// Number, direction, name, suffix, direction.
    parts: [FieldId; 5],
    name: FieldId,
    whole: FieldId,
    zip: FieldId,
    city: FieldId,
    latitude: FieldId,
    longitude: FieldId,
    status: FieldId,
    shown: [FieldId; 2],
}

#[derive(Clone)]
struct Kept {
    read: Timestamp,
    applied: Sequence,
    streets: Arc<Streets>,
}

impl Neighbourhoods {
    pub(super) fn new(dictionary: &Dictionary, search: Search, clock: fn() -> Timestamp) -> Self {
        let property = dictionary.known("Property");
        let field = |name: &str| property.find(name).expect("the standard names the field");
        let parts = ["StreetNumber", "StreetDirPrefix", "StreetName", "StreetSuffix", "StreetDirSuffix"];
        let words = Words {
            property: property.id,
            parts: parts.map(field),
            name: field("StreetName"),
            whole: field("UnparsedAddress"),
            zip: field("PostalCode"),
            city: field("City"),
            latitude: field("Latitude"),
            longitude: field("Longitude"),
            status: field("StandardStatus"),
            shown: ["InternetEntireListingDisplayYN", "InternetAddressDisplayYN"].map(field),
        };
        Self { search, words, clock, kept: Mutex::default() }
    }

    /// The streets of a ZIP code.
    pub(super) fn of_zip(&self, zip: &str) -> Arc<Streets> {
        let Some(digits) = zip_digits(zip) else { return Arc::default() };
        let begins = |zip: &str| {
            let arguments = vec![Expr::field(self.words.zip), Expr::Value(Value::Text(Text::from(zip)))];
            Expr::Call(Function::StartsWith, arguments)
        };
        self.streets(digits, || begins(digits))
    }

    /// The streets of a city, whatever the letters' case. Cities of one name are one: what lies in another
    /// state is too far from the ZIP code that was asked for to be taken.
    pub(super) fn of_city(&self, city: &str) -> Arc<Streets> {
        let city = city.trim().to_lowercase();
        if city.is_empty() {
            return Arc::default();
        }
        let lower = Expr::Call(Function::ToLower, vec![Expr::field(self.words.city)]);
        let named = Expr::Value(Value::Text(Text::from(city.as_str())));
        self.streets(&city, || Expr::Compare(Comparison::Equal, Box::new(lower), Box::new(named)))
    }

    fn streets(&self, name: &str, filter: impl FnOnce() -> Expr) -> Arc<Streets> {
        let now = (self.clock)();
        let reader = self.search.read();
        let fresh = |kept: &&Kept| {
            kept.applied == reader.applied() || kept.read.checked_add(GOOD).is_ok_and(|until| until > now)
        };
        if let Some(kept) = self.kept.lock().get(name).filter(fresh) {
            return Arc::clone(&kept.streets);
        }
        let property = self.words.property;
        let query = Query { filter: Some(filter()), page_size: MOST_LISTINGS, ..Query::all(property) };
        let rows = reader.page(&query, &Scope::everything(), now).map(|hits| hits.rows).unwrap_or_default();
        let streets = Arc::new(Streets::new(rows.iter().filter_map(|row| self.words.known(&reader, *row))));
        let mut kept = self.kept.lock();
        if kept.len() >= MOST_KEPT
            && let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.read).map(|(name, _)| name.clone())
        {
            kept.remove(&oldest);
        }
        let entry = Kept { read: now, applied: reader.applied(), streets: Arc::clone(&streets) };
        kept.insert(name.to_owned(), entry);
        streets
    }
}

impl Words {
    /// Where a listing is, if it may be told: not of one whose address or whole is kept from the Internet.
    fn known(&self, reader: &Reader<'_>, row: Row) -> Option<Known> {
        let listing = reader.view(self.property, row);
        let hidden = |field: &FieldId| matches!(listing.look(*field), Some(ValueRef::Boolean(false)));
        let text = |field: FieldId| match listing.look(field) {
            Some(ValueRef::Text(text)) => text,
            _ => "",
        };
        if self.shown.iter().any(hidden) || SILENT.contains(&text(self.status)) {
            return None;
        }
        let degrees = |field: FieldId| match listing.look(field) {
            Some(ValueRef::Decimal(degrees)) => f64::try_from(degrees).ok(),
            _ => None,
        };
        let position = Position { latitude: degrees(self.latitude)?, longitude: degrees(self.longitude)? };
        let parts = self.parts.map(text);
        let line = if text(self.name).is_empty() { text(self.whole).to_owned() } else { parts.join(" ") };
        Some(Known { address: Address::read(&line)?, position })
    }
}
