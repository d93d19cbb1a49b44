//! What was: history, a record as of a sequence.

use store::{ChangeKind, Operation};

use crate::on_each_engine;
use crate::town::{property, put, resource, write_one};

on_each_engine! {
    async fn a_record_is_read_as_it_was(home) {
        let store = home.open().await;
        let id = resource("Property");
        let city = |name: &str| property("1", &[("City", name.into())]);
        put(&store, city("Kent")).await; // 1
        put(&store, property("2", &[])).await; // 2
        put(&store, city("Auburn")).await; // 3
        write_one(&store, Operation::remove(id, "1")).await.unwrap(); // 4
        put(&store, property("2", &[("City", "Kent".into())])).await; // 5
        put(&store, city("Renton")).await; // 6
        let check = async |sequence, expect: Option<(u64, &str)>| {
            let found = store.as_of(id, "1", sequence).await.unwrap();
            let found = found.map(|stored| (stored.sequence, stored.record.as_ref().clone()));
            assert_eq!(found, expect.map(|(at, name)| (at, city(name))), "as of {sequence}");
        };
        check(0, None).await;
        check(1, Some((1, "Kent"))).await;
        check(2, Some((1, "Kent"))).await;
        check(3, Some((3, "Auburn"))).await;
        check(4, None).await;
        check(5, None).await;
        check(6, Some((6, "Renton"))).await;
        check(1_000, Some((6, "Renton"))).await;
        assert_eq!(store.as_of(id, "none", 6).await.unwrap(), None);
        let history = |limit| store.history(id, "1", limit);
        let told: Vec<_> = history(10).await.unwrap().iter().map(|c| (c.sequence, c.kind, c.before)).collect();
        assert_eq!(told, [
            (6, ChangeKind::Created, None),
            (4, ChangeKind::Removed, Some(3)),
            (3, ChangeKind::Changed, Some(1)),
            (1, ChangeKind::Created, None),
        ]);
        assert_eq!(history(2).await.unwrap().len(), 2);
        assert_eq!(history(2).await.unwrap()[0].sequence, 6);
        assert!(store.history(id, "none", 10).await.unwrap().is_empty());
        assert_eq!(store.version(7).await.unwrap(), None);
        assert_eq!(store.version(0).await.unwrap(), None);
    }

    async fn history_survives_closing(home) {
        {
            let store = home.open().await;
            put(&store, property("1", &[("City", "Kent".into())])).await;
            put(&store, property("1", &[("City", "Auburn".into())])).await;
        }
        let store = home.open().await;
        assert_eq!(store.history(resource("Property"), "1", 10).await.unwrap().len(), 2);
        assert_eq!(*store.bell().borrow(), 2);
        put(&store, property("1", &[])).await;
        assert_eq!(store.head().await.unwrap(), 3);
    }
}
