//! The door's routes, told to whoever describes them (OpenAPI): each line of the table of routes names what
//! is asked and answered there. The tests hold every answer that they get to what is said here.

mod answers;
mod portal;
mod routes;

use serde_json::{Value as Json, json};

use crate::route::{Access, table};

pub(crate) use portal::*;
pub(crate) use routes::*;

/// A route, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    /// `GET`, `POST`, `PUT`, `DELETE`
    pub method: String,
    /// The address, with `{…}` for what changes.
    pub path: String,
    /// Whether everyone may ask: documents that hold nobody's data.
    pub everyone: bool,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// What stands in the query and in headers.
    pub parameters: Vec<DescribedParameter>,
    /// What the body holds, as a JSON schema, and whether it is needed.
    pub body: Option<(Json, bool)>,
    /// What is answered, by status.
    pub answers: Vec<DescribedAnswer>,
}

/// A parameter, as it is described. None is required.
#[derive(Clone, PartialEq, Debug)]
pub struct DescribedParameter {
    /// The name.
    pub name: &'static str,
    /// `query` or `header`.
    pub place: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What it takes, as a JSON schema.
    pub schema: Json,
}

/// An answer, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct DescribedAnswer {
    /// The status.
    pub status: u16,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// Its content types, each with a JSON schema of what it holds; any where that is `{}`.
    pub content: Vec<(&'static str, Json)>,
}

/// What a line of the table says of its route.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct About {
    about: &'static str,
    parameters: Vec<DescribedParameter>,
    body: Option<(Json, bool)>,
    answers: Vec<DescribedAnswer>,
}

/// Every route of the door, in the order of its table.
#[must_use]
pub fn described() -> Vec<Described> {
    let line = |line: crate::route::Line| {
        let About { about, parameters, body, mut answers } = (line.about)();
        if line.access == Access::Client {
            answers.extend(answers::of_every_client());
        }
        Described {
            method: line.method.to_string(),
            path: line.path.replace("{*", "{"),
            everyone: line.access == Access::Everyone,
            about,
            parameters,
            body,
            answers,
        }
    };
    table().into_iter().map(line).collect()
}

impl About {
    fn new(about: &'static str) -> Self {
        Self { about, parameters: Vec::new(), body: None, answers: Vec::new() }
    }

    fn query(mut self, name: &'static str, schema: Json, about: &'static str) -> Self {
        self.parameters.push(DescribedParameter { name, place: "query", about, schema });
        self
    }

    fn header(mut self, name: &'static str, schema: Json, about: &'static str) -> Self {
        self.parameters.push(DescribedParameter { name, place: "header", about, schema });
        self
    }

    fn takes(self, body: Json) -> Self {
        Self { body: Some((body, true)), ..self }
    }

    fn may_take(self, body: Json) -> Self {
        Self { body: Some((body, false)), ..self }
    }

    /// Answered with 204 and nothing.
    fn finishes(mut self, about: &'static str) -> Self {
        self.answers.push(DescribedAnswer { status: 204, about, content: Vec::new() });
        self
    }

    fn tells(self, status: u16, about: &'static str, schema: Json) -> Self {
        self.tells_as(status, about, "application/json", schema)
    }

    fn tells_as(mut self, status: u16, about: &'static str, kind: &'static str, schema: Json) -> Self {
        self.answers.push(DescribedAnswer { status, about, content: vec![(kind, schema)] });
        self
    }

    fn refuses(self, status: u16, about: &'static str) -> Self {
        self.tells(status, about, answers::refusal())
    }
}

/// A text of so many characters at most.
fn text(most: usize) -> Json {
    json!({ "type": "string", "maxLength": most })
}

fn flag() -> Json {
    json!({ "enum": ["true", "false", "1", "0", ""] })
}

fn list(of: Json) -> Json {
    json!({ "type": "array", "items": of })
}

/// An object of these members, of which the first so many are always there.
fn object(needed: usize, members: &[(&str, Json)]) -> Json {
    let required: Vec<&str> = members.iter().take(needed).map(|(name, _)| *name).collect();
    let members: serde_json::Map<String, Json> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": members, "additionalProperties": false })
}
