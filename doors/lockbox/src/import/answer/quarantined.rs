//! Rows in quarantine, and their next try (LBX-064).

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::Text;
use gate::Caller;
use http::StatusCode;
use serde_json::json;

use super::Named;
use crate::Door;
use crate::import::batch::{Batch, Mode, Origin};
use crate::import::part::Part;
use crate::import::quarantine::{Row, rows};
use crate::reply::{Answer, Refused, json};
use crate::tenant::{Right, Tenant};
use parameters::Parameters;

/// Rows of a list.
const MOST: usize = 1_000;

/// `GET …/quarantine`: `part` picks, `after` is the id of the last row that is known.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let part = asked_part(&mut asked)?;
    let after = asked.take("after");
    asked.done()?;
    let mut found: Vec<(Text, Row)> = Vec::new();
    rows(&door.store, &door.dictionary, &tenant, part, |key, row| {
        if after.as_deref().is_none_or(|after| key.as_str() > after) {
            found.push((key.clone(), row));
        }
    })
    .await?;
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let all = found.len();
    found.truncate(MOST);
    let next = (all > MOST).then(|| found.last().map(|(key, _)| key.to_string())).flatten();
    let items: Vec<_> = found.iter().map(|(key, row)| row.told(key)).collect();
    Ok(json(StatusCode::OK, &json!({ "items": items, "count": all, "next": next })))
}

/// `GET …/quarantine/{row}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, row)): Path<Named>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let found = quarantined(&door, &tenant, &row).await?;
    Ok(json(StatusCode::OK, &found.told(&row)))
}

/// `POST …/quarantine/{row}/retry`: this row is tried again, by the settings of now.
pub(crate) async fn retry_one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, row)): Path<Named>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Run).await?;
    let found = quarantined(&door, &tenant, &row).await?;
    let batch = retry(&door, (&tenant, &caller.actor()), found.part, Some(row.into())).await?;
    Ok(json(StatusCode::ACCEPTED, &json!({ "items": [batch.told()] })))
}

/// `POST …/quarantine/retry`: all are tried again, or those of one part.
pub(crate) async fn retry_all(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Run).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let part = asked_part(&mut asked)?;
    asked.done()?;
    let batches = retry_every(&door, &tenant, &caller.actor(), part).await?;
    let items: Vec<_> = batches.iter().map(Batch::told).collect();
    Ok(json(StatusCode::ACCEPTED, &json!({ "items": items })))
}

/// A batch for each part that has rows in quarantine.
pub(crate) async fn retry_every(
    door: &Door,
    tenant: &Tenant,
    actor: &str,
    part: Option<Part>,
) -> Result<Vec<Batch>, Refused> {
    let mut held = Vec::new();
    rows(&door.store, &door.dictionary, tenant, part, |_, row| held.push(row.part)).await?;
    let mut batches = Vec::new();
    for part in Part::ALL.into_iter().filter(|part| held.contains(part)) {
        batches.push(retry(door, (tenant, actor), part, None).await?);
    }
    Ok(batches)
}

async fn retry(
    door: &Door,
    (tenant, actor): (&Tenant, &str),
    part: Part,
    row: Option<Text>,
) -> Result<Batch, Refused> {
    let new = door.new_batch(tenant, (part, Mode::Incremental), Origin::Quarantine(row), actor);
    let unnamed =
        |_| Refused::new(503, "no_randomness", "No id can be made just now.", "Try again in a moment.");
    let batch = Batch { source_name: "quarantine".into(), ..new.map_err(unnamed)? };
    door.save(&batch).await?;
    Ok(batch)
}

async fn quarantined(door: &Door, tenant: &Tenant, row: &str) -> Result<Row, Refused> {
    let own = door.dictionary.known("QuarantinedRow");
    let kept = door.store.get(own.id, row).await?;
    let found = kept.and_then(|kept| Row::read(&door.dictionary, &kept.record, tenant));
    let hint = "GET …/quarantine lists those that are.";
    found.ok_or_else(|| Refused::new(404, "row_unknown", "There is no such row in quarantine.", hint))
}

fn asked_part(asked: &mut Parameters) -> Result<Option<Part>, Refused> {
    match asked.take("part") {
        None => Ok(None),
        Some(name) => Part::find(&name).map(Some).ok_or_else(|| {
            Refused::new(400, "parameter_wrong", "part is unknown.", "offices, members or listings.")
        }),
    }
}
