//! The OAuth2 token endpoint: client credentials, in a Basic header or in the form (RESO-001).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::Door;

/// `POST /oauth2/token`
pub(crate) async fn token(State(door): State<Arc<Door>>, headers: HeaderMap, form: String) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = gate::TokenRequest::read(authorization, &form);
    let (status, body) = match given.and_then(|request| door.gate.token(&request, (door.clock)())) {
        Ok(token) => (
            StatusCode::OK,
            serde_json::json!({
                "access_token": token.token.reveal(),
                "token_type": token.token_type,
                "expires_in": token.expires_in,
                "scope": token.scope,
            }),
        ),
        Err(fault) => (
            StatusCode::from_u16(fault.status).unwrap_or(StatusCode::BAD_REQUEST),
            serde_json::json!({ "error": fault.error, "error_description": fault.description }),
        ),
    };
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // RFC 6749, 5.1: a token is not to be kept by whoever passes it on.
    let mut response =
        (status, [kind, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body.to_string())
            .into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"freehold\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
