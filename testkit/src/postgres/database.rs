//! A database of one test's own.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

use super::{Server, fail};

/// A fresh database on the server that this process's tests share. It is dropped with this.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A new, empty one. It blocks for the time that PostgreSQL takes to make it, and may be called inside
    /// an async test too.
    ///
    /// # Panics
    /// Where there is no PostgreSQL, with a hint.
    #[must_use]
    pub fn fresh() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // The server that the environment names may be used by other processes, and have been by dead ones.
        let name = format!("freehold_test_{}_{count}_{:08x}", std::process::id(), fastrand::u32(..));
        let url = with_database(admin(), &name);
        if let Err(why) = execute(format!("CREATE DATABASE {name}")) {
            fail(format!("PostgreSQL made no database: {why}"));
        }
        Self { name, url }
    }

    /// The URL to open it with.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until nobody is connected: what a process that was killed had sent is done by then, or undone.
    ///
    /// # Panics
    /// Where somebody stays connected for a minute.
    pub fn deserted(&self) {
        let left = format!(
            "DO $$ BEGIN FOR look IN 1..1200 LOOP \
             IF NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{}') THEN RETURN; END IF; \
             PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); \
             END LOOP; RAISE EXCEPTION 'somebody stays connected'; END $$",
            self.name
        );
        if let Err(why) = execute(left) {
            fail(format!("PostgreSQL is not left alone: {why}"));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that the test has stopped has nothing to drop.
        let _ = execute(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The URL of a database from which others can be made.
fn admin() -> &'static str {
    static ADMIN: OnceLock<String> = OnceLock::new();
    // Nothing in a static is dropped: the server ends with the process (see its guard).
    static SERVER: OnceLock<Server> = OnceLock::new();
    ADMIN.get_or_init(|| match std::env::var("FREEHOLD_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => url,
        _ => SERVER.get_or_init(Server::start).url("postgres"),
    })
}

/// The same URL with another database.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (address, settings) = url.split_once('?').map_or((url, None), |(a, s)| (a, Some(s)));
    let Some((scheme, rest)) = address.split_once("://") else {
        fail("FREEHOLD_TEST_POSTGRES is not a URL.");
    };
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    let settings = settings.map(|s| format!("?{s}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{settings}")
}

/// Runs one statement on a thread of its own, as the caller may be inside a runtime already.
fn execute(statement: String) -> Result<(), String> {
    let run = move || {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(admin(), NoTls).await.map_err(|e| format!("{e:?}"))?;
            let connection = tokio::spawn(connection);
            let done = client.batch_execute(&statement).await.map_err(|e| format!("{e:?}"));
            drop(client);
            let _ = connection.await;
            done
        })
    };
    std::thread::spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
