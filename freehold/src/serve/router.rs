//! All doors on one address.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::IntoResponse;
use http::{StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use super::House;
use crate::settings::Settings;
use crate::watch::{self, Watch};

/// Every route of the server.
pub(super) fn routes(house: &House, settings: &Settings) -> Router {
    let watch = Watch::new(house.store.clone(), house.search.clone());
    let draw: media_door::Draw = Arc::new(|key| sample::picture(key).map(|picture| picture.jpeg));
    let limit = Duration::from_secs(settings.server.request_seconds);
    Router::new()
        .merge(watch::routes(Arc::clone(&watch)))
        .merge(media_door::router(draw, media_door::Settings::default()))
        .fallback(not_here)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limit))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(watch, watch::observe))
}

/// Whatever no door knows.
async fn not_here() -> impl IntoResponse {
    let body = r#"{"error":{"code":"not_found","message":"Nothing is found at this address. The README lists what is."}}"#;
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/json")], body)
}
