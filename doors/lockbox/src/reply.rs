//! Answers, refusals included: each refusal with a code, a sentence and a hint.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use gate::Refusal;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::{Value as Json, json as object};

/// Why a request is not done, and what there is to say beside that.
#[derive(Debug)]
pub(crate) struct Refused {
    refusal: Box<Refusal>,
    /// Further members of the error: which records stand in the way.
    details: Option<Json>,
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

    /// The same, with the things that it is about.
    pub(crate) fn with(self, details: Json) -> Self {
        Self { details: Some(details), ..self }
    }
}

impl From<parameters::Wrong> for Refused {
    fn from(wrong: parameters::Wrong) -> Self {
        Self::new(400, wrong.code, wrong.message, wrong.hint)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Box::new(refusal), details: None }
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let refusal = &self.refusal;
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::FORBIDDEN);
        let mut error = object!({ "code": refusal.code, "message": refusal.message, "hint": refusal.hint });
        if let Some(details) = self.details {
            error["details"] = details;
        }
        let mut answer = json(status, &object!({ "error": error }));
        refusal.note(answer.headers_mut());
        answer
    }
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
