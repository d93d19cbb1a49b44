//! A full disk and a database that goes away give errors, not losses.

use std::time::Duration;

use store::{ErrorKind, Operation, Outcome, Settings, Store};
use testkit::postgres::Server;

use crate::town::{Home, WORDS, assert_no_gap, property, put, resource, whole_log, write_one};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_without_room_gives_an_error_and_keeps_nothing() {
    let home = Home::postgres();
    let store = home.open().await;
    put(&store, property("1", &[])).await;
    home.run(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$; \
         CREATE TRIGGER no_room BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION no_room()",
    )
    .await;
    let error = write_one(&store, Operation::put("A", property("2", &[]))).await.unwrap_err();
    assert_eq!((error.kind, error.code()), (ErrorKind::Full, "store_full"));
    assert_eq!(store.head().await.unwrap(), 1);
    assert_eq!(store.get(resource("Property"), "2").await.unwrap(), None);
    home.run("DROP TRIGGER no_room ON records").await;
    assert_eq!(put(&store, property("2", &[])).await, Outcome::Created(2));
}

/// Writes records one after the other until it is told to stop; gives those acknowledged and those that failed.
async fn keep_writing(
    store: Store,
    writer: usize,
    stop: tokio::sync::watch::Receiver<bool>,
) -> (Vec<(String, u64)>, usize) {
    let (mut acknowledged, mut failed) = (Vec::new(), 0);
    for number in 0.. {
        if *stop.borrow() {
            break;
        }
        let key = format!("{writer}-{number}");
        match write_one(&store, Operation::put("A", property(&key, &[]))).await {
            Ok(Outcome::Created(sequence)) => acknowledged.push((key, sequence)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => {
                assert_eq!(
                    (error.kind, error.code()),
                    (ErrorKind::Unavailable, "store_unavailable"),
                    "{error}"
                );
                failed += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    (acknowledged, failed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_may_go_away_and_come_back() {
    let mut server = Server::start();
    let store = Store::open(Settings::postgres(server.url("postgres")), WORDS.clone()).await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writers: Vec<_> =
        (0..4).map(|writer| tokio::spawn(keep_writing(store.clone(), writer, stopped.clone()))).collect();
    let wait_for = async |count: u64| {
        let mut bell = store.bell();
        bell.wait_for(|rung| *rung >= count).await.map(|rung| *rung).unwrap()
    };
    let mut head = wait_for(50).await;
    for _ in 0..3 {
        server = tokio::task::spawn_blocking(move || {
            server.stop();
            server
        })
        .await
        .unwrap();
        let error = store.get(resource("Property"), "0-0").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
        assert!(!error.hint.is_empty());
        server = tokio::task::spawn_blocking(move || {
            server.resume();
            server
        })
        .await
        .unwrap();
        head = wait_for(head + 50).await;
    }
    stop.send(true).unwrap();
    let mut failed = 0;
    let mut acknowledged = Vec::new();
    for writer in writers {
        let (written, refused) = writer.await.unwrap();
        acknowledged.extend(written);
        failed += refused;
    }
    assert!(failed > 0, "nobody noticed that the server was away");
    let log = whole_log(&store, 1_000).await;
    assert_no_gap(&log);
    for (key, sequence) in acknowledged {
        assert_eq!(log[usize::try_from(sequence).unwrap() - 1].key, key, "an acknowledged record is lost");
    }
    drop(store);
}
