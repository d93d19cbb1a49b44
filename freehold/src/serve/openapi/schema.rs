//! What a parameter takes, with all the ways in which clients write it.

use serde_json::{Value as Json, json};

/// What a member of a body takes: besides what it is, the ways in which clients write it or leave it out.
pub(super) fn of_member(plain: &Json, required: bool) -> Json {
    if required {
        return needed(plain);
    }
    let unset = json!({ "type": ["null", "string"], "maxLength": 0 });
    match plain["type"].as_str() {
        Some("array") => {
            json!({ "anyOf": [loose_list(plain), { "type": ["string", "number", "boolean", "null"],
            "maxLength": 255 }] })
        }
        Some("boolean") => json!({ "enum": [true, false, null, "true", "false", "1", "0", 1, 0, ""] }),
        Some("integer" | "number") => json!({ "anyOf": [plain, digits(plain), unset] }),
        _ if plain["format"] == "date-time" => {
            json!({ "anyOf": [plain, { "type": "string", "format": "date" },
            unset] })
        }
        _ => json!({ "type": ["string", "number", "boolean", "null"], "maxLength": plain["maxLength"] }),
    }
}

/// What a name of a query takes: everything is text there, and an empty one is not set.
pub(super) fn of_query(plain: &Json, required: bool) -> Json {
    if plain["format"] == "date-time" {
        return of_member(plain, required);
    }
    let mut schema = plain.clone();
    match plain["type"].as_str() {
        Some("array") => schema["items"] = json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
        Some("string") if required => schema["pattern"] = json!("\\S"),
        _ => {}
    }
    if required && schema["type"] == "array" {
        schema["minItems"] = json!(1);
        schema["items"]["pattern"] = json!("\\S");
    }
    schema
}

fn needed(plain: &Json) -> Json {
    let text = |most: &Json| json!({ "type": "string", "pattern": "\\S", "maxLength": most });
    match plain["type"].as_str() {
        Some("array") => {
            let mut list = loose_list(plain);
            list["contains"] = text(&json!(255));
            json!({ "anyOf": [list, text(&json!(255)), { "type": ["number", "boolean"] }] })
        }
        Some("string") => json!({ "anyOf": [text(&plain["maxLength"]), { "type": ["number", "boolean"] }] }),
        _ => plain.clone(),
    }
}

fn loose_list(plain: &Json) -> Json {
    json!({ "type": "array", "maxItems": plain["maxItems"],
        "items": { "type": ["string", "number", "boolean", "null"], "maxLength": 255 } })
}

/// A number in a text, as wide as its bounds surely allow.
fn digits(plain: &Json) -> Json {
    let most = plain["maximum"].as_i64().unwrap_or(9).max(0).to_string().len();
    let digits = most.saturating_sub(1).clamp(1, 9);
    let first = if plain["minimum"].as_i64().unwrap_or(0) > 0 { "[1-9]" } else { "[0-9]" };
    json!({ "type": "string", "pattern": format!("^{first}[0-9]{{0,{}}}$", digits - 1) })
}
