//! How fast events reach their receivers: so many events to ten receivers on this machine, of which one may
//! take ten seconds for each answer.
//!
//! `cargo run --release -p outflow --example delivery -- 100000 slow`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends where it fails, and prints"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dictionary::{Dictionary, Record, Timestamp, Value, Version};
use outflow::{Event, EventId, MasterKey, NewEndpoint, Outflow, Reader, Settings};
use store::{Batch, Operation, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const AGENT: &str = "https://agent.example/profile/card#me";

fn now() -> Timestamp {
    testkit::real_time()
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let events: usize = args.next().map_or(10_000, |text| text.parse().unwrap());
    let slow = args.next().is_some_and(|word| word == "slow");
    let directory = std::env::temp_dir().join(format!("freehold-pace-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let store =
        Store::open(store::Settings::sqlite(directory.join("s.db")), dictionary.clone()).await.unwrap();
    let mut settings = Settings::new("https://hub.example", MasterKey::from_bytes(&[1; 32]), now, || 0.5);
    settings.outbound.rules.allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let outflow = Outflow::open(store.clone(), dictionary.clone(), settings).await.unwrap();
    put(&store, &dictionary, "Client", &[("ClientId", "c".into())]).await;
    let grant = [
        ("TopicGrantId", "g".into()),
        ("ClientId", "c".into()),
        ("AgentUri", "*".into()),
        ("TopicPattern", "*".into()),
        ("TopicDirection", "Subscribe".into()),
    ];
    put(&store, &dictionary, "TopicGrant", &grant).await;
    let counts: Vec<Arc<AtomicUsize>> = (0..10).map(|_| Arc::default()).collect();
    for (number, count) in counts.iter().enumerate() {
        let wait = if slow && number == 0 { Duration::from_secs(10) } else { Duration::ZERO };
        let url = receiver(count.clone(), wait).await;
        let id = format!("e{number}");
        let new =
            NewEndpoint { id: id.as_str().into(), client: "c".into(), url: url.into(), ..Default::default() };
        outflow.register(new, "pace", now()).await.unwrap();
        let subscription = [
            ("SubscriptionId", id.as_str().into()),
            ("ClientId", "c".into()),
            ("AgentUri", AGENT.into()),
            ("EndpointId", id.as_str().into()),
            ("SubscribedTopics", Value::TextList(["*".into()].into())),
            ("SubscriptionStatus", "Active".into()),
        ];
        put(&store, &dictionary, "Subscription", &subscription).await;
    }
    outflow.refresh().await.unwrap();
    let running = outflow.clone();
    tokio::spawn(async move { running.run(std::future::pending()).await });
    let begun = Instant::now();
    for part in 0..events.div_ceil(100) {
        let at = now();
        let first = EventId::make(at).unwrap();
        let some = (events - part * 100).min(100) as u64;
        let operations =
            (0..some).map(|number| event(first.after(number)).operation(&dictionary, at).unwrap());
        let batch = Batch { operations: operations.collect(), ..Batch::new("pace", at) };
        store.write(batch).await.unwrap();
    }
    let published = begun.elapsed();
    println!("published {events} in batches of 100: {:.0} a second", events as f64 / published.as_secs_f64());
    let quick = &counts[usize::from(slow)..];
    while quick.iter().any(|count| count.load(Ordering::Relaxed) < events) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let done = begun.elapsed();
    let delivered = events * quick.len();
    println!(
        "{} receivers had all after {:.1} s: {:.0} deliveries a second; the slow one had {}",
        quick.len(),
        done.as_secs_f64(),
        delivered as f64 / done.as_secs_f64(),
        counts[0].load(Ordering::Relaxed),
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    println!("{peak}, the receivers among it");
    let mut slowest = Duration::ZERO;
    let mut after = 0;
    loop {
        let begun = Instant::now();
        let page = outflow.inbox(Reader { client: "c", agent: AGENT }, after, 100, now()).await.unwrap();
        slowest = slowest.max(begun.elapsed());
        after = page.next;
        if !page.more {
            break;
        }
    }
    println!("the slowest inbox page of 100 took {:.2} ms", slowest.as_secs_f64() * 1e3);
    drop(std::fs::remove_dir_all(directory));
}

fn event(id: EventId) -> Event {
    Event {
        uri: format!("https://hub.example/publish/{id}").into(),
        id: id.text(),
        topic: "realestate/lead#add".into(),
        time: now(),
        instrument: "https://app.example/profile/card#me".into(),
        original_recipients: vec![AGENT.into()],
        sources: Vec::new(),
        ordering_key: None,
        subject: None,
        context: None,
        data: format!(r#"{{"type":"AddAction","filler":"{}"}}"#, "x".repeat(1_000)).into(),
    }
}

async fn put(store: &Store, dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) {
    let own = dictionary.known(resource);
    let mut record = Record::new(own.id);
    for (name, value) in fields {
        record.set(own.find(name).unwrap(), value.clone());
    }
    let batch = Batch { operations: vec![Operation::put("freehold", record)], ..Batch::new("pace", now()) };
    store.write(batch).await.unwrap();
}

/// The plainest receiver that keeps its connections: it costs the sender as little as can be.
async fn receiver(count: Arc<AtomicUsize>, wait: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = count.clone();
            tokio::spawn(async move {
                let mut read = Vec::new();
                let mut part = [0; 16_384];
                loop {
                    let end = read.windows(4).position(|window| window == b"\r\n\r\n");
                    let Some(end) = end else {
                        match stream.read(&mut part).await {
                            Ok(0) | Err(_) => return,
                            Ok(some) => read.extend_from_slice(&part[..some]),
                        }
                        continue;
                    };
                    let head = String::from_utf8_lossy(&read[..end]).into_owned();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                    let whole = end + 4 + length.map_or(0, |text| text.trim().parse::<usize>().unwrap());
                    while read.len() < whole {
                        match stream.read(&mut part).await {
                            Ok(0) | Err(_) => return,
                            Ok(some) => read.extend_from_slice(&part[..some]),
                        }
                    }
                    read.drain(..whole);
                    let token =
                        head.split_once("challenge=").map(|(_, rest)| rest.split(' ').next().unwrap());
                    if token.is_none() {
                        tokio::time::sleep(wait).await;
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    let body = token.unwrap_or_default();
                    let said = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    if stream.write_all(said.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}/hook")
}
