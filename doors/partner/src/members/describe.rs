//! The classes of the answers as JSON schemas, from the table of members.

use serde_json::{Map, Value as Json, json};

use super::table::lines;
use super::{Class, ClassType};

/// Every class by name, with its members in their order. A request that names `Fields` gets fewer.
pub(crate) fn described() -> Vec<(&'static str, Json)> {
    let class = |class: Class| {
        let members = lines().filter(|line| line.class == class);
        let members: Map<String, Json> =
            members.map(|line| (line.name.to_owned(), schema(line.ty))).collect();
        (class.name(), json!({ "type": "object", "properties": members, "additionalProperties": false }))
    };
    Class::ALL.into_iter().map(class).collect()
}

/// What JSON a member of this type is.
fn schema(ty: ClassType) -> Json {
    let class = |class: Class| json!({ "$ref": format!("#/components/schemas/{}", class.name()) });
    let list = |of: Class| json!({ "type": "array", "items": class(of) });
    let instant = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}";
    let mut schema = match ty {
        ClassType::String => json!({ "type": "string" }),
        ClassType::Bool => json!({ "type": "boolean" }),
        ClassType::Int => json!({ "type": "integer" }),
        ClassType::IntOrNull | ClassType::ShortOrNull => json!({ "type": ["integer", "null"] }),
        ClassType::Float => json!({ "type": "number" }),
        ClassType::NumberOrNull => json!({ "type": ["number", "null"] }),
        ClassType::DateTime => json!({ "type": "string", "pattern": instant }),
        ClassType::DateTimeOrNull => json!({ "type": ["string", "null"], "pattern": instant }),
        ClassType::OpenHouses => list(Class::OpenHouse),
        ClassType::Photos => list(Class::Photo),
        ClassType::Media => class(Class::ListingMedia),
    };
    if let Some((least, most)) = ty.range() {
        schema["minimum"] = json!(least);
        schema["maximum"] = json!(most);
    }
    schema
}
