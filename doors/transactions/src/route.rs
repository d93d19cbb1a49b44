//! The routes of the door.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, post, put};
use http::Method;

use crate::{
    Door, asyncapi, guard, portal, production, profile, publish, receive, subscribe, transaction, validate,
};

/// A route: its method and its address, with `{…}` for what changes.
pub type Route = (Method, &'static str);

/// The largest body that is read: an array of events.
const LARGEST_BODY: usize = 4 << 20;

/// Whom a route is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Whoever has a credential; what they may do is decided behind it.
    Client,
    /// Everyone: documents that hold nobody's data.
    Everyone,
}

/// One line a route: what is served, and what the tests try without a credential, come from here.
fn table() -> Vec<(Access, Method, &'static str, MethodRouter<Door>)> {
    use Access::{Client, Everyone};
    vec![
        (Client, Method::POST, "/api/schema/validate", post(validate::validate)),
        (Client, Method::GET, "/api/schema/mock/{*name}", get(validate::mock)),
        (Client, Method::POST, "/publish/", post(publish::publish)),
        (Client, Method::GET, "/publish/{id}", get(receive::published)),
        (Client, Method::GET, "/inbox/", get(receive::inbox_at_host)),
        (Client, Method::GET, "/inbox/{id}", get(receive::copy_at_host)),
        (Client, Method::GET, "/inbox/cursors/{id}", get(receive::committed)),
        (Client, Method::PUT, "/inbox/cursors/{id}", put(receive::commit)),
        (Client, Method::GET, "/pods/{id}/inbox/", get(receive::inbox_at_path)),
        (Client, Method::GET, "/pods/{id}/inbox/{event}", get(receive::copy_at_path)),
        (Client, Method::GET, "/events/stream", get(receive::stream)),
        (Client, Method::POST, "/events/replay", post(subscribe::replay)),
        (Client, Method::GET, "/settings/subscriptions", get(subscribe::list)),
        (Client, Method::PUT, "/settings/subscriptions", put(subscribe::replace)),
        (Client, Method::POST, "/settings/subscriptions", post(subscribe::act)),
        (Client, Method::GET, "/settings/endpoints", get(portal::list)),
        (Client, Method::POST, "/settings/endpoints", post(portal::register)),
        (Client, Method::GET, "/settings/endpoints/{id}", get(portal::one)),
        (Client, Method::DELETE, "/settings/endpoints/{id}", delete(portal::remove)),
        (Client, Method::POST, "/settings/endpoints/{id}/secret", post(portal::rotate)),
        (Client, Method::POST, "/settings/endpoints/{id}/verify", post(portal::verify)),
        (Client, Method::POST, "/settings/endpoints/{id}/enable", post(portal::enable)),
        (Client, Method::POST, "/settings/endpoints/{id}/disable", post(portal::disable)),
        (Client, Method::POST, "/settings/endpoints/{id}/test", post(portal::test)),
        (Client, Method::POST, "/settings/endpoints/{id}/retry", post(portal::retry)),
        (Client, Method::POST, "/settings/endpoints/{id}/replay", post(portal::replay)),
        (Client, Method::GET, "/settings/endpoints/{id}/deliveries", get(portal::newest)),
        (Client, Method::GET, "/settings/endpoints/{id}/dead", get(portal::dead)),
        (Client, Method::GET, "/transactions/{id}", get(transaction::transaction)),
        (Client, Method::GET, "/batches/{id}", get(transaction::batch)),
        (Client, Method::GET, "/production", get(production::production)),
        (Client, Method::GET, "/profile/card", get(profile::card_at_host)),
        (Client, Method::GET, "/pods/{id}/profile/card", get(profile::card_at_path)),
        (Everyone, Method::GET, "/asyncapi.json", get(asyncapi::document)),
        (Everyone, Method::GET, "/events/docs", get(asyncapi::page)),
        (Everyone, Method::GET, "/events/portal", get(portal::page)),
        (Everyone, Method::GET, "/events/portal.js", get(portal::script)),
        (Everyone, Method::GET, "/events/portal.css", get(portal::style)),
        (Everyone, Method::GET, profile::CONTEXT, get(profile::context)),
    ]
}

/// Every route that asks for a credential.
#[must_use]
pub fn every_route() -> Vec<Route> {
    let for_clients = table().into_iter().filter(|(access, ..)| *access == Access::Client);
    for_clients.map(|(_, method, path, _)| (method, path)).collect()
}

/// The routes.
pub fn router(door: Door) -> Router {
    let with = |wanted: Access| {
        table()
            .into_iter()
            .filter(|(access, ..)| *access == wanted)
            .fold(Router::new(), |router, (_, _, path, method)| router.route(path, method))
    };
    let guarded = with(Access::Client).route_layer(from_fn_with_state(door.clone(), guard::guard));
    guarded
        .merge(with(Access::Everyone))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(door.clone(), guard::dress))
        .with_state(door)
}
