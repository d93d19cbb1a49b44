//! Answers, refusals included: each with a code, a sentence and a hint, and the JSON-LD context (EVT-052).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use gate::Refusal;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::json;

use crate::schema::Item;

/// Why a request is not done.
#[derive(Debug)]
pub(crate) enum Refused {
    /// In the gate's words, or of their kind.
    Refusal(Box<Refusal>),
    /// One sentence, to the letter, and nothing beside it: what producers compare.
    Sentence(StatusCode, String),
    /// A payload that the schema does not accept, with everything that is wrong.
    Invalid(Vec<Item>),
}

pub(crate) type Answer = Result<Response, Refused>;

impl Refused {
    pub(crate) fn new(
        status: u16,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Refusal::new(status, code, message, hint).into()
    }
}

impl From<parameters::Wrong> for Refused {
    fn from(wrong: parameters::Wrong) -> Self {
        Self::new(400, wrong.code, wrong.message, wrong.hint)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(Box::new(refusal))
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Refusal(refusal) => refused(&refusal),
            Self::Sentence(status, sentence) => json(status, &json!({ "error": sentence })),
            Self::Invalid(items) => json(StatusCode::BAD_REQUEST, &verdict(&items, &[])),
        }
    }
}

/// What the validator says (EVT-021).
pub(crate) fn verdict(items: &[Item], warnings: &[Item]) -> serde_json::Value {
    let mut said = json!({ "isValid": items.is_empty() });
    if !items.is_empty() {
        let paths: Vec<&str> = items.iter().take(10).map(|item| item.path.as_str()).collect();
        let message = format!("{} things are wrong: {}.", items.len(), paths.join(", "));
        said["error"] = json!({ "code": "payload_invalid", "message": message, "items": items });
    }
    if !warnings.is_empty() {
        said["warnings"] = json!(warnings);
    }
    said
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    typed(status, "application/json", serde_json::to_vec(body).unwrap_or_default())
}

/// An answer of this type.
pub(crate) fn typed(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

pub(crate) fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::FORBIDDEN);
    let body = json!({ "error": refusal.message, "code": refusal.code, "hint": refusal.hint });
    let mut answer = json(status, &body);
    refusal.note(answer.headers_mut());
    answer
}
