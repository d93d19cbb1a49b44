//! Instances that a schema accepts, made from the schema alone (EVT-096).

use fastrand::Rng;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::{definitions, payload_schema};
use crate::topic;

/// Definitions inside definitions; the schema itself is no deeper than half of it.
const DEEPEST: usize = 24;

/// What kind of instance is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Wanted {
    /// Members that must be there, and no others.
    pub(crate) required_only: bool,
    /// Of the other members each with an even chance; without it all of them.
    pub(crate) random_optionals: bool,
    /// Members in the order of their names; without it, those that must be there come first.
    pub(crate) sort_properties: bool,
}

/// An instance of what is published to a topic, or of a definition; none where neither has this name.
pub(crate) fn mock(name: &str, wanted: Wanted, seed: u64) -> Option<Made> {
    let full =
        if name.contains('#') && !name.contains('/') { format!("realestate/{name}") } else { name.into() };
    let schema = match topic::find(&full) {
        Some((_, topic)) => payload_schema(topic),
        None => definitions().get(name)?.clone(),
    };
    let mut maker = Maker { rng: Rng::with_seed(seed), wanted };
    Some(maker.make(&flat(&schema, 0), 0))
}

/// An instance whose members keep their order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Made {
    Leaf(Value),
    Object(Vec<(String, Made)>),
    List(Vec<Made>),
}

impl Serialize for Made {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(value) => value.serialize(to),
            Self::List(items) => items.serialize(to),
            Self::Object(members) => {
                let mut map = to.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, made)| map.serialize_entry(name, made))?;
                map.end()
            }
        }
    }
}

/// A schema with what it refers to and what it is made of put into one object.
fn flat(schema: &Value, depth: usize) -> Map<String, Value> {
    let mut all = schema.as_object().cloned().unwrap_or_default();
    if depth > DEEPEST {
        return all;
    }
    let reference =
        all.remove("$ref").and_then(|to| definitions().get(to.as_str()?.strip_prefix("#/$defs/")?).cloned());
    let parts = match all.remove("allOf") {
        Some(Value::Array(parts)) => parts,
        _ => Vec::new(),
    };
    for part in reference.iter().chain(&parts) {
        for (keyword, said) in flat(part, depth + 1) {
            merge(&mut all, keyword, said);
        }
    }
    all
}

/// What stands nearer counts; members and the names of those that must be there are joined.
fn merge(all: &mut Map<String, Value>, keyword: String, said: Value) {
    match (all.get_mut(&keyword), said) {
        (Some(Value::Object(own)), Value::Object(more)) if keyword == "properties" => {
            for (name, schema) in more {
                match own.get_mut(&name) {
                    // The same member said twice must be both.
                    Some(before) => *before = json!({ "allOf": [before.clone(), schema] }),
                    None => drop(own.insert(name, schema)),
                }
            }
        }
        (Some(Value::Array(own)), Value::Array(more)) if keyword == "required" => {
            own.extend(more.into_iter().filter(|name| !own.contains(name)).collect::<Vec<_>>());
        }
        (Some(_), _) => {}
        (None, said) => drop(all.insert(keyword, said)),
    }
}

struct Maker {
    rng: Rng,
    wanted: Wanted,
}

impl Maker {
    fn make(&mut self, schema: &Map<String, Value>, depth: usize) -> Made {
        if let Some(only) = schema.get("const") {
            return Made::Leaf(only.clone());
        }
        for choices in ["enum", "examples"] {
            // What is said of a thing in general may be too wide for what is asked of it here.
            let is_object = schema.get("type").is_some_and(|kind| kind == "object");
            let fits = |value: &&Value| !is_object || value.is_object();
            if let Some(Value::Array(values)) = schema.get(choices)
                && let Some(chosen) = self.rng.choice(values.iter().filter(fits).collect::<Vec<_>>())
            {
                return Made::Leaf(chosen.clone());
            }
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
            other => other.and_then(Value::as_str),
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") => self.list(schema, depth),
            Some("boolean") => Made::Leaf(self.rng.bool().into()),
            Some("integer") => Made::Leaf(schema.get("minimum").cloned().unwrap_or_else(|| json!(1))),
            Some("number") => Made::Leaf(schema.get("minimum").cloned().unwrap_or_else(|| json!(1.5))),
            Some(_) => Made::Leaf(json!("text")),
            // A choice by the instance's kind: the second part stands for whatever is no list and no text.
            None => match schema.get("else") {
                Some(otherwise) => self.make(&flat(otherwise, depth), depth + 1),
                None => Made::Object(Vec::new()),
            },
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Made {
        let empty = Map::new();
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut names: Vec<&str> = required.clone();
        if !self.wanted.required_only {
            for name in known.keys().filter(|name| !required.contains(&name.as_str())) {
                if !self.wanted.random_optionals || self.rng.bool() {
                    names.push(name);
                }
            }
        }
        let mut members: Vec<(String, Made)> = names
            .into_iter()
            .map(|name| {
                let member = known.get(name).map(|schema| flat(schema, depth)).unwrap_or_default();
                (name.to_owned(), self.make(&member, depth + 1))
            })
            .collect();
        self.meet_condition(schema, &mut members, depth);
        if self.wanted.sort_properties {
            members.sort_by(|a, b| a.0.cmp(&b.0));
        }
        Made::Object(members)
    }

    /// What the condition asks for is always good, whether the condition is met or not.
    fn meet_condition(
        &mut self,
        schema: &Map<String, Value>,
        members: &mut Vec<(String, Made)>,
        depth: usize,
    ) {
        let (Some(_), Some(then)) = (schema.get("if"), schema.get("then")) else { return };
        let Some(Value::Array(needed)) = then.get("required") else { return };
        for name in needed.iter().filter_map(Value::as_str) {
            let own = schema.get("properties").and_then(|all| all.get(name)).cloned().unwrap_or_default();
            let Some(more) = then.get("properties").and_then(|all| all.get(name)) else { continue };
            let both = flat(&json!({ "allOf": [own, more] }), depth);
            let made = self.make(&both, depth + 1);
            match members.iter_mut().find(|(known, _)| known == name) {
                Some(member) => member.1 = made,
                // Where only what is required is wanted, the condition is not met either.
                None if self.wanted.required_only => {}
                None => members.push((name.to_owned(), made)),
            }
        }
    }

    fn list(&mut self, schema: &Map<String, Value>, depth: usize) -> Made {
        let first = schema.get("prefixItems").and_then(|items| items.get(0)).or_else(|| schema.get("items"));
        Made::List(first.map(|item| self.make(&flat(item, depth), depth + 1)).into_iter().collect())
    }
}
