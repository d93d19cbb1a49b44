//! What is read: by key, in the standing order, in the order of versions.

use dictionary::{Key, Timestamp};
use store::{Batch, ErrorKind, Operation, Scan, Store};

use crate::on_each_engine;
use crate::town::{Home, WORDS, property, put, resource, second, write_one};

/// Listings of three feeds: some without a timestamp, many with the same one.
async fn listings(store: &Store) -> Vec<(Option<Timestamp>, Key, &'static str)> {
    let field = WORDS.known("Property").timestamp.unwrap();
    let mut all = Vec::new();
    let mut batch = Batch::new("tester", second(0));
    for number in 0..60_i64 {
        let at = match number % 4 {
            0 => None,
            1 => Some(second(number)),
            _ => Some(second(7)),
        };
        let key = format!("{}-{number}", ["b", "a", "Z", "ä"][number as usize / 2 % 4]);
        let feed = ["A", "B", "C"][number as usize % 3];
        let mut record = property(&key, &[]);
        if let Some(at) = at {
            record.set(field, at);
        }
        batch.operations.push(Operation::put(feed, record));
        all.push((at, Key::from(key), feed));
    }
    store.write(batch).await.unwrap();
    all.sort();
    all
}

on_each_engine! {
    /// RESO-042: a walk whose parts end among equal timestamps misses none and repeats none.
    async fn a_scan_walks_in_the_order_of_timestamp_and_key(home) {
        let store = home.open().await;
        let all = listings(&store).await;
        for feed in [None, Some("A"), Some("C"), Some("none")] {
            let expect: Vec<_> = all.iter().filter(|(_, _, of)| feed.is_none_or(|f| f == *of)).collect();
            for limit in [1, 7, 60, 1_000] {
                let mut found = Vec::new();
                let mut after = None;
                loop {
                    let scan = Scan { resource: resource("Property"), feed: feed.map(Into::into), after, limit };
                    let part = store.scan(scan).await.unwrap();
                    assert!(part.len() <= limit);
                    let Some(last) = part.last() else { break };
                    let timestamp = WORDS.known("Property").timestamp_of(&last.record);
                    after = Some((timestamp, last.key.clone()));
                    found.extend(part);
                }
                let keys: Vec<_> = found.iter().map(|stored| &stored.key).collect();
                assert_eq!(keys, expect.iter().map(|(_, key, _)| key).collect::<Vec<_>>(), "{feed:?} by {limit}");
            }
        }
    }

    async fn many_keys_are_read_in_the_order_asked(home) {
        let store = home.open().await;
        for key in ["1", "2", "3"] {
            put(&store, property(key, &[])).await;
        }
        write_one(&store, Operation::remove(resource("Property"), "2")).await.unwrap();
        let keys: Vec<Key> = ["3", "2", "none", "1", "3"].map(Key::from).into();
        let found = store.get_many(resource("Property"), &keys).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|stored| stored.map(|s| s.sequence)).collect();
        assert_eq!(found, [Some(3), None, None, Some(1), Some(3)]);
        assert_eq!(store.get_many(resource("Property"), &[]).await.unwrap(), []);
        assert_eq!(store.get_many(resource("Member"), &keys[..1]).await.unwrap(), [None]);
    }

    async fn what_is_current_comes_in_the_order_of_versions(home) {
        let store = home.open().await;
        for key in ["1", "2", "3", "4"] {
            put(&store, property(key, &[])).await;
        }
        put(&store, property("1", &[("City", "Kent".into())])).await;
        write_one(&store, Operation::remove(resource("Property"), "3")).await.unwrap();
        let sequences = |found: Vec<store::Stored>| found.into_iter().map(|s| s.sequence).collect::<Vec<_>>();
        assert_eq!(sequences(store.current(0, 100).await.unwrap()), [2, 4, 5]);
        assert_eq!(sequences(store.current(0, 2).await.unwrap()), [2, 4]);
        assert_eq!(sequences(store.current(4, 2).await.unwrap()), [5]);
        assert!(sequences(store.current(5, 2).await.unwrap()).is_empty());
        let groups = store.row_groups(1, 4).await.unwrap();
        assert_eq!(groups[0].heads().iter().map(|head| head.sequence).collect::<Vec<_>>(), [2, 4]);
        let changed = store.row_groups(4, 5).await.unwrap()[0].heads()[0].clone();
        let (first, second) = (store.version(1).await.unwrap(), store.version(5).await.unwrap());
        let at = |version: Option<store::Change>| version.unwrap().at;
        assert_eq!((changed.created, changed.at), (Some(at(first)), at(second)));
        assert!(store.row_groups(6, 100).await.unwrap().is_empty());
        assert_eq!(store.row_groups(0, 10_001).await.unwrap_err().code(), "too_large");
    }

    async fn what_was_removed_is_told_as_it_was(home) {
        let store = home.open().await;
        put(&store, property("1", &[("City", "Kent".into())])).await;
        put(&store, property("2", &[])).await;
        write_one(&store, Operation::remove(resource("Property"), "1")).await.unwrap();
        write_one(&store, Operation::remove(resource("Property"), "2")).await.unwrap();
        put(&store, property("2", &[])).await;
        let since = store.version(1).await.unwrap().unwrap().at;
        let removed = store.removed(resource("Property"), 0, since, 10).await.unwrap();
        let told: Vec<_> = removed.iter().map(|one| (one.key.as_str(), one.sequence)).collect();
        assert_eq!(told, [("1", 3), ("2", 4)]);
        let city = WORDS.known("Property").find("City").unwrap();
        assert_eq!(removed[0].record.get(city), Some(&"Kent".into()));
        assert_eq!(removed[0].at, store.version(3).await.unwrap().unwrap().at);
        assert_eq!(store.removed(resource("Property"), 3, since, 10).await.unwrap().len(), 1);
        assert_eq!(store.removed(resource("Property"), 0, second(9_999_999), 10).await.unwrap().len(), 0);
        assert_eq!(store.removed(resource("Member"), 0, since, 10).await.unwrap().len(), 0);
    }

    async fn many_that_are_current_are_read_part_by_part(home) {
        let store = home.open().await;
        for round in 0..3 {
            let mut batch = Batch::new("tester", second(round));
            for number in 0..5_000 {
                let city = if number % 2 == 0 { round } else { 0 };
                let record = property(&number.to_string(), &[("City", city.to_string().into())]);
                batch.operations.push(Operation::put("A", record));
            }
            store.write(batch).await.unwrap();
        }
        assert_eq!(store.head().await.unwrap(), 10_000);
        let mut found: Vec<store::Stored> = Vec::new();
        loop {
            let after = found.last().map_or(0, |stored| stored.sequence);
            let part = store.current(after, 700).await.unwrap();
            if part.is_empty() {
                break;
            }
            found.extend(part);
        }
        assert_eq!(found.len(), 5_000);
        assert!(found.is_sorted_by(|a, b| a.sequence < b.sequence));
        assert!(found.iter().all(|stored| stored.record.len() == 2));
    }

    async fn traces_tell_where_entries_belong(home) {
        let store = home.open().await;
        listings(&store).await;
        let mut removal = Batch::new("tester", second(9));
        removal.operations.push(Operation::remove(resource("Property"), "b-0"));
        let head = store.write(removal).await.unwrap().head;
        let changes = store.follow(0, 1_000).await.unwrap();
        for (after, upto) in [(0, head), (0, 1), (10, 30), (head - 1, head), (head, head + 9), (5, 5)] {
            let traces = store.traces(after, upto).await.unwrap();
            let expect: Vec<_> =
                changes.iter().filter(|c| c.sequence > after && c.sequence <= upto).collect();
            assert_eq!(traces.len(), expect.len(), "{after} to {upto}");
            for (trace, change) in traces.iter().zip(expect) {
                assert_eq!(
                    (trace.sequence, trace.resource, &trace.feed, &trace.key),
                    (change.sequence, change.resource, &change.feed, &change.key)
                );
            }
        }
        assert!(store.traces(0, 10_001).await.is_err(), "more than is read at once");
    }
}

/// A group's texts are checked all at once: the entry that holds bytes which are none is named all the same.
#[tokio::test]
async fn a_damaged_text_in_a_group_is_refused_by_its_entry() {
    let home = Home::sqlite();
    let store = home.open().await;
    for (key, city) in [("1", "Seattle"), ("2", "Kent"), ("3", "Kirkland")] {
        put(&store, property(key, &[("City", city.into())])).await;
    }
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let (text, none) = (hex("Kent"), hex("Ken") + "C3");
    home.run(&format!("UPDATE log SET body = unhex(replace(hex(body), '{text}', '{none}'))")).await;
    let error = store.row_groups(0, 3).await.unwrap_err();
    assert_eq!((error.kind, error.code()), (ErrorKind::Damaged, "store_damaged"), "{error}");
    assert!(error.message.contains("Entry 2 "), "{error}");
    assert_eq!(store.row_groups(2, 3).await.unwrap()[0].heads().len(), 1);
}
