//! From the log to ten receivers on this machine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use dictionary::{Dictionary, Record, Timestamp, Value, Version};
use outflow::{Event, EventId, MasterKey, NewEndpoint, Outflow, Reader, Settings};
use store::{Batch, Operation, Store};

use super::receiver;
use crate::report::{Figure, Report, Target, Times};

const RECEIVERS: usize = 10;
/// Events of one write.
const BATCH: u64 = 100;
/// How long the slow receiver takes for each answer.
const SLOW: Duration = Duration::from_secs(10);
const AGENT: &str = "https://agent.example/profile/card#me";

fn now() -> Timestamp {
    testkit::real_time()
}

/// Delivers so many events to ten receivers, of which one may be slow: what each quick one got in a second.
pub(super) async fn run(report: &mut Report, folder: &Path, events: u64, slow: bool) -> Result<f64> {
    std::fs::create_dir_all(folder)?;
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let store = Store::open(store::Settings::sqlite(folder.join("freehold.db")), dictionary.clone()).await?;
    let mut settings = Settings::new("https://hub.example", MasterKey::from_bytes(&[1; 32]), now, || 0.5);
    settings.outbound.rules.allowed = vec!["127.0.0.0/8".parse()?];
    let outflow = Outflow::open(store.clone(), dictionary.clone(), settings).await?;
    let counts = receivers(&store, &dictionary, &outflow, slow).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = outflow.clone();
    let running = tokio::spawn(async move { running.run(async { drop(stopped.await) }).await });
    let begun = Instant::now();
    for part in 0..events.div_ceil(BATCH) {
        let at = now();
        let first = EventId::make(at)?;
        let some = (events - part * BATCH).min(BATCH);
        let operations = (0..some).map(|number| event(first.after(number)).operation(&dictionary, at));
        let operations = operations.collect::<Result<_, _>>()?;
        store.write(Batch { operations, ..Batch::new("bench", at) }).await?;
    }
    let written = events as f64 / begun.elapsed().as_secs_f64();
    let quick = &counts[usize::from(slow)..];
    while quick.iter().any(|count| count.load(Ordering::Relaxed) < events) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let each = events as f64 / begun.elapsed().as_secs_f64();
    let beside = if slow { ", beside a slow one" } else { "" };
    if !slow {
        report.add("events written in batches of 100", Figure::Rate(written, "events", None), Target::Open);
    }
    let all = Figure::Rate(each * quick.len() as f64, "deliveries", None);
    report.add(format!("delivered to {} receivers{beside}", quick.len()), all, Target::Open);
    if !slow {
        let pages = pages(&outflow).await?;
        let slowest = pages.p99.as_secs_f64() * 1e3;
        report.add("an inbox page of 100, p99", Figure::Amount(slowest.ceil(), "ms"), Target::AtMost(5.0));
        report.add("an inbox page of 100", Figure::Time(pages), Target::AtMost(5_000.0));
    }
    drop(stop);
    // What is on its way to the slow one is not waited for.
    drop(tokio::time::timeout(Duration::from_secs(1), running).await);
    Ok(each)
}

/// Endpoints with what each has got; the slow one is the first.
async fn receivers(
    store: &Store,
    dictionary: &Dictionary,
    outflow: &Outflow,
    slow: bool,
) -> Result<Vec<Arc<AtomicU64>>> {
    put(store, dictionary, "Client", &[("ClientId", "c".into())]).await?;
    let grant = [
        ("TopicGrantId", "g".into()),
        ("ClientId", "c".into()),
        ("AgentUri", "*".into()),
        ("TopicPattern", "*".into()),
        ("TopicDirection", "Subscribe".into()),
    ];
    put(store, dictionary, "TopicGrant", &grant).await?;
    let counts: Vec<Arc<AtomicU64>> = (0..RECEIVERS).map(|_| Arc::default()).collect();
    for (number, count) in counts.iter().enumerate() {
        let wait = if slow && number == 0 { SLOW } else { Duration::ZERO };
        let url = receiver::open(count.clone(), wait).await?;
        let id = format!("e{number}");
        let new = NewEndpoint {
            id: id.as_str().into(),
            client: "c".into(),
            url: url.into(),
            ..NewEndpoint::default()
        };
        outflow.register(new, "bench", now()).await?;
        let subscription = [
            ("SubscriptionId", id.as_str().into()),
            ("ClientId", "c".into()),
            ("AgentUri", AGENT.into()),
            ("EndpointId", id.as_str().into()),
            ("SubscribedTopics", Value::TextList(["*".into()].into())),
            ("SubscriptionStatus", "Active".into()),
        ];
        put(store, dictionary, "Subscription", &subscription).await?;
    }
    outflow.refresh().await?;
    Ok(counts)
}

/// Times of all pages of the agent's inbox.
async fn pages(outflow: &Outflow) -> Result<Times> {
    let (mut times, mut after) = (Vec::new(), 0);
    loop {
        let begun = Instant::now();
        let page = outflow.inbox(Reader { client: "c", agent: AGENT }, after, 100, now()).await?;
        times.push(begun.elapsed());
        after = page.next;
        if !page.more {
            return Ok(Times::of(times));
        }
    }
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

async fn put(store: &Store, dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) -> Result<()> {
    let own = dictionary.known(resource);
    let named = fields.iter().filter_map(|(name, value)| Some((own.find(name)?, value.clone())));
    let record = Record::from_values(own.id, named.collect());
    let operations = vec![Operation::put("freehold", record)];
    store.write(Batch { operations, ..Batch::new("bench", now()) }).await?;
    Ok(())
}
