//! What comes again and again, from files and servers: the records of Source, run when they are due.
//!
//! A reconciler: it takes no orders. That a source shall be run is written in its record, by its cadence or
//! by an operator (`RunRequestedTimestamp`); that a run shall end, in the run's record
//! (`CancelRequestedTimestamp`). So an order is durable, has its entry in the log, and reaches whichever
//! node works. A source has one run at a time, under a lease of the store. A run that was cut off, by a kill
//! or a failing store, is found and brought to its end by running the source again.

mod bring;
mod due;
mod last;
mod mark;
mod one;
mod work;
mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dictionary::{Dictionary, Text};
use store::Store;

use crate::{Clock, IntakeError};

pub use bring::{Bring, Brought, Commission};
pub use last::{LastRun, last_run};
pub use written::{check_mapping, check_source};

#[cfg(test)]
mod tests;

/// Runs sources. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    store: Store,
    dictionary: Arc<Dictionary>,
    clock: Clock,
    places: Arc<Places>,
    /// Who holds the leases: one process.
    node: Text,
    /// Who brings in what servers hold.
    api: Option<Arc<dyn Bring>>,
}

impl Sources {
    /// Sources of this store. `node` names the process among those that share the store; where it alone
    /// writes it, the name may outlive the process, and what was cut off is taken up at once.
    #[must_use]
    pub fn new(
        store: Store,
        dictionary: Arc<Dictionary>,
        clock: Clock,
        places: Places,
        node: impl Into<Text>,
    ) -> Self {
        Self { store, dictionary, clock, places: Arc::new(places), node: node.into(), api: None }
    }

    /// The same, with somebody who brings in what servers hold: without, such sources are refused.
    #[must_use]
    pub fn with_api(self, api: Arc<dyn Bring>) -> Self {
        Self { api: Some(api), ..self }
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources").field("node", &self.node).finish_non_exhaustive()
    }
}

/// Where files of sources may lie. Whoever may write a Source must not thereby read every file of the
/// machine.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places {
    /// These directories, and those in them.
    pub directories: Vec<PathBuf>,
}

impl Places {
    /// The file at this location, where it is one of these places once every link is followed. A
    /// directory stands for the newest file in it.
    fn file(&self, location: &str) -> Result<PathBuf, IntakeError> {
        let unreadable = |error: &std::io::Error| IntakeError::unreadable(error);
        let mut path = Path::new(location).canonicalize().map_err(|error| unreadable(&error))?;
        let inside = |place: &PathBuf| place.canonicalize().is_ok_and(|place| path.starts_with(place));
        if !self.directories.iter().any(inside) {
            return Err(IntakeError::new(
                "location_refused",
                format!("{location:?} lies outside the directories from which sources are read."),
                "Move it into one of them, or name its directory in the setting intake.directories.",
            ));
        }
        if path.is_dir() {
            path = newest(&path).map_err(|error| unreadable(&error))?.ok_or_else(|| {
                let hint = "Put one there; names that begin with a point are passed over.";
                IntakeError::new("file_missing", format!("There is no file in {location:?}."), hint)
            })?;
        }
        Ok(path)
    }
}

/// The file that was changed last; of several, the one whose name comes last.
fn newest(directory: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut found = None;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_file() && !entry.file_name().to_string_lossy().starts_with('.') {
            found = found.max(Some((about.modified()?, entry.path())));
        }
    }
    Ok(found.map(|(_, path)| path))
}
