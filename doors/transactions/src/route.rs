//! The routes of the door.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{self as on, MethodRouter};
use http::Method;

use crate::describe::{self, About};
use crate::{
    Door, asyncapi, guard, portal, production, profile, publish, receive, subscribe, transaction, validate,
};

/// A route: its method and its address, with `{…}` for what changes.
pub type Route = (Method, &'static str);

/// The largest body that is read: an array of events.
const LARGEST_BODY: usize = 4 << 20;

/// Whom a route is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever has a credential; what they may do is decided behind it.
    Client,
    /// Everyone: documents that hold nobody's data.
    Everyone,
}

/// A line of the table.
pub(crate) struct Line {
    pub(crate) access: Access,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    handler: MethodRouter<Door>,
    /// What is asked and answered there.
    pub(crate) about: fn() -> About,
}

type Handled = (Method, MethodRouter<Door>);

fn get<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::GET, on::get(handler))
}

fn post<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::POST, on::post(handler))
}

fn put<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::PUT, on::put(handler))
}

fn delete<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::DELETE, on::delete(handler))
}

/// One line a route: what is served, what is described, and what the tests try without a credential, come
/// from here.
pub(crate) fn table() -> Vec<Line> {
    use Access::{Client, Everyone};
    let line = |access, path, (method, handler): Handled, about: fn() -> About| Line {
        access,
        method,
        path,
        handler,
        about,
    };
    vec![
        line(Client, "/api/schema/validate", post(validate::validate), describe::validate),
        line(Client, "/api/schema/mock/{*name}", get(validate::mock), describe::mock),
        line(Client, "/publish/", post(publish::publish), describe::publish),
        line(Client, "/publish/{id}", get(receive::published), describe::published),
        line(Client, "/inbox/", get(receive::inbox_at_host), describe::inbox),
        line(Client, "/inbox/{id}", get(receive::copy_at_host), describe::copy),
        line(Client, "/inbox/cursors/{id}", get(receive::committed), describe::committed),
        line(Client, "/inbox/cursors/{id}", put(receive::commit), describe::commit),
        line(Client, "/pods/{id}/inbox/", get(receive::inbox_at_path), describe::pod_inbox),
        line(Client, "/pods/{id}/inbox/{event}", get(receive::copy_at_path), describe::pod_copy),
        line(Client, "/events/stream", get(receive::stream), describe::stream),
        line(Client, "/events/replay", post(subscribe::replay), describe::replay),
        line(Client, "/settings/subscriptions", get(subscribe::list), describe::subscriptions),
        line(Client, "/settings/subscriptions", put(subscribe::replace), describe::subscribe),
        line(Client, "/settings/subscriptions", post(subscribe::act), describe::act),
        line(Client, "/settings/endpoints", get(portal::list), describe::endpoints),
        line(Client, "/settings/endpoints", post(portal::register), describe::register),
        line(Client, "/settings/endpoints/{id}", get(portal::one), describe::endpoint),
        line(Client, "/settings/endpoints/{id}", delete(portal::remove), describe::unregister),
        line(Client, "/settings/endpoints/{id}/secret", post(portal::rotate), describe::rotate),
        line(Client, "/settings/endpoints/{id}/verify", post(portal::verify), describe::verify),
        line(Client, "/settings/endpoints/{id}/enable", post(portal::enable), describe::enable),
        line(Client, "/settings/endpoints/{id}/disable", post(portal::disable), describe::disable),
        line(Client, "/settings/endpoints/{id}/test", post(portal::test), describe::test),
        line(Client, "/settings/endpoints/{id}/retry", post(portal::retry), describe::retry),
        line(Client, "/settings/endpoints/{id}/replay", post(portal::replay), describe::replay_to),
        line(Client, "/settings/endpoints/{id}/deliveries", get(portal::newest), describe::deliveries),
        line(Client, "/settings/endpoints/{id}/dead", get(portal::dead), describe::dead),
        line(Client, "/transactions/{id}", get(transaction::transaction), describe::transaction),
        line(Client, "/batches/{id}", get(transaction::batch), describe::batch),
        line(Client, "/production", get(production::production), describe::production),
        line(Client, "/profile/card", get(profile::card_at_host), describe::card),
        line(Client, "/pods/{id}/profile/card", get(profile::card_at_path), describe::card),
        line(Everyone, "/asyncapi.json", get(asyncapi::document), describe::asyncapi),
        line(Everyone, "/events/docs", get(asyncapi::page), describe::asyncapi_page),
        line(Everyone, "/events/portal", get(portal::page), describe::portal_page),
        line(Everyone, "/events/portal.js", get(portal::script), describe::portal_script),
        line(Everyone, "/events/portal.css", get(portal::style), describe::portal_style),
        line(Everyone, profile::CONTEXT, get(profile::context), describe::context),
    ]
}

/// Every route that asks for a credential.
#[must_use]
pub fn every_route() -> Vec<Route> {
    let for_clients = table().into_iter().filter(|line| line.access == Access::Client);
    for_clients.map(|line| (line.method, line.path)).collect()
}

/// The routes.
pub fn router(door: Door) -> Router {
    let with = |wanted: Access| {
        table()
            .into_iter()
            .filter(|line| line.access == wanted)
            .fold(Router::new(), |router, line| router.route(line.path, line.handler))
    };
    let guarded = with(Access::Client).route_layer(from_fn_with_state(door.clone(), guard::guard));
    guarded
        .merge(with(Access::Everyone))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(door.clone(), guard::dress))
        .with_state(door)
}
