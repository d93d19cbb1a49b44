//! `freehold import --source`: a source run now, here or by the server that holds the store.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Bar, tell};
use crate::commands::{progress, say};
use crate::local::Admin;
use crate::settings::Settings;

/// How often the server is asked how far it is.
const LOOK: Duration = Duration::from_millis(500);

pub(in crate::commands) async fn run(source: &str, as_json: bool, settings: &Settings) -> Result<()> {
    let at = Admin::open(settings).await?;
    run_at(&at, source, as_json, settings).await
}

/// The same, by whoever holds the store.
pub(in crate::commands) async fn run_at(
    at: &Admin,
    source: &str,
    as_json: bool,
    settings: &Settings,
) -> Result<()> {
    let bar = progress::bar(0, "bytes");
    if let Some(house) = at.house() {
        let teller = Arc::new(Bar(bar.clone()));
        let report = house.sources(settings, None)?.run(source, teller).await?;
        bar.finish_and_clear();
        tell(&report, as_json);
        return Ok(());
    }
    let ordered = at.ask("POST", &format!("/admin/Source/{source}/run"), Some(&json!({}))).await?;
    let order = ordered["RunRequestedTimestamp"].as_str().unwrap_or_default().to_owned();
    let run = loop {
        tokio::time::sleep(LOOK).await;
        let run = last(at, source).await?;
        // Of a server nobody knows how many bytes it will send: its records are shown.
        let (all, far) =
            if run["MappingId"].is_null() { ("RowsRead", "RowsRead") } else { ("FileBytes", "BytesRead") };
        bar.set_length(run[all].as_u64().unwrap_or(0));
        bar.set_position(run[far].as_u64().unwrap_or(0));
        if run["ImportStatus"] != json!("Running") && obeys(&run, &order) {
            break run;
        }
    };
    bar.finish_and_clear();
    let text = |name: &str| run[name].as_str().unwrap_or_default();
    if text("ImportStatus") != "Completed" {
        bail!("{}: {}", text("ImportStatus"), text("ImportFault"));
    }
    if as_json {
        say(run["ImportReport"].as_str().context("The run has no report.")?);
        return Ok(());
    }
    let number = |name: &str| run[name].as_u64().unwrap_or(0);
    say(&format!(
        "{} rows: {} new, {} changed, {} unchanged, {} refused, {} removed. `--json` shows why.",
        number("RowsRead"),
        number("RecordsNew"),
        number("RecordsChanged"),
        number("RecordsUnchanged"),
        number("RecordsRefused"),
        number("RecordsRemoved"),
    ));
    Ok(())
}

/// Whether a run began at an order or after it.
fn obeys(run: &Value, order: &str) -> bool {
    let instant = |text: &str| text.parse::<dictionary::Timestamp>().ok();
    let began = run["StartedTimestamp"].as_str().and_then(instant);
    began.zip(instant(order)).is_some_and(|(began, order)| began >= order)
}

/// The last run of a source; null where it never ran.
async fn last(at: &Admin, source: &str) -> Result<Value> {
    let mut next = Some("/admin/jobs?limit=1000".to_owned());
    while let Some(path) = next {
        let part = at.ask("GET", &path, None).await?;
        let all = part["value"].as_array();
        if let Some(job) = all.into_iter().flatten().find(|job| job["source"]["SourceId"] == *source) {
            return Ok(job["run"].clone());
        }
        next = part["next"].as_str().map(str::to_owned);
    }
    Ok(Value::Null)
}
