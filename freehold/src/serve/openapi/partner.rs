//! The partner door, from its own table of endpoints and parameters.

use partner_door::{Described, described, described_classes};
use serde_json::{Map, Value as Json, json};

use super::{Paths, schema};

/// Adds every endpoint.
pub(super) fn describe(paths: &mut Paths) {
    let root = partner_door::Settings::default().root;
    for endpoint in described() {
        let path = format!("{root}/{}", endpoint.name);
        paths.add(endpoint.method, &path, operation(&endpoint));
    }
}

fn operation(endpoint: &Described) -> Json {
    let refusal = |what: &str| {
        json!({ "description": what, "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Refusal" } } } })
    };
    let mut responses = json!({
        "200": { "description": "What was found.",
            "content": { "application/json": { "schema": endpoint.answer } } },
        "400": refusal("Parameters that are wrong, all of them at once."),
        "403": refusal("No credential, or one that is not admitted."),
        "404": refusal("There is no such listing, agent, lookup or endpoint."),
        "405": refusal("Another method."),
        "429": refusal("More requests than the client's quota."),
        "503": refusal("The store does not answer just now."),
    });
    let mut operation = json!({
        "operationId": endpoint.name,
        "tags": ["Partner"],
        "summary": endpoint.about,
        "security": [{ "mlAuth": [], "mlTimestamp": [] }],
    });
    // These two are told before the door is reached.
    responses["414"] = json!({ "description": "An address that is too long." });
    responses["431"] = json!({ "description": "Headers and address are too long." });
    if endpoint.method == "POST" {
        let members: Map<String, Json> = endpoint
            .parameters
            .iter()
            .map(|parameter| {
                let mut schema = schema::of_member(&parameter.schema, parameter.required);
                schema["description"] = json!(parameter.about);
                (parameter.name.to_owned(), schema)
            })
            .collect();
        let required: Vec<&str> =
            endpoint.parameters.iter().filter(|one| one.required).map(|one| one.name).collect();
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": {
            "type": "object", "required": required, "properties": members } } } });
        responses["413"] = refusal("A body that is too large.");
        responses["415"] = refusal("A body that is not JSON.");
    } else {
        operation["parameters"] = endpoint
            .parameters
            .iter()
            .map(|parameter| {
                json!({ "name": parameter.name, "in": "query", "required": parameter.required,
                "description": parameter.about,
                "schema": schema::of_query(&parameter.schema, parameter.required) })
            })
            .collect();
    }
    operation["responses"] = responses;
    operation
}

/// The classes of the answers, and the envelope of refusals.
pub(super) fn components() -> Json {
    let mut schemas: Map<String, Json> =
        described_classes().into_iter().map(|(name, class)| (name.to_owned(), class)).collect();
    schemas.insert(
        "Refusal".to_owned(),
        json!({
            "type": "object",
            "required": ["ExceptionType", "Message", "ErrorCode", "ActionArguments", "Data"],
            "properties": {
                "ExceptionType": { "type": "string" },
                "Message": { "type": "string" },
                "ErrorCode": { "const": 0 },
                "ActionArguments": {
                    "type": "object", "required": ["request", "client"],
                    "properties": {
                        "request": { "type": ["object", "null"] },
                        "client": { "type": ["string", "null"] },
                    },
                },
                "Data": {
                    "type": "object", "required": ["Errors"],
                    "properties": { "Errors": {
                        "type": ["object", "null"], "additionalProperties": { "type": "string" } } },
                },
            },
        }),
    );
    schemas.insert(
        "Fault".to_owned(),
        json!({
            "type": "object", "required": ["error"],
            "properties": { "error": {
                "type": "object", "required": ["code", "message"],
                "properties": {
                    "code": { "type": "string" },
                    "message": { "type": "string" },
                    "hint": { "type": "string" },
                },
            } },
        }),
    );
    json!({ "schemas": schemas })
}
