//! What may go wrong, each with a stable code, a sentence and a hint.

/// What kind of thing went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorKind {
    /// `store_full`: the disk has no room. Nothing of the batch was kept.
    Full,
    /// `store_unavailable`: the engine does not answer, for now.
    Unavailable,
    /// `store_in_use`: another process writes this store.
    InUse,
    /// `schema_unknown`: what is there was not written by this version of Freehold.
    Schema,
    /// `store_read_only`: it was opened for reading alone.
    ReadOnly,
    /// `settings_wrong`: the settings name no store.
    Settings,
    /// `key_missing`: a record without a key.
    KeyMissing,
    /// `key_in_other_feed`: the key is held by a record of another feed.
    KeyInOtherFeed,
    /// `version_conflict`: the key does not hold what the operation expects.
    Conflict,
    /// `too_large`: more than a bound of the store allows.
    TooLarge,
    /// `not_keepable`: a value or a name that the store cannot keep.
    NotKeepable,
    /// `store_not_empty`: a backup is restored into an empty store only.
    NotEmpty,
    /// `store_damaged`: what is read is not what was written.
    Damaged,
    /// `file_failed`: a backup file, or one in which something waits, cannot be read or written.
    File,
}

/// What went wrong. Nothing of what was asked has been done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} {hint}")]
pub struct StoreError {
    /// What kind.
    pub kind: ErrorKind,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would help, in a sentence.
    pub hint: String,
    /// Which operation of the batch it was, counted from 0.
    pub operation: Option<usize>,
}

impl StoreError {
    /// The stable name, such as `store_full`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::Full => "store_full",
            ErrorKind::Unavailable => "store_unavailable",
            ErrorKind::InUse => "store_in_use",
            ErrorKind::Schema => "schema_unknown",
            ErrorKind::ReadOnly => "store_read_only",
            ErrorKind::Settings => "settings_wrong",
            ErrorKind::KeyMissing => "key_missing",
            ErrorKind::KeyInOtherFeed => "key_in_other_feed",
            ErrorKind::Conflict => "version_conflict",
            ErrorKind::TooLarge => "too_large",
            ErrorKind::NotKeepable => "not_keepable",
            ErrorKind::NotEmpty => "store_not_empty",
            ErrorKind::Damaged => "store_damaged",
            ErrorKind::File => "file_failed",
        }
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: hint.into(), operation: None }
    }

    /// The same, of the operation at this place of its batch.
    pub(crate) fn at(self, operation: usize) -> Self {
        Self { operation: Some(operation), ..self }
    }
}
