//! The door's routes, told to whoever describes them (OpenAPI): each line of the table of routes names what
//! is asked and answered there. The tests hold every answer that they get to what is said here.

pub(crate) mod access;
mod answers;
mod routes;

use serde_json::{Value as Json, json};

use crate::route::table;

pub(crate) use routes::*;

/// A route, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`
    pub method: String,
    /// The address, with `{…}` for what changes.
    pub path: String,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// What stands in the query.
    pub parameters: Vec<DescribedParameter>,
    /// What the body holds: content types, each with a JSON schema.
    pub body: Vec<(&'static str, Json)>,
    /// What is answered, by status.
    pub answers: Vec<DescribedAnswer>,
}

/// A parameter of the query, as it is described.
#[derive(Clone, PartialEq, Debug)]
pub struct DescribedParameter {
    /// The name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
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
    body: Vec<(&'static str, Json)>,
    answers: Vec<DescribedAnswer>,
}

/// Every route of the door, in the order of its table.
#[must_use]
pub fn described() -> Vec<Described> {
    let line = |line: crate::route::Line| {
        let About { about, parameters, body, mut answers } = (line.about)();
        answers.extend(answers::of_everyone());
        let method = line.method.to_string();
        Described { method, path: line.path.to_owned(), about, parameters, body, answers }
    };
    table().into_iter().map(line).collect()
}

impl About {
    pub(crate) fn new(about: &'static str) -> Self {
        Self { about, parameters: Vec::new(), body: Vec::new(), answers: Vec::new() }
    }

    /// A parameter that must be there.
    pub(crate) fn needs(mut self, name: &'static str, schema: Json, about: &'static str) -> Self {
        self.parameters.push(DescribedParameter { name, required: true, about, schema });
        self
    }

    /// A body of this content type, or of another that is said.
    pub(crate) fn takes(mut self, kind: &'static str, schema: Json) -> Self {
        self.body.push((kind, schema));
        self
    }

    /// An answer of one of these content types.
    pub(crate) fn tells_as(
        mut self,
        status: u16,
        about: &'static str,
        content: &[(&'static str, Json)],
    ) -> Self {
        self.answers.push(DescribedAnswer { status, about, content: content.to_vec() });
        self
    }

    pub(crate) fn query(mut self, name: &'static str, schema: Json, about: &'static str) -> Self {
        self.parameters.push(DescribedParameter { name, required: false, about, schema });
        self
    }

    pub(crate) fn refuses(self, status: u16, about: &'static str) -> Self {
        self.tells(status, about, answers::refusal())
    }

    pub(crate) fn tells(mut self, status: u16, about: &'static str, schema: Json) -> Self {
        self.answers.push(DescribedAnswer { status, about, content: vec![("application/json", schema)] });
        self
    }
}

pub(crate) fn list(of: Json) -> Json {
    json!({ "type": "array", "items": of })
}

pub(crate) fn said() -> Json {
    json!({ "type": "string" })
}

/// A text, where there is one.
pub(crate) fn may_say() -> Json {
    json!({ "type": ["string", "null"] })
}

/// An object of these members, of which the first so many are always there.
pub(crate) fn object(needed: usize, members: &[(&str, Json)]) -> Json {
    let required: Vec<&str> = members.iter().take(needed).map(|(name, _)| *name).collect();
    let members: serde_json::Map<String, Json> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": members, "additionalProperties": false })
}
