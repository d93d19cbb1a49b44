//! What any route may answer, besides its own.

use serde_json::{Value as Json, json};

use super::{DescribedAnswer, object, said};

pub(super) fn of_everyone() -> Vec<DescribedAnswer> {
    let refused =
        |status, about| DescribedAnswer { status, about, content: vec![("application/json", refusal())] };
    vec![
        refused(401, "No credential, or one that is not admitted."),
        refused(405, "Another method."),
        refused(429, "More requests than the client's quota."),
        refused(503, "The store does not answer just now."),
    ]
}

/// A refusal: a code, a sentence, a hint, and what it is about where that is more than one thing.
pub(super) fn refusal() -> Json {
    let error = object(3, &[("code", said()), ("message", said()), ("hint", said()), ("details", json!({}))]);
    object(1, &[("error", error)])
}
