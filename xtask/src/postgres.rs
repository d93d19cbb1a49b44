//! PostgreSQL for the tests: named, installed, or installed now.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Where Debian keeps the server programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Makes sure that the tests find a PostgreSQL: at `FREEHOLD_TEST_POSTGRES`, among the installed programs, or,
/// as root on Debian, by installing them.
pub(crate) fn at_hand() -> Result<()> {
    if std::env::var_os("FREEHOLD_TEST_POSTGRES").is_some() || installed() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() || !root() {
        bail!(
            "The tests need PostgreSQL's server programs. Install the package `postgresql` (on Debian: apt-get install \
             postgresql), or name a server: FREEHOLD_TEST_POSTGRES=postgres://user:password@host/database"
        );
    }
    println!("PostgreSQL is missing; installing Debian's package.");
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "postgresql"])?;
    if installed() {
        Ok(())
    } else {
        bail!("Debian's package postgresql brought no server programs to {DEBIAN}")
    }
}

fn installed() -> bool {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|program| program.exists())
        || Command::new("initdb").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn apt(words: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(words)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .context("apt-get did not start")?;
    if status.success() { Ok(()) } else { bail!("apt-get {} failed", words.join(" ")) }
}
