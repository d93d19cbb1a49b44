//! Running the tests, with what they need at hand.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs every test of the workspace; `more` goes to `cargo test`.
pub(crate) fn test(more: &[String]) -> Result<()> {
    crate::postgres::at_hand()?;
    crate::kafka::at_hand()?;
    crate::pebble::at_hand()?;
    let status = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--quiet"])
        .args(more)
        .current_dir(crate::root())
        .status()
        .context("cargo test did not start")?;
    if !status.success() {
        bail!("the tests failed");
    }
    Ok(())
}
