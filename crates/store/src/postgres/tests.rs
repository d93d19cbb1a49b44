//! What is asked of PostgreSQL before it acknowledges.

use std::sync::Arc;

use dictionary::{Dictionary, Version};

use crate::engine::Engine;
use crate::{Settings, Store};

/// RESO-064: a server that is set to acknowledge before it is on disk is asked not to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_flushed_before_it_is_acknowledged() {
    let database = testkit::Database::fresh();
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let sql = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
               current_database()); END $$";
    client.batch_execute(sql).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let store = Store::open(Settings::postgres(database.url()), dictionary).await.unwrap();
    let Engine::Postgres(postgres) = &store.engine else { panic!() };
    let shown = postgres.queue().unwrap().statement("SHOW synchronous_commit", Vec::new()).await.unwrap();
    assert_eq!(format!("{:?}", shown[0][0]), "Text(\"on\")");
}
