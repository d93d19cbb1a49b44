//! Refusals in the API's own envelope (PAR-206 to 211).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value as Json, json};

/// Why a request is not answered.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "The credential is not known here, or access is blocked.")
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let kind = match self.status {
            StatusCode::FORBIDDEN => "Forbidden",
            StatusCode::NOT_FOUND => "NotFound",
            _ => "Validation",
        };
        let body = json!({
            "ExceptionType": kind,
            "Message": self.message,
            "ErrorCode": 0,
            "ActionArguments": { "request": Json::Null, "client": Json::Null },
            "Data": { "Errors": Json::Null },
        });
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        (self.status, [kind], body.to_string()).into_response()
    }
}
