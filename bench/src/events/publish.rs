//! Reports through the transactions door: sixteen clients one by one, and four in arrays of a hundred.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Result, bail};
use axum::Router;
use axum::body::Body;
use console::operate::{self, Act, Desk, NewKey};
use dictionary::{Dictionary, Record, Text, Timestamp, Version};
use gate::{Gate, SigningKey};
use http::Request;
use serde_json::{Value as Json, json};
use store::Store;
use tower::ServiceExt as _;
use transactions_door::{Door, Settings};

use crate::report::{Figure, Report, Target, Times};

/// The report that each differs from in its transaction alone.
const REPORT: &str = include_str!("../../../doors/transactions/tests/data/transaction_report.json");

/// Publishes so many reports each way.
pub(super) async fn run(report: &mut Report, folder: &Path, events: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let (router, key) = hub(folder).await?;
    let next = Arc::new(AtomicU64::new(0));
    for (what, clients, in_batch, target) in
        [("singly by 16 clients", 16, 1, 1_000.0), ("in batches of 100 by 4 clients", 4, 100, 5_000.0)]
    {
        let requests = (events / 10).div_ceil(in_batch).div_ceil(clients).max(1);
        let begun = Instant::now();
        let workers: Vec<_> = (0..clients)
            .map(|_| tokio::spawn(publish(router.clone(), key.clone(), next.clone(), requests, in_batch)))
            .collect();
        let mut times = Vec::new();
        for worker in workers {
            times.extend(worker.await??);
        }
        let done = (times.len() as u64 * in_batch) as f64 / begun.elapsed().as_secs_f64();
        let figure = Figure::Rate(done, "reports", Some(Times::of(times)));
        report.add(format!("published {what}"), figure, Target::AtLeast(target));
    }
    Ok(())
}

/// One client: request after request; how long each took.
async fn publish(
    router: Router,
    key: String,
    next: Arc<AtomicU64>,
    requests: u64,
    in_batch: u64,
) -> Result<Vec<std::time::Duration>> {
    let mut times = Vec::new();
    for _ in 0..requests {
        let all: Vec<Json> =
            (0..in_batch).map(|_| one(next.fetch_add(1, Ordering::Relaxed))).collect::<Result<_>>()?;
        let body = if in_batch == 1 { all[0].to_string() } else { json!(all).to_string() };
        let request = Request::post("/publish/").header("x-api-key", &key).body(Body::from(body))?;
        let begun = Instant::now();
        let answer = router.clone().oneshot(request).await?;
        times.push(begun.elapsed());
        if answer.status() != 201 {
            bail!("a report was answered {}", answer.status());
        }
    }
    Ok(times)
}

fn one(number: u64) -> Result<Json> {
    let mut report: Json = serde_json::from_str(REPORT)?;
    report["recipient"] = json!("https://franchise.hub.example/profile/card#me");
    report["data"]["object"]["identifier"]["bmsTransactionId"] = json!(format!("{number:012x}"));
    Ok(report)
}

async fn hub(folder: &Path) -> Result<(Router, String)> {
    let clock: fn() -> Timestamp = testkit::real_time;
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let kept = store::Settings::sqlite(folder.join("freehold.db"));
    let store = Store::open(kept, Arc::clone(&dictionary)).await?;
    let signing = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
    let gate = Gate::open(store.clone(), Arc::clone(&dictionary), signing).await?;
    let desk = Desk {
        store: store.clone(),
        dictionary: Arc::clone(&dictionary),
        gate: Some(gate.clone()),
        row_filters: None,
        outflow: None,
    };
    let act = Act { actor: Text::new_static("bench"), now: clock() };
    operate::create_client(&desk, &act, "bms", "bms", false).await?;
    let key = operate::issue_key(&desk, &act, "bms", NewKey::default()).await?;
    let own = dictionary.known("TopicGrant");
    let fields = [
        ("TopicGrantId", "all"),
        ("ClientId", "bms"),
        ("AgentUri", "*"),
        ("TopicPattern", "*"),
        ("TopicDirection", "Publish"),
    ];
    let named = fields.iter().filter_map(|(name, value)| Some((own.find(name)?, (*value).into())));
    operate::create(&desk, &act, "TopicGrant", Record::from_values(own.id, named.collect())).await?;
    let master = outflow::MasterKey::from_bytes(&[7; 32]);
    let terms = outflow::Settings::new("https://hub.example", master, clock, || 0.5);
    let outflow = outflow::Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await?;
    let door = Door::open(dictionary, gate, store, outflow, clock, Settings::default()).await?;
    Ok((transactions_door::router(door), key.secret.reveal().to_owned()))
}
