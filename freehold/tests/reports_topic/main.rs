//! Reports that lie in a topic of a real Kafka are published by the real binary, which is killed (SIGKILL) while
//! it takes them in: each once, in the order of its key, and what is wrong put aside with the reason.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Version};
use krafka::consumer::AutoOffsetReset;
use krafka::{Kafka, Record};
use outflow::Event;
use serde_json::{Value as Json, json};
use store::Store;
use testkit::Scratch;
use testkit::kafka::bootstrap;

const KILLS: usize = 3;
/// Messages of one round.
const MESSAGES: u64 = 120;
/// Of so many one cannot be published.
const WRONG: u64 = 10;
const TRANSACTIONS: u64 = 7;

fn freehold(data: &Path, words: &[&str]) -> Command {
    let mut line = Command::new(env!("CARGO_BIN_EXE_freehold"));
    line.arg("--settings").arg(data.with_extension("toml")).args(words).arg("--data").arg(data);
    line.stdin(Stdio::null());
    line
}

fn operate(data: &Path, words: &[&str]) {
    let done = freehold(data, &[&["operate"], words].concat()).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A report of the numbered message: the newest of its transaction so far.
fn report(number: u64) -> Json {
    let seed = include_str!("../../../doors/transactions/tests/data/transaction_report.json");
    let mut report: Json = serde_json::from_str(seed).unwrap();
    report["recipient"] = json!("https://franchise.example/profile/card#me");
    let object = &mut report["data"]["object"];
    object["identifier"]["bmsTransactionId"] = json!(format!("T{}", number % TRANSACTIONS));
    object["additionalProperty"]["transactionSequence"] = json!(number);
    if is_wrong(number) {
        object["transactionType"] = json!("XX");
    }
    report
}

fn is_wrong(number: u64) -> bool {
    number % WRONG == WRONG - 1
}

/// Puts messages into the topic; some twice, as a producer does that did not hear the broker's answer.
async fn send(topic: &str, numbers: std::ops::Range<u64>) {
    let kafka = Kafka::builder(bootstrap()).allow_auto_create_topics(true).connect().await.unwrap();
    let producer = kafka.producer().build().await.unwrap();
    for number in numbers {
        for _ in 0..if number % 6 == 0 { 2 } else { 1 } {
            let key = format!("T{}", number % TRANSACTIONS);
            let record = Record::new(topic, report(number).to_string()).key(key);
            let record = record.header("Idempotency-Key", format!("message-{number}"));
            let _ = producer.send(record).await.unwrap();
        }
    }
    producer.close().await.unwrap();
}

/// Sequences of the reports that are kept, by transaction, in the order of the log.
async fn kept(data: &Path) -> BTreeMap<String, Vec<u64>> {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let settings = store::Settings::sqlite(data.join("freehold.sqlite"));
    let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
    let own = dictionary.known("Event").id;
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for change in store.follow(0, 10_000).await.unwrap().iter().filter(|change| change.resource == own) {
        let event = Event::read(&dictionary, change.record.as_ref().unwrap()).unwrap();
        if !event.topic.ends_with("#transactionreport") {
            continue;
        }
        assert!(event.instrument.ends_with("/pods/app-bms/profile/card#me"), "{}", event.instrument);
        let object: Json = serde_json::from_str(&event.data).unwrap();
        let object = &object["object"];
        let id = object["identifier"]["bmsTransactionId"].as_str().unwrap().to_owned();
        found
            .entry(id)
            .or_default()
            .push(object["additionalProperty"]["transactionSequence"].as_u64().unwrap());
    }
    found
}

/// A figure of `/metrics`.
fn figure(port: u16, name: &str) -> Option<u64> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

/// What was put aside: of each message its number, the code and the faults.
async fn aside(topic: &str, count: usize) -> BTreeMap<u64, (String, String)> {
    let kafka = Kafka::builder(bootstrap()).connect().await.unwrap();
    let group = format!("eyes-{:x}", testkit::Rng::new().u64(..));
    let consumer = kafka.consumer(group).auto_offset_reset(AutoOffsetReset::Earliest).build().await.unwrap();
    consumer.subscribe([format!("{topic}.refused")]).await.unwrap();
    let mut found = BTreeMap::new();
    for _ in 0..240 {
        for record in consumer.poll(Duration::from_millis(500)).await.unwrap_or_default() {
            let report: Json = serde_json::from_str(record.value_str().unwrap()).unwrap();
            let number =
                report["data"]["object"]["additionalProperty"]["transactionSequence"].as_u64().unwrap();
            let of = |name: &str| record.header_str(name).unwrap_or_default().to_owned();
            found.insert(number, (of("refused-code"), of("refused-faults")));
        }
        if found.len() >= count {
            break;
        }
    }
    found
}

fn run(data: &Path, port: u16) -> Child {
    let log = File::options().create(true).append(true).open(data.with_extension("log")).unwrap();
    let listen = format!("127.0.0.1:{port}");
    freehold(data, &["run", "--listen", &listen]).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// EVT-040, EVT-041, EVT-042: over a topic as over HTTP.
#[tokio::test(flavor = "multi_thread")]
async fn evt_040_evt_041_evt_042_reports_of_a_topic_are_published_once_and_in_order() {
    let mut rng = testkit::rng("reports_topic");
    let scratch = Scratch::new();
    let data = scratch.file("data");
    let topic = format!("reports-{:x}", rng.u64(..));
    let settings = format!(
        "[kafka]\nbrokers = \"{}\"\nprefix = \"{topic}-out\"\nresources = []\ngroup = \"{topic}-group\"\n\
         reports = [{{ topic = \"{topic}\", client = \"bms\" }}]\n",
        bootstrap()
    );
    std::fs::write(data.with_extension("toml"), settings).unwrap();
    operate(&data, &["add-client", "bms", "Office software"]);
    operate(&data, &["grant-topic", "bms", "*", "*", "publish"]);
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut sent = 0;
    for _ in 0..KILLS {
        send(&topic, sent..sent + MESSAGES).await;
        sent += MESSAGES;
        let mut child = run(&data, port);
        // The first are there: then it is killed among the rest of them.
        for _ in 0..1_200 {
            if figure(port, "freehold_kafka_taken").is_some_and(|taken| taken > 0) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(rng.u64(0..150))).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    send(&topic, sent..sent + MESSAGES).await;
    sent += MESSAGES;
    let mut child = run(&data, port);
    let refused: Vec<u64> = (0..sent).filter(|number| is_wrong(*number)).collect();
    let found = aside(&topic, refused.len()).await;
    let mut expect: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for number in (0..sent).filter(|number| !is_wrong(*number)) {
        expect.entry(format!("T{}", number % TRANSACTIONS)).or_default().push(number);
    }
    let all: usize = expect.values().map(Vec::len).sum();
    // The last of a key may be good: what is committed is looked for in the figures until nothing is left.
    let mut quiet = 0;
    let mut before = 0;
    while quiet < 20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let taken = figure(port, "freehold_kafka_taken").unwrap_or(0);
        quiet = if taken == before && taken > 0 { quiet + 1 } else { 0 };
        before = taken;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = kept(&data).await;
    assert_eq!(kept, expect, "each of {all} once, in the order of its key");
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), refused.iter().copied().collect());
    for (code, faults) in found.values() {
        assert_eq!(code, "payload_invalid");
        assert!(faults.contains("/data/object/transactionType"), "{faults}");
    }
}
