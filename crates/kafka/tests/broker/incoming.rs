//! A topic is taken in: each message kept or put aside, in the order of its key, none lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kafka::{Incoming, Intake, Take, Verdict};
use krafka::{Kafka, Record};
use testkit::kafka::bootstrap;
use tokio::sync::Mutex;

use crate::town::{Town, header, read, until};

type Kept = Arc<Mutex<Vec<Incoming>>>;

/// Keeps what is sound, refuses `bad`, and cannot keep anything the first `absent` times.
fn taker(kept: &Kept, absent: usize) -> Take {
    let (kept, absent) = (Arc::clone(kept), Arc::new(AtomicUsize::new(absent)));
    Arc::new(move |incoming| {
        let (kept, absent) = (Arc::clone(&kept), Arc::clone(&absent));
        Box::pin(async move {
            if absent.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                return Verdict::Later;
            }
            if incoming.value.starts_with(b"bad") {
                let (code, message) = ("report_wrong".into(), "It is bad.".into());
                return Verdict::Refused { code, message, faults: Some("[\"all\"]".into()) };
            }
            kept.lock().await.push(incoming);
            Verdict::Taken
        })
    })
}

async fn send(topic: &str, messages: impl IntoIterator<Item = (String, String)>) {
    let kafka = Kafka::builder(bootstrap()).allow_auto_create_topics(true).connect().await.unwrap();
    let producer = kafka.producer().build().await.unwrap();
    for (key, value) in messages {
        let record = Record::new(topic, value).key(key).header("x-from", "town");
        let _ = producer.send(record).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_kept_in_the_order_of_their_key_or_put_aside_with_the_reason() {
    let town = Town::new().await;
    let topic = town.topic("reports");
    let message = |at: usize| {
        let value = if at % 10 == 9 { format!("bad {at}") } else { format!("{at:04}") };
        (format!("T{}", at % 7), value)
    };
    send(&topic, (0..100).map(message)).await;
    let kept = Kept::default();
    let intake = Intake { topic: topic.clone(), group: town.topic("group"), take: taker(&kept, 5) };
    let house = town.house(bootstrap());
    let figures = house.figures.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let until_told = async { drop(stopped.await) };
    let running = tokio::spawn(kafka::consume(house, intake.clone(), until_told));
    until(async || figures.taken() + figures.refused() >= 100).await;
    let all = kept.lock().await.clone();
    assert_eq!((all.len(), figures.refused()), (90, 10));
    for key in 0..7 {
        let of_key = all.iter().filter(|one| one.key.as_deref() == Some(format!("T{key}").as_bytes()));
        let values: Vec<_> = of_key.map(|one| one.value.clone()).collect();
        assert!(values.is_sorted(), "T{key}: {values:?}");
    }
    assert_eq!(all[0].headers, [("x-from".to_owned(), "town".into())]);
    let mut ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 90, "a message has an id of its own");

    let aside = read(bootstrap(), &format!("{topic}.refused"), |found| found.len() >= 10).await;
    assert_eq!(aside.len(), 10);
    for record in &aside {
        assert!(record.value_str().unwrap().starts_with("bad"));
        assert_eq!(header(record, "refused-code"), "report_wrong");
        assert_eq!(header(record, "refused-faults"), "[\"all\"]");
        assert_eq!(header(record, "x-from"), "town");
        assert!(header(record, "refused-from").starts_with(&topic));
    }

    // Another process of the group goes on where this one stopped.
    stop.send(()).unwrap();
    running.await.unwrap();
    send(&topic, [("T1".to_owned(), "after".to_owned())]).await;
    let house = town.house(bootstrap());
    let figures = house.figures.clone();
    tokio::spawn(kafka::consume(house, intake, std::future::pending()));
    until(async || kept.lock().await.last().is_some_and(|one| one.value == "after")).await;
    assert!(figures.taken() == 1, "what was committed comes again");
}
