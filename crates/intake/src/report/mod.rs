//! What became of a file, for people and for programs.

mod tally;
mod text;

use std::collections::BTreeMap;

use dictionary::Timestamp;
use serde::Serialize;

use crate::{Format, Stage};

pub(crate) use tally::Tally;

#[cfg(test)]
mod tests;

/// What became of a file. As JSON it has these members by these names.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// How far it went: `check` wrote nothing.
    pub stage: Stage,
    /// The mapping's name.
    pub mapping: String,
    /// The feed of the records.
    pub feed: String,
    /// The file's name.
    pub file: String,
    /// Its form; none where the records came from a server.
    pub format: Option<Format>,
    /// Its length.
    pub bytes: u64,
    /// Its rows, headings aside.
    pub rows: u64,
    /// Rows that have not the shape of the others, and of which no record was made.
    pub rows_refused: u64,
    /// Rows that the mapping's conditions left out for every record.
    pub rows_dropped: u64,
    /// What became of the records, by resource.
    pub resources: Vec<Counts>,
    /// Why records were refused or lack a field, the most frequent first.
    pub reasons: Vec<Reason>,
    /// What has changed at a server since it was looked at last, before anything of it was written.
    pub drift: Vec<Drift>,
    /// Where a server's records and those kept here are not the same, where they were compared.
    pub differences: Vec<Difference>,
    /// Things worth knowing that are no faults.
    pub notes: Vec<String>,
    /// When it began, in UTC.
    pub started: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Rows of the file in one second; none where it took no time that the clock can tell.
    pub rows_per_second: Option<f64>,
    /// The key of the run's own record (`ImportRun`); none where nothing was written.
    pub run: Option<String>,
}

/// What became of the records of one resource.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Whose records.
    pub resource: String,
    /// Records that rows yielded.
    pub read: u64,
    /// Written where there was nothing.
    pub new: u64,
    /// Written over another version.
    pub changed: u64,
    /// The same as what is kept: not written.
    pub unchanged: u64,
    /// Not written, for a reason that the report gives.
    pub refused: u64,
    /// Left out as another row has the same key.
    pub repeated: u64,
    /// Removed as the file no longer holds them.
    pub removed: u64,
}

/// Why records were refused, or went in without a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reason {
    /// The stable name, such as `not_in_lookup`.
    pub code: String,
    /// Whose record; none where it is the whole row.
    pub resource: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// The column that it was read from.
    pub column: Option<String>,
    /// How often.
    pub count: u64,
    /// Whether the records were refused; otherwise the field was left out.
    pub refused: bool,
    /// What would be right, by the first example.
    pub hint: String,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// One thing that is not as it was at a server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Drift {
    /// The stable name: `field_new`, `field_missing`, `type_changed`, `lookup_value_new`, `field_local`.
    pub code: &'static str,
    /// The resource, or the lookup.
    pub name: String,
    /// The field, or the value.
    pub about: String,
    /// What it is, in a sentence.
    pub message: String,
}

/// A record that a server and this installation do not hold alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Difference {
    /// Whose record.
    pub resource: String,
    /// Its key.
    pub key: String,
    /// The stable name: `only_at_source`, `only_here`, `timestamp_differs`.
    pub code: &'static str,
}

/// Where it happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Example {
    /// The line of the file, counted from 1 (of a JSON list: the line on which the object begins).
    pub line: u64,
    /// What the file holds there, at most 60 characters.
    pub value: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl Report {
    /// Records refused, of all resources, and rows.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.rows_refused + self.resources.iter().map(|counts| counts.refused).sum::<u64>()
    }

    /// Notes when it began and how long it took.
    pub fn timed(&mut self, started: Timestamp, ended: Timestamp) {
        self.started = started.to_string();
        let micros = ended.as_microsecond().saturating_sub(started.as_microsecond()).max(0);
        // A run of 285 years would lose a microsecond here.
        self.seconds = micros as f64 / 1e6;
        self.rows_per_second = (micros > 0).then(|| self.rows as f64 / self.seconds);
    }

    /// How often each reason came, by its code.
    #[must_use]
    pub fn codes(&self) -> BTreeMap<&str, u64> {
        let mut codes = BTreeMap::new();
        for reason in &self.reasons {
            *codes.entry(reason.code.as_str()).or_default() += reason.count;
        }
        codes
    }

    /// The counts of one resource.
    #[must_use]
    pub fn of(&self, resource: &str) -> Option<&Counts> {
        self.resources.iter().find(|counts| counts.resource == resource)
    }

    /// The report as JSON.
    ///
    /// # Panics
    /// Never: every member has a form in JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts, numbers and lists have a form in JSON")
    }
}
