//! Order, bounds, and that nobody waits for anybody else.

use std::collections::BTreeMap;
use std::time::Duration;

use outflow::{Event, Schedule};

use crate::receiver::Receiver;
use crate::town::{Town, event, settings};

/// EVT-089: of one key strictly in order, whatever fails in between.
#[tokio::test(flavor = "multi_thread")]
async fn evt_089_events_of_one_key_come_in_order() {
    let mut rng = testkit::rng("evt_089_events_of_one_key_come_in_order");
    let mut settings = settings();
    settings.schedule = Schedule { waits: vec![Duration::from_millis(5); 50], jitter: 0.1 };
    let town = Town::with(settings).await;
    let seed = rng.u64(..);
    let receiver = Receiver::waiting(move |_, number| {
        let chance = (seed ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        (Duration::from_millis(chance % 5), (if chance.is_multiple_of(3) { 500 } else { 204 }, Vec::new()))
    })
    .await;
    town.endpoint("e", &receiver.url(), |new| new.ordered = true).await;
    let keys = ["a", "b", "c", "d"];
    let all: Vec<Event> = (0..120)
        .map(|number| Event {
            ordering_key: Some(keys[rng.usize(..keys.len())].into()),
            ..event(&format!(r#"{{"number":{number}}}"#))
        })
        .collect();
    let mut expect: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (number, event) in all.iter().enumerate() {
        expect.entry(event.ordering_key.clone().unwrap().to_string()).or_default().push(number as u64);
    }
    let key_of: BTreeMap<String, String> = all
        .iter()
        .map(|event| (event.id.to_string(), event.ordering_key.clone().unwrap().to_string()))
        .collect();
    for part in all.chunks(17) {
        town.publish_all(part.to_vec()).await;
    }
    town.until("all done", async || town.outflow.figures().delivered == 120).await;
    // Attempts of one event may repeat; events of one key never overtake each other.
    let mut seen: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for got in receiver.got() {
        let list = seen.entry(key_of[got.id()].clone()).or_default();
        let number = got.json()["data"]["number"].as_u64().unwrap();
        if list.last() != Some(&number) {
            list.push(number);
        }
    }
    assert_eq!(seen, expect);
    assert!(receiver.count() > 120, "some attempts failed");
}

/// EVT-089: an endpoint that wants no order any more is sent what order held back.
#[tokio::test(flavor = "multi_thread")]
async fn evt_089_without_order_nothing_is_held_back() {
    let mut settings = settings();
    settings.schedule = Schedule { waits: vec![Duration::from_secs(86_400)], jitter: 0.0 };
    let town = Town::with(settings).await;
    // The first message of all fails, and is not tried again today.
    let receiver = Receiver::saying(|_, number| (if number == 0 { 500 } else { 204 }, Vec::new())).await;
    let kept = town.endpoint("e", &receiver.url(), |new| new.ordered = true).await.kept;
    let of_one = || Event { ordering_key: Some("a".into()), ..event("{}") };
    town.publish_all(vec![of_one(), of_one(), of_one()]).await;
    town.until("the first failed", async || town.outflow.figures().failed == 1).await;
    assert_eq!(town.store.delivery_counts("e").await.unwrap(), [1, 2, 0]);
    let own = town.dictionary.known("Endpoint");
    let newest = town.store.get(own.id, "e").await.unwrap().unwrap();
    assert!(newest.sequence >= kept.sequence);
    let mut record = (*newest.record).clone();
    record.set(own.find("OrderedYN").unwrap(), false);
    town.write(vec![store::Operation::put("freehold", record)]).await;
    town.until("the others", async || receiver.count() == 3).await;
    assert_eq!(town.store.delivery_counts("e").await.unwrap()[1], 0);
}

/// EVT-089: an endpoint that hangs delays no other.
#[tokio::test(flavor = "multi_thread")]
async fn evt_089_one_slow_endpoint_delays_no_other() {
    let mut settings = settings();
    settings.outbound.timeout = Duration::from_secs(600);
    let town = Town::with(settings).await;
    let slow = Receiver::waiting(|_, _| (Duration::from_secs(600), (204, Vec::new()))).await;
    let quick = Receiver::kind().await;
    town.endpoint("slow", &slow.url(), |_| {}).await;
    town.endpoint("quick", &quick.url(), |_| {}).await;
    for _ in 0..5 {
        town.publish_all((0..100).map(|_| event("{}")).collect()).await;
    }
    town.until("all of the quick one's", async || quick.count() == 500).await;
    town.until("the slow one has its hands full", async || slow.count() == 8).await;
    assert_eq!(slow.most_at_once(), 8, "and not more than it may have at once");
}

/// EVT-088: ten thousand events, and never more at once than is allowed.
#[tokio::test(flavor = "multi_thread")]
async fn evt_088_a_burst_keeps_to_the_bound() {
    let town = Town::open().await;
    let receiver = Receiver::kind().await;
    town.endpoint("e", &receiver.url(), |new| new.concurrency = Some(3)).await;
    for _ in 0..10 {
        town.publish_all((0..1_000).map(|_| event("{}")).collect()).await;
    }
    town.until("all", async || receiver.count() >= 10_000).await;
    assert_eq!(receiver.most_at_once(), 3);
    let mut ids = receiver.ids();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10_000, "each once");
}
