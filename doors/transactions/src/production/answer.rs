//! Figures as JSON and as CSV: numbers by their digits.

use axum::response::Response;
use dictionary::{Decimal, Text};
use http::StatusCode;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::json;
use serde_json::value::{RawValue, Value, to_raw_value};

use super::asked::Asked;
use super::sums::Row;
use crate::Door;
use crate::reply::{json as answer, typed};

/// The columns after those of the group.
const FIGURES: [&str; 8] =
    ["currency", "gci", "deduction", "net", "units", "sides", "transactions", "referrals"];

/// An object whose numbers are digits, its members in order.
struct Object(Vec<(&'static str, Box<RawValue>)>);

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Figures in the order of [`FIGURES`], as text.
fn figures(row: &Row) -> [String; 8] {
    let digits = |number: Decimal| number.normalize().to_string();
    [
        row.currency.to_string(),
        digits(row.gci),
        digits(row.deduction),
        digits(row.net()),
        digits(row.units),
        row.sides.to_string(),
        row.transactions.to_string(),
        row.referrals.to_string(),
    ]
}

/// `{"by": […], "value": [{…}]}`; each row names its reports, or says where they are told.
pub(super) fn json(door: &Door, asked: &Asked, rows: &[Row]) -> Response {
    let rows = rows.iter().map(|row| object(door, asked, row)).collect();
    let by = json!(asked.by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>());
    let rows: Vec<Object> = rows;
    answer(StatusCode::OK, &Object(vec![("by", raw(&by)), ("value", raw_list(&rows))]))
}

fn raw_list(rows: &[Object]) -> Box<RawValue> {
    to_raw_value(rows).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn object(door: &Door, asked: &Asked, row: &Row) -> Object {
    let mut members: Vec<(&'static str, Box<RawValue>)> = asked
        .by
        .iter()
        .zip(&row.group)
        .filter_map(|(dimension, value)| Some((dimension.name(), raw(&json!(value.as_ref()?.as_str())))))
        .collect();
    for (name, text) in FIGURES.into_iter().zip(figures(row)) {
        let value = if name == "currency" { Ok(raw(&json!(text))) } else { RawValue::from_string(text) };
        members.push((name, value.unwrap_or_else(|_| RawValue::NULL.to_owned())));
    }
    if asked.trace {
        let reports: Vec<Value> = row
            .reports
            .iter()
            .map(|(uri, id, sequence)| {
                json!({ "id": uri.as_str(), "bmsTransactionId": id.as_str(), "transactionSequence": sequence })
            })
            .collect();
        members.push(("reports", raw(&json!(reports))));
    } else if let Some(query) = asked.narrowed(&row.group) {
        let url = format!("{}/production?{query}", door.settings.public_url);
        members.push(("trace", raw(&json!(url))));
    }
    Object(members)
}

/// The same rows as CSV (RFC 4180), with the addresses of their reports where they are asked for.
pub(super) fn csv(asked: &Asked, rows: &[Row]) -> Response {
    let mut to = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<&str> = asked.by.iter().map(|dimension| dimension.name()).chain(FIGURES).collect();
    if asked.trace {
        head.push("reports");
    }
    let mut lines = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for row in rows {
        let group = row.group.iter().map(|value| plain(value.as_ref()));
        let mut line: Vec<String> = group.chain(figures(row)).collect();
        if asked.trace {
            line.push(row.reports.iter().map(|(uri, ..)| uri.as_str()).collect::<Vec<_>>().join(" "));
        }
        lines.push(line);
    }
    // A Vec takes whatever it is given.
    let written = lines.iter().try_for_each(|line| to.write_record(line));
    let body = to.into_inner().unwrap_or_default();
    debug_assert!(written.is_ok());
    typed(StatusCode::OK, "text/csv; charset=utf-8; header=present", body)
}

/// Text that a spreadsheet does not take for a formula.
fn plain(value: Option<&Text>) -> String {
    let text = value.map(Text::as_str).unwrap_or_default();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
