//! The report of a batch, a line of JSON for each thing that there is to say, kept in parts.

use dictionary::{Dictionary, Text, Value, named};
use serde_json::Value as Json;
use store::{Expect, Operation, Store, StoreError};

use super::finding::Finding;

/// Bytes of a part.
const PART: usize = 256 << 10;
/// Findings that are kept of one batch; those beyond are counted.
const MOST: u64 = 200_000;

/// The findings of one batch as they come.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    parts: Vec<String>,
    open: String,
    count: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, row: u64, key: &str, finding: &Finding) {
        self.count += 1;
        if self.count > MOST {
            return;
        }
        self.open.push_str(&finding.told(row, key).to_string());
        self.open.push('\n');
        if self.open.len() >= PART {
            self.parts.push(std::mem::take(&mut self.open));
        }
    }

    /// How many there are, those beyond too.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// What keeps them in the place of those of a run before.
    pub(crate) fn operations(
        mut self,
        dictionary: &Dictionary,
        batch: &Text,
        before: u64,
    ) -> (Vec<Operation>, u64) {
        if !self.open.is_empty() {
            self.parts.push(self.open);
        }
        let own = dictionary.known("ImportFindings");
        let parts = self.parts.len() as u64;
        let put = |(number, text): (usize, String)| {
            let fields = [
                ("ImportBatchId", Some(Value::from(batch.clone()))),
                ("FindingsNumber", Some(Value::Integer(number as i64))),
                ("FindingsText", Some(Value::from(text))),
            ];
            Operation::put_own(named(own, fields), Expect::Any)
        };
        let kept = self.parts.into_iter().enumerate().map(put);
        let gone = (parts..before).map(|number| Operation::remove(own.id, key(batch, number)));
        (kept.chain(gone).collect(), parts)
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
