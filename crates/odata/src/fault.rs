//! Faults: what every reader of this crate answers where it cannot read.

/// Why a request cannot be read, ready to be sent as an OData error body (RESO-003).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The HTTP status that says it: 400, 404, 413, 501 …
    pub status: u16,
    /// A stable name for programs, such as `unknown_field`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What it is about: an option (`$filter`), or a member of the body (`Media[1].MediaCategory`).
    pub target: Option<String>,
    /// Where: bytes from the beginning of what was read, counted from 0.
    pub position: Option<usize>,
    /// What would be right, in a sentence.
    pub hint: String,
    /// The faults that this one sums up.
    pub details: Vec<Fault>,
}

impl Fault {
    /// A fault about nothing in particular yet.
    #[must_use]
    pub fn new(status: u16, code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), hint.into());
        Self { status, code, message, target: None, position: None, hint, details: Vec::new() }
    }

    /// A fault of what the client sent (400).
    #[must_use]
    pub fn bad(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(400, code, message, hint)
    }

    /// One fault for all of `faults`: itself where it is the only one, else `several` with each as a
    /// detail. Its status is the first one's (RESO-061).
    #[must_use]
    pub fn of_all(mut faults: Vec<Fault>) -> Self {
        if faults.len() == 1
            && let Some(only) = faults.pop()
        {
            return only;
        }
        let status = faults.first().map_or(400, |fault| fault.status);
        let message = format!("{} things are wrong.", faults.len());
        Self { details: faults, ..Self::new(status, "several", message, "Each is told in details.") }
    }

    /// About this option, member or segment.
    #[must_use]
    pub fn about(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// At this byte.
    #[must_use]
    pub fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl std::error::Error for Fault {}
