//! A backup holds everything, and restores into either engine.

use dictionary::Key;
use store::{Batch, Beside, Change, ErrorKind, Operation, Scan, Store, Stored};
use testkit::Scratch;

use crate::on_each_engine;
use crate::town::{Home, WORDS, property, put, resource, second, whole_log};

async fn fill(store: &Store) {
    let stamp = WORDS.known("Property").timestamp.unwrap();
    for round in 0..4_i64 {
        let mut batch = Batch::new(format!("round {round}"), second(round));
        for number in 0..700_i64 {
            let key = number.to_string();
            if (number + round) % 7 == 0 {
                batch.operations.push(Operation::remove(resource("Property"), key));
            } else if (number + round) % 3 > 0 {
                let mut record = property(&key, &[("City", format!("City {round}").into())]);
                if number % 2 == 0 {
                    record.set(stamp, second(round * 1_000 + number));
                }
                batch.operations.push(Operation::put(["A", "B"][number as usize % 2], record));
            }
        }
        batch.cursors.push(("source".into(), format!("round {round}")));
        store.write(batch).await.unwrap();
    }
}

/// Everything that a store answers.
type Answers = (Vec<Change>, Vec<Stored>, Vec<Stored>, Vec<Vec<Change>>, Vec<Option<Stored>>, Option<String>);

async fn answers(store: &Store) -> Answers {
    let id = resource("Property");
    let scan = Scan { resource: id, feed: None, after: None, limit: 10_000 };
    let keys: Vec<Key> = (0..700).map(|number| Key::from(number.to_string())).collect();
    let mut histories = Vec::new();
    for key in &keys[..50] {
        histories.push(store.history(id, key, 100).await.unwrap());
    }
    (
        whole_log(store, 10_000).await,
        store.current(0, 10_000).await.unwrap(),
        store.scan(scan).await.unwrap(),
        histories,
        store.get_many(id, &keys).await.unwrap(),
        store.cursor("source").await.unwrap(),
    )
}

on_each_engine! {
    /// HUB-007: back-up and restore, from either engine into either.
    async fn a_restored_store_answers_the_same(home) {
        let store = home.open().await;
        fill(&store).await;
        let (expect, file) = (answers(&store).await, home.scratch().file("backup"));
        store.backup(&file).await.unwrap();
        for target in &Home::each() {
            let restored = Store::restore(&file, target.settings(), WORDS.clone()).await.unwrap();
            let found = answers(&restored).await;
            assert!(found == expect, "the restored store answers something else");
            assert_eq!(*restored.bell().borrow(), expect.0.len() as u64);
            // What is written next goes on where the backup ends.
            let again = target.scratch().file("again");
            restored.backup(&again).await.unwrap();
            assert!(std::fs::read(&again).unwrap() == std::fs::read(&file).unwrap(), "another backup differs");
            put(&restored, property("new", &[])).await;
            assert_eq!(restored.head().await.unwrap(), expect.0.len() as u64 + 1);
        }
    }

    async fn files_beside_the_store_are_in_its_backup(home) {
        let store = home.open().await;
        put(&store, property("1", &[])).await;
        let (data, file) = (home.scratch().file("data"), home.scratch().file("backup"));
        std::fs::create_dir_all(data.join("photos")).unwrap();
        // Nothing, less than a piece, a whole piece, some.
        let long = |length: usize| (0..length).map(|at| (at % 251) as u8).collect::<Vec<u8>>();
        let kept = [("empty", 0), ("photos/small", 10), ("photos/piece", 1 << 20), ("large", (5 << 19) + 1)];
        for (place, length) in kept {
            std::fs::write(data.join(place), long(length)).unwrap();
        }
        std::fs::write(data.join("secret"), "not of the store").unwrap();
        let places = |_: &std::path::Path| {
            Ok(["empty", "photos/small", "gone", "photos/piece", "large"].map(str::to_owned).to_vec())
        };
        store.backup_with(&file, Beside { directory: data, places }).await.unwrap();
        let (target, laid) = (Home::sqlite(), home.scratch().file("laid"));
        std::fs::create_dir_all(laid.join("photos")).unwrap();
        std::fs::write(laid.join("photos/small"), "is there").unwrap();
        assert_eq!(Store::restore_files(&file, &laid).await.unwrap(), 4);
        for (place, length) in kept {
            let expect = if place == "photos/small" { b"is there".to_vec() } else { long(length) };
            assert!(std::fs::read(laid.join(place)).unwrap() == expect, "{place}");
        }
        assert_eq!(std::fs::read_dir(&laid).unwrap().count(), 3);
        let restored = Store::restore(&file, target.settings(), WORDS.clone()).await.unwrap();
        assert_eq!(restored.head().await.unwrap(), 1);

        // A damaged backup lays nothing down, and no backup lays a file down elsewhere.
        let mut whole = std::fs::read(&file).unwrap();
        let last = whole.len() - 1;
        whole[last] ^= 1;
        let broken = home.scratch().file("broken");
        std::fs::write(&broken, whole).unwrap();
        let nowhere = home.scratch().file("nowhere");
        let error = Store::restore_files(&broken, &nowhere).await.unwrap_err();
        assert_eq!((error.kind, nowhere.exists()), (ErrorKind::Damaged, false));
        let outside = |_: &std::path::Path| Ok(vec!["../data/secret".to_owned()]);
        let beside = Beside { directory: home.scratch().file("laid"), places: outside };
        let error = store.backup_with(&home.scratch().file("other"), beside).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::File);
        assert!(!home.scratch().file("other").exists());
    }

    async fn a_backup_is_made_while_others_write(home) {
        let store = home.open().await;
        fill(&store).await;
        let writing = {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..200 {
                    let mut batch = Batch::new("tester", second(0));
                    batch.operations.push(Operation::put("A", property(&format!("more {number}"), &[])));
                    batch.cursors.push(("more".into(), number.to_string()));
                    store.write(batch).await.unwrap();
                }
            })
        };
        let file = home.scratch().file("backup");
        let reading = Store::open_reading(home.settings(), WORDS.clone()).await.unwrap();
        reading.backup(&file).await.unwrap();
        writing.await.unwrap();
        let target = Home::sqlite();
        let restored = Store::restore(&file, target.settings(), WORDS.clone()).await.unwrap();
        let (log, whole) = (whole_log(&restored, 1_000).await, whole_log(&store, 1_000).await);
        assert!(log[..] == whole[..log.len()], "the backup is not a beginning of the log");
        if let Some(cursor) = restored.cursor("more").await.unwrap() {
            let found = restored.get(resource("Property"), &format!("more {cursor}")).await.unwrap();
            assert!(found.is_some(), "a cursor is further than the log");
        }
    }

    async fn a_store_that_holds_something_is_not_overwritten(home) {
        let store = home.open().await;
        put(&store, property("1", &[])).await;
        let file = home.scratch().file("backup");
        store.backup(&file).await.unwrap();
        assert_eq!(store.backup(&file).await.unwrap_err().kind, ErrorKind::File, "a file is not overwritten either");
        put(&store, property("2", &[])).await;
        drop(store);
        let error = Store::restore(&file, home.settings(), WORDS.clone()).await.map(drop).unwrap_err();
        assert_eq!((error.kind, error.code()), (ErrorKind::NotEmpty, "store_not_empty"));
        assert_eq!(home.open().await.head().await.unwrap(), 2);
    }

    async fn a_damaged_backup_restores_nothing(home) {
        let source = Home::sqlite();
        let store = source.open().await;
        for number in 0..20 {
            put(&store, property(&number.to_string(), &[("City", "Kent".into())])).await;
        }
        let scratch = Scratch::new();
        let (file, broken) = (scratch.file("backup"), scratch.file("broken"));
        store.backup(&file).await.unwrap();
        let whole = std::fs::read(&file).unwrap();
        let check = async |bytes: Vec<u8>, what: &str| {
            std::fs::write(&broken, bytes).unwrap();
            let error = Store::restore(&broken, home.settings(), WORDS.clone()).await.map(drop).unwrap_err();
            assert_eq!((error.kind, error.code()), (ErrorKind::Damaged, "store_damaged"), "{what}: {error}");
        };
        check(Vec::new(), "empty").await;
        check(b"FREEHOLD BACKUP 9\n".to_vec(), "another form").await;
        let mut rng = testkit::rng("a_damaged_backup_restores_nothing");
        for _ in 0..15 {
            let at = rng.usize(..whole.len());
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << rng.u8(..8);
            check(flipped, &format!("byte {at} flipped")).await;
            check(whole[..at].to_vec(), &format!("cut at {at}")).await;
        }
        assert_eq!(home.open().await.head().await.unwrap(), 0);
        assert!(Store::restore(&scratch.file("none"), home.settings(), WORDS.clone()).await.is_err());
    }
}
