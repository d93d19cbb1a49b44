//! What stops an import, with a stable code, a sentence and a hint.

/// One thing wrong with a mapping: found before a row is read.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct MappingFault {
    /// The stable name, such as `unknown_field`.
    pub code: &'static str,
    /// Where in the mapping, such as `Property.ListPrice`; empty where it is about the whole.
    pub place: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl MappingFault {
    pub(crate) fn new(
        code: &'static str,
        place: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { code, place: place.into(), message: message.into(), hint: hint.into() }
    }
}

impl std::fmt::Display for MappingFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{} {} ({})", self.message, self.hint, self.code)
    }
}

/// Why nothing can be brought in. Unless it is the store that failed half-way, nothing was written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, serde::Serialize)]
#[error("{message} {hint}")]
pub struct IntakeError {
    /// The stable name, such as `heading_twice`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
    /// The line of the file, counted from 1, where there is one.
    pub line: Option<u64>,
    /// Every fault of the mapping, where the mapping is what is wrong (`mapping_wrong`).
    pub faults: Vec<MappingFault>,
}

impl IntakeError {
    /// An error of a code that is stable, with what is wrong and what would be right.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), line: None, faults: Vec::new() }
    }

    /// Somebody has ended it.
    #[must_use]
    pub fn canceled() -> Self {
        Self::new("canceled", "The import was canceled.", "What was written stays; run it again to go on.")
    }

    pub(crate) fn on_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The file at hand cannot be read.
    pub(crate) fn unreadable(error: &std::io::Error) -> Self {
        Self::new(
            "file_unreadable",
            format!("The file cannot be read: {error}."),
            "See that it is there, is a file, and may be read by the user who runs Freehold.",
        )
    }

    /// The mapping is wrong in these ways.
    pub(crate) fn mapping(faults: Vec<MappingFault>) -> Self {
        let count = faults.len();
        let first = faults.first().map_or(String::new(), ToString::to_string);
        let message = match count {
            1 => format!("The mapping is wrong: {first}"),
            _ => format!("The mapping is wrong in {count} places, the first: {first}"),
        };
        Self { faults, ..Self::new("mapping_wrong", message, "Correct the mapping; nothing was read.") }
    }

    /// The store refused or failed.
    #[must_use]
    pub fn store(error: &store::StoreError) -> Self {
        Self::new(error.code(), error.message.clone(), error.hint.clone())
    }
}
