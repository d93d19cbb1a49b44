//! What is owed: once, in order, and in the transaction of what it came from.

use std::time::Duration;

use dictionary::Timestamp;
use store::{
    Attempt, Batch, Delivery, DeliveryState, Expect, Health, Operation, Owed, Store, StoreError, Then, Work,
};

use crate::on_each_engine;
use crate::town::{property, second};

fn owed(endpoint: &str, sequence: u64, key: Option<&str>) -> Owed {
    Owed {
        endpoint: endpoint.into(),
        sequence,
        event: format!("event-{sequence}").into(),
        subscription: "s".into(),
        agent: "https://a.example/profile/card#me".into(),
        ordering_key: key.map(Into::into),
        due: second(i64::try_from(sequence).unwrap()),
    }
}

async fn do_all(store: &Store, work: Vec<Work>) {
    let batch = Batch { work, ..Batch::new("tester", second(0)) };
    store.write(batch).await.unwrap_or_else(|error| panic!("{error}"));
}

/// An attempt of a delivery, with what becomes of it.
fn tried(delivery: &Delivery, then: Then) -> Work {
    let attempt = Attempt {
        number: delivery.tries + 1,
        at: second(1_000),
        status: (then == Then::Done).then_some(204),
        latency: Duration::from_micros(1_234_567),
        fault: (then != Then::Done).then(|| "timed_out".into()),
        answer: "said\0this".into(),
    };
    Work::Attempted { delivery: delivery.clone(), attempt, then }
}

async fn due(store: &Store, endpoint: &str, at: Timestamp) -> Vec<Delivery> {
    store.due(endpoint, at, 100).await.unwrap()
}

async fn due_sequences(store: &Store, endpoint: &str) -> Vec<u64> {
    due(store, endpoint, second(9_999)).await.iter().map(|delivery| delivery.owed.sequence).collect()
}

on_each_engine! {
    async fn what_is_owed_is_due_in_its_time_until_it_is_done(home) {
        let store = home.open().await;
        do_all(&store, [5, 3, 4].map(|number| Work::Owe(owed("e", number, None))).to_vec()).await;
        do_all(&store, vec![Work::Owe(owed("e", 3, None)), Work::Owe(owed("f", 3, None))]).await;
        assert_eq!(due(&store, "e", second(2)).await, []);
        assert_eq!(store.next_due("e").await.unwrap(), Some(second(3)));
        let first = due(&store, "e", second(4)).await;
        assert_eq!(first.len(), 2, "what is owed twice is owed once");
        assert_eq!((&first[0].owed, first[0].state, first[0].tries), (&owed("e", 3, None), DeliveryState::Waiting, 0));
        do_all(&store, vec![tried(&first[0], Then::Again(second(60))), tried(&first[1], Then::Done)]).await;
        assert_eq!(due_sequences(&store, "e").await, [5, 3]);
        let again = store.delivery("e", 3).await.unwrap().unwrap();
        assert_eq!((again.owed.due, again.tries, again.step), (second(60), 1, 1));
        do_all(&store, vec![tried(&again, Then::Dead)]).await;
        assert_eq!(due_sequences(&store, "e").await, [5]);
        let dead = store.dead_letters("e", 0, 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].state, dead[0].tries, dead[0].step), (1, DeliveryState::Dead, 2, 2));
        let attempts = store.attempts("e", 3).await.unwrap();
        assert_eq!(attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((attempts[0].status, attempts[0].fault.as_deref()), (None, Some("timed_out")));
        assert_eq!(attempts[0].latency, Duration::from_micros(1_234_567));
        assert_eq!(attempts[0].answer, "said\u{fffd}this");
        assert_eq!(store.attempts("e", 4).await.unwrap()[0].status, Some(204));
        assert_eq!(store.delivery_counts("e").await.unwrap(), [1, 0, 1]);
        let newest = store.newest_deliveries("e", 5, 1).await.unwrap();
        assert_eq!((newest[0].owed.sequence, newest[0].state), (4, DeliveryState::Done));
        assert_eq!(due_sequences(&store, "f").await, [3]);
    }

    async fn of_one_key_one_goes_at_a_time(home) {
        let store = home.open().await;
        let all = [(1, "a"), (2, "a"), (3, "b"), (4, "a"), (5, "b")];
        do_all(&store, all.map(|(number, key)| Work::Owe(owed("e", number, Some(key)))).to_vec()).await;
        assert_eq!(due_sequences(&store, "e").await, [1, 3]);
        assert_eq!(store.delivery_counts("e").await.unwrap(), [2, 3, 0]);
        let first = due(&store, "e", second(9_999)).await;
        do_all(&store, vec![tried(&first[0], Then::Again(second(50)))]).await;
        assert_eq!(due_sequences(&store, "e").await, [3, 1], "what is tried again holds the others back");
        do_all(&store, vec![tried(&first[1], Then::Dead), tried(&first[0], Then::Done)]).await;
        assert_eq!(due_sequences(&store, "e").await, [2, 5], "a dead letter holds nothing back");
        do_all(&store, vec![Work::OweAgain(owed("e", 1, Some("a")))]).await;
        assert_eq!(due_sequences(&store, "e").await, [2, 5], "what is owed again waits for its turn");
        let second_one = store.delivery("e", 2).await.unwrap().unwrap();
        do_all(&store, vec![tried(&second_one, Then::Done)]).await;
        assert_eq!(due_sequences(&store, "e").await, [1, 5], "the oldest of a key goes first");
        do_all(&store, vec![Work::LetGo { endpoint: "e".into() }]).await;
        assert_eq!(due_sequences(&store, "e").await, [1, 4, 5]);
    }

    async fn what_was_given_up_is_owed_again(home) {
        let store = home.open().await;
        do_all(&store, vec![Work::Owe(owed("e", 1, Some("a")))]).await;
        let once = store.delivery("e", 1).await.unwrap().unwrap();
        do_all(&store, vec![tried(&once, Then::Dead)]).await;
        do_all(&store, vec![Work::Owe(owed("e", 1, Some("a")))]).await;
        assert!(due_sequences(&store, "e").await.is_empty(), "owing it once changes nothing");
        do_all(&store, vec![Work::OweAgain(Owed { due: second(77), ..owed("e", 1, Some("a")) })]).await;
        let again = due(&store, "e", second(77)).await;
        assert_eq!((again[0].tries, again[0].step, again[0].owed.due), (1, 0, second(77)));
        do_all(&store, vec![tried(&again[0], Then::Done)]).await;
        assert_eq!(store.attempts("e", 1).await.unwrap().len(), 2, "attempts are counted on");
        // Owing again what waits already brings it forward and holds nothing up.
        do_all(&store, vec![Work::Owe(owed("e", 9, Some("z"))), Work::OweAgain(owed("e", 9, Some("z")))]).await;
        assert_eq!(due_sequences(&store, "e").await, [9]);
    }

    /// EVT-042: what a batch owes is owed if and only if its operations and cursors are kept.
    async fn a_batch_that_is_refused_owes_nothing(home) {
        let store = home.open().await;
        let batch = |expect| -> Batch {
            let record = property("1", &[]);
            let put = Operation::Put { feed: "A".into(), record, expect, stamp: None };
            Batch {
                operations: vec![put],
                cursors: vec![("work/outflow".into(), "7".into())],
                work: vec![Work::Owe(owed("e", 1, None))],
                ..Batch::new("tester", second(0))
            }
        };
        let refused: Result<_, StoreError> = store.write(batch(Expect::At(5))).await;
        assert_eq!(refused.unwrap_err().code(), "version_conflict");
        assert_eq!((due_sequences(&store, "e").await, store.cursor("work/outflow").await.unwrap()), (vec![], None));
        store.write(batch(Expect::Absent)).await.unwrap();
        assert_eq!(due_sequences(&store, "e").await, [1]);
        assert_eq!(store.cursor("work/outflow").await.unwrap().as_deref(), Some("7"));
        let nameless = Batch { work: vec![Work::Owe(owed("", 1, None))], ..Batch::new("tester", second(0)) };
        assert_eq!(store.write(nameless).await.unwrap_err().code(), "not_keepable");
        // A backup leaves the work out, and with it how far it got.
        let file = home.scratch().file("backup");
        store.backup(&file).await.unwrap();
        let other = crate::town::Home::sqlite();
        let restored = Store::restore(&file, other.settings(), crate::town::WORDS.clone()).await.unwrap();
        assert_eq!((due_sequences(&restored, "e").await, restored.cursor("work/outflow").await.unwrap()), (vec![], None));
    }

    async fn an_inbox_is_read_from_a_place_or_an_instant(home) {
        let store = home.open().await;
        let put = |number: u64, at: i64| Work::Inbox {
            agent: "a".into(), sequence: number, event: format!("event-{number}").into(), at: second(at),
        };
        do_all(&store, vec![put(10, 1), put(20, 2), put(20, 2), put(30, 3)]).await;
        let page = async |after, limit| -> Vec<u64> {
            store.inbox("a", after, limit).await.unwrap().iter().map(|one| one.sequence).collect()
        };
        assert_eq!(page(0, 2).await, [10, 20]);
        assert_eq!(page(20, 2).await, [30]);
        assert_eq!(store.inbox("a", 20, 9).await.unwrap()[0].event, "event-30");
        assert_eq!(store.inbox("b", 0, 9).await.unwrap(), []);
        assert_eq!(store.inbox_at("a", second(2)).await.unwrap(), Some(20));
        assert_eq!(store.inbox_at("a", second(4)).await.unwrap(), None);
        do_all(&store, vec![Work::Unbox { agent: "a".into(), sequence: 10 }]).await;
        assert_eq!(page(0, 9).await, [20, 30]);
    }

    async fn how_an_endpoint_fares_is_kept(home) {
        let store = home.open().await;
        let bad = Health { endpoint: "e".into(), failing_since: Some(second(3)), warned: 50 };
        do_all(&store, vec![Work::Health(bad.clone())]).await;
        assert_eq!(store.health().await.unwrap(), [bad]);
        let good = Health { endpoint: "e".into(), failing_since: None, warned: 0 };
        do_all(&store, vec![Work::Health(good.clone())]).await;
        assert_eq!(store.health().await.unwrap(), [good]);
    }

    async fn what_is_old_is_forgotten(home) {
        let store = home.open().await;
        do_all(&store, (1..=4).map(|number| Work::Owe(owed("e", number, None))).collect()).await;
        let all = due(&store, "e", second(9_999)).await;
        do_all(&store, vec![tried(&all[0], Then::Done), tried(&all[1], Then::Dead), tried(&all[3], Then::Done)]).await;
        let forget = |upto, done_alone| vec![Work::Forget { endpoint: "e".into(), upto, done_alone }];
        let left = async || -> Vec<u64> {
            store.newest_deliveries("e", 99, 9).await.unwrap().iter().map(|one| one.owed.sequence).collect()
        };
        do_all(&store, forget(3, true)).await;
        assert_eq!(left().await, [4, 3, 2]);
        assert_eq!((store.attempts("e", 1).await.unwrap().len(), store.attempts("e", 2).await.unwrap().len()), (0, 1));
        do_all(&store, forget(3, false)).await;
        assert_eq!(left().await, [4]);
        assert_eq!(store.attempts("e", 2).await.unwrap(), []);
    }
}
