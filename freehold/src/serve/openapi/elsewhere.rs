//! The other doors, from their own lists of routes.

use serde_json::{Value as Json, json};

use super::Paths;

/// Adds every route of the RESO door, the media door, the admin API and the server itself.
pub(super) fn describe(paths: &mut Paths, reso_root: &str) {
    for (method, path) in reso_door::every_route() {
        // The door's list names keys as tests ask for them.
        let path = path.replace("{root}", reso_root).replace("'K'", "'{ListingKey}'");
        paths.add(method, &path, reso(method, &path));
    }
    paths.add("POST", "/oauth2/token", token());
    for (method, path) in media_door::every_route() {
        paths.add(method, path, photo(path));
    }
    for (method, path) in console::every_route() {
        paths.add(method.as_str(), path, admin(method.as_str(), path));
    }
    for (path, kind, about) in SERVER {
        let mut operation = json!({
            "operationId": path.trim_start_matches('/').replace(['/', '.'], "-"),
            "tags": ["Server"], "summary": about, "security": [],
            "responses": { "200": { "description": about, "content": { (kind): {} } } },
        });
        if path == "/ready" {
            operation["responses"]["503"] = json!({ "description": "The index is still being loaded." });
        }
        paths.add("GET", path, operation);
    }
}

/// What the server tells of itself.
pub(super) const SERVER: [(&str, &str, &str); 7] = [
    ("/health", "text/plain", "Whether the process lives."),
    ("/ready", "text/plain", "Whether the index is loaded and requests are answered."),
    ("/metrics", "application/openmetrics-text", "Figures for Prometheus."),
    ("/openapi.json", "application/json", "This document."),
    ("/docs", "text/html", "A page to try what this document describes."),
    ("/docs/page.css", "text/css", "The page's style."),
    ("/docs/page.js", "text/javascript", "The page's script."),
];

fn fault(what: &str) -> Json {
    json!({ "description": what, "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Fault" } } } })
}

/// A name for an operation: its method and the words of its path.
pub(super) fn id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.to_lowercase()).chain(words.map(str::to_owned)).collect::<Vec<_>>().join("-")
}

fn reso(method: &str, path: &str) -> Json {
    let end = if path.ends_with('/') { "-root" } else { "" };
    let mut operation = json!({
        "operationId": format!("{}{end}", id(method, path)),
        "tags": ["RESO"],
        "security": [{ "bearer": [] }],
    });
    if path.ends_with("$batch") {
        operation["summary"] = json!("Several requests in one.");
        let forms = json!({ "application/json": {}, "multipart/mixed": {} });
        operation["requestBody"] = json!({ "required": true, "content": forms });
        operation["responses"] = json!({
            "200": { "description": "The answer to each, with its own status.", "content": forms },
            "400": fault("It cannot be read."),
            "401": fault("No credential."),
            "413": fault("Too many requests, or too long."),
            "415": fault("Another content type."),
            "429": fault("Over quota."),
        });
        return operation;
    }
    if method != "GET" {
        write(&mut operation, method);
        return operation;
    }
    let kind = match path {
        path if path.ends_with("$metadata") => "application/xml",
        path if path.ends_with("$count") || path.ends_with("$value") => "text/plain",
        _ => "application/json",
    };
    operation["summary"] = json!("OData 4.01, of the RESO Web API.");
    operation["responses"] = json!({
        "200": { "description": "What was found.", "content": { (kind): {} } },
        "204": { "description": "The value is null." },
        "400": fault("A request that cannot be read."),
        "401": fault("No credential, or one that is not admitted."),
        "403": fault("A resource that is not granted."),
        "404": fault("There is no such record."),
        "429": fault("More requests than the client's quota."),
    });
    operation
}

/// RESO Web API Add/Edit 2.0.0.
fn write(operation: &mut Json, method: &str) {
    operation["summary"] = json!(match method {
        "POST" => "Makes a record, with those that are nested in it.",
        "PATCH" => "Changes the fields of a record that the body names.",
        "PUT" => "Puts a record in the place of what its key held.",
        _ => "Removes a record with its parts.",
    });
    if method != "DELETE" {
        let record = json!({ "application/json": { "schema": { "type": "object" } } });
        operation["requestBody"] = json!({ "required": true, "content": record });
    }
    operation["responses"] = json!({
        "200": { "description": "What was changed.", "content": { "application/json": {} } },
        "201": { "description": "What was made.", "content": { "application/json": {} } },
        "204": { "description": "It is done, and not told." },
        "400": fault("A body with faults: every one stands in error.details."),
        "401": fault("No credential, or one that is not admitted."),
        "403": fault("What is not granted to be written."),
        "404": fault("There is no such record."),
        "409": fault("The key is taken."),
        "412": fault("The record is another version than If-Match names."),
        "413": fault("A body that is too large."),
        "415": fault("A body that is no JSON."),
        "429": fault("More requests than the client's quota."),
    });
}

fn token() -> Json {
    let text = json!({ "type": "string" });
    json!({
        "operationId": "token", "tags": ["RESO"], "security": [],
        "summary": "Buys an access token with a client's id and key (OAuth 2, client credentials).",
        "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
            "type": "object", "required": ["grant_type"],
            "properties": { "grant_type": { "const": "client_credentials" }, "client_id": text,
                "client_secret": text, "scope": text } } } } },
        "responses": {
            "200": { "description": "A token.", "content": { "application/json": {} } },
            "400": { "description": "A request that cannot be read." },
            "401": { "description": "A client that is not admitted." },
        },
    })
}

fn photo(path: &str) -> Json {
    let mut operation = json!({
        "operationId": id("get", path), "tags": ["Photos"], "security": [],
        "summary": "A photo as JPEG, with its longer side at most 300 (normal) or 1,024 (large) pixels.",
        "responses": {
            "200": { "description": "The photo.", "content": { "image/jpeg": {} } },
            "304": { "description": "The asker has it." },
            "404": fault("There is no such photo, or none that anybody may see."),
            "502": fault("Its original cannot be fetched or read."),
            "503": fault("Too many photos are waited for."),
        },
    });
    if path.contains("{size}") {
        operation["parameters"] = json!([{ "name": "size", "in": "path", "required": true,
            "schema": { "enum": ["normal", "large"] } }]);
    }
    operation
}

fn admin(method: &str, path: &str) -> Json {
    let mut operation = json!({
        "operationId": id(method, path), "tags": ["Admin"],
        "summary": "Of the admin API; docs/admin.md says what it does.",
        "security": [{ "bearer": [] }],
        "responses": {
            "200": { "description": "Done.", "content": { "application/json": {} } },
            "201": { "description": "Made.", "content": { "application/json": {} } },
            "202": { "description": "Begun.", "content": { "application/json": {} } },
            "400": fault("A request that cannot be read."),
            "401": fault("No credential, or one that is not admitted."),
            "403": fault("The client is no operator, or its token only reads."),
            "404": fault("There is no such record or resource."),
            "409": fault("Another version, or a record that others refer to."),
            "413": fault("A body that is too large."),
            "415": fault("A body that is not JSON."),
            "422": fault("A record with faults; nothing has changed."),
            "429": fault("More requests than the client's quota."),
        },
    });
    if matches!(method, "POST" | "PATCH" | "PUT") {
        operation["requestBody"] = json!({ "required": false, "content": { "application/json": { "schema": { "type": "object" } } } });
    }
    operation
}
