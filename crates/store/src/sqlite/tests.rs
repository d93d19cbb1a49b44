//! A disk without room, and what is asked of SQLite before it acknowledges.

use std::sync::Arc;

use dictionary::{Dictionary, Record, Timestamp, Version};

use crate::engine::Engine;
use crate::{Batch, ErrorKind, Operation, Outcome, Settings, Store};

async fn open(path: &std::path::Path) -> (Store, Arc<Dictionary>) {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    (Store::open(Settings::sqlite(path), dictionary.clone()).await.unwrap(), dictionary)
}

/// Runs a pragma on the connection that writes.
async fn pragma(store: &Store, sql: &'static str) -> String {
    let Engine::Sqlite(sqlite) = &store.engine else { panic!() };
    let rows = sqlite.queue().unwrap().statement(sql, Vec::new()).await.unwrap();
    format!("{:?}", rows[0][0])
}

fn batch(dictionary: &Dictionary, number: usize, size: usize) -> Batch {
    let property = dictionary.known("Property");
    let mut record = Record::new(property.id);
    record.set(property.find("ListingKey").unwrap(), number.to_string());
    record.set(property.find("PublicRemarks").unwrap(), "x".repeat(size));
    let mut batch = Batch::new("tester", Timestamp::UNIX_EPOCH);
    batch.operations.push(Operation::put("A", record));
    batch
}

/// RESO-064: the log is flushed to the disk at each commit (FULL is 2).
#[tokio::test]
async fn a_commit_is_flushed_before_it_is_acknowledged() {
    let scratch = testkit::Scratch::new();
    let (store, _) = open(&scratch.file("freehold.db")).await;
    assert_eq!(pragma(&store, "PRAGMA synchronous").await, "Integer(2)");
    assert_eq!(pragma(&store, "PRAGMA journal_mode").await, "Text(\"wal\")");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_gives_an_error_and_keeps_what_was_acknowledged() {
    let scratch = testkit::Scratch::new();
    let path = scratch.file("freehold.db");
    let (store, dictionary) = open(&path).await;
    pragma(&store, "PRAGMA max_page_count = 150").await;
    let mut kept = 0;
    let error = loop {
        match store.write(batch(&dictionary, kept, 20_000)).await {
            Ok(receipt) => assert_eq!(receipt.outcomes, [Outcome::Created(kept as u64 + 1)]),
            Err(error) => break error,
        }
        kept += 1;
    };
    assert_eq!((error.kind, error.code()), (ErrorKind::Full, "store_full"));
    assert!(kept > 10, "only {kept} were kept");
    assert_eq!(store.head().await.unwrap(), kept as u64);
    // A large batch without room does not take the small ones down that share its commit.
    let large = tokio::spawn({
        let (store, large) = (store.clone(), batch(&dictionary, kept, 900_000));
        async move { store.write(large).await }
    });
    let property = dictionary.known("Property").id;
    let mut removal = Batch::new("tester", Timestamp::UNIX_EPOCH);
    removal.operations.push(Operation::remove(property, "none"));
    assert_eq!(store.write(removal).await.unwrap().outcomes, [Outcome::Absent]);
    assert_eq!(large.await.unwrap().unwrap_err().kind, ErrorKind::Full);
    // Room is made: it goes on by itself, without a gap.
    pragma(&store, "PRAGMA max_page_count = 100000").await;
    let receipt = store.write(batch(&dictionary, kept, 20_000)).await.unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Created(kept as u64 + 1)]);
    drop(store);
    let (store, _) = open(&path).await;
    let log = store.follow(0, 10_000).await.unwrap();
    assert!(log.iter().map(|change| change.sequence).eq(1..=kept as u64 + 1));
    for (number, change) in log.iter().enumerate() {
        assert_eq!(change.key, number.to_string());
    }
}
