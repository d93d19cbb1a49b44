//! Refusals in the API's own envelope (PAR-206 to 211).

use axum::response::{IntoResponse, Response};
use dictionary::Text;
use gate::Refusal;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value as Json, json};

use crate::request::Asked;

/// Why a request is not answered.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    kind: &'static str,
    message: String,
    /// What is wrong, by parameter.
    errors: Vec<(&'static str, String)>,
    headers: Vec<(HeaderName, String)>,
}

/// What a refusal repeats of the request.
#[derive(Clone, Default, Debug)]
pub(crate) struct Echo {
    /// The parameters as they were understood; none where they were not read.
    pub(crate) asked: Option<Asked>,
    /// The client, once it is believed.
    pub(crate) client: Option<Text>,
}

impl Refused {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), errors: Vec::new(), headers: Vec::new() }
    }

    /// 400 for parameters that are wrong, all of them at once.
    pub(crate) fn parameters(asked: &Asked) -> Self {
        let names: Vec<&str> = asked.errors.iter().map(|(name, _)| *name).collect();
        let message = format!("Invalid input parameters: {}", names.join(", "));
        Self { errors: asked.errors.clone(), ..Self::new(StatusCode::BAD_REQUEST, "Validation", message) }
    }

    /// 400 for a body that is no JSON object.
    pub(crate) fn unreadable() -> Self {
        let wrong = "The request payload can't be parsed: send one JSON object.".to_owned();
        let message = "Invalid input parameters: request payload can't be parsed";
        Self { errors: vec![("request", wrong)], ..Self::new(StatusCode::BAD_REQUEST, "Validation", message) }
    }

    /// 403: one answer for whatever a stranger might try (PAR-007).
    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "Client and key are not admitted.")
    }

    /// 403 for a timestamp that is missing or no instant (PAR-005).
    pub(crate) fn no_timestamp() -> Self {
        let message = "The header x-ml-timestamp must hold the present instant as yyyyMMddHHmmss in UTC.";
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    /// 404
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    /// 405 with what is allowed.
    pub(crate) fn method(allowed: &'static str) -> Self {
        let message = format!("This endpoint is asked with {allowed}.");
        let refused = Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message);
        Self { headers: vec![(header::ALLOW, allowed.to_owned())], ..refused }
    }

    /// 413
    pub(crate) fn too_large(bytes: usize) -> Self {
        let message = format!("The request payload is larger than {bytes} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Validation", message)
    }

    /// 415 (PAR-015)
    pub(crate) fn media_type() -> Self {
        let message = "The request payload must be of the content type application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Validation", message)
    }

    /// 500 with a number that the log holds, too, and nothing of what happened (PAR-211).
    pub(crate) fn broken(id: &str) -> Self {
        let message = format!("The request could not be answered. Tell the operator its id: {id}");
        let refused = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal", message);
        Self { headers: vec![(HeaderName::from_static("x-request-id"), id.to_owned())], ..refused }
    }

    /// What the gate refuses. A quota that is used up is told as the API words it (PAR-208).
    pub(crate) fn gate(refusal: Refusal) -> Self {
        match refusal.retry_after.filter(|_| refusal.status == 429) {
            Some(seconds) => {
                let message = format!("Too many requests. Api will be available in {seconds} seconds");
                let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
                Self { headers: vec![(header::RETRY_AFTER, seconds.to_string())], ..refused }
            }
            None if refusal.status == 404 => Self::not_found(refusal.message),
            None => Self::new(StatusCode::FORBIDDEN, "Forbidden", refusal.message),
        }
    }

    /// The response, with what it repeats of the request.
    pub(crate) fn response(self, echo: &Echo) -> Response {
        let errors: Map<String, Json> =
            self.errors.into_iter().map(|(name, wrong)| (name.to_owned(), wrong.into())).collect();
        let errors = if errors.is_empty() { Json::Null } else { Json::Object(errors) };
        let request = echo.asked.as_ref().map_or(Json::Null, Asked::echo);
        let client = echo.client.as_ref().map_or(Json::Null, |client| client.as_str().into());
        let body = json!({
            "ExceptionType": self.kind,
            "Message": self.message,
            "ErrorCode": 0,
            "ActionArguments": { "request": request, "client": client },
            "Data": { "Errors": errors },
        });
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static(crate::reply::JSON));
        let mut response = (self.status, [kind], body.to_string()).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, text) in self.headers {
            if let Ok(value) = HeaderValue::try_from(text) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl From<search::SearchError> for Refused {
    fn from(error: search::SearchError) -> Self {
        // Page marks are the door's own: a wrong one is its own fault.
        tracing::error!("the index refuses the door's question: {error}");
        Self::broken("index")
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(code = error.code(), "the store did not answer: {error}");
        let message = "The store does not answer just now. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Unavailable", message)
    }
}
