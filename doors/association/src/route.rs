//! The routes of the door, one line each: what is served, who may, and what the tests try come from here.

mod checklist;
mod grants;
mod integrations;
mod keys;
mod mappings;
mod people;
mod reconciliations;
mod returned;
mod settled;
mod sync;
mod tenants;
pub(crate) mod tickets;
pub(crate) mod transitions;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{self as on, MethodRouter};
use http::Method;

use crate::{Door, Needs, Right, guard};

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

/// The addresses begin with these.
macro_rules! at {
    (tenants $rest:literal) => {
        concat!("/association/tenants", $rest)
    };
    (tenant $rest:literal) => {
        concat!("/association/tenants/{tenant}", $rest)
    };
    (integration $rest:literal) => {
        concat!("/association/tenants/{tenant}/integrations/{integration}", $rest)
    };
    (place $rest:literal) => {
        concat!("/association/tenants/{tenant}/environments/{environment}", $rest)
    };
    (setting $rest:literal) => {
        concat!("/association/tenants/{tenant}/integrations/{integration}/environments/{environment}", $rest)
    };
}

pub(crate) fn table() -> Vec<Line> {
    use Needs::{Administrator, Staff, Vendor};
    use Right::{Credential, Environment, Operator, Tenant};
    let line = |right, path, (method, handler): Handled| Line { right, method, path, handler };
    vec![
        line(Credential, at!(tenants ""), get(tenants::list)),
        line(Operator, at!(tenants ""), post(tenants::create)),
        line(Tenant(Vendor), at!(tenant ""), get(tenants::read)),
        line(Tenant(Administrator), at!(tenant ""), patch(tenants::update)),
        line(Tenant(Administrator), at!(tenant "/grants"), get(grants::list)),
        line(Tenant(Administrator), at!(tenant "/grants"), post(grants::create)),
        line(Tenant(Administrator), at!(tenant "/grants/{grant}"), delete(grants::end)),
        line(Tenant(Staff), at!(tenant "/staging"), post(tenants::open_staging)),
        line(Tenant(Vendor), at!(tenant "/tickets"), get(tickets::list)),
        line(Tenant(Vendor), at!(tenant "/contacts"), get(people::list)),
        line(Tenant(Staff), at!(tenant "/contacts/{contact}"), put(people::put)),
        line(Tenant(Staff), at!(tenant "/contacts/{contact}"), delete(people::remove)),
        line(Tenant(Vendor), at!(tenant "/integrations"), get(integrations::list)),
        line(Tenant(Staff), at!(tenant "/integrations"), post(integrations::create)),
        line(Tenant(Vendor), at!(integration ""), get(integrations::read)),
        line(Tenant(Staff), at!(integration ""), patch(integrations::update)),
        line(Tenant(Vendor), at!(integration "/transitions"), get(transitions::list)),
        line(Tenant(Staff), at!(integration "/transitions"), post(transitions::act)),
        line(Tenant(Vendor), at!(integration "/checklist"), get(checklist::read)),
        line(Tenant(Vendor), at!(integration "/checklist/{rule}"), put(checklist::confirm)),
        line(Tenant(Vendor), at!(integration "/checklist/{rule}"), delete(checklist::withdraw)),
        line(Tenant(Vendor), at!(integration "/mail"), get(people::mail)),
        line(Tenant(Vendor), at!(integration "/mappings"), get(mappings::list)),
        line(Tenant(Staff), at!(integration "/mappings"), post(mappings::create)),
        line(Tenant(Vendor), at!(integration "/mappings/{version}"), get(mappings::read)),
        line(Environment(Vendor), at!(setting ""), get(integrations::setting)),
        line(Environment(Staff), at!(setting ""), patch(integrations::set)),
        line(Environment(Staff), at!(setting "/key"), get(keys::read)),
        line(Environment(Staff), at!(setting "/key"), post(keys::request)),
        line(Environment(Staff), at!(setting "/key/approvals"), post(keys::approve)),
        line(Credential, "/association/dashboard", get(checklist::dashboard)),
        line(Environment(Vendor), at!(setting "/sync"), get(sync::standing)),
        line(Environment(Vendor), at!(setting "/held"), get(sync::held)),
        line(Environment(Vendor), at!(setting "/pulls"), get(sync::list)),
        line(Environment(Vendor), at!(setting "/pulls"), post(sync::open)),
        line(Environment(Vendor), at!(setting "/pulls/{pull}"), get(sync::read)),
        line(Environment(Vendor), at!(setting "/pulls/{pull}/contacts/{resource}"), get(sync::page)),
        line(Environment(Vendor), at!(setting "/pulls/{pull}/acknowledgement"), post(sync::acknowledge)),
        line(Environment(Staff), at!(place "/resyncs"), post(sync::force)),
        line(Tenant(Staff), at!(tenant "/alerts"), get(sync::alerts)),
        line(Tenant(Vendor), at!(tenant "/linking-rules"), get(settled::rules)),
        line(Tenant(Staff), at!(tenant "/linking-rules/{id}"), put(settled::set_rule)),
        line(Tenant(Staff), at!(tenant "/linking-rules/{id}"), delete(settled::end_rule)),
        line(Tenant(Vendor), at!(tenant "/field-authorities"), get(settled::authorities)),
        line(Tenant(Staff), at!(tenant "/field-authorities/{id}"), put(settled::set_authority)),
        line(Tenant(Staff), at!(tenant "/field-authorities/{id}"), delete(settled::end_authority)),
        line(Environment(Vendor), at!(setting "/contacts/{resource}/{key}"), patch(returned::change)),
        line(Tenant(Staff), at!(tenant "/field-conflicts"), get(returned::conflicts)),
        line(Tenant(Staff), at!(tenant "/nrds-ids"), post(returned::nrds_id)),
        line(Tenant(Staff), at!(tenant "/reconciliation-plans"), get(settled::plans)),
        line(Tenant(Staff), at!(tenant "/reconciliation-plans/{id}"), put(settled::set_plan)),
        line(Tenant(Staff), at!(tenant "/reconciliation-plans/{id}"), delete(settled::end_plan)),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliation-plans/{id}/reconciliations"),
            post(reconciliations::reconcile),
        ),
        line(Tenant(Staff), at!(tenant "/reconciliations"), get(reconciliations::list)),
        line(Tenant(Staff), at!(tenant "/reconciliations/{id}"), get(reconciliations::read)),
    ]
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
