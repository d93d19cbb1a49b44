//! What is remembered of a source's last run: a cursor of the store, written with the run's own record.

use dictionary::{Text, Timestamp};
use store::{Store, StoreError};

/// A source's last run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastRun {
    /// The key of its record, ImportRun.
    pub key: Text,
    /// When it began.
    pub started: Timestamp,
    /// Whether nobody has said yet that it ended: it runs, or was cut off.
    pub open: bool,
}

/// The name of a source's cursor, and of its lease.
pub(super) fn name(source: &str) -> String {
    format!("source/{source}")
}

/// The last run of a source.
///
/// # Errors
/// The store does not answer.
pub async fn last_run(store: &Store, source: &str) -> Result<Option<LastRun>, StoreError> {
    Ok(store.cursor(&name(source)).await?.and_then(|text| LastRun::read(&text)))
}

impl LastRun {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let open = match lines.next()? {
            "open" => true,
            "ended" => false,
            _ => return None,
        };
        let started = lines.next()?.parse().ok()?;
        Some(Self { key: Text::new(lines.next()?), started, open })
    }

    pub(super) fn write(&self) -> String {
        format!("{}\n{}\n{}", if self.open { "open" } else { "ended" }, self.started, self.key)
    }
}
