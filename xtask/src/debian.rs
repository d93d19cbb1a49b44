//! Programs that the tests need and Debian has.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Whether a program can be started, as `--version` or `-version` shows.
pub(crate) fn runs(program: &str) -> bool {
    let answers =
        |word: &str| Command::new(program).arg(word).output().is_ok_and(|said| said.status.success());
    answers("--version") || answers("-version")
}

/// Installs packages where this is root on Debian.
///
/// # Errors
/// It is not, and then `need` and `hint` say what to do; or apt-get failed.
pub(crate) fn install(packages: &[&str], need: &str, hint: &str) -> Result<()> {
    let names = packages.join(" ");
    if !Path::new("/etc/debian_version").exists() || !root() {
        bail!("{need} {hint} (on Debian: apt-get install {names})");
    }
    println!("{need} Installing Debian's {names}.");
    apt(&["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
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
