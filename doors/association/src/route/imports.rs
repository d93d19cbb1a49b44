//! Imports: a data file's rows become contacts of an environment. What is ordered here is done by whoever works
//! in the background ([`crate::bring`]).

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use dictionary::Named;
use gate::TenantEnvironment;
use http::{HeaderMap, StatusCode};
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::Stored;

use super::grants::no_randomness;
use super::{files, integrations};
use crate::answer::{self, Answer};
use crate::bring::{Ordered, order};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::words::FileKind;
use crate::{Door, asking, told};

/// What is ordered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// DataFileId; the newest of each kind where none is said.
    file: Option<String>,
}

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = of_environment(&door, &asked);
    answer::ok(&json!({ "value": all.iter().map(|one| shown(&door, one)).collect::<Vec<_>>() }))
}

fn of_environment(door: &Door, asked: &Asked) -> Vec<Stored> {
    let own = door.dictionary.known("ContactImport");
    let mut all = door.register.beginning("ContactImport", &format!("{}.", asked.integration().id));
    let place = asked.environment().name();
    all.retain(|one| Named { own, record: &one.record }.text("TenantEnvironment").as_deref() == Some(place));
    all
}

/// The parameters of an import's address.
#[derive(Deserialize)]
pub(super) struct At {
    import: String,
}

pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { import }): Path<At>,
) -> Answer {
    let found = of_environment(&door, &asked).into_iter().find(|one| one.key == import);
    let found = found.ok_or_else(|| {
        let message = format!("The environment has no import {import:?}.");
        Fault::new(404, "import_unknown", message, "GET …/imports lists them.")
    })?;
    answer::ok(&shown(&door, &found))
}

fn shown(door: &Door, stored: &Stored) -> Json {
    let mut told = told::kept(door.dictionary.known("ContactImport"), stored);
    let object = told.as_object_mut().expect("a kept record is told as an object");
    if let Some(reasons) = object.remove("HeldReasons") {
        let read = reasons.as_str().and_then(|text| serde_json::from_str(text).ok());
        object.insert("held".into(), read.unwrap_or_else(|| json!([])));
    }
    told
}

/// Orders an import; 202 tells that it will be done.
pub(super) async fn create(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let Sent { file } = asking::object(&headers, &body)?;
    files::directory(&door)?;
    let (tenant, of, place) = (asked.tenant(), asked.integration(), asked.environment());
    let feed = door.dictionary.known("Feed").id;
    if place == TenantEnvironment::Staging && door.store.get(feed, &tenant.staging_feed).await?.is_none() {
        let hint = "Open it: POST …/staging.";
        return Err(Fault::new(409, "no_staging", "Staging has not been opened.", hint).into());
    }
    let mapping = integrations::mapping_in_force(&door, of, place).ok_or_else(|| {
        let hint = "POST …/mappings keeps one.";
        Fault::new(409, "no_mapping", "There is no mapping by which to import.", hint)
    })?;
    let wanted: Vec<Stored> = match &file {
        Some(id) => vec![files::of(&door, &asked, id)?],
        None => FileKind::ALL.iter().filter_map(|kind| door.newest_data_file(&of.id, *kind)).collect(),
    };
    if wanted.is_empty() {
        let hint = "POST …/files takes one in.";
        return Err(Fault::new(409, "no_files", "There is no data file.", hint).into());
    }
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    let mut keys = Vec::new();
    for file in &wanted {
        let (actor, now) = (asked.actor(), asked.now);
        let ordered = Ordered { of, place, file, mapping: &mapping.id, actor, now };
        let (key, record) = order(&door, &ordered).map_err(|error| no_randomness(&error))?;
        keys.push(key);
        keeping.add(record);
    }
    door.keep(keeping).await?;
    door.rung.notify_one();
    let told: Vec<Json> = keys
        .iter()
        .filter_map(|key| door.register.get("ContactImport", key))
        .map(|stored| shown(&door, &stored))
        .collect();
    Ok(answer::json(StatusCode::ACCEPTED, &json!({ "value": told })))
}
