//! The routes of the door, one line each: what is served, who may, and what the tests try come from here.

mod checklist;
mod contacts;
mod files;
mod grants;
mod imports;
pub(crate) mod integrations;
mod keys;
mod mappings;
mod people;
mod reconciliations;
mod returned;
mod settled;
mod sync;
mod table;
mod tenants;
pub(crate) mod tickets;
pub(crate) mod transitions;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{self as on, MethodRouter};
use http::Method;

use crate::describe::About;
use crate::{Door, Right, guard};

pub(crate) use table::table;

/// A route: its method, its address with `{…}` for what changes, and whom it is for.
pub type Route = (Method, &'static str, Right);

/// The largest body that is read; files come by streams of their own.
const LARGEST_BODY: usize = 1 << 20;

/// A line of the table.
pub(crate) struct Line {
    pub(crate) right: Right,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    handler: MethodRouter<Door>,
    /// What is asked and answered there.
    pub(crate) about: About,
}

type Handled = (Method, MethodRouter<Door>);

fn get<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::GET, on::get(handler))
}

fn post<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::POST, on::post(handler))
}

fn patch<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::PATCH, on::patch(handler))
}

fn put<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::PUT, on::put(handler))
}

fn delete<H: Handler<T, Door>, T: 'static>(handler: H) -> Handled {
    (Method::DELETE, on::delete(handler))
}

/// Every route.
#[must_use]
pub fn every_route() -> Vec<Route> {
    table().into_iter().map(|line| (line.method, line.path, line.right)).collect()
}

/// The routes.
pub fn router(door: Door) -> Router {
    let guarded = |line: Line| {
        let state = (door.clone(), line.right);
        (line.path, line.handler.route_layer(from_fn_with_state(state, guard::guard)))
    };
    table()
        .into_iter()
        .map(guarded)
        .fold(Router::new(), |router, (path, handler)| router.route(path, handler))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(guard::in_our_words))
        .with_state(door)
}
