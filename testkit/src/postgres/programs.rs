//! The installed server programs, and who may run them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The directory that holds `initdb` and `postgres`: Debian's newest version, or one of `PATH`.
pub(crate) fn find() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest_first = versions.into_iter().rev().map(|(_, bin)| bin);
    newest_first
        .chain(std::env::split_paths(&path).map(|dir| linked_to(&dir).unwrap_or(dir)))
        .find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
}

/// Where `postgres` in `dir` is only a link, the directory that it leads to: its neighbours are there.
fn linked_to(dir: &Path) -> Option<PathBuf> {
    Some(dir.join("postgres").canonicalize().ok()?.parent()?.to_path_buf())
}

/// Whom the server runs as: this user or, as PostgreSQL refuses to run as root, `postgres`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RunAs {
    /// This user.
    Self_,
    /// The user `postgres`, with these numbers.
    Postgres { user: u32, group: u32 },
}

impl RunAs {
    /// Whom to run as; none where this is root and there is no user `postgres`.
    pub(crate) fn choose() -> Option<Self> {
        if id(&["-u"])? != 0 {
            return Some(Self::Self_);
        }
        Some(Self::Postgres { user: id(&["-u", "postgres"])?, group: id(&["-g", "postgres"])? })
    }

    /// The words before a command that make it that user's; none for this one.
    pub(crate) fn words(self) -> Vec<String> {
        match self {
            Self::Self_ => Vec::new(),
            // setpriv becomes the program, so that its process number is the server's.
            Self::Postgres { user, group } => {
                let (user, group) = (user.to_string(), group.to_string());
                ["setpriv", "--clear-groups", "--reuid", &user, "--regid", &group].map(Into::into).into()
            }
        }
    }
}

fn id(words: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(words).output().ok()?;
    std::str::from_utf8(output.stdout.trim_ascii()).ok()?.parse().ok()
}
