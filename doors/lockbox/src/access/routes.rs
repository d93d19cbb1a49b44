//! The routes of boxes: who may open them, whose they are, and what is written down of it.

use crate::describe::access as about;
use crate::route::{Line, delete, get, line, post, put};
use crate::{access, audit, boxes, codes, scopes};

/// An address below a tenant's.
macro_rules! of_tenant {
    ($rest:literal) => {
        concat!("/lockbox/{environment}/tenants/{tenant}", $rest)
    };
}

/// A line each.
pub(crate) fn routes() -> Vec<Line> {
    vec![
        line("/lockbox/access-decisions", post(access::decide), about::decide),
        line("/lockbox/accesses", post(access::opened), about::opened),
        line("/lockbox/offline-tokens", post(access::issue), about::issue_token),
        line("/lockbox/offline-tokens/refresh", post(access::refresh), about::refresh_token),
        line(of_tenant!("/users"), get(scopes::users), about::users),
        line(of_tenant!("/users/{user}"), get(scopes::user), about::user),
        line(of_tenant!("/users/{user}/account"), post(scopes::account), about::account),
        line(of_tenant!("/offices"), get(scopes::offices), about::offices),
        line(of_tenant!("/offices/{office}"), get(scopes::office), about::office),
        line(of_tenant!("/listings"), get(scopes::listings), about::listings),
        line(of_tenant!("/listings/{listing}"), get(scopes::listing), about::listing),
        line(of_tenant!("/boxes"), get(boxes::list), about::boxes),
        line(of_tenant!("/boxes"), post(boxes::register), about::register),
        line(of_tenant!("/boxes/{lockbox}"), get(boxes::one), about::lockbox),
        line(of_tenant!("/boxes/{lockbox}/assignment"), put(boxes::assign), about::assign),
        line(of_tenant!("/boxes/{lockbox}/codes"), get(codes::list), about::codes),
        line(of_tenant!("/boxes/{lockbox}/codes"), post(codes::issue), about::issue_code),
        line(of_tenant!("/boxes/{lockbox}/codes/{code}"), delete(codes::revoke), about::revoke_code),
        line(of_tenant!("/boxes/{lockbox}/grants"), get(codes::grants), about::grants),
        line(of_tenant!("/boxes/{lockbox}/grants"), post(codes::grant), about::grant),
        line(of_tenant!("/boxes/{lockbox}/grants/{grant}"), delete(codes::revoke_grant), about::revoke_grant),
        line(of_tenant!("/boxes/{lockbox}/token-key"), post(access::key), about::token_key),
        line(of_tenant!("/audit"), get(audit::links), about::links),
        line(of_tenant!("/audit/verification"), get(audit::verification), about::verification),
    ]
}
