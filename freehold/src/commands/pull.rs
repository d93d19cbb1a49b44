//! `freehold pull` and `freehold compare`: a source that is a server, now.

use anyhow::Result;
use serde_json::{Value, json};

use super::import::source::{run, run_at};
use super::line::OfSource;
use super::operate::address;
use crate::local::Admin;
use crate::settings::Settings;

pub(super) async fn pull(asked: &OfSource, settings: &Settings) -> Result<()> {
    run(&asked.id, asked.json, settings).await
}

/// A comparison is a run of a source of its own, which writes nothing: the one asked about with CompareOnlyYN. So
/// it is run by whoever runs sources, and may have a cadence.
pub(super) async fn compare(asked: &OfSource, settings: &Settings) -> Result<()> {
    let at = Admin::open(settings).await?;
    let mut twin = at.ask("GET", &address("Source", &asked.id), None).await?;
    if twin["CompareOnlyYN"] == json!(true) {
        return run_at(&at, &asked.id, asked.json, settings).await;
    }
    let id = format!("{}-compare", asked.id);
    let members = twin.as_object_mut();
    let members = members.into_iter().flat_map(std::mem::take);
    let own = [
        "ModificationTimestamp",
        "RunRequestedTimestamp",
        "SourceCadence",
        "SourceTimeZone",
        "SealedCredential",
    ];
    let mut body: serde_json::Map<String, Value> =
        members.filter(|(name, _)| !name.starts_with('@') && !own.contains(&name.as_str())).collect();
    body.insert("SourceId".into(), json!(id));
    body.insert("CompareOnlyYN".into(), json!(true));
    if at.say("GET", &address("Source", &id), None).await?.status == 404 {
        at.ask("POST", "/admin/Source", Some(&Value::from(body))).await?;
    }
    let from = json!({ "from": asked.id });
    at.ask("POST", &format!("{}/credential", address("Source", &id)), Some(&from)).await?;
    run_at(&at, &id, asked.json, settings).await
}
