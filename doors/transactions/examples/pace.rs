//! How fast reports are published: `cargo run --release -p transactions-door --example pace -- FILE [SECONDS]`.
//! Every answer is waited for, and is on disk before it is given.
#![expect(clippy::print_stdout, reason = "it prints figures")]
#![expect(clippy::unwrap_used, reason = "it says so by failing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use console::operate::{self, Act, Desk, NewKey};
use dictionary::{Dictionary, Record, Text, Timestamp, Version};
use gate::{Gate, SigningKey};
use http::Request;
use serde_json::{Value, json};
use store::Store;
use tower::ServiceExt;
use transactions_door::{Door, Settings};

const CLIENTS: usize = 16;

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let file = words.next().unwrap();
    let seconds = words.next().map_or(5, |word| word.parse().unwrap());
    let (router, key) = hub(&file).await;
    for (what, clients, in_batch) in [("singly", CLIENTS, 1), ("in batches of 100", 4, 100)] {
        let next = Arc::new(AtomicU64::new(u64::from(in_batch > 1) << 32));
        let (start, lasts) = (Instant::now(), Duration::from_secs(seconds));
        let workers: Vec<_> = (0..clients)
            .map(|_| {
                let (router, key, next) = (router.clone(), key.clone(), next.clone());
                tokio::spawn(async move {
                    let mut done = 0;
                    while start.elapsed() < lasts {
                        let body: Vec<Value> =
                            (0..in_batch).map(|_| report(next.fetch_add(1, Ordering::Relaxed))).collect();
                        let body = if in_batch == 1 { body[0].to_string() } else { json!(body).to_string() };
                        let request = Request::post("/publish/").header("x-api-key", &key);
                        let answer =
                            router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
                        assert_eq!(answer.status(), 201);
                        done += in_batch;
                    }
                    done
                })
            })
            .collect();
        let mut done = 0;
        for worker in workers {
            done += worker.await.unwrap();
        }
        let took = start.elapsed().as_secs_f64();
        println!("{done} reports {what} from {clients} clients: {:.0} a second", done as f64 / took);
    }
}

fn report(number: u64) -> Value {
    let mut report: Value =
        serde_json::from_str(include_str!("../tests/data/transaction_report.json")).unwrap();
    report["recipient"] = json!("https://franchise.hub.example/profile/card#me");
    report["data"]["object"]["identifier"]["bmsTransactionId"] = json!(format!("{number:012x}"));
    report
}

async fn hub(file: &str) -> (Router, String) {
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let store = Store::open(store::Settings::sqlite(file), Arc::clone(&dictionary)).await.unwrap();
    let signing = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
    let gate = Gate::open(store.clone(), Arc::clone(&dictionary), signing).await.unwrap();
    let desk = Desk {
        store: store.clone(),
        dictionary: Arc::clone(&dictionary),
        gate: Some(gate.clone()),
        row_filters: None,
        outflow: None,
    };
    let act = Act { actor: Text::new_static("pace"), now };
    operate::create_client(&desk, &act, "bms", "bms", false).await.unwrap();
    let key = operate::issue_key(&desk, &act, "bms", NewKey::default()).await.unwrap();
    let own = dictionary.known("TopicGrant");
    let mut grant = Record::new(own.id);
    for (name, value) in [
        ("TopicGrantId", "all"),
        ("ClientId", "bms"),
        ("AgentUri", "*"),
        ("TopicPattern", "*"),
        ("TopicDirection", "Publish"),
    ] {
        grant.set(own.find(name).unwrap(), value);
    }
    operate::create(&desk, &act, "TopicGrant", grant).await.unwrap();
    let clock: fn() -> Timestamp = testkit::real_time;
    let terms = outflow::Settings::new(
        "https://hub.example",
        outflow::MasterKey::from_bytes(&[7; 32]),
        clock,
        || 0.5,
    );
    let outflow = outflow::Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await.unwrap();
    let door = Door::open(dictionary, gate, store, outflow, clock, Settings::default()).await.unwrap();
    (transactions_door::router(door), key.secret.reveal().to_owned())
}
