//! What a Source's record says, and whether it can be meant.

use std::str::FromStr as _;

use croner::Cron;
use dictionary::{Dictionary, Record, Resource, Text, Timestamp, Value};
use jiff::tz::TimeZone;

use crate::Mapping;

/// A Source, read.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) id: Text,
    /// Whether its records come from a server and not from a file.
    pub(super) api: bool,
    pub(super) feed: Option<Text>,
    /// Empty where the records come from a server.
    pub(super) mapping: Text,
    pub(super) location: Text,
    pub(super) cadence: Option<Cadence>,
    pub(super) requested: Option<Timestamp>,
    /// When its record was last changed: a cadence counts from there where it never ran.
    pub(super) since: Timestamp,
    pub(super) remove_missing: bool,
    pub(super) refuse_over_percent: Option<u8>,
    /// All that its record says.
    pub(super) record: Record,
}

/// The SourceType of servers that are pulled from.
pub(super) const API: &str = "RESO Web API";

/// A cadence as cron writes it, in a time zone.
#[derive(Clone, Debug)]
pub(super) struct Cadence {
    cron: Box<Cron>,
    zone: TimeZone,
}

impl Cadence {
    fn read(text: &str, zone: Option<&str>) -> Result<Self, (&'static str, String)> {
        let cron = Cron::from_str(text).map_err(|error| {
            let why = format!(
                "{text:?} is no cadence such as `30 2 * * *` (minute hour day month weekday): {error}."
            );
            ("SourceCadence", why)
        })?;
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|_| {
                ("SourceTimeZone", format!("{name:?} is no time zone such as America/Los_Angeles."))
            })?,
        };
        Ok(Self { cron: Box::new(cron), zone })
    }

    /// The first time after this instant; none where it never comes.
    pub(super) fn after(&self, instant: Timestamp) -> Option<Timestamp> {
        let found = self.cron.find_next_occurrence(&instant.to_zoned(self.zone.clone()), false);
        found.ok().map(|zoned| zoned.timestamp())
    }
}

fn text(resource: &Resource, record: &Record, name: &str) -> Option<Text> {
    record.get(resource.find(name)?)?.as_text().map(Text::new)
}

impl Written {
    /// Reads a source that is active; none of any other, or of one that cannot be meant.
    pub(super) fn read(dictionary: &Dictionary, record: &Record) -> Option<Self> {
        let own = dictionary.known("Source");
        let text = |name: &str| text(own, record, name);
        let instant = |name: &str| record.get(own.find(name)?)?.as_timestamp();
        let api = match text("SourceType").as_deref() {
            Some("File") => false,
            Some(API) => true,
            _ => return None,
        };
        if text("SourceStatus").as_deref() != Some("Active") {
            return None;
        }
        let cadence = text("SourceCadence");
        let cadence = cadence.map(|cron| Cadence::read(&cron, text("SourceTimeZone").as_deref()));
        Some(Self {
            id: text("SourceId")?,
            api,
            feed: text("FeedId"),
            mapping: if api { Text::default() } else { text("MappingId")? },
            location: text("SourceLocation")?,
            cadence: cadence.transpose().ok()?,
            requested: instant("RunRequestedTimestamp"),
            since: instant("ModificationTimestamp")?,
            remove_missing: own.find("RemoveMissingYN").and_then(|id| record.get(id)?.as_boolean())
                == Some(true),
            refuse_over_percent: own
                .find("RefuseOverPercent")
                .and_then(|id| record.get(id)?.as_integer())
                .and_then(|percent| u8::try_from(percent).ok()),
            record: record.clone(),
        })
    }
}

/// Everything that is wrong with a source's own words, as the field and a sentence. What the dictionary says
/// of types and lookups is not looked at.
#[must_use]
pub fn check_source(dictionary: &Dictionary, record: &Record) -> Vec<(&'static str, String)> {
    let own = dictionary.known("Source");
    let text = |name: &str| text(own, record, name);
    let mut faults = Vec::new();
    let needed: &[&'static str] = match text("SourceType").as_deref() {
        Some("File") => &["MappingId", "SourceLocation"],
        Some(API) => &["FeedId", "SourceLocation", "SourceProfile"],
        _ => &[],
    };
    for name in needed {
        if text(name).is_none_or(|text| text.is_empty()) {
            faults.push((*name, format!("{name} is missing.")));
        }
    }
    let zone = text("SourceTimeZone");
    // A zone without a cadence is looked at as well.
    let cadence = text("SourceCadence").unwrap_or_else(|| Text::new_static("0 0 * * *"));
    faults.extend(Cadence::read(&cadence, zone.as_deref()).err());
    let percent = own.find("RefuseOverPercent").and_then(|id| record.get(id)).and_then(Value::as_integer);
    if percent.is_some_and(|percent| !(0..=100).contains(&percent)) {
        faults.push(("RefuseOverPercent", "RefuseOverPercent is from 0 to 100.".into()));
    }
    faults
}

/// Everything that is wrong with a mapping's record: its text, and that the text calls itself as the record
/// does.
#[must_use]
pub fn check_mapping(dictionary: &Dictionary, record: &Record) -> Vec<(&'static str, String)> {
    let own = dictionary.known("Mapping");
    let text = |name: &str| text(own, record, name).unwrap_or_default();
    let mapping = match Mapping::read(&text("MappingText")) {
        Ok(mapping) => mapping,
        Err(error) if error.faults.is_empty() => return vec![("MappingText", error.message)],
        Err(error) => {
            return error.faults.iter().map(|fault| ("MappingText", fault.to_string())).collect();
        }
    };
    if mapping.name() == text("MappingId") {
        return Vec::new();
    }
    vec![("MappingId", format!("The text calls the mapping {:?}.", mapping.name()))]
}
