//! What every test of the suite stands on: a store of its own on each engine, and records to put in.

use std::sync::{Arc, LazyLock};

use dictionary::{Dictionary, Record, ResourceId, Timestamp, Value, Version};
use store::{Batch, Operation, Outcome, Settings, Store, StoreError};
use testkit::{Database, Scratch};

/// The words of the standard dictionary.
pub(crate) static WORDS: LazyLock<Arc<Dictionary>> =
    LazyLock::new(|| Arc::new(Dictionary::standard(Version::V2_1)));

/// Where one test's store lies, and what vanishes with it.
pub(crate) enum Home {
    /// A file of SQLite.
    Sqlite(Scratch),
    /// A database of PostgreSQL.
    Postgres(Database, Scratch),
}

impl Home {
    /// A fresh one on each engine.
    pub(crate) fn each() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(Scratch::new())
    }

    pub(crate) fn postgres() -> Self {
        Self::Postgres(Database::fresh(), Scratch::new())
    }

    pub(crate) fn settings(&self) -> Settings {
        match self {
            Self::Sqlite(scratch) => Settings::sqlite(scratch.file("freehold.db")),
            Self::Postgres(database, _) => Settings::postgres(database.url()),
        }
    }

    /// A directory for other files.
    pub(crate) fn scratch(&self) -> &Scratch {
        match self {
            Self::Sqlite(scratch) | Self::Postgres(_, scratch) => scratch,
        }
    }

    /// Runs statements on the engine itself, beside the store.
    pub(crate) async fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(scratch) => {
                let connection = rusqlite::Connection::open(scratch.file("freehold.db")).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            Self::Postgres(database, _) => {
                let connected = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await;
                let (client, connection) = connected.unwrap();
                let connection = tokio::spawn(connection);
                client.batch_execute(sql).await.unwrap();
                drop(client);
                connection.await.unwrap().unwrap();
            }
        }
    }

    pub(crate) async fn open(&self) -> Store {
        self.open_with(WORDS.clone()).await
    }

    pub(crate) async fn open_with(&self, dictionary: Arc<Dictionary>) -> Store {
        Store::open(self.settings(), dictionary).await.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The resource of this name.
pub(crate) fn resource(name: &str) -> ResourceId {
    WORDS.known(name).id
}

/// A record of Property with these fields, named.
pub(crate) fn property(key: &str, fields: &[(&str, Value)]) -> Record {
    record_of(&WORDS, "Property", "ListingKey", key, fields)
}

/// A record of these words.
pub(crate) fn record_of(
    words: &Dictionary,
    resource: &str,
    key_field: &str,
    key: &str,
    fields: &[(&str, Value)],
) -> Record {
    let resource = words.known(resource);
    let mut record = Record::new(resource.id);
    record.set(resource.find(key_field).unwrap(), key);
    for (name, value) in fields {
        record.set(resource.find(name).unwrap_or_else(|| panic!("no field {name}")), value.clone());
    }
    record
}

/// An instant, this many seconds after some other.
pub(crate) fn second(number: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + number).unwrap()
}

/// A batch of one operation.
pub(crate) fn only(operation: Operation) -> Batch {
    let mut batch = Batch::new("tester", second(0));
    batch.operations.push(operation);
    batch
}

/// Writes one operation.
pub(crate) async fn write_one(store: &Store, operation: Operation) -> Result<Outcome, StoreError> {
    let receipt = store.write(only(operation)).await?;
    assert_eq!(receipt.outcomes.len(), 1);
    Ok(receipt.outcomes[0])
}

/// Writes a record, whatever is there.
pub(crate) async fn put(store: &Store, record: Record) -> Outcome {
    write_one(store, Operation::put("A", record)).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a test's body on each engine in turn, in a runtime of its own.
#[macro_export]
macro_rules! on_each_engine {
    ($($(#[$doc:meta])* async fn $name:ident($home:ident) $body:block)*) => {
        $(
            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                for home in &$crate::town::Home::each() {
                    async fn run($home: &$crate::town::Home) $body
                    run(home).await;
                }
            }
        )*
    };
}

/// The whole log, in parts of this many.
pub(crate) async fn whole_log(store: &Store, part: usize) -> Vec<store::Change> {
    let mut log: Vec<store::Change> = Vec::new();
    loop {
        let after = log.last().map_or(0, |change| change.sequence);
        let more = store.follow(after, part).await.unwrap();
        if more.is_empty() {
            return log;
        }
        log.extend(more);
    }
}

/// Fails where the log has a gap or a sequence twice.
pub(crate) fn assert_no_gap(log: &[store::Change]) {
    for (at, change) in log.iter().enumerate() {
        assert_eq!(change.sequence, at as u64 + 1, "the log has a gap or a sequence twice");
    }
}
