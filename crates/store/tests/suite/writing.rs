//! What a write does.

use dictionary::{Timestamp, Value};
use store::{Batch, ChangeKind, ErrorKind, Expect, Operation, Outcome};

use crate::on_each_engine;
use crate::town::{only, property, put, resource, second, write_one};

fn price(amount: &str) -> (&'static str, Value) {
    ("ListPrice", Value::Decimal(amount.parse().unwrap()))
}

on_each_engine! {
    async fn a_record_is_created_changed_left_and_removed(home) {
        let store = home.open().await;
        let id = resource("Property");
        assert_eq!(put(&store, property("1", &[price("100")])).await, Outcome::Created(1));
        assert_eq!(put(&store, property("1", &[price("100")])).await, Outcome::Unchanged(1));
        assert_eq!(put(&store, property("1", &[price("100.00")])).await, Outcome::Unchanged(1));
        assert_eq!(put(&store, property("1", &[price("101")])).await, Outcome::Changed(2));
        let stored = store.get(id, "1").await.unwrap().unwrap();
        assert_eq!((stored.sequence, stored.at), (2, second(0)));
        assert_eq!(*stored.record, property("1", &[price("101")]));
        assert_eq!(write_one(&store, Operation::remove(id, "1")).await.unwrap(), Outcome::Removed(3));
        assert_eq!(write_one(&store, Operation::remove(id, "1")).await.unwrap(), Outcome::Absent);
        assert_eq!(store.get(id, "1").await.unwrap(), None);
        assert_eq!(put(&store, property("1", &[price("7")])).await, Outcome::Created(4));
        assert_eq!(store.head().await.unwrap(), 4);
    }

    /// HUB-005: who wrote, what was there before, what is there after.
    async fn every_change_is_in_the_log_with_actor_before_and_after(home) {
        let store = home.open().await;
        let mut batch = Batch::new("anna", second(1));
        batch.operations.push(Operation::put("A", property("1", &[price("100")])));
        store.write(batch).await.unwrap();
        let mut batch = Batch::new("ben", second(2));
        batch.operations.push(Operation::put("A", property("1", &[price("90")])));
        batch.operations.push(Operation::remove(resource("Property"), "1"));
        store.write(batch).await.unwrap();
        let changes = store.follow(0, 10).await.unwrap();
        let told: Vec<_> = changes
            .iter()
            .map(|c| (c.sequence, c.actor.as_str(), c.at, c.kind, c.before, c.record.as_deref().cloned()))
            .collect();
        assert_eq!(told, [
            (1, "anna", second(1), ChangeKind::Created, None, Some(property("1", &[price("100")]))),
            (2, "ben", second(2), ChangeKind::Changed, Some(1), Some(property("1", &[price("90")]))),
            (3, "ben", second(2), ChangeKind::Removed, Some(2), None),
        ]);
        let before = store.version(changes[2].before.unwrap()).await.unwrap().unwrap();
        assert_eq!(before, changes[1]);
    }

    async fn a_stamp_is_set_where_something_else_differs(home) {
        let store = home.open().await;
        let id = resource("Property");
        let stamped = |amount: &str, given: Option<i64>, stamp: i64| {
            let mut record = property("1", &[price(amount)]);
            if let Some(given) = given {
                let field = crate::town::WORDS.known("Property").timestamp.unwrap();
                record.set(field, second(given));
            }
            Operation::Put { feed: "A".into(), record, expect: Expect::Any, stamp: Some(second(stamp)) }
        };
        let of = |stored: &store::Stored| -> Option<Timestamp> {
            crate::town::WORDS.known("Property").timestamp_of(&stored.record)
        };
        assert_eq!(write_one(&store, stamped("1", None, 10)).await.unwrap(), Outcome::Created(1));
        assert_eq!(of(&store.get(id, "1").await.unwrap().unwrap()), Some(second(10)));
        assert_eq!(write_one(&store, stamped("1", None, 20)).await.unwrap(), Outcome::Unchanged(1));
        assert_eq!(write_one(&store, stamped("1", Some(5), 20)).await.unwrap(), Outcome::Unchanged(1));
        assert_eq!(write_one(&store, stamped("1.0", Some(5), 20)).await.unwrap(), Outcome::Unchanged(1));
        assert_eq!(of(&store.get(id, "1").await.unwrap().unwrap()), Some(second(10)));
        assert_eq!(write_one(&store, stamped("2", Some(5), 30)).await.unwrap(), Outcome::Changed(2));
        assert_eq!(of(&store.get(id, "1").await.unwrap().unwrap()), Some(second(30)));
        // Without a stamp the record's own timestamp counts like any other field.
        let field = crate::town::WORDS.known("Property").timestamp.unwrap();
        let mut own = property("1", &[price("2")]);
        own.set(field, second(31));
        assert_eq!(put(&store, own).await, Outcome::Changed(3));
    }

    async fn what_is_expected_must_be_there(home) {
        let store = home.open().await;
        let id = resource("Property");
        let put = |amount: &str, expect| Operation::Put {
            feed: "A".into(), record: property("1", &[price(amount)]), expect, stamp: None,
        };
        let refused = |result: Result<Outcome, store::StoreError>| {
            let error = result.unwrap_err();
            assert_eq!((error.kind, error.code(), error.operation), (ErrorKind::Conflict, "version_conflict", Some(0)));
        };
        refused(write_one(&store, put("1", Expect::At(1))).await);
        assert_eq!(write_one(&store, put("1", Expect::Absent)).await.unwrap(), Outcome::Created(1));
        refused(write_one(&store, put("2", Expect::Absent)).await);
        assert_eq!(write_one(&store, put("2", Expect::At(1))).await.unwrap(), Outcome::Changed(2));
        refused(write_one(&store, put("3", Expect::At(1))).await);
        let remove = |expect| Operation::Remove { resource: id, key: "1".into(), expect };
        refused(write_one(&store, remove(Expect::At(1))).await);
        assert_eq!(write_one(&store, remove(Expect::At(2))).await.unwrap(), Outcome::Removed(3));
        refused(write_one(&store, remove(Expect::At(3))).await);
        assert_eq!(write_one(&store, put("3", Expect::Absent)).await.unwrap(), Outcome::Created(4));
    }

    async fn a_key_belongs_to_one_feed(home) {
        let store = home.open().await;
        put(&store, property("1", &[])).await;
        let error = write_one(&store, Operation::put("B", property("1", &[]))).await.unwrap_err();
        assert_eq!((error.kind, error.code()), (ErrorKind::KeyInOtherFeed, "key_in_other_feed"));
        // Keys of another resource are other keys, and a key that is free again may go to any feed.
        let member = crate::town::record_of(&crate::town::WORDS, "Member", "MemberKey", "1", &[]);
        assert_eq!(write_one(&store, Operation::put("B", member)).await.unwrap(), Outcome::Created(2));
        write_one(&store, Operation::remove(resource("Property"), "1")).await.unwrap();
        let outcome = write_one(&store, Operation::put("B", property("1", &[]))).await.unwrap();
        assert_eq!(outcome, Outcome::Created(4));
        assert_eq!(store.get(resource("Property"), "1").await.unwrap().unwrap().feed, "B");
    }

    async fn a_batch_is_kept_together_or_not_at_all(home) {
        let store = home.open().await;
        put(&store, property("taken", &[])).await;
        let mut batch = Batch::new("tester", second(0));
        batch.operations.push(Operation::put("A", property("new", &[])));
        batch.operations.push(Operation::put("A", property("taken", &[price("1")])));
        batch.operations.push(Operation::put("B", property("taken", &[])));
        batch.cursors.push(("source".into(), "17".into()));
        let error = store.write(batch.clone()).await.unwrap_err();
        assert_eq!((error.kind, error.operation), (ErrorKind::KeyInOtherFeed, Some(2)));
        assert_eq!(store.head().await.unwrap(), 1);
        assert_eq!(store.get(resource("Property"), "new").await.unwrap(), None);
        assert_eq!(store.cursor("source").await.unwrap(), None);
        batch.operations.pop();
        let receipt = store.write(batch).await.unwrap();
        assert_eq!(receipt.outcomes, [Outcome::Created(2), Outcome::Changed(3)]);
        assert_eq!(receipt.head, 3);
        assert_eq!(store.cursor("source").await.unwrap().as_deref(), Some("17"));
    }

    async fn a_batch_sees_what_it_did_before(home) {
        let store = home.open().await;
        let mut batch = Batch::new("tester", second(0));
        for amount in ["1", "2", "2"] {
            batch.operations.push(Operation::put("A", property("1", &[price(amount)])));
        }
        batch.operations.push(Operation::remove(resource("Property"), "1"));
        batch.operations.push(Operation::remove(resource("Property"), "1"));
        batch.operations.push(Operation::put("A", property("1", &[price("3")])));
        let receipt = store.write(batch).await.unwrap();
        assert_eq!(receipt.outcomes, [
            Outcome::Created(1), Outcome::Changed(2), Outcome::Unchanged(2),
            Outcome::Removed(3), Outcome::Absent, Outcome::Created(4),
        ]);
        assert_eq!(store.get(resource("Property"), "1").await.unwrap().unwrap().sequence, 4);
    }

    async fn an_empty_batch_moves_cursors_alone(home) {
        let store = home.open().await;
        let mut batch = Batch::new("tester", second(0));
        assert_eq!(store.write(batch.clone()).await.unwrap().outcomes, []);
        for value in ["a", "b", ""] {
            batch.cursors = vec![("place".into(), value.into())];
            assert_eq!(store.write(batch.clone()).await.unwrap().head, 0);
            assert_eq!(store.cursor("place").await.unwrap().as_deref(), Some(value));
        }
        assert_eq!(store.cursor("other").await.unwrap(), None);
    }

    async fn the_bell_rings_with_the_head(home) {
        let store = home.open().await;
        let mut bell = store.bell();
        assert_eq!(*bell.borrow_and_update(), 0);
        put(&store, property("1", &[])).await;
        bell.changed().await.unwrap();
        assert_eq!(*bell.borrow_and_update(), 1);
        put(&store, property("1", &[])).await;
        assert!(!bell.has_changed().unwrap(), "nothing was written");
        assert_eq!(store.write(only(Operation::remove(resource("Property"), "1"))).await.unwrap().head, 2);
        bell.changed().await.unwrap();
    }
}
