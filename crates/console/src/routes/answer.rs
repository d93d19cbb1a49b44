//! Answers: JSON, errors included.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use odata::Fault;
use serde_json::{Value, json};

/// What a handler gives back.
pub(super) type Answer = Result<Response, Refused>;

/// A fault on its way out.
pub(super) struct Refused(pub(super) Fault);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        fault(&self.0)
    }
}

/// `{"error":{code, message, hint, target, details}}`
pub(super) fn fault(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    with_status(status, &json!({ "error": spelled(fault) }))
}

fn spelled(fault: &Fault) -> Value {
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

/// 200 with this body.
pub(super) fn ok(body: &Value) -> Response {
    with_status(StatusCode::OK, body)
}

/// This status with this body.
pub(super) fn with_status(status: StatusCode, body: &Value) -> Response {
    let json = HeaderValue::from_static("application/json");
    // Secrets that are shown once must not lie in a cache.
    let headers = [(CONTENT_TYPE, json), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, body.to_string()).into_response()
}
