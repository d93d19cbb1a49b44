//! The lockbox door, from its own table of routes.

use lockbox_door::{Described, described};
use serde_json::{Map, Value as Json, json};

use super::Paths;
use super::elsewhere::id;

/// Adds every route.
pub(super) fn describe(paths: &mut Paths) {
    for route in described() {
        paths.add(&route.method, &route.path, operation(&route));
    }
}

fn operation(route: &Described) -> Json {
    let answers = route.answers.iter().map(|one| {
        (one.status.to_string(), json!({ "description": one.about, "content": content(&one.content) }))
    });
    let mut operation = json!({
        "operationId": id(&route.method, &route.path),
        "tags": ["Lockbox"],
        "summary": route.about,
        "security": [{ "apiKey": [] }, { "bearer": [] }],
        "responses": Json::Object(answers.collect()),
    });
    let parameter = |one: &lockbox_door::DescribedParameter| {
        json!({ "name": one.name, "in": "query", "required": one.required, "description": one.about,
            "schema": one.schema })
    };
    operation["parameters"] = route.parameters.iter().map(parameter).collect();
    if !route.body.is_empty() {
        operation["requestBody"] = json!({ "required": true, "content": content(&route.body) });
    }
    operation
}

fn content(kinds: &[(&'static str, Json)]) -> Json {
    let told = kinds.iter().map(|(kind, schema)| ((*kind).to_owned(), json!({ "schema": schema })));
    Json::Object(told.collect::<Map<_, _>>())
}
