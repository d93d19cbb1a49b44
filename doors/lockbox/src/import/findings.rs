//! The report of a batch, a line of JSON for each thing that there is to say, kept in parts.

use std::sync::Arc;

use dictionary::{Dictionary, Text, Value, named};
use serde_json::Value as Json;
use store::{Expect, Operation, Store, StoreError};

use super::finding::Finding;

/// Bytes of a part.
const PART: usize = 256 << 10;
/// Findings that are kept of one batch; those beyond are counted.
const MOST: u64 = 200_000;

/// The findings of one batch as they come: parts that are full are handed on, so that none but the last is held.
#[derive(Debug)]
pub(crate) struct Findings {
    dictionary: Arc<Dictionary>,
    batch: Text,
    open: String,
    full: Vec<Operation>,
    parts: u64,
    count: u64,
}

impl Findings {
    pub(crate) fn of(batch: Text, dictionary: Arc<Dictionary>) -> Self {
        Self { dictionary, batch, open: String::new(), full: Vec::new(), parts: 0, count: 0 }
    }

    pub(crate) fn add(&mut self, row: u64, key: &str, finding: &Finding) {
        self.count += 1;
        if self.count > MOST {
            return;
        }
        self.open.push_str(&finding.told(row, key).to_string());
        self.open.push('\n');
        if self.open.len() >= PART {
            self.close();
        }
    }

    /// How many there are, those beyond too.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    fn close(&mut self) {
        let own = self.dictionary.known("ImportFindings");
        let fields = [
            ("ImportBatchId", Some(Value::from(self.batch.clone()))),
            ("FindingsNumber", Some(Value::Integer(self.parts.cast_signed()))),
            ("FindingsText", Some(Value::from(Text::from(self.open.as_str())))),
        ];
        self.full.push(Operation::put_own(named(own, fields), Expect::Any));
        self.parts += 1;
        self.open.clear();
    }

    /// What keeps the parts that have become full since the last time.
    pub(crate) fn full(&mut self) -> Vec<Operation> {
        std::mem::take(&mut self.full)
    }

    /// What keeps the rest and takes away what a run before, of so many parts, has left beyond; and how many parts
    /// there are.
    pub(crate) fn end(mut self, before: u64) -> (Vec<Operation>, u64) {
        if !self.open.is_empty() {
            self.close();
        }
        let own = self.dictionary.known("ImportFindings").id;
        let gone = (self.parts..before).map(|number| Operation::remove(own, key(&self.batch, number)));
        self.full.extend(gone);
        (self.full, self.parts)
    }
}

/// The key of a part: its fields in the order of their names.
fn key(batch: &str, number: u64) -> Text {
    format!("{number}|{batch}").into()
}

/// A part of a batch's findings; none where there is no such part.
pub(crate) async fn part(
    store: &Store,
    dictionary: &Dictionary,
    (batch, number): (&str, u64),
) -> Result<Option<Vec<Json>>, StoreError> {
    let own = dictionary.known("ImportFindings");
    let kept = store.get(own.id, &key(batch, number)).await?;
    let text = kept.and_then(|kept| super::index::text(own, &kept.record, "FindingsText"));
    Ok(text.map(|text| text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()))
}
