//! Sending again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use outflow::ReplayRequest;

use crate::receiver::Receiver;
use crate::town::{Town, event, now};

fn to(endpoint: &str) -> ReplayRequest {
    ReplayRequest { endpoint: endpoint.into(), ..ReplayRequest::default() }
}

/// EVT-095: by window, by item, by filter; with the ids they had; and told of.
#[tokio::test(flavor = "multi_thread")]
async fn evt_095_a_replay_by_window_item_and_filter() {
    let town = Town::open().await;
    let receiver = Receiver::kind().await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    let first = town.publish(r#"{"price":1}"#).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let between = now();
    let second = town.publish(r#"{"price":2}"#).await;
    town.until("both", async || receiver.count() == 2).await;
    let mut expect = vec![first.clone(), second.clone()];
    let check =
        async |request: ReplayRequest, ids: &[&dictionary::Text], expect: &mut Vec<dictionary::Text>| {
            let replayed = town.outflow.replay(&request, "tester", now()).await.unwrap();
            assert_eq!((replayed.queued, replayed.more), (ids.len(), false), "{request:?}");
            expect.extend(ids.iter().map(|id| (*id).clone()));
            town.until("again", async || receiver.count() == expect.len()).await;
            let (mut got, mut wanted) = (receiver.ids(), expect.clone());
            got.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(got, wanted, "{request:?}");
            let own = town.dictionary.known("Replay");
            let kept = town.store.get(own.id, &replayed.id).await.unwrap().unwrap();
            assert!(format!("{:?}", kept.record).contains("tester"));
        };
    check(ReplayRequest { from: Some(between), ..to("e") }, &[&second], &mut expect).await;
    check(ReplayRequest { until: Some(between), ..to("e") }, &[&first], &mut expect).await;
    check(ReplayRequest { events: vec![first.clone()], ..to("e") }, &[&first], &mut expect).await;
    let uri = format!("https://hub.example/publish/{second}");
    check(ReplayRequest { events: vec![uri.into()], ..to("e") }, &[&second], &mut expect).await;
    check(ReplayRequest { filter: Some(r#"{"price":2}"#.into()), ..to("e") }, &[&second], &mut expect).await;
    check(
        ReplayRequest { topic: Some("realestate/lead".into()), ..to("e") },
        &[&first, &second],
        &mut expect,
    )
    .await;
    check(ReplayRequest { topic: Some("realestate/listing".into()), ..to("e") }, &[], &mut expect).await;
    check(ReplayRequest { events: vec!["unknown".into()], ..to("e") }, &[], &mut expect).await;
    let refused = async |request: ReplayRequest, code: &str| {
        assert_eq!(town.outflow.replay(&request, "tester", now()).await.unwrap_err().code, code);
    };
    refused(to("nobody"), "endpoint_unknown").await;
    refused(ReplayRequest { filter: Some("{".into()), ..to("e") }, "filter_wrong").await;
    refused(ReplayRequest { events: vec!["x".into(); 10_001], ..to("e") }, "too_many").await;
}

/// EVT-086: dead letters are tried again singly, by filter and by time.
#[tokio::test(flavor = "multi_thread")]
async fn evt_086_dead_letters_are_tried_again() {
    let town = Town::open().await;
    let well = Arc::new(AtomicBool::new(false));
    let healed = well.clone();
    let receiver =
        Receiver::saying(move |_, _| (if healed.load(Ordering::SeqCst) { 204 } else { 500 }, Vec::new()))
            .await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    let mut ids = Vec::new();
    let mut instants = Vec::new();
    for number in 0..4 {
        instants.push(now());
        ids.push(town.publish(&format!(r#"{{"number":{number}}}"#)).await);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let dead = async || town.store.delivery_counts("e").await.unwrap()[2];
    town.until("four dead letters", async || dead().await == 4).await;
    let own = "https://hub.example/pods/app-c/profile/card#me";
    town.until("told of each", async || {
        town.inbox_topics(own).await.iter().filter(|topic| topic.ends_with("#retries.exhausted")).count() == 4
    })
    .await;
    well.store(true, Ordering::SeqCst);
    let check = async |request: ReplayRequest, left: u64| {
        assert_eq!(
            town.outflow.retry_dead(&request, "tester", now()).await.unwrap().queued,
            1,
            "{request:?}"
        );
        town.until("one less", async || dead().await == left).await;
    };
    check(ReplayRequest { events: vec![ids[2].clone()], ..to("e") }, 3).await;
    check(ReplayRequest { filter: Some(r#"{"number":1}"#.into()), ..to("e") }, 2).await;
    check(ReplayRequest { from: Some(instants[3]), ..to("e") }, 1).await;
    check(to("e"), 0).await;
    town.until("all done", async || town.outflow.figures().delivered == 4).await;
    // What was sent is counted before its row is written.
    town.until("five attempts of each", async || {
        let deliveries = town.outflow.deliveries("e", None).await.unwrap();
        deliveries.iter().all(|(_, attempts)| attempts.len() == 5 && attempts[4].status == Some(204))
    })
    .await;
    assert_eq!(receiver.count(), 4 * 5);
}

/// EVT-092: what was owed when the process ended is sent after the next start, with the id it had.
#[tokio::test(flavor = "multi_thread")]
async fn evt_092_a_restart_goes_on_where_it_was() {
    let mut town = Town::open().await;
    let well = Arc::new(AtomicBool::new(false));
    let healed = well.clone();
    let receiver =
        Receiver::saying(move |_, _| (if healed.load(Ordering::SeqCst) { 204 } else { 503 }, Vec::new()))
            .await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    let ids = town.publish_all((0..5).map(|_| event("{}")).collect()).await;
    town.until("tried", async || receiver.count() >= 1).await;
    town.stop().await;
    well.store(true, Ordering::SeqCst);
    let more = town.publish("{}").await;
    town.restart().await;
    town.until("all", async || {
        let got = receiver.ids();
        ids.iter().chain([&more]).all(|id| got.contains(id))
    })
    .await;
}
