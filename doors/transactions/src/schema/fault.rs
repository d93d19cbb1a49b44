//! What is wrong with a payload, item by item (EVT-021).

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde::Serialize;
use serde_json::{Value, json};

/// One thing that is wrong, or that is worth a second look.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The keyword of JSON Schema that is not met, such as `required`.
    pub keyword: String,
    /// Where the checked value stands, a JSON pointer; of a missing member, the object that lacks it.
    pub data_path: String,
    /// Where the member stands that is wrong or missing, a JSON pointer.
    pub path: String,
    /// Where the keyword stands in the schema.
    pub schema_path: String,
    /// What the keyword asks for.
    pub params: Value,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Item {
    /// An item that no keyword of the schema says.
    pub(crate) fn own(
        keyword: &str,
        path: impl Into<String>,
        params: Value,
        message: impl Into<String>,
    ) -> Self {
        let path = path.into();
        Self {
            keyword: keyword.to_owned(),
            data_path: path.clone(),
            path,
            schema_path: String::new(),
            params,
            message: message.into(),
        }
    }

    /// The same, of a payload that is the `at`th of several.
    pub(crate) fn within(mut self, at: usize) -> Self {
        self.data_path = format!("/{at}{}", self.data_path);
        self.path = format!("/{at}{}", self.path);
        self
    }

    pub(crate) fn of(error: &ValidationError<'_>) -> Self {
        let data_path = error.instance_path().to_string();
        let (params, message) = said(error);
        let path = match error.kind() {
            Kind::Required { property: Value::String(name) } => format!("{data_path}/{}", escaped(name)),
            _ => data_path.clone(),
        };
        Self {
            keyword: error.kind().keyword().to_owned(),
            data_path,
            path,
            schema_path: format!("#{}", error.schema_path()),
            params,
            message,
        }
    }
}

/// A member's name as a part of a JSON pointer (RFC 6901, 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What the keyword asks for, and the sentence.
fn said(error: &ValidationError<'_>) -> (Value, String) {
    let limit = |limit: &Value, comparison: &str| json!({ "comparison": comparison, "limit": limit });
    match error.kind() {
        Kind::Required { property } => (
            json!({ "missingProperty": property }),
            format!("{} is missing. Send it.", property.as_str().unwrap_or_default()),
        ),
        Kind::Constant { expected_value } => {
            (json!({ "allowedValue": **expected_value }), format!("This must be {expected_value}."))
        }
        Kind::Enum { options } => {
            let names: Vec<String> =
                options.as_array().into_iter().flatten().map(ToString::to_string).collect();
            (json!({ "allowedValues": **options }), format!("This must be one of {}.", names.join(", ")))
        }
        Kind::Format { format } => (json!({ "format": format }), format_hint(format).to_owned()),
        Kind::MaxLength { limit } => (
            json!({ "limit": limit }),
            format!("This is longer than {limit} characters. Send at most as many."),
        ),
        Kind::MinLength { limit } => (
            json!({ "limit": limit }),
            format!("This is shorter than {limit} characters. Leave out what has no value."),
        ),
        Kind::MaxItems { limit } => {
            (json!({ "limit": limit }), format!("These are more than {limit} items."))
        }
        Kind::MinItems { limit } => {
            (json!({ "limit": limit }), format!("These are fewer than {limit} items."))
        }
        Kind::Minimum { limit: least } => (limit(least, ">="), format!("This must be {least} or more.")),
        Kind::Maximum { limit: most } => (limit(most, "<="), format!("This must be {most} or less.")),
        Kind::Pattern { pattern } => {
            (json!({ "pattern": pattern }), format!("This must match the pattern {pattern}."))
        }
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default().to_owned();
            let message = format!("No member may be called {name:?}. Begin with a small letter, @ or $.");
            (json!({ "propertyName": name }), message)
        }
        Kind::Type { kind } => {
            let names = match kind {
                TypeKind::Single(one) => one.to_string(),
                TypeKind::Multiple(several) => {
                    several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(",")
                }
            };
            let message = format!("This must be of the type {names}. Leave out what has no value.");
            (json!({ "type": names }), message)
        }
        _ => (json!({}), error.masked().to_string()),
    }
}

fn format_hint(format: &str) -> &'static str {
    match format {
        "uri" => "This must be an absolute URI, such as https://agent-1.example.com/profile/card#me.",
        "date-time" => "This must be an RFC 3339 date-time, such as 2019-08-24T14:15:22Z.",
        "email" => "This must be an e-mail address, such as user@example.com.",
        _ => "This is not of the format that is asked for.",
    }
}
