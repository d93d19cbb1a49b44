//! The routes of the door.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{self as on, MethodRouter};
use http::Method;

use crate::describe::{self, About};
use crate::{Door, access, export, guard, import, people, tenant};

/// A route: its method and its address, with `{…}` for what changes.
pub type Route = (Method, &'static str);

/// The largest body that is read into memory; files that come in are written to disk as they come.
const LARGEST_BODY: usize = 1 << 20;

/// A line of the table.
pub(crate) struct Line {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    handler: MethodRouter<Door>,
    /// What is asked and answered there.
    pub(crate) about: fn() -> About,
}

/// A method and who answers it.
pub(crate) type Handled = (Method, MethodRouter<Door>);

pub(crate) fn delete<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::DELETE, on::delete(handler))
}

pub(crate) fn post<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::POST, on::post(handler))
}

pub(crate) fn put<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::PUT, on::put(handler))
}

pub(crate) fn get<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::GET, on::get(handler))
}

pub(crate) fn patch<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::PATCH, on::patch(handler))
}

/// A line.
pub(crate) fn line(path: &'static str, (method, handler): Handled, about: fn() -> About) -> Line {
    Line { method, path, handler, about }
}

/// One line a route: what is served, what is described, and what the tests try without a credential, come
/// from here.
pub(crate) fn table() -> Vec<Line> {
    let line = |path, (method, handler): Handled, about: fn() -> About| Line { method, path, handler, about };
    let mut all = vec![
        line("/lockbox/tenants", get(tenant::list), describe::tenants),
        line("/lockbox/{environment}/tenants/{tenant}", get(tenant::one), describe::tenant),
    ];
    all.extend(import::routes());
    all.extend(access::routes());
    all.extend(people::routes());
    all.extend(export::routes());
    all
}

/// Every route. Each asks for a credential.
#[must_use]
pub fn every_route() -> Vec<Route> {
    table().into_iter().map(|line| (line.method, line.path)).collect()
}

/// The routes.
pub fn router(door: Door) -> Router {
    table()
        .into_iter()
        .fold(Router::new(), |router, line| router.route(line.path, line.handler))
        .route_layer(from_fn_with_state(door.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(guard::dress))
        .with_state(door)
}
