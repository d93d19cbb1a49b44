//! Chores of the project: `cargo xtask test` runs every test, `cargo xtask tidy` checks the house, `cargo xtask
//! reference` writes the pages that tidy holds fresh, `cargo xtask kafka` fetches the broker that the tests talk to.
#![expect(clippy::disallowed_methods, reason = "chores look at the environment of whoever does them")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool prints")]

mod debian;
mod kafka;
mod pebble;
mod postgres;
mod run;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask test [ARGS OF cargo test …] | kafka | tidy | reference";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let done = match words.next().as_deref() {
        Some("test") => run::test(&words.collect::<Vec<_>>()),
        Some("kafka") => kafka::at_hand().map(|found| println!("Apache Kafka: {found}")),
        Some("tidy") => tidy::tidy(&root()),
        Some("reference") => tidy::reference(&root()),
        _ => Err(anyhow::anyhow!(USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
