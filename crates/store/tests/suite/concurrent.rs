//! Many who write at once, in one process and in several.

use std::collections::HashSet;
use std::time::Duration;

use store::{Batch, ErrorKind, Expect, Operation, Outcome, Store};

use crate::on_each_engine;
use crate::town::{Home, assert_no_gap, property, put, resource, second, whole_log};

/// Writes batches of 1 to 5 new records, and gives the sequences that were acknowledged.
async fn write_many(store: Store, writer: usize) -> Vec<u64> {
    let mut acknowledged = Vec::new();
    for number in 0..25_usize {
        let mut batch = Batch::new(format!("writer {writer}"), second(0));
        for part in 0..=number % 5 {
            batch.operations.push(Operation::put("A", property(&format!("{writer}-{number}-{part}"), &[])));
        }
        for outcome in store.write(batch).await.unwrap().outcomes {
            let Outcome::Created(sequence) = outcome else { panic!("{outcome:?}") };
            acknowledged.push(sequence);
        }
    }
    acknowledged
}

async fn all_writing(stores: &[Store]) {
    let writers: Vec<_> = (0..16)
        .map(|writer| tokio::spawn(write_many(stores[writer % stores.len()].clone(), writer)))
        .collect();
    let mut acknowledged = HashSet::new();
    for writer in writers {
        let sequences = writer.await.unwrap();
        assert!(sequences.is_sorted(), "a writer's own batches come in its order");
        for sequence in sequences {
            assert!(acknowledged.insert(sequence), "{sequence} was given twice");
        }
    }
    let log = whole_log(&stores[0], 100).await;
    assert_no_gap(&log);
    assert_eq!(log.len(), acknowledged.len());
    // The records of a batch stand together, since it is one commit's.
    let batches: Vec<&str> = log.iter().map(|c| c.key.rsplit_once('-').unwrap().0).collect();
    let mut seen = HashSet::new();
    for pair in batches.chunk_by(|a, b| a == b) {
        assert!(seen.insert(pair[0]), "another batch stands in the middle of {}", pair[0]);
    }
}

on_each_engine! {
    async fn sequences_have_no_gap_whoever_writes(home) {
        all_writing(&[home.open().await]).await;
    }

    async fn of_many_who_expect_the_same_version_one_writes(home) {
        let store = home.open().await;
        put(&store, property("1", &[])).await;
        let write = |number: usize, store: Store| async move {
            let record = property("1", &[("City", number.to_string().into())]);
            let mut batch = Batch::new("tester", second(0));
            batch.operations.push(Operation::Put { feed: "A".into(), record, expect: Expect::At(1), stamp: None });
            store.write(batch).await
        };
        let writing: Vec<_> = (0..20).map(|number| tokio::spawn(write(number, store.clone()))).collect();
        let mut written = 0;
        for one in writing {
            match one.await.unwrap() {
                Ok(_) => written += 1,
                Err(error) => assert_eq!(error.kind, ErrorKind::Conflict),
            }
        }
        assert_eq!((written, store.head().await.unwrap()), (1, 2));
    }

    async fn a_write_goes_on_when_nobody_waits_for_it(home) {
        let store = home.open().await;
        for number in 0..20 {
            let store = store.clone();
            let writing = tokio::spawn(async move { put(&store, property(&number.to_string(), &[])).await });
            tokio::task::yield_now().await;
            writing.abort();
        }
        put(&store, property("last", &[])).await;
        assert_no_gap(&whole_log(&store, 100).await);
        assert!(store.get(resource("Property"), "last").await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_write_one_log_and_hear_of_each_other() {
    let home = Home::postgres();
    let stores = [home.open().await, home.open().await, home.open().await];
    all_writing(&stores).await;
    let head = stores[0].head().await.unwrap();
    for store in &stores {
        let mut bell = store.bell();
        let heard = tokio::time::timeout(Duration::from_secs(30), bell.wait_for(|rung| *rung == head)).await;
        assert!(heard.is_ok_and(|heard| heard.is_ok()), "a node did not hear of the others' commits");
    }
}
