//! What is refused, and changes nothing.

use dictionary::{Record, Value};
use store::{Batch, ErrorKind, Operation};

use crate::on_each_engine;
use crate::town::{WORDS, only, property, resource, second};

fn acting(actor: &str) -> Batch {
    Batch { actor: actor.into(), ..only(Operation::put("A", property("1", &[]))) }
}

fn listing(fields: &[(&str, Value)]) -> Batch {
    only(Operation::put("A", property("1", fields)))
}

on_each_engine! {
    async fn every_input_has_a_bound(home) {
        let store = home.open().await;
        let long = |count| "é".repeat(count);
        let many = |count| {
            let mut batch = Batch::new("tester", second(0));
            batch.operations = (0..count).map(|_| Operation::remove(resource("Property"), "x")).collect();
            batch
        };
        let cursor = |name: &str, value: String| {
            let mut batch = Batch::new("tester", second(0));
            batch.cursors.push((name.into(), value));
            batch
        };
        let check = async |batch: Batch, expect: Result<(), ErrorKind>| {
            let found = store.write(batch).await.map(drop).map_err(|error| error.kind);
            assert_eq!(found, expect);
        };
        check(only(Operation::put("A", property(&long(256), &[]))), Err(ErrorKind::TooLarge)).await;
        check(only(Operation::put("A", property("", &[]))), Err(ErrorKind::KeyMissing)).await;
        check(only(Operation::put("A", Record::new(resource("Property")))), Err(ErrorKind::KeyMissing)).await;
        check(only(Operation::put("A", property("a\0", &[]))), Err(ErrorKind::NotKeepable)).await;
        check(only(Operation::put("", property("1", &[]))), Err(ErrorKind::NotKeepable)).await;
        check(only(Operation::put(long(256), property("1", &[]))), Err(ErrorKind::TooLarge)).await;
        check(only(Operation::remove(resource("Property"), "")), Err(ErrorKind::NotKeepable)).await;
        check(acting(""), Err(ErrorKind::NotKeepable)).await;
        check(acting(&long(256)), Err(ErrorKind::TooLarge)).await;
        check(listing(&[("ListPrice", Value::Integer(1))]), Err(ErrorKind::NotKeepable)).await;
        check(listing(&[("PublicRemarks", "x".repeat(1 << 20).into())]), Err(ErrorKind::TooLarge)).await;
        check(many(10_001), Err(ErrorKind::TooLarge)).await;
        check(cursor(&long(256), String::new()), Err(ErrorKind::TooLarge)).await;
        check(cursor("c", "x".repeat((64 << 10) + 1)), Err(ErrorKind::TooLarge)).await;
        assert_eq!(store.head().await.unwrap(), 0);
        let stranger = Record::new(dictionary::ResourceId(u16::MAX));
        check(only(Operation::put("A", stranger)), Err(ErrorKind::NotKeepable)).await;
        assert!(store.get(dictionary::ResourceId(u16::MAX), "1").await.is_err());

        check(only(Operation::put(long(255), property(&long(255), &[]))), Ok(())).await;
        check(acting(&long(255)), Ok(())).await;
        check(listing(&[("PublicRemarks", "x".repeat((1 << 20) - 100).into())]), Ok(())).await;
        check(listing(&[("PublicRemarks", "a\0b".into())]), Ok(())).await;
        check(many(10_000), Ok(())).await;
        check(cursor("c", "x".repeat(64 << 10)), Ok(())).await;
        let stored = store.get(resource("Property"), &long(255)).await.unwrap().unwrap();
        assert_eq!(stored.feed, long(255));
    }

    async fn a_fault_names_its_operation(home) {
        let store = home.open().await;
        let mut batch = only(Operation::put("A", property("1", &[])));
        batch.operations.push(Operation::put("A", Record::new(resource("Property"))));
        let error = store.write(batch).await.unwrap_err();
        assert_eq!((error.code(), error.operation), ("key_missing", Some(1)));
        assert!(error.to_string().contains(&WORDS.known("Property").name.to_string()));
        assert!(!error.hint.is_empty());
    }
}
