//! Directories that vanish.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// An empty directory of this test's own. It is removed with everything in it when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    dir: TempDir,
}

impl Scratch {
    /// A new one.
    ///
    /// # Panics
    /// Where the machine's temporary directory cannot be written.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("freehold-").tempdir();
        Self { dir: dir.unwrap_or_else(|why| panic!("no temporary directory: {why}; set TMPDIR")) }
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A path in it. A store of SQLite in `file("freehold.db")` has the files beside it in here too.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}
