//! The association door, from its own table of routes.

use association_door::{Described, described};
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
    let answers = route.answers.iter().map(|(status, about, schema)| {
        let content = schema.as_ref().map(|schema| json!({ "application/json": { "schema": schema } }));
        (status.to_string(), json!({ "description": about, "content": content.unwrap_or_else(|| json!({})) }))
    });
    let mut operation = json!({
        "operationId": id(&route.method, &route.path),
        "tags": ["Association"],
        "summary": route.about,
        "security": [{ "bearer": [] }],
        "responses": Json::Object(answers.collect::<Map<_, _>>()),
    });
    let parameter = |(name, about, schema): &(&str, &str, Json)| json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema });
    operation["parameters"] = route.parameters.iter().map(parameter).collect();
    if let Some((kind, schema)) = &route.body {
        operation["requestBody"] = json!({ "required": true, "content": { (*kind): { "schema": schema } } });
    }
    operation
}
