//! All doors on one address.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::response::IntoResponse;
use http::{StatusCode, header};
use media_door::Photos;
use odata::metadata::EnumMode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use super::places::{Places, Wanted};
use super::{House, openapi, whence};
use crate::clock;
use crate::settings::Settings;
use crate::watch::{self, Watch};

/// Every route of the server.
pub(super) fn routes(house: &House, settings: &Settings, photos: Photos) -> Result<Router> {
    let watch = Watch::new(house);
    let reso = reso_door::Settings {
        public_url: settings.public_url(),
        root: settings.reso.root.clone(),
        page_size: settings.reso.page_size,
        largest_page: settings.reso.largest_page,
        enums: match settings.reso.enumerations.as_str() {
            "enums" => EnumMode::EnumType,
            "flags" => EnumMode::EnumFlags,
            _ => EnumMode::Strings,
        },
        kept_bytes: settings.reso.kept_megabytes << 20,
    };
    let door = reso_door::Door::new(
        Arc::clone(&house.dictionary),
        house.gate.clone(),
        house.search.clone(),
        house.store.clone(),
        clock::now,
        reso,
    );
    let partner =
        partner_door::Settings { public_url: settings.public_url(), ..partner_door::Settings::default() };
    let root = partner.root.clone();
    let partner = partner_door::Door::new(
        Arc::clone(&house.dictionary),
        house.gate.clone(),
        house.search.clone(),
        house.store.clone(),
        clock::now,
        partner,
    )
    .locating(locating(Places::new(house, settings)?));
    let admin = house.admin();
    let limit = Duration::from_secs(settings.server.request_seconds);
    let routes = Router::new()
        .merge(watch::routes(Arc::clone(&watch)))
        .merge(reso_door::router(door))
        .merge(partner_door::router(partner))
        .merge(transactions_door::router(house.transactions.clone()))
        .merge(association_door::router(house.association.clone()))
        .merge(lockbox_door::router(house.lockbox.clone()))
        .merge(console::routes(admin))
        .merge(openapi::routes(settings))
        .merge(media_door::router(photos))
        .fallback(not_here)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limit))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(watch, watch::observe))
        .layer(axum::middleware::from_fn_with_state(settings.server.behind_proxy, whence::whence));
    Ok(partner_door::any_case(&root, routes))
}

/// Places for the partner door, in its own words.
fn locating(places: Places) -> partner_door::Locate {
    Arc::new(move |address: partner_door::Address| {
        let places = places.clone();
        let partner_door::Address { street, city, state, zip } = address;
        Box::pin(async move {
            let found = places.locate(Wanted { street, city, state, zip }).await?;
            let geocode::Position { latitude, longitude } = found.position;
            let point = dictionary::Point { longitude, latitude };
            Some(partner_door::Located { point, accuracy: found.accuracy.as_str() })
        })
    })
}

/// Whatever no door knows.
async fn not_here() -> impl IntoResponse {
    let body = r#"{"error":{"code":"not_found","message":"Nothing is found at this address. The README lists what is."}}"#;
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/json")], body)
}
