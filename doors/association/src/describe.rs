//! The door's routes, told to whoever describes them (OpenAPI). Each line of the table of routes says what is
//! asked and answered there; the tests hold every answer that they get to it.

use dictionary::{Dictionary, Field, LookupStatus, Type, Version};
use serde_json::{Map, Value as Json, json};

use crate::route::table;

pub(crate) mod said;

/// A route, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`
    pub method: String,
    /// The address, with `{…}` for what changes.
    pub path: String,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// What stands in the query, each with a sentence and a JSON schema. None is required.
    pub parameters: Vec<(&'static str, &'static str, Json)>,
    /// What the body holds: its content type and a JSON schema.
    pub body: Option<(&'static str, Json)>,
    /// What is answered, by status: a sentence, and a JSON schema where there is a body.
    pub answers: Vec<(u16, &'static str, Option<Json>)>,
}

/// What is asked or answered.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Nothing.
    Nothing,
    /// A record of this resource, with its version.
    Record(&'static str),
    /// `{"value": […]}` of such records.
    List(&'static str),
    /// These fields of a record; of them as many as the first number says must be there.
    Fields(&'static str, usize, Vec<&'static str>),
    /// Said as a schema.
    Said(fn() -> Json),
    /// A file of any type.
    File,
    /// Any JSON.
    Any,
}

/// A name of the query: what it is, and what it takes.
type Parameter = (&'static str, &'static str, fn() -> Json);

/// What a line of the table says of its route.
#[derive(Clone, Debug)]
pub(crate) struct About {
    about: &'static str,
    parameters: Vec<Parameter>,
    takes: Shape,
    tells: (u16, Shape),
    /// Another status with the same body.
    also: Option<u16>,
}

/// A route that answers 200.
pub(crate) fn about(about: &'static str, tells: Shape) -> About {
    About { about, parameters: Vec::new(), takes: Shape::Nothing, tells: (200, tells), also: None }
}

impl About {
    /// It takes a body.
    pub(crate) fn takes(self, takes: Shape) -> Self {
        Self { takes, ..self }
    }

    /// It answers with another status than 200.
    pub(crate) fn with(mut self, status: u16) -> Self {
        self.tells.0 = status;
        self
    }

    /// It may answer with this status as well.
    pub(crate) fn also(self, status: u16) -> Self {
        Self { also: Some(status), ..self }
    }

    /// It takes a parameter in the query.
    pub(crate) fn query(mut self, name: &'static str, about: &'static str, schema: fn() -> Json) -> Self {
        self.parameters.push((name, about, schema));
        self
    }
}

/// Every route of the door, in the order of its table.
#[must_use]
pub fn described() -> Vec<Described> {
    // Freehold's own resources, and the contacts that stand here, are alike in every version.
    let dictionary = Dictionary::standard(Version::V2_1);
    let line = |line: crate::route::Line| {
        let About { about, parameters, takes, tells: (status, tells), also } = line.about;
        let body = match takes {
            Shape::Nothing => None,
            Shape::File => Some(("application/octet-stream", json!({}))),
            shape => schema(&dictionary, &shape).map(|schema| ("application/json", schema)),
        };
        let told = schema(&dictionary, &tells);
        let mut answers: Vec<_> =
            also.into_iter().chain([status]).map(|status| (status, "Done.", told.clone())).collect();
        answers.extend(REFUSALS.map(|(status, about)| (status, about, Some(refusal()))));
        Described {
            method: line.method.to_string(),
            path: line.path.to_owned(),
            about,
            parameters: parameters.into_iter().map(|(name, about, schema)| (name, about, schema())).collect(),
            body,
            answers,
        }
    };
    table().into_iter().map(line).collect()
}

/// What any route may refuse with.
const REFUSALS: [(u16, &str); 13] = [
    (400, "A request that cannot be read, or an instant that is none for a go-live."),
    (401, "No credential, or one that is not admitted."),
    (403, "What the caller is to the tenant is not enough."),
    (404, "There is none, or the caller is nothing to the tenant."),
    (405, "Another method."),
    (409, "It does not follow on what is there, or somebody else has changed it meanwhile."),
    (413, "A body that is too large."),
    (415, "A body of another type."),
    (422, "What cannot be kept; nothing has changed."),
    (429, "More requests than the client's quota."),
    (500, "A fault of the server's."),
    (501, "What OData has and this does not."),
    (503, "The store does not answer just now."),
];

/// `{"error": {code, message, hint, …}}`
fn refusal() -> Json {
    let text = || json!({ "type": "string" });
    let fault = json!({
        "type": "object",
        "required": ["code", "message", "hint"],
        "properties": { "code": text(), "message": text(), "hint": text(), "target": text(),
            "position": { "type": "integer" }, "details": { "type": "array", "items": { "type": "object" } } },
        "additionalProperties": false,
    });
    json!({ "type": "object", "required": ["error"], "properties": { "error": fault },
        "additionalProperties": false })
}

fn schema(dictionary: &Dictionary, shape: &Shape) -> Option<Json> {
    Some(match shape {
        Shape::Nothing => return None,
        Shape::File | Shape::Any => json!({}),
        Shape::Said(said) => said(),
        Shape::Record(name) => record(dictionary, name),
        Shape::List(name) => json!({ "type": "object", "required": ["value"],
            "properties": { "value": { "type": "array", "items": record(dictionary, name) } } }),
        Shape::Fields(name, needed, fields) => {
            let own = dictionary.known(name);
            let members: Map<String, Json> = fields
                .iter()
                .filter_map(|field| {
                    let declared = own.field(own.find(field)?);
                    Some((
                        (*field).to_owned(),
                        sent(dictionary, declared, fields.iter().take(*needed).any(|one| one == field)),
                    ))
                })
                .collect();
            json!({ "type": "object", "required": fields.iter().take(*needed).collect::<Vec<_>>(),
                "properties": members, "additionalProperties": false })
        }
    })
}

/// A record as it is told: its fields and its version; a door may tell more beside them.
fn record(dictionary: &Dictionary, name: &str) -> Json {
    let own = dictionary.known(name);
    let members: Map<String, Json> =
        own.fields.iter().map(|field| (field.name.to_string(), of_field(dictionary, field))).collect();
    json!({ "type": "object", "properties": members })
}

fn of_field(dictionary: &Dictionary, field: &Field) -> Json {
    let words = || {
        let lookup = field.lookup.filter(|_| field.lookup_status == Some(LookupStatus::Locked))?;
        let values = &dictionary.lookup(lookup).values;
        Some(values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>())
    };
    match field.ty {
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Int16 | Type::Int32 | Type::Int64 => json!({ "type": "integer" }),
        Type::Decimal { .. } | Type::Double => json!({ "type": "number" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Timestamp => json!({ "type": "string", "format": "date-time" }),
        Type::TextList { max_chars } => {
            let mut items = json!({ "type": "string" });
            if let Some(most) = max_chars {
                items["maxLength"] = json!(most);
            }
            json!({ "type": "array", "items": items, "uniqueItems": true })
        }
        Type::Text { max_chars } => match words() {
            Some(words) => json!({ "enum": words }),
            None => {
                let mut text = json!({ "type": "string" });
                if let Some(most) = max_chars {
                    text["maxLength"] = json!(most);
                }
                text
            }
        },
        _ => json!({}),
    }
}

/// A field as it is sent: null takes its value away, where it need not have one.
fn sent(dictionary: &Dictionary, field: &Field, needed: bool) -> Json {
    let plain = of_field(dictionary, field);
    if needed { plain } else { json!({ "anyOf": [plain, { "type": "null" }] }) }
}
