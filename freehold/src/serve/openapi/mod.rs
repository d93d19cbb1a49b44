//! What is served, told to machines and to people: `/openapi.json` (OpenAPI 3.1) and `/docs`, a page to try
//! it.
//!
//! The document is made of the doors' own tables of routes and parameters, so that it cannot say anything
//! else than what is done.

mod association;
mod elsewhere;
mod lockbox;
mod partner;
mod schema;
mod transactions;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value as Json, json};

use crate::settings::Settings;

/// The page, its style and its script: nothing of it comes from elsewhere.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page may load and ask: this server alone. Nobody may frame it, as credentials are typed into it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The document and the page.
pub(super) fn routes(settings: &Settings) -> Router {
    let document = Bytes::from(document(settings).to_string());
    let serve = |kind: &'static str, body: Bytes| {
        get(move |headers: HeaderMap| std::future::ready(answer(kind, &body, &headers)))
    };
    Router::new()
        .route("/openapi.json", serve("application/json", document))
        .route("/docs", serve("text/html; charset=utf-8", Bytes::from_static(PAGE.as_bytes())))
        .route("/docs/page.css", serve("text/css; charset=utf-8", Bytes::from_static(STYLE.as_bytes())))
        .route(
            "/docs/page.js",
            serve("text/javascript; charset=utf-8", Bytes::from_static(SCRIPT.as_bytes())),
        )
}

fn answer(kind: &'static str, body: &Bytes, asked: &HeaderMap) -> Response {
    // They change with the program alone.
    let tag = HeaderValue::from_static(concat!("\"", env!("CARGO_PKG_VERSION"), "\""));
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ETAG, tag),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (StatusCode::OK, headers, body.clone()).into_response()
}

/// The OpenAPI document of an installation.
pub(super) fn document(settings: &Settings) -> Json {
    let mut paths = Paths::default();
    partner::describe(&mut paths);
    transactions::describe(&mut paths);
    lockbox::describe(&mut paths);
    association::describe(&mut paths);
    elsewhere::describe(&mut paths, &settings.reso.root);
    let mut components = partner::components();
    components["securitySchemes"] = json!({
        "mlAuth": {
            "type": "apiKey", "in": "header", "name": "ml-auth",
            "description": "client=…&systemaccesskey=…&signature=…: the signature is the MD5, in \
                hexadecimal digits, of `{client} {systemaccesskey} x-ml-timestamp:{x-ml-timestamp}`.",
        },
        "mlTimestamp": {
            "type": "apiKey", "in": "header", "name": "x-ml-timestamp",
            "description": "The present instant in UTC as yyyyMMddHHmmss.",
        },
        "apiKey": {
            "type": "apiKey", "in": "header", "name": "x-api-key",
            "description": "A key (fh_…).",
        },
        "bearer": {
            "type": "http", "scheme": "bearer",
            "description": "A key (fh_…) or an access token bought with one at /oauth2/token.",
        },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Freehold",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A real-estate data exchange.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": settings.public_url() }],
        "tags": [
            { "name": "Partner", "description": "The partner listing API." },
            { "name": "Events", "description": "Transaction reports and other events: published, pulled, \
                streamed, subscribed; sales production. /asyncapi.json says what each topic holds." },
            { "name": "Lockbox", "description": "Members, offices and listings of associations come in; who may \
                open which box is decided." },
            { "name": "Association", "description": "Associations on their way to an MLS, M1 or a lockbox: \
                onboarding, mappings, keys." },
            { "name": "RESO", "description": "The RESO Web API; $metadata says what its resources hold." },
            { "name": "Photos", "description": "Photos of listings at two sizes, for anybody." },
            { "name": "Admin", "description": "What an operator does." },
            { "name": "Server", "description": "How the server stands." },
        ],
        "paths": Json::Object(paths.0),
        "components": components,
    })
}

/// The paths of the document.
#[derive(Debug, Default)]
struct Paths(Map<String, Json>);

impl Paths {
    /// Adds an operation. What stands in braces in its path becomes a parameter, where it is not told
    /// already.
    fn add(&mut self, method: &str, path: &str, mut operation: Json) {
        let told = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named = path.split('{').skip(1).filter_map(|part| part.split('}').next());
        let missing = named.filter(|name| !told.iter().any(|one| one["name"] == **name)).map(|name| {
            json!({ "name": name, "in": "path", "required": true,
                "schema": { "type": "string", "minLength": 1, "maxLength": 255 } })
        });
        let all: Vec<Json> = missing.chain(told.clone()).collect();
        if !all.is_empty() {
            operation["parameters"] = Json::Array(all);
        }
        let item = self.0.entry(path.to_owned()).or_insert_with(|| json!({}));
        item[method.to_lowercase()] = operation;
    }
}

#[cfg(test)]
mod tests;
