//! The real binary is killed (SIGKILL) at many random moments of an import, on each engine, and what it
//! leaves is whole: nothing acknowledged is missing, nothing is there twice, the log has no gap, the index
//! agrees with the store (RESO-064). The same holds where it is the database that is killed.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Version};
use store::{Sequence, Settings, Store};
use testkit::{Database, Home, Scratch};

mod away;
#[path = "../served/mod.rs"]
mod served;
mod town;

use town::Town;

/// Kills in all. A database has fewer: before each look at it, it has to end what it had begun for the one
/// that was killed.
const KILLS: usize = 50;
const KILLS_OF_A_DATABASE: usize = 20;
/// Kills of one store; the next begins with none, so that making a store is hit as well.
const KILLS_OF_ONE: usize = 10;
/// The most rows of one file: several batches, which outlast the longest wait.
const ROWS: u64 = 12_000;
/// The longest wait before a kill: from the start of the process, or from its first write on.
const WAIT: Duration = Duration::from_millis(600);
/// How often it is looked whether an import has begun to write.
const LOOK: Duration = Duration::from_millis(10);

const MAPPING: &str = r#"
name = "town"
feed = "TOWN"

[[record]]
resource = "Property"
key = "{feed}-{id}"

[record.fields]
ListPrice = "price"
City = "city"
"#;

/// RESO-064
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_fifty_moments_an_import_into_sqlite_loses_nothing_and_writes_nothing_twice() {
    println!("{}", killed_many_times("killed", KILLS, || Home::Sqlite(Scratch::new())).await);
}

/// RESO-064
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_twenty_moments_an_import_into_postgres_loses_nothing_and_writes_nothing_twice() {
    let fresh = || Home::Postgres(Database::fresh(), Scratch::new());
    println!("{}", killed_many_times("killed_postgres", KILLS_OF_A_DATABASE, fresh).await);
}

/// Kills imports so many times in all, and says what the kills fell upon.
async fn killed_many_times(name: &str, all: usize, fresh: impl Fn() -> Home) -> String {
    let mut rng = testkit::rng(name);
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let (mut kills, mut runs, mut grown) = (0, 0, 0);
    while kills < all {
        let home = fresh();
        settle(&home, home.url());
        let mut town = Town::new(Arc::clone(&dictionary));
        let (until, mut rows) = (kills + KILLS_OF_ONE, 0);
        while kills < until {
            runs += 1;
            rows = rng.u64(1..=ROWS);
            std::fs::write(home.file("rows.csv"), file(runs, rows)).unwrap();
            let mut run = import(&home).spawn().unwrap();
            // Some are killed while they open the store, most in the middle of writing.
            if rng.u8(..4) > 0 {
                writes(&home, &dictionary, town.head(), &mut run).await;
            }
            tokio::time::sleep(WAIT.mul_f64(rng.f64())).await;
            let (before, acknowledged) = (town.head(), ended(&mut run));
            town.follow(&open(&home, &dictionary).await).await;
            if acknowledged {
                town.holds(runs, rows);
            } else {
                kills += 1;
                grown += usize::from(town.head() > before);
            }
        }
        // The file that was cut off last, once more and to its end.
        assert!(import(&home).status().unwrap().success());
        let store = open(&home, &dictionary).await;
        town.follow(&store).await;
        town.holds(runs, rows);
        town.agrees(&store).await;
        drop(store);
        let said = served::run(&home.file("data"), &["doctor", "--listen", "127.0.0.1:0"]).unwrap();
        assert!(!said.contains("BAD"), "doctor: {said}");
    }
    assert!(grown > 0, "no kill came while something was being written");
    format!("{runs} imports, {kills} killed, {grown} of them after something was written")
}

/// Waits until the run has written something, or has ended.
async fn writes(home: &Home, dictionary: &Arc<Dictionary>, head: Sequence, run: &mut Child) {
    let mut looked = None;
    while run.try_wait().unwrap().is_none() {
        // There may be no store yet.
        if looked.is_none() {
            looked = Store::open_reading(settings(home), Arc::clone(dictionary)).await.ok();
        }
        if let Some(store) = &looked
            && store.head().await.is_ok_and(|now| now > head)
        {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Writes what the commands read: the mapping, and where the store is.
fn settle(home: &Home, url: Option<&str>) {
    std::fs::write(home.file("mapping.toml"), MAPPING).unwrap();
    if let Some(url) = url {
        std::fs::write(home.file("data.toml"), format!("[store]\npostgres = \"{url}\"\n")).unwrap();
    }
}

/// A file of this run: the same keys as every other, a price that no other row of any file has.
fn file(run: u64, rows: u64) -> String {
    let mut text = String::from("id,price,city\n");
    for row in 0..rows {
        writeln!(text, "{row},{},Town {}", town::price(run, row), row % 97).unwrap();
    }
    text
}

fn import(home: &Home) -> Command {
    let mut line = served::freehold(&home.file("data"), &["import"]);
    line.arg(home.file("rows.csv")).arg("--mapping").arg(home.file("mapping.toml"));
    line.stdout(Stdio::null());
    line
}

/// Whether the run had ended well by itself; it is killed where it had not.
fn ended(run: &mut Child) -> bool {
    if let Some(status) = run.try_wait().unwrap() {
        assert!(status.success(), "an import failed: {status}");
        return true;
    }
    run.kill().unwrap();
    // It may have ended between the look and the kill.
    run.wait().unwrap().success()
}

fn settings(home: &Home) -> Settings {
    home.url().map_or_else(|| Settings::sqlite(home.file("data/freehold.sqlite")), Settings::postgres)
}

async fn open(home: &Home, dictionary: &Arc<Dictionary>) -> Store {
    if let Home::Postgres(database, _) = home {
        // The server ends what it had begun for a process that is gone, one way or the other.
        database.deserted();
    }
    Store::open(settings(home), Arc::clone(dictionary)).await.unwrap()
}
