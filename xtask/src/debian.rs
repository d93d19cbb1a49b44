//! Programs that the tests need and Debian has.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Whether a program can be started, as `--version` shows.
pub(crate) fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|said| said.status.success())
}

/// Installs packages where this is root on Debian.
///
/// # Errors
/// It is not, or apt-get failed; `need` and `hint` say what to do.
pub(crate) fn install(packages: &[&str], need: &str, hint: &str) -> Result<()> {
    let names = packages.join(" ");
    if !Path::new("/etc/debian_version").exists() || !root() {
        bail!("{need} {hint} (on Debian: apt-get install {names})");
    }
    println!("{need} Installing Debian's {names}.");
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    let done = apt(&["update", "-qq"]).and_then(|()| apt(&words));
    done.with_context(|| format!("{need} They could not be installed. {hint}"))
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
