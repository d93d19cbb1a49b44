//! Writes that are put together part by part.

use store::{ErrorKind, Expect, Operation, Outcome};

use crate::on_each_engine;
use crate::town::{assert_no_gap, property, put, resource, second, whole_log};

fn part(from: usize, upto: usize) -> Vec<Operation> {
    (from..upto).map(|n| Operation::put("A", property(&format!("{n:05}"), &[]))).collect()
}

on_each_engine! {
    async fn more_than_a_batch_takes_is_kept_at_once_or_not_at_all(home) {
        let store = home.open().await;
        put(&store, property("99999", &[])).await;
        let mut whole = store.assemble("tester", second(1));
        for from in [0, 6_000] {
            whole.add(part(from, from + 6_000)).await.unwrap();
        }
        assert_eq!(whole.add(part(0, 10_001)).await.unwrap_err().kind, ErrorKind::TooLarge);
        whole.add(part(12_000, 12_500)).await.unwrap();
        whole.set_cursor("import", "7");
        assert_eq!((whole.operations(), store.head().await.unwrap()), (12_500, 1));
        // What was promised to be over waits for it.
        assert_eq!(store.over(1, second(9)), second(1));
        let receipt = whole.write().await.unwrap();
        assert_eq!((receipt.outcomes.len(), receipt.head), (12_500, 12_501));
        assert_eq!(receipt.outcomes[12_499], Outcome::Created(12_501));
        assert_eq!(store.cursor("import").await.unwrap().as_deref(), Some("7"));
        assert_eq!(store.over(receipt.head, second(9)), second(9));
        let log = whole_log(&store, 10_000).await;
        assert_no_gap(&log);
        assert!(log[1..].iter().all(|change| change.at == second(1) && change.actor == "tester"));

        // One operation that is refused refuses them all.
        let mut refused = store.assemble("tester", second(10));
        refused.add(part(30_000, 31_000)).await.unwrap();
        let absent = Operation::Put {
            feed: "A".into(), record: property("99999", &[]), expect: Expect::Absent, stamp: None,
        };
        refused.add(vec![absent]).await.unwrap();
        assert_eq!(refused.write().await.unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!(store.head().await.unwrap(), 12_501);
        assert!(store.get(resource("Property"), "30000").await.unwrap().is_none());

        // One that is dropped was never there.
        let mut dropped = store.assemble("tester", second(11));
        dropped.add(part(30_000, 30_010)).await.unwrap();
        drop(dropped);
        assert_eq!(store.head().await.unwrap(), 12_501);
        assert_eq!(store.over(12_501, second(20)), second(20));
    }
}
