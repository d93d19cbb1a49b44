//! The log goes to the broker: whole, in order, again after a fault, never lost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use krafka::consumer::ConsumerRecord;
use store::Operation;
use testkit::kafka::{Broker, bootstrap};

use crate::town::{Town, header, read, until};

fn sequence(record: &ConsumerRecord) -> u64 {
    header(record, "EntityEventSequence").parse().unwrap()
}

fn sequences(records: &[ConsumerRecord]) -> BTreeSet<u64> {
    records.iter().map(sequence).collect()
}

/// Messages of one key come in the order of the log, once those that were sent again are taken out.
fn in_order(records: &[ConsumerRecord]) {
    let mut newest: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for record in records.iter().filter(|record| seen.insert(sequence(record))) {
        let before = newest.insert(record.key_str().unwrap(), sequence(record));
        assert!(before < Some(sequence(record)), "{:?} came out of order", record.key_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_sent_once_by_key_and_a_second_start_sends_nothing_again() {
    let town = Town::new().await;
    let (brokers, topic) = (bootstrap(), town.topic("Property"));
    town.write((0..1_200).map(|key| town.listing(key, key)).collect()).await;
    town.write((0..50).map(|key| town.listing(key, 1_000_000 + key)).collect()).await;
    let property = town.dictionary.known("Property").id;
    town.write(vec![Operation::remove(property, "K7")]).await;

    let running = tokio::spawn(kafka::produce(town.house(brokers), std::future::pending()));
    let found = read(brokers, &topic, |found| found.len() >= 1_251).await;
    assert_eq!((found.len(), sequences(&found).len()), (1_251, 1_251));
    in_order(&found);
    let last = found.iter().filter(|record| record.key_str() == Some("K7")).max_by_key(|one| sequence(one));
    let last = last.unwrap();
    assert!(last.is_tombstone() && header(last, "change") == "removed");

    // The cursor has been written, or soon is.
    until(async || town.store.cursor(kafka::CURSOR).await.unwrap().as_deref() == Some("1251")).await;
    running.abort();
    let _ = running.await;
    town.write(vec![town.listing(5_000, 1)]).await;
    let house = town.house(brokers);
    let figures = house.figures.clone();
    tokio::spawn(kafka::produce(house, std::future::pending()));
    let found = read(brokers, &topic, |found| found.len() >= 1_252).await;
    assert_eq!((found.len(), figures.sent()), (1_252, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_is_cut_off_anywhere_loses_nothing() {
    let town = Town::new().await;
    let (brokers, topic) = (bootstrap(), town.topic("Property"));
    let mut rng = testkit::rng("kafka::cut_off");
    let mut written = 0;
    for _ in 0..8 {
        let running = tokio::spawn(kafka::produce(town.house(brokers), std::future::pending()));
        for _ in 0..rng.u64(1..6) {
            let round: Vec<Operation> = (0..200).map(|key| town.listing(key, written + key)).collect();
            written += 200;
            town.write(round).await;
            tokio::time::sleep(Duration::from_millis(rng.u64(0..40))).await;
        }
        running.abort();
        let _ = running.await;
    }
    tokio::spawn(kafka::produce(town.house(brokers), std::future::pending()));
    let found = read(brokers, &topic, |found| sequences(found).len() as u64 >= written).await;
    assert_eq!(sequences(&found), (1..=written).collect());
    in_order(&found);
}

/// The broker is killed while changes are being sent, stays away, and comes back: nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_goes_away_and_comes_back_has_everything() {
    let town = Town::new().await;
    let mut broker = tokio::task::spawn_blocking(Broker::start).await.unwrap();
    let (brokers, topic) = (broker.address(), town.topic("Property"));
    let house = town.house(&brokers);
    let figures = house.figures.clone();
    tokio::spawn(kafka::produce(house, std::future::pending()));
    town.write((0..500).map(|key| town.listing(key, 1)).collect()).await;
    until(async || figures.sent() == 500).await;
    town.write((0..500).map(|key| town.listing(key, 2)).collect()).await;
    let mut broker = tokio::task::spawn_blocking(move || {
        broker.stop();
        broker
    })
    .await
    .unwrap();
    town.write((0..500).map(|key| town.listing(key, 3)).collect()).await;
    // Long enough for the sender to have met the absence.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let broker = tokio::task::spawn_blocking(move || {
        broker.resume();
        broker
    })
    .await
    .unwrap();
    let found = read(&brokers, &topic, |found| sequences(found).len() >= 1_500).await;
    assert_eq!(sequences(&found), (1..=1_500).collect());
    in_order(&found);
    drop(broker);
}

/// AMS-011: a forced resync sends every contact of its feed once more, marked; what changes meanwhile comes from the
/// log, and a sender that is cut off in the middle goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn ams_011_forced_contacts_are_sent_once_more_and_say_so() {
    let town = Town::new().await;
    let (brokers, topic) = (bootstrap(), town.topic("Member"));
    for part in 0..3 {
        let members = part * 1_000..(part + 1) * 1_000;
        town.write(members.map(|key| town.member("OURS", key, "before")).collect()).await;
    }
    town.write((5_000..5_100).map(|key| town.member("THEIRS", key, "before")).collect()).await;
    town.write(vec![town.forced("ours.production.1", "OURS")]).await;
    town.write((0..10).map(|key| town.member("OURS", key, "after")).collect()).await;
    let mut rng = testkit::rng("kafka::forced");
    for _ in 0..6 {
        let running = tokio::spawn(kafka::produce(town.house(brokers), std::future::pending()));
        tokio::time::sleep(Duration::from_millis(rng.u64(50..400))).await;
        running.abort();
        let _ = running.await;
    }
    tokio::spawn(kafka::produce(town.house(brokers), std::future::pending()));
    let is_forced = |one: &&ConsumerRecord| header(one, "change") == "forced";
    let keys = |found: &[ConsumerRecord]| -> BTreeSet<String> {
        found.iter().filter(is_forced).map(|one| one.key_str().unwrap().to_owned()).collect()
    };
    let changes = |found: &[ConsumerRecord]| -> BTreeSet<u64> {
        found.iter().filter(|one| !is_forced(one)).map(sequence).collect()
    };
    let found =
        read(brokers, &topic, |found| keys(found).len() >= 2_990 && changes(found).len() >= 3_110).await;
    let expect: BTreeSet<String> = (10..3_000).map(|key| format!("M{key}")).collect();
    assert!(keys(&found) == expect, "{} keys", keys(&found).len());
    assert_eq!(changes(&found).len(), 3_110);
    for one in found.iter().filter(is_forced) {
        assert_eq!(header(one, "ForcedResyncId"), "ours.production.1");
        assert!(one.value_str().unwrap().contains("before"));
    }
    let again = found.len() - 3_110 - 2_990;
    assert!(again <= 7 * 1_000, "a part or two came again at each cut, and not all: {again}");
}
