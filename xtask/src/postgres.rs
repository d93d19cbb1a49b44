//! PostgreSQL for the tests: named, installed, or installed now.

use std::process::Command;

use anyhow::{Result, bail};

use crate::debian;

/// Where Debian keeps the server programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Makes sure that the tests find a PostgreSQL: at `FREEHOLD_TEST_POSTGRES`, among the installed programs, or,
/// as root on Debian, by installing them. Says where it is.
pub(crate) fn at_hand() -> Result<String> {
    const NAME: &str = "FREEHOLD_TEST_POSTGRES";
    if std::env::var_os(NAME).is_some_and(|url| !url.is_empty()) {
        return Ok(format!("the one that {NAME} names"));
    }
    if installed() {
        return Ok("its installed server programs".into());
    }
    let hint =
        "Install them, or name a server: FREEHOLD_TEST_POSTGRES=postgres://user:password@host/database";
    debian::install(&["postgresql"], "The tests need PostgreSQL's server programs.", hint)?;
    if installed() {
        Ok("its server programs, installed just now".into())
    } else {
        bail!("Debian's package postgresql brought no server programs to {DEBIAN}")
    }
}

fn installed() -> bool {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|program| program.exists())
        || Command::new("initdb").arg("--version").output().is_ok_and(|output| output.status.success())
}
