//! The real binary is killed (SIGKILL) at fifty random moments of an import, and what it leaves is whole:
//! nothing acknowledged is missing, nothing is there twice, the log has no gap, the index agrees with the
//! store (RESO-064).
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Version};
use store::{Settings, Store};
use testkit::Scratch;

mod town;
use town::Town;

/// Kills in all.
const KILLS: usize = 50;
/// Kills of one store; the next begins with none, so that making a store is hit as well.
const KILLS_OF_ONE: usize = 10;
/// The most rows of one file: the longest files outlast the longest wait.
const ROWS: u64 = 12_000;
/// The longest wait before a kill.
const WAIT: Duration = Duration::from_millis(1_000);

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

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_fifty_moments_an_import_loses_nothing_and_writes_nothing_twice() {
    let mut rng = testkit::rng("killed");
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let (mut kills, mut runs, mut grown) = (0, 0, 0);
    while kills < KILLS {
        let scratch = Scratch::new();
        std::fs::write(scratch.file("mapping.toml"), MAPPING).unwrap();
        let mut town = Town::new(Arc::clone(&dictionary));
        let (until, mut rows) = (kills + KILLS_OF_ONE, 0);
        while kills < until {
            runs += 1;
            rows = rng.u64(1..=ROWS);
            std::fs::write(scratch.file("rows.csv"), file(runs, rows)).unwrap();
            let mut run = import(scratch.path()).spawn().unwrap();
            tokio::time::sleep(WAIT.mul_f64(rng.f64())).await;
            let (before, acknowledged) = (town.head(), ended(&mut run));
            town.follow(&open(scratch.path(), &dictionary).await).await;
            if acknowledged {
                town.holds(runs, rows);
            } else {
                kills += 1;
                grown += usize::from(town.head() > before);
            }
        }
        // The file that was cut off last, once more and to its end.
        assert!(import(scratch.path()).status().unwrap().success());
        let store = open(scratch.path(), &dictionary).await;
        town.follow(&store).await;
        town.holds(runs, rows);
        town.agrees(&store).await;
        drop(store);
        let doctor = freehold(scratch.path(), "doctor").args(["--listen", "127.0.0.1:0"]).output().unwrap();
        let said = String::from_utf8_lossy(&doctor.stdout);
        assert!(doctor.status.success() && !said.contains("BAD"), "doctor: {said}");
    }
    println!("{runs} imports, {kills} killed, {grown} of them after something was written");
    assert!(grown > 0, "no kill came while something was being written: make WAIT longer");
}

/// A file of this run: the same keys as every other, a price that no other row of any file has.
fn file(run: u64, rows: u64) -> String {
    let mut text = String::from("id,price,city\n");
    for row in 0..rows {
        writeln!(text, "{row},{},Town {}", town::price(run, row), row % 97).unwrap();
    }
    text
}

fn import(directory: &Path) -> Command {
    let mut line = freehold(directory, "import");
    line.arg(directory.join("rows.csv")).arg("--mapping").arg(directory.join("mapping.toml"));
    line.stdout(Stdio::null());
    line
}

fn freehold(directory: &Path, command: &str) -> Command {
    let mut line = Command::new(env!("CARGO_BIN_EXE_freehold"));
    line.arg(command).arg("--data").arg(directory.join("data"));
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

async fn open(directory: &Path, dictionary: &Arc<Dictionary>) -> Store {
    let settings = Settings::sqlite(directory.join("data/freehold.sqlite"));
    Store::open(settings, Arc::clone(dictionary)).await.unwrap()
}
