//! The door's own tables, told to whoever describes it (OpenAPI, the reference).

use serde_json::{Value as Json, json};

use crate::answer;
use crate::endpoint::Endpoint;
use crate::members;
use crate::request::{Parameter, ReadAs};

/// An endpoint, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    /// The name, which is the path under the root.
    pub name: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Its parameters: members of the JSON body of a `POST`, of the query of a `GET`.
    pub parameters: Vec<DescribedParameter>,
    /// What is answered, as a JSON schema; classes are named `#/components/schemas/…`.
    pub answer: Json,
}

/// A parameter, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct DescribedParameter {
    /// The name.
    pub name: &'static str,
    /// Whether the request is refused without it.
    pub required: bool,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What it takes, as a JSON schema.
    pub schema: Json,
}

/// Every endpoint with its parameters, in the order of the API's document.
#[must_use]
pub fn described() -> Vec<Described> {
    let endpoint = |endpoint: Endpoint| Described {
        name: endpoint.name(),
        method: endpoint.method(),
        about: endpoint.about(),
        parameters: endpoint.parameters().map(parameter).collect(),
        answer: answer::schema::of(endpoint),
    };
    Endpoint::all().map(endpoint).collect()
}

fn parameter(of: &Parameter) -> DescribedParameter {
    let schema = match of.read {
        ReadAs::Text(most) => json!({ "type": "string", "maxLength": most }),
        ReadAs::Texts(most) => {
            json!({ "type": "array", "maxItems": most, "items": { "type": "string", "maxLength": 255 } })
        }
        ReadAs::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        ReadAs::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
        ReadAs::Only | ReadAs::Either => json!({ "type": "boolean" }),
        ReadAs::Moment => json!({ "type": "string", "format": "date-time" }),
    };
    DescribedParameter { name: of.name, required: of.required, about: of.about, schema }
}

/// The classes of the answers by name, each as a JSON schema of its members, in their order.
#[must_use]
pub fn described_classes() -> Vec<(&'static str, Json)> {
    members::described()
}
