//! A payload held against the schema and, where it is a report, against what a report must be besides.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use serde_json::value::RawValue;

use crate::report::{Report, warnings};
use crate::schema::{Item, alias, faults_of_object};
use crate::topic::TRANSACTION_REPORT;

/// What is found of a payload.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What is wrong; where anything is, there is no report.
    pub(crate) items: Vec<Item>,
    /// What is worth a second look.
    pub(crate) warnings: Vec<Item>,
    /// The payload with one spelling for `type` and `id`.
    pub(crate) payload: Value,
    /// The report, where it is one.
    pub(crate) report: Option<Report>,
}

#[derive(Deserialize)]
struct WithData<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Judges a payload, or a thing without a topic by its type.
///
/// # Errors
/// Text that is no JSON.
pub(crate) fn judge(text: &str) -> Result<Judged, serde_json::Error> {
    let mut payload: Value = serde_json::from_str(text)?;
    alias(&mut payload);
    let mut items = faults_of_object(&payload);
    let (mut beside, mut report) = (Vec::new(), None);
    if items.is_empty() && payload["topic"] == TRANSACTION_REPORT {
        let WithData { data } = serde_json::from_str(text)?;
        match Report::read(data.get()) {
            Ok(read) => {
                beside = warnings(&read, &payload["data"]);
                report = Some(read);
            }
            Err(reason) => items.push(unkeepable(&reason)),
        }
    }
    Ok(Judged { items, warnings: beside, payload, report })
}

/// A number that a decimal does not keep, or a member that stands twice.
fn unkeepable(reason: &str) -> Item {
    let shown: String = reason.chars().take(80).collect();
    let message = format!("{shown}: a number has at most 28 digits, and each member stands once.");
    Item::own("decimal", "/data/object", json!({ "limit": 28 }), message)
}
