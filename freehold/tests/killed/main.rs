//! The real binary is killed (SIGKILL) at fifty random moments of an import, on each engine, and what it
//! leaves is whole: nothing acknowledged is missing, nothing is there twice, the log has no gap, the index
//! agrees with the store (RESO-064). The same holds where it is the database that is killed.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dictionary::{Dictionary, Version};
use store::{Settings, Store};
use testkit::{Database, Home, Scratch};

mod away;
#[path = "../served/mod.rs"]
mod served;
mod town;

use town::Town;

/// Kills in all.
const KILLS: usize = 50;
/// Kills of one store; the next begins with none, so that making a store is hit as well.
const KILLS_OF_ONE: usize = 10;
/// The most rows of one file: several batches.
const ROWS: u64 = 6_000;

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
    killed_many_times("killed", || Home::Sqlite(Scratch::new())).await;
}

/// RESO-064
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_fifty_moments_an_import_into_postgres_loses_nothing_and_writes_nothing_twice() {
    killed_many_times("killed_postgres", || Home::Postgres(Database::fresh(), Scratch::new())).await;
}

async fn killed_many_times(name: &str, fresh: impl Fn() -> Home) {
    let mut rng = testkit::rng(name);
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let (mut kills, mut runs, mut grown) = (0, 0, 0);
    let whole = takes(&fresh());
    while kills < KILLS {
        let home = fresh();
        settle(&home, home.url());
        let mut town = Town::new(Arc::clone(&dictionary));
        let (until, mut rows) = (kills + KILLS_OF_ONE, 0);
        while kills < until {
            runs += 1;
            rows = rng.u64(1..=ROWS);
            std::fs::write(home.file("rows.csv"), file(runs, rows)).unwrap();
            let mut run = import(&home).spawn().unwrap();
            tokio::time::sleep(whole.mul_f64(rng.f64())).await;
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
    println!("{runs} imports, {kills} killed, {grown} of them after something was written");
    assert!(grown > 0, "no kill came while something was being written");
}

/// How long the longest import takes on this machine, as busy as it is: kills fall anywhere in it.
fn takes(home: &Home) -> Duration {
    settle(home, home.url());
    std::fs::write(home.file("rows.csv"), file(0, ROWS)).unwrap();
    let begun = Instant::now();
    assert!(import(home).status().unwrap().success());
    begun.elapsed()
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

async fn open(home: &Home, dictionary: &Arc<Dictionary>) -> Store {
    let settings = match home {
        Home::Sqlite(scratch) => Settings::sqlite(scratch.file("data/freehold.sqlite")),
        Home::Postgres(database, _) => {
            // The server ends what it had begun for a process that is gone, one way or the other.
            database.deserted();
            Settings::postgres(database.url())
        }
    };
    Store::open(settings, Arc::clone(dictionary)).await.unwrap()
}
