//! A no, as plain data that every door spells in its own way.

use http::header::{HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

use store::{ErrorKind, StoreError};

use crate::Quota;

/// Why something is refused. It never says more than the caller may know: a resource, a field or a
/// client that may not be seen looks like one that does not exist.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The stable name, such as `credential_wrong`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would help, in a sentence.
    pub hint: String,
    /// In how many seconds to try again; with 429 alone.
    pub retry_after: Option<u64>,
    /// How the quota stands; with 429 alone.
    pub quota: Option<Box<Quota>>,
}

impl Refusal {
    /// A refusal without a quota.
    #[must_use]
    pub fn new(status: u16, code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), hint: hint.into(), retry_after: None, quota: None }
    }

    /// What a door writes as `WWW-Authenticate` beside a 401 (RFC 6750, 3); none beside anything else.
    #[must_use]
    pub fn challenge(&self) -> Option<&'static str> {
        match (self.status, self.code) {
            // A request without any credential is told nothing but the scheme (RFC 6750, 3.1).
            (401, "credential_missing") => Some("Bearer realm=\"freehold\""),
            (401, _) => Some("Bearer realm=\"freehold\", error=\"invalid_token\""),
            _ => None,
        }
    }

    /// Says among an answer's header fields what goes with it: the challenge, when to try again, how the quota stands.
    pub fn note(&self, headers: &mut HeaderMap) {
        if let Some(challenge) = self.challenge() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(quota) = &self.quota {
            quota.note(headers);
        }
    }

    /// What a door's web framework refuses by itself, by its status: `listed` is where what is done is listed, `bounds`
    /// says how large a body may be.
    #[must_use]
    pub fn unheard(status: u16, listed: &str, bounds: &str) -> Self {
        let elsewhere = || format!("{listed} lists what is.");
        match status {
            404 => Self::new(status, "not_found", "Nothing is found here.", elsewhere()),
            405 => Self::new(status, "method_not_allowed", "This is not done here.", elsewhere()),
            413 => Self::new(status, "too_large", "The body is too large.", bounds),
            _ => {
                let hint = "Look at its address and its body.";
                Self::new(status, "request_wrong", "The request cannot be read.", hint)
            }
        }
    }

    pub(crate) fn missing() -> Self {
        Self::new(
            401,
            "credential_missing",
            "This needs a credential.",
            "Send `Authorization: Bearer` with an API key or an access token.",
        )
    }

    pub(crate) fn malformed() -> Self {
        Self::new(
            401,
            "credential_malformed",
            "The Authorization header cannot be read.",
            "Send `Bearer` and an API key or access token, or `Basic` and client id and secret.",
        )
    }

    /// One answer for an unknown client, an unknown key and a wrong secret.
    pub(crate) fn wrong() -> Self {
        Self::new(
            401,
            "credential_wrong",
            "The credential is not known.",
            "Check for a missing character, or ask the operator for a new key.",
        )
    }

    pub(crate) fn resource(name: &str) -> Self {
        Self::new(
            404,
            "resource_unknown",
            format!("There is no resource {name}."),
            "The service document lists those that you may read.",
        )
    }

    pub(crate) fn field(resource: &str, name: &str) -> Self {
        Self::new(
            400,
            "field_unknown",
            format!("{resource} has no field {name}."),
            "$metadata lists those that you may read.",
        )
    }

    /// A question that does not fit its own dictionary: a fault of whoever built it.
    pub(crate) fn query() -> Self {
        Self::new(
            400,
            "query_wrong",
            "The query names something that its resource does not have.",
            "Build it against the dictionary of this server.",
        )
    }
}

/// What a store did not do, told to whoever asked for it: what it says of itself is the operator's, in the log.
impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(code = error.code(), "the store did not answer: {error}");
        let (status, message) = match error.kind {
            ErrorKind::Conflict => (409, "Somebody else has changed the same meanwhile."),
            ErrorKind::Full => (507, "The store is full."),
            ErrorKind::TooLarge | ErrorKind::NotKeepable => {
                (422, "The store does not keep this: it is too large, or holds what cannot be kept.")
            }
            _ => (503, "The store does not answer just now."),
        };
        Self::new(status, error.code(), message, "Try again in a moment.")
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn what_the_framework_refuses_is_said_as_everything_else_is() {
        let check = |status: u16, code: &str, hint: &str| {
            let refusal = Refusal::unheard(status, "/docs", "Send less.");
            assert_eq!((refusal.status, refusal.code, refusal.hint.as_str()), (status, code, hint));
            assert!(refusal.message.ends_with('.'));
        };
        check(404, "not_found", "/docs lists what is.");
        check(405, "method_not_allowed", "/docs lists what is.");
        check(413, "too_large", "Send less.");
        check(415, "request_wrong", "Look at its address and its body.");
    }
}
