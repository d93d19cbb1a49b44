//! The transactions door, from its own table of routes.

use serde_json::{Map, Value as Json, json};
use transactions_door::{Described, described};

use super::Paths;
use super::elsewhere::id;

/// Adds every route.
pub(super) fn describe(paths: &mut Paths) {
    for route in described() {
        paths.add(&route.method, &route.path, operation(&route));
    }
}

fn operation(route: &Described) -> Json {
    let security = match route.everyone {
        true => json!([]),
        false => json!([{ "apiKey": [] }, { "bearer": [] }]),
    };
    // The address of one and of all of a kind differ by a slash at the end.
    let end = if route.path.ends_with('/') { "-all" } else { "" };
    let mut operation = json!({
        "operationId": format!("{}{end}", id(&route.method, &route.path)),
        "tags": ["Events"],
        "summary": route.about,
        "security": security,
        "responses": responses(route),
    });
    let parameter = |one: &transactions_door::DescribedParameter| {
        json!({ "name": one.name, "in": one.place, "required": false, "description": one.about,
            "schema": one.schema })
    };
    operation["parameters"] = route.parameters.iter().map(parameter).collect();
    if let Some((body, needed)) = &route.body {
        operation["requestBody"] =
            json!({ "required": needed, "content": { "application/json": { "schema": body } } });
    }
    operation
}

fn responses(route: &Described) -> Json {
    let answer = |one: &transactions_door::DescribedAnswer| {
        let content: Map<String, Json> = one
            .content
            .iter()
            .map(|(kind, schema)| ((*kind).to_owned(), json!({ "schema": schema })))
            .collect();
        (one.status.to_string(), json!({ "description": one.about, "content": content }))
    };
    Json::Object(route.answers.iter().map(answer).collect())
}
