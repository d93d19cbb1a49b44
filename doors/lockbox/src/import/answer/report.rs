//! `GET …/imports/{batch}/report`: everything that there is to say of a batch's rows, as JSON or CSV (LBX-063).

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, RawQuery, State};
use gate::Caller;
use http::StatusCode;
use http_body_util::channel::{Channel, Sender};
use serde_json::{Value as Json, json};

use super::Named;
use crate::Door;
use crate::import::batch::Batch;
use crate::import::findings;
use crate::reply::{Answer, Refused, json, typed};
use crate::tenant::Right;
use parameters::Parameters;

/// The columns of the CSV.
const COLUMNS: [&str; 8] = ["row", "key", "field", "code", "severity", "value", "message", "hint"];
/// Findings of one answer in JSON, beyond those of its last part.
const PAGE: usize = 10_000;
/// Parts that wait for a slow reader.
const WAITING: usize = 2;

pub(crate) async fn report(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, batch)): Path<Named>,
    RawQuery(query): RawQuery,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let (format, from) = (asked.take("format"), asked.take("part"));
    asked.done()?;
    let batch = door.batch_of(&tenant, &batch).await?;
    match format.as_deref() {
        None | Some("json") => as_json(&door, &batch, from.as_deref()).await,
        Some("csv") => {
            let (sender, body) = Channel::<Bytes, Infallible>::new(WAITING);
            tokio::spawn(async move { as_csv(&door, &batch, sender).await });
            Ok(typed(StatusCode::OK, "text/csv; charset=utf-8", Body::new(body)))
        }
        Some(_) => Err(Refused::new(400, "parameter_wrong", "There is no such format.", "json or csv.")),
    }
}

async fn as_json(door: &Door, batch: &Batch, from: Option<&str>) -> Answer {
    let wrong =
        |_| Refused::new(400, "parameter_wrong", "part is no number.", "Take it from `next` as it is.");
    let mut number: u64 = from.map_or(Ok(0), str::parse).map_err(wrong)?;
    let mut told: Vec<Json> = Vec::new();
    let mut next = None;
    while number < batch.report_parts {
        if told.len() >= PAGE {
            next = Some(number.to_string());
            break;
        }
        told.extend(
            findings::part(&door.store, &door.dictionary, (&batch.id, number)).await?.unwrap_or_default(),
        );
        number += 1;
    }
    Ok(json(StatusCode::OK, &json!({ "batch": batch.told(), "findings": told, "next": next })))
}

/// A line a finding, part after part, as somebody reads; an answer that cannot be told to its end is cut off.
async fn as_csv(door: &Door, batch: &Batch, mut to: Sender<Bytes, Infallible>) {
    let mut lines = line(COLUMNS.map(str::to_owned));
    for number in 0..batch.report_parts {
        let part = findings::part(&door.store, &door.dictionary, (&batch.id, number)).await;
        let Ok(part) = part else { return };
        for finding in part.unwrap_or_default() {
            lines.push_str(&line(COLUMNS.map(|name| match &finding[name] {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            })));
        }
        if to.send_data(Bytes::from(std::mem::take(&mut lines))).await.is_err() {
            return;
        }
    }
    let _ = to.send_data(Bytes::from(lines)).await;
}

/// A line of CSV (RFC 4180).
fn line<const N: usize>(cells: [String; N]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells).is_ok();
    let bytes = writer.into_inner().unwrap_or_default();
    if written { String::from_utf8(bytes).unwrap_or_default() } else { String::new() }
}
