//! What is not this version's is not opened.

use store::{ErrorKind, Settings, Store};

use crate::on_each_engine;
use crate::town::{Home, WORDS, property, put, resource};

async fn refused(settings: Settings) -> store::StoreError {
    Store::open(settings, WORDS.clone()).await.map(drop).unwrap_err()
}

on_each_engine! {
    async fn a_newer_schema_is_refused(home) {
        put(&home.open().await, property("1", &[])).await;
        home.run("UPDATE schema_version SET version = 99").await;
        let error = refused(home.settings()).await;
        assert_eq!((error.kind, error.code()), (ErrorKind::Schema, "schema_unknown"));
        assert!(error.message.contains("99") && error.hint.contains("newer"), "{error}");
        let reading = Store::open_reading(home.settings(), WORDS.clone()).await.map(drop).unwrap_err();
        assert_eq!(reading.kind, ErrorKind::Schema);
        // Nothing of it was changed.
        home.run("UPDATE schema_version SET version = 4").await;
        assert!(home.open().await.get(resource("Property"), "1").await.unwrap().is_some());
    }

    async fn an_older_schema_is_brought_up_to_date(home) {
        {
            let store = home.open().await;
            put(&store, property("1", &[("City", "Kent".into())])).await;
            put(&store, property("1", &[("City", "Seattle".into())])).await;
        }
        // What later versions added is taken away: this is how version 1 left a store.
        home.run(
            "DROP TABLE deliveries; DROP TABLE attempts; DROP TABLE inbox; DROP TABLE health; \
             ALTER TABLE records DROP COLUMN created; DROP INDEX log_removals; UPDATE schema_version SET version = 1",
        )
        .await;
        let reading = Store::open_reading(home.settings(), WORDS.clone()).await.map(drop).unwrap_err();
        assert!(reading.message.contains("version 1"), "{reading}");
        let store = home.open().await;
        assert!(store.get(resource("Property"), "1").await.unwrap().is_some());
        put(&store, property("2", &[])).await;
        assert_eq!(store.head().await.unwrap(), 3);
        let first = store.version(1).await.unwrap().unwrap().at;
        let groups = store.row_groups(0, 3).await.unwrap();
        let head = &groups[0].heads()[0];
        assert_eq!((head.sequence, head.created), (2, Some(first)), "when it came into being is found out");
        assert_eq!(store.due("e", crate::town::second(0), 1).await.unwrap(), Vec::new());
        assert_eq!(store.inbox("a", 0, 1).await.unwrap(), Vec::new());
        assert_eq!(store.health().await.unwrap(), Vec::new());
    }

    async fn tables_of_somebody_else_are_left_alone(home) {
        home.run("CREATE TABLE theirs (x INTEGER)").await;
        assert_eq!(refused(home.settings()).await.kind, ErrorKind::Schema);
        home.run("INSERT INTO theirs VALUES (1); DROP TABLE theirs").await;
        home.open().await;
    }

    async fn opening_for_reading_alone_writes_nothing(home) {
        assert!(Store::open_reading(home.settings(), WORDS.clone()).await.is_err(), "there is no store yet");
        let store = home.open().await;
        put(&store, property("1", &[])).await;
        let reading = Store::open_reading(home.settings(), WORDS.clone()).await.unwrap();
        assert!(reading.get(resource("Property"), "1").await.unwrap().is_some());
        let error = reading.write(store::Batch::new("tester", crate::town::second(0))).await.unwrap_err();
        assert_eq!(error.code(), "store_read_only");
        put(&store, property("2", &[])).await;
        assert!(reading.get(resource("Property"), "2").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_file_has_one_writer() {
    let home = Home::sqlite();
    let store = home.open().await;
    put(&store, property("1", &[])).await;
    let error = refused(home.settings()).await;
    assert_eq!((error.kind, error.code()), (ErrorKind::InUse, "store_in_use"));
    assert!(error.message.contains(&std::process::id().to_string()), "{error}");
    put(&store, property("2", &[])).await;
    drop(store);
    assert_eq!(home.open().await.head().await.unwrap(), 2);
}

#[tokio::test]
async fn settings_that_name_no_store_are_refused() {
    let home = Home::sqlite();
    let directory = Settings::sqlite(home.scratch().path());
    assert_eq!(refused(directory).await.kind, ErrorKind::Settings);
    let no_file = home.scratch().file("text");
    std::fs::write(&no_file, "This is no database, whatever its name may say. ".repeat(100)).unwrap();
    assert_eq!(refused(Settings::sqlite(&no_file)).await.kind, ErrorKind::Damaged);
    let secret = "postgres://user:s3cret@127.0.0.1:1/none";
    let error = refused(Settings::postgres(secret)).await;
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let shown = format!("{error} {error:?} {:?}", Settings::postgres(secret));
    assert!(!shown.contains("s3cret"), "{shown}");
    let error = refused(Settings::postgres("postgres://user:s3cret@host:port/none")).await;
    assert_eq!(error.kind, ErrorKind::Settings);
    assert!(!error.to_string().contains("s3cret"), "{error}");
    let Settings::Postgres { url, certificates, .. } = Settings::postgres(secret) else { panic!() };
    assert_eq!(
        refused(Settings::Postgres { url, connections: 0, certificates }).await.kind,
        ErrorKind::Settings
    );
}

#[tokio::test]
async fn a_password_that_is_wrong_is_said_and_not_shown() {
    let home = Home::postgres();
    let Settings::Postgres { url, .. } = home.settings() else { panic!() };
    let (scheme, rest) = url.split_once("://").unwrap();
    let (_, host) = rest.split_once('@').unwrap();
    let error = refused(Settings::postgres(format!("{scheme}://nobody:s3cret@{host}"))).await;
    assert_eq!(error.kind, ErrorKind::Settings, "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}
