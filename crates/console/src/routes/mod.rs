//! The routes under `/admin`: read, do, write.

mod answer;
mod asking;
mod audit;
mod endpoints;
mod guard;
mod jobs;
mod keys;
mod records;
mod spelling;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};
use http::Method;
use odata::Fault;

pub use guard::LocalUser;

use crate::State;

/// A route: its method and its address, with `{…}` for what changes.
pub type Route = (Method, &'static str);

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;

/// One line a route: what is served, what the tests try without a credential, and what the reference
/// lists all come from here.
fn table() -> Vec<(Method, &'static str, MethodRouter<State>)> {
    vec![
        (Method::GET, "/admin/status", get(audit::status)),
        (Method::GET, "/admin/resources", get(records::resources)),
        (Method::GET, "/admin/changes", get(audit::changes)),
        (Method::GET, "/admin/jobs", get(jobs::list)),
        (Method::GET, "/admin/{resource}", get(records::list)),
        (Method::POST, "/admin/{resource}", post(records::create)),
        (Method::GET, "/admin/{resource}/{key}", get(records::read)),
        (Method::PATCH, "/admin/{resource}/{key}", patch(records::update)),
        (Method::DELETE, "/admin/{resource}/{key}", delete(records::remove)),
        (Method::GET, "/admin/{resource}/{key}/history", get(audit::history)),
        (Method::POST, "/admin/Endpoint/{key}/secret", post(endpoints::rotate)),
        (Method::POST, "/admin/Endpoint/{key}/verify", post(endpoints::verify)),
        (Method::POST, "/admin/Endpoint/{key}/disable", post(endpoints::disable)),
        (Method::POST, "/admin/Endpoint/{key}/enable", post(endpoints::enable)),
        (Method::GET, "/admin/Endpoint/{key}/deliveries", get(endpoints::deliveries)),
        (Method::GET, "/admin/Endpoint/{key}/dead", get(endpoints::dead)),
        (Method::POST, "/admin/Endpoint/{key}/replay", post(endpoints::replay)),
        (Method::POST, "/admin/Endpoint/{key}/retry", post(endpoints::retry)),
        (Method::POST, "/admin/Client/{key}/keys", post(keys::issue)),
        (Method::POST, "/admin/ClientKey/{key}/revoke", post(keys::revoke)),
        (Method::POST, "/admin/Source/{key}/run", post(jobs::run)),
        (Method::POST, "/admin/Source/{key}/cancel", post(jobs::cancel)),
        (Method::POST, "/admin/Source/{key}/credential", post(jobs::credential)),
    ]
}

/// Every route.
#[must_use]
pub fn every_route() -> Vec<Route> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// The routes. Each asks for an operator's credential before anything else, and so does whatever else
/// stands under `/admin`.
pub fn routes(state: State) -> Router {
    let guard = from_fn_with_state(state.clone(), guard::guard);
    Router::new().nest("/admin", inner().layer(guard).with_state(state))
}

/// The same routes without a credential, for whoever has proved in another way to be the installation's
/// owner: each request must carry a [`LocalUser`], and is theirs in the log.
pub fn local_routes(state: State) -> Router {
    let local = from_fn_with_state(state.clone(), guard::local);
    Router::new().nest("/admin", inner().layer(local).with_state(state))
}

fn inner() -> Router<State> {
    let inner = table().into_iter().fold(Router::new(), |router, (_, path, method)| {
        router.route(path.strip_prefix("/admin").unwrap_or(path), method)
    });
    inner
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST_BODY))
}

async fn nothing(request: Request) -> Response {
    let message = format!("Nothing is found at {}.", request.uri().path());
    answer::fault(&Fault::new(404, "not_found", message, "docs/admin.md lists the routes."))
}

async fn not_so(request: Request) -> Response {
    let message = format!("{} is not done to {}.", request.method(), request.uri().path());
    answer::fault(&Fault::new(405, "method_not_allowed", message, "docs/admin.md lists the routes."))
}
