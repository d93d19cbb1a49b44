//! What is refused to whoever asks outflow for something.

use store::{ErrorKind, StoreError};

/// What is wrong with what was asked. Nothing of it was done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} {hint}")]
pub struct Fault {
    /// The HTTP status that says the same.
    pub status: u16,
    /// The stable name, such as `address_refused`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl Fault {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>, hint: &str) -> Self {
        Self { status, code, message: message.into(), hint: hint.into() }
    }

    pub(crate) fn no_endpoint(id: &str) -> Self {
        Self::new(
            404,
            "endpoint_unknown",
            format!("There is no endpoint {id:?}."),
            "GET /admin/Endpoint lists them.",
        )
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let status = match error.kind {
            ErrorKind::Conflict => 409,
            ErrorKind::TooLarge | ErrorKind::NotKeepable => 422,
            ErrorKind::Full => 507,
            _ => 503,
        };
        Self { status, code: error.code(), message: error.message, hint: error.hint }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::new(
            500,
            "no_randomness",
            format!("No secret can be made: {error}."),
            "Look at the system's log.",
        )
    }
}
