//! The real binary is killed (SIGKILL) at random moments while sixteen clients publish to it, singly and in
//! arrays, each with an `Idempotency-Key`, and what was acknowledged is there, once, and arrives.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use dictionary::{Dictionary, Version};
use outflow::Event;
use serde_json::Value as Json;
use store::Store;
use testkit::Scratch;

#[path = "../outflow/receiver.rs"]
mod receiver;
use receiver::Receiver;

mod producer;
use producer::{Producer, Request};

const CLIENTS: usize = 16;
const KILLS: usize = 25;
/// The longest wait before a kill, once the server answers.
const WAIT: Duration = Duration::from_millis(700);

fn freehold(data: &Path, words: &[&str]) -> Command {
    let mut line = Command::new(env!("CARGO_BIN_EXE_freehold"));
    line.arg("--settings").arg(data.with_extension("toml")).args(words).arg("--data").arg(data);
    line.stdin(Stdio::null());
    line
}

fn operate(data: &Path, words: &[&str]) -> String {
    let done = freehold(data, &[&["operate"], words].concat()).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A client that may publish, and one that receives all of it in order; the key of the first.
async fn prepare(data: &Path, url: &str) -> String {
    let (data, url) = (data.to_owned(), url.to_owned());
    let waits = vec!["0"; 60].join(", ");
    let settings = format!("[outflow]\nallowed_addresses = [\"127.0.0.0/8\"]\nretry_seconds = [{waits}]\n");
    std::fs::write(data.with_extension("toml"), settings).unwrap();
    let prepared = tokio::task::spawn_blocking(move || {
        for client in ["bms", "hub"] {
            operate(&data, &["add-client", client, client]);
        }
        operate(&data, &["grant-topic", "bms", "*", "*", "publish"]);
        operate(&data, &["grant-topic", "hub", "*", "*", "subscribe"]);
        operate(&data, &["add-endpoint", "hook", "hub", &url, "--ordered"]);
        operate(&data, &["subscribe", "all", "hub", "hook", "*", "realestate/lead"]);
        operate(&data, &["issue-key", "bms"]).lines().next().unwrap().to_owned()
    });
    prepared.await.unwrap()
}

/// The events of the store: of each, the producer and its number.
async fn kept(data: &Path) -> Vec<(Event, usize, u64)> {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let settings = store::Settings::sqlite(data.join("freehold.sqlite"));
    let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
    let own = dictionary.known("Event").id;
    let (mut after, mut events) = (0, Vec::new());
    loop {
        let part = store.follow(after, 5_000).await.unwrap();
        let Some(last) = part.last() else { return events };
        after = last.sequence;
        for change in part.iter().filter(|change| change.resource == own) {
            let event = Event::read(&dictionary, change.record.as_ref().unwrap()).unwrap();
            if event.topic != "realestate/lead#add" {
                continue;
            }
            let data: Json = serde_json::from_str(&event.data).unwrap();
            let of = |name: &str| data["object"][name].as_u64().unwrap();
            let (producer, number) = (usize::try_from(of("producer")).unwrap(), of("number"));
            events.push((event, producer, number));
        }
    }
}

/// Each acknowledged request is there, whole and once; nothing is there that was not sent; what one producer
/// sent one after the other lies so (EVT-031, EVT-040, EVT-042).
fn all_there(events: &[(Event, usize, u64)], done: &[Vec<Request>]) {
    let mut by_producer: BTreeMap<usize, Vec<(u64, &str)>> = BTreeMap::new();
    for (event, producer, number) in events {
        by_producer.entry(*producer).or_default().push((*number, &event.uri));
    }
    for (producer, requests) in done.iter().enumerate() {
        let found = by_producer.remove(&producer).unwrap_or_default();
        let expect: Vec<(u64, &str)> = requests
            .iter()
            .flat_map(|request| request.numbers().zip(request.ids.iter().map(String::as_str)))
            .collect();
        assert_eq!(found, expect, "of producer {producer}");
    }
    assert!(by_producer.is_empty(), "events of nobody");
}

/// EVT-031, EVT-040, EVT-042, EVT-089, EVT-092.
#[tokio::test(flavor = "multi_thread")]
async fn evt_031_evt_040_evt_042_evt_089_killed_while_sixteen_publish_nothing_is_lost_or_there_twice() {
    let mut rng = testkit::rng("publishing_killed");
    let scratch = Scratch::new();
    let data = scratch.file("data");
    let receiver = Receiver::open(rng.u64(..)).await;
    let key = prepare(&data, &receiver.url()).await;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let producers: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let producer = Producer { number, port, key: key.clone(), seed: rng.u64(..) };
            tokio::spawn(producer.publish(Arc::clone(&stop), Arc::clone(&acknowledged)))
        })
        .collect();
    let run = || {
        let log = File::options().create(true).append(true).open(data.with_extension("log")).unwrap();
        freehold(&data, &["run", "--listen", &listen]).stdout(Stdio::null()).stderr(log).spawn().unwrap()
    };
    let mut midway = 0;
    for _ in 0..KILLS {
        let before = acknowledged.load(Ordering::SeqCst);
        let mut child = run();
        // Some are killed while they start, most while they work.
        for _ in 0..if rng.bool() { 3_000 } else { 10 } {
            if acknowledged.load(Ordering::SeqCst) > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(WAIT.mul_f64(rng.f64())).await;
        child.kill().unwrap();
        child.wait().unwrap();
        midway += usize::from(acknowledged.load(Ordering::SeqCst) > before);
    }
    // Once more, until everybody has been answered and everything has arrived.
    let mut child = run();
    stop.store(true, Ordering::SeqCst);
    let mut done = Vec::new();
    for producer in producers {
        done.push(producer.await.unwrap());
    }
    let expect: BTreeSet<String> = done
        .iter()
        .flatten()
        .flat_map(|request| &request.ids)
        .map(|id| id.rsplit('/').next().unwrap().to_owned())
        .collect();
    for _ in 0..6_000 {
        if receiver.acknowledged().len() >= expect.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let events = kept(&data).await;
    all_there(&events, &done);
    assert_eq!(receiver.acknowledged(), expect, "all arrive, each with the id that its producer was told");
    // What one producer sent arrives in its order, repeats aside.
    let arrived = receiver.arrived();
    for producer in 0..CLIENTS {
        let of = events.iter().filter(|(_, of, _)| *of == producer);
        let place: BTreeMap<&str, u64> = of.map(|(event, _, number)| (event.id.as_str(), *number)).collect();
        let places: Vec<u64> = arrived.iter().filter_map(|id| place.get(id.as_str()).copied()).collect();
        assert!(places.is_sorted(), "producer {producer} out of order: {places:?}");
    }
    let requests: usize = done.iter().map(Vec::len).sum();
    println!(
        "{midway} of {KILLS} kills came while something was published: {requests} requests, {} events, {} arrivals",
        expect.len(),
        receiver.count()
    );
    assert!(midway > KILLS / 3, "hardly a kill came while anything was published: make WAIT longer");
}
