//! Answers: JSON, refusals included, each with a code, a sentence and a hint.

use axum::response::{IntoResponse, Response};
use gate::Refusal;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use odata::Fault;
use serde_json::{Value as Json, json};
use store::{ErrorKind, StoreError};

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Refused>;

/// Why a request is not done.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Something is wrong with it.
    Fault(Box<Fault>),
    /// In the gate's words.
    Refusal(Box<Refusal>),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(Box::new(refusal))
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        let status = match error.kind {
            ErrorKind::Conflict => {
                let hint = "Read it again, and decide on what it is now.";
                let message = "Somebody else has changed this meanwhile.";
                return Fault::new(409, "changed_meanwhile", message, hint).into();
            }
            ErrorKind::KeyInOtherFeed => 409,
            ErrorKind::KeyMissing | ErrorKind::NotKeepable => 422,
            ErrorKind::TooLarge => 413,
            ErrorKind::Full => 507,
            ErrorKind::Unavailable | ErrorKind::InUse => 503,
            _ => 500,
        };
        tracing::error!(code = error.code(), "the store did not take it: {error}");
        Fault::new(status, error.code(), error.message, error.hint).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Fault(fault) => self::fault(&fault),
            Self::Refusal(refusal) => refused(&refusal),
        }
    }
}

/// `{"error": {code, message, hint, target, details}}`
pub(crate) fn fault(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(status, &json!({ "error": spelled(fault) }))
}

fn spelled(fault: &Fault) -> Json {
    let mut object = json!({ "code": fault.code, "message": fault.message, "hint": fault.hint });
    if let Some(target) = &fault.target {
        object["target"] = json!(target);
    }
    if let Some(position) = fault.position {
        object["position"] = json!(position);
    }
    if !fault.details.is_empty() {
        object["details"] = fault.details.iter().map(spelled).collect();
    }
    object
}

/// A refusal of the gate's.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let message = refusal.message.clone();
    let mut answer = fault(&Fault::new(refusal.status, refusal.code, message, refusal.hint.clone()));
    refusal.note(answer.headers_mut());
    answer
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, body: &Json) -> Response {
    let kind = HeaderValue::from_static("application/json");
    // Secrets that are shown once must not lie in a cache.
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, body.to_string()).into_response()
}

/// 200 with this body.
pub(crate) fn ok(body: &Json) -> Answer {
    Ok(json(StatusCode::OK, body))
}

/// 201 with this body.
pub(crate) fn made(body: &Json) -> Answer {
    Ok(json(StatusCode::CREATED, body))
}
