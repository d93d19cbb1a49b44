//! A follower is handed what the log tells of its resources, once and in order, and nothing else.

use std::sync::Arc;

use dictionary::{Key, ResourceId};
use parking_lot::Mutex;
use store::{Batch, Change, Follower, Operation, Store};

use crate::on_each_engine;
use crate::town::{WORDS, property, record_of, resource, second, whole_log};

/// Writes a crowd of listings with members among them: one in so many.
async fn crowd(store: &Store, name: &str, listings: usize, one_in: usize) {
    let mut batch = Batch::new("tester", second(0));
    for at in 0..listings {
        batch.operations.push(Operation::put("A", property(&format!("{name}-{at}"), &[])));
        if at % one_in == 0 {
            let key = format!("{name}-{at}");
            batch.operations.push(Operation::put("A", record_of(&WORDS, "Member", "MemberKey", &key, &[])));
        }
    }
    store.write(batch).await.unwrap();
}

fn told(log: &[Change], of: ResourceId) -> Vec<(u64, Key)> {
    let ours = log.iter().filter(|change| change.resource == of);
    ours.map(|change| (change.sequence, change.key.clone())).collect()
}

on_each_engine! {
    async fn a_follower_is_handed_its_own(home) {
        let store = home.open().await;
        let member = resource("Member");
        let follower = Arc::new(Follower::new(store.clone(), vec![member], 0));
        let taken = Mutex::new(Vec::new());
        let catch_up = async || {
            follower.catch_up(|part| taken.lock().extend_from_slice(part)).await.unwrap()
        };
        assert_eq!(catch_up().await, 0);
        // One of its own, a few in a part, and so many that the part is read whole.
        for (name, listings, one_in) in [("one", 10, usize::MAX), ("few", 2_500, 400), ("many", 1_500, 3)] {
            crowd(&store, name, listings, one_in).await;
            assert_eq!(catch_up().await, store.head().await.unwrap());
            let log = whole_log(&store, 1_000).await;
            assert_eq!(told(&taken.lock(), member), told(&log, member), "{name}");
            let taken = taken.lock();
            assert!(taken.iter().all(|change| change.resource == member && change.record.is_some()), "{name}");
        }
        let before = taken.lock().len();
        assert_eq!(catch_up().await, follower.applied());
        assert_eq!(taken.lock().len(), before, "nothing is handed over twice");
    }

    async fn several_who_catch_up_at_once_are_handed_everything_once(home) {
        let store = home.open().await;
        let member = resource("Member");
        let follower = Arc::new(Follower::new(store.clone(), vec![member], 0));
        let taken = Arc::new(Mutex::new(Vec::new()));
        crowd(&store, "a", 1_200, 10).await;
        let head = store.head().await.unwrap();
        let at_once: Vec<_> = (0..4)
            .map(|_| {
                let (follower, taken) = (Arc::clone(&follower), Arc::clone(&taken));
                tokio::spawn(async move {
                    follower.catch_up(|part| taken.lock().extend_from_slice(part)).await.unwrap()
                })
            })
            .collect();
        for one in at_once {
            assert_eq!(one.await.unwrap(), head);
        }
        let log = whole_log(&store, 1_000).await;
        assert_eq!(told(&taken.lock(), member), told(&log, member));
    }

    async fn a_follower_that_chooses_is_handed_what_it_wants(home) {
        let store = home.open().await;
        let (member, property) = (resource("Member"), resource("Property"));
        let follower = Follower::new(store.clone(), vec![member, property], 0);
        let wants = |trace: &store::Trace| trace.resource == member || trace.key == "many-7";
        let taken = Mutex::new(Vec::new());
        let catch_up = async |least| {
            follower.catch_up_on(least, wants, |part| taken.lock().extend_from_slice(part)).await.unwrap()
        };
        for (name, listings, one_in) in [("few", 2_500, 400), ("many", 1_500, 3)] {
            crowd(&store, name, listings, one_in).await;
            assert_eq!(catch_up(store.head().await.unwrap()).await, store.head().await.unwrap());
        }
        let log = whole_log(&store, 1_000).await;
        let expect = log.iter().filter(|change| change.resource == member || change.key == "many-7");
        let expect: Vec<u64> = expect.map(|change| change.sequence).collect();
        let given: Vec<u64> = taken.lock().iter().map(|change| change.sequence).collect();
        assert_eq!(given, expect);
        // What was read up to already is not read for again.
        let read = follower.applied();
        crowd(&store, "more", 1, 1).await;
        assert_eq!(catch_up(read).await, read);
        assert_eq!(catch_up(read + 1).await, store.head().await.unwrap());
    }
}
