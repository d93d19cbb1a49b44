//! Running the tests, with what they need at hand.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs every test of the workspace; `more` goes to `cargo test`. Each step is told before it begins: the
/// first time the whole takes minutes.
pub(crate) fn test(more: &[String]) -> Result<()> {
    println!("PostgreSQL: {}", crate::postgres::at_hand()?);
    println!("Apache Kafka: {}", crate::kafka::at_hand()?);
    println!("Pebble: {}", crate::pebble::at_hand()?);
    println!("Building the tests.");
    // What stands behind `--` is for the tests, which are not run yet.
    let of_cargo = more.iter().take_while(|word| *word != "--").cloned().collect::<Vec<_>>();
    cargo("--no-run", &of_cargo, "the tests cannot be built")?;
    println!("Running the tests.");
    cargo("--quiet", more, "the tests failed")
}

fn cargo(how: &str, more: &[String], failed: &'static str) -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--workspace", how]).args(more).current_dir(crate::root());
    // What cargo told this program of its own package is no part of the build: build scripts that look at it (ring's) would
    // run again, and all that stands on them be built again, by the next cargo that is started from a shell.
    for (name, _) in std::env::vars_os() {
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if ours.iter().any(|ours| name.to_string_lossy().starts_with(ours)) {
            command.env_remove(name);
        }
    }
    let status = command.status().context("cargo test did not start")?;
    if status.success() { Ok(()) } else { bail!(failed) }
}
