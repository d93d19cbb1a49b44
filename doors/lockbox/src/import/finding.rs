//! What there is to say of a row.

use serde_json::{Value as Json, json};

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Severity {
    /// The row is quarantined.
    Error,
    /// The row is applied; something of it is not as it should be.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing to say of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Finding {
    pub(crate) field: String,
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    /// What stood there, at most 120 characters of it.
    pub(crate) value: String,
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// Characters of a value that a report shows.
const MOST_SHOWN: usize = 120;

impl Finding {
    pub(crate) fn new(
        severity: Severity,
        code: &'static str,
        (field, value): (&str, &str),
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let value = match value.char_indices().nth(MOST_SHOWN) {
            None => value.to_owned(),
            Some((end, _)) => format!("{}…", &value[..end]),
        };
        Self { field: field.to_owned(), code, severity, value, message: message.into(), hint: hint.into() }
    }

    pub(crate) fn error(
        code: &'static str,
        about: (&str, &str),
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, code, about, message, hint)
    }

    pub(crate) fn warning(
        code: &'static str,
        about: (&str, &str),
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, code, about, message, hint)
    }

    /// As reports have it (LBX-063).
    pub(crate) fn told(&self, row: u64, key: &str) -> Json {
        json!({
            "row": row, "key": key, "field": self.field, "code": self.code, "severity": self.severity.name(),
            "value": self.value, "message": self.message, "hint": self.hint,
        })
    }
}
