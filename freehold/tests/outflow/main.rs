//! The real binary is killed (SIGKILL) at fifty random moments while it fans events out and sends them, and
//! loses nothing: every event that was acknowledged arrives, a duplicate has the id it had, and events of
//! one key never overtake each other (EVT-092, EVT-042, EVT-089).
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Record, Timestamp, Value, Version};
use outflow::{Event, EventId, MasterKey, NewEndpoint, Outflow};
use store::{Batch, Operation, Store};
use testkit::Scratch;

mod receiver;
use receiver::Receiver;

const KILLS: usize = 50;
/// Events of one round, and listings that change in it and become events by themselves.
const EVENTS: usize = 20;
const LISTINGS: usize = 5;
/// The longest wait before a kill: a debug build takes a part of it to start.
const WAIT: Duration = Duration::from_millis(900);
const AGENT: &str = "https://agent.example/profile/card#me";

fn now() -> Timestamp {
    testkit::real_time()
}

fn record(dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) -> Record {
    let own = dictionary.known(resource);
    let mut record = Record::new(own.id);
    for (name, value) in fields {
        record.set(own.find(name).unwrap(), value.clone());
    }
    record
}

async fn open(scratch: &Scratch, dictionary: &Arc<Dictionary>) -> Store {
    let settings = store::Settings::sqlite(scratch.file("freehold.sqlite"));
    Store::open(settings, dictionary.clone()).await.unwrap()
}

/// A client that receives everything at this receiver, in order.
async fn prepare(scratch: &Scratch, dictionary: &Arc<Dictionary>, url: &str) {
    let store = open(scratch, dictionary).await;
    let put = |resource: &str, fields: &[(&str, Value)]| {
        Operation::put("freehold", record(dictionary, resource, fields))
    };
    let operations = vec![
        put("Client", &[("ClientId", "c".into()), ("ClientStatus", "Active".into())]),
        put(
            "TopicGrant",
            &[
                ("TopicGrantId", "g".into()),
                ("ClientId", "c".into()),
                ("AgentUri", "*".into()),
                ("TopicPattern", "*".into()),
                ("TopicDirection", "Subscribe".into()),
            ],
        ),
        put(
            "Subscription",
            &[
                ("SubscriptionId", "s".into()),
                ("ClientId", "c".into()),
                ("AgentUri", "*".into()),
                ("EndpointId", "e".into()),
                (
                    "SubscribedTopics",
                    Value::TextList(["realestate/lead".into(), "realestate/listing".into()].into()),
                ),
                ("SubscriptionStatus", "Active".into()),
            ],
        ),
    ];
    store.write(Batch { operations, ..Batch::new("tester", now()) }).await.unwrap();
    let master = MasterKey::from_file(&scratch.file("outflow.key")).unwrap();
    let mut settings = outflow::Settings::new("https://hub.example", master, now, || 0.5);
    settings.outbound.rules.allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let outflow = Outflow::open(store, dictionary.clone(), settings).await.unwrap();
    let new = NewEndpoint {
        id: "e".into(),
        client: "c".into(),
        url: url.into(),
        ordered: true,
        ..NewEndpoint::default()
    };
    outflow.register(new, "tester", now()).await.unwrap();
    assert_eq!(outflow.endpoint("e").unwrap().status, outflow::EndpointStatus::Active);
}

/// What one round adds, in one transaction: when this returns it is acknowledged.
async fn publish(
    store: &Store,
    dictionary: &Dictionary,
    round: usize,
    rng: &mut testkit::Rng,
    sent: &mut Sent,
) {
    let at = now();
    let first = EventId::make(at).unwrap();
    let mut batch = Batch::new("tester", at);
    for number in 0..EVENTS {
        let id = first.after(number as u64).text();
        let key = format!("key-{}", rng.usize(..7));
        let place = sent.by_key.entry(key.clone()).or_default();
        place.push(id.to_string());
        let event = Event {
            uri: format!("https://hub.example/publish/{id}").into(),
            id,
            topic: "realestate/lead#add".into(),
            time: at,
            instrument: "https://app.example/profile/card#me".into(),
            original_recipients: vec![AGENT.into()],
            sources: Vec::new(),
            ordering_key: Some(key.into()),
            subject: None,
            context: None,
            data: format!(r#"{{"round":{round}}}"#).into(),
        };
        batch.operations.push(event.operation(dictionary, at).unwrap());
    }
    for listing in 0..LISTINGS {
        let fields = [
            ("ListingKey", format!("{listing}").into()),
            ("ListPrice", dictionary::Decimal::from(round).into()),
        ];
        batch.operations.push(Operation::put("A", record(dictionary, "Property", &fields)));
    }
    let outcomes = store.write(batch).await.unwrap().outcomes;
    for (listing, outcome) in outcomes[EVENTS..].iter().enumerate() {
        let (store::Outcome::Created(sequence) | store::Outcome::Changed(sequence)) = outcome else {
            panic!()
        };
        sent.by_key.entry(format!("Property|{listing}")).or_default().push(format!("log-{sequence}"));
    }
}

/// The ids of what was acknowledged, by ordering key, in order.
#[derive(Default)]
struct Sent {
    by_key: BTreeMap<String, Vec<String>>,
}

fn run(scratch: &Scratch) -> Command {
    let mut run = Command::new(env!("CARGO_BIN_EXE_freehold"));
    let settings = scratch.file("settings.toml");
    run.args(["run", "--listen", "127.0.0.1:0", "--data"])
        .arg(scratch.path())
        .arg("--settings")
        .arg(settings);
    run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    run
}

/// EVT-042, EVT-089, EVT-092.
#[tokio::test(flavor = "multi_thread")]
async fn evt_042_evt_089_evt_092_killed_at_fifty_moments_nothing_is_lost_and_nothing_overtakes() {
    let mut rng = testkit::rng("outflow_killed");
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let scratch = Scratch::new();
    let waits = vec!["0"; 60].join(", ");
    let settings = format!("[outflow]\nallowed_addresses = [\"127.0.0.0/8\"]\nretry_seconds = [{waits}]\n");
    std::fs::write(scratch.file("settings.toml"), settings).unwrap();
    let receiver = Receiver::open(rng.u64(..)).await;
    prepare(&scratch, &dictionary, &receiver.url()).await;
    let (mut sent, mut midway) = (Sent::default(), 0);
    for round in 0..KILLS {
        let store = open(&scratch, &dictionary).await;
        publish(&store, &dictionary, round, &mut rng, &mut sent).await;
        drop(store);
        let before = receiver.count();
        let mut child = run(&scratch).spawn().unwrap();
        tokio::time::sleep(WAIT.mul_f64(rng.f64())).await;
        child.kill().unwrap();
        child.wait().unwrap();
        midway += usize::from(receiver.count() > before);
    }
    // Once more, to its end.
    let expect: usize = sent.by_key.values().map(Vec::len).sum();
    let mut child = run(&scratch).spawn().unwrap();
    for _ in 0..6_000 {
        if receiver.acknowledged().len() >= expect {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let acknowledged: BTreeSet<String> = receiver.acknowledged();
    let all: BTreeSet<String> = sent.by_key.values().flatten().cloned().collect();
    assert_eq!(all.difference(&acknowledged).collect::<Vec<_>>(), Vec::<&String>::new(), "lost");
    assert_eq!(acknowledged.difference(&all).collect::<Vec<_>>(), Vec::<&String>::new(), "never published");
    let arrived = receiver.arrived();
    for (key, ids) in &sent.by_key {
        let place: BTreeMap<&String, usize> = ids.iter().enumerate().map(|(at, id)| (id, at)).collect();
        let places: Vec<usize> = arrived.iter().filter_map(|id| place.get(id).copied()).collect();
        assert!(places.is_sorted(), "{key} came out of order: {places:?}");
    }
    println!(
        "{midway} kills came while something was sent; {} of {} arrivals were repeats",
        arrived.len() - expect,
        arrived.len()
    );
    assert!(midway > KILLS / 5, "hardly a kill came while anything was sent: make WAIT longer");
}
