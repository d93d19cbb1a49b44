//! A request's parameters, read by the table; everything that is wrong is told together (PAR-117).

mod given;
mod table;
mod value;
pub(crate) mod wkt;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dictionary::{Decimal, Text, Timestamp};
use press::Form;
use serde_json::{Map, Value as Json};

pub(crate) use given::Given;
pub(crate) use table::{Means, Member, Parameter};
pub(crate) use value::{ReadAs, Value};

use crate::Located;
use crate::endpoint::Endpoint;

/// The parameters of one request, with what is wrong about them.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Asked {
    pub(crate) endpoint: Endpoint,
    values: Vec<(&'static str, Value)>,
    /// Parameters that count as though they were not set.
    forgotten: Vec<&'static str>,
    /// What was sent where it is wrong, to be shown again.
    sent: Vec<(&'static str, Json)>,
    /// Where the address that is asked about lies, once somebody has looked.
    pub(crate) located: Option<Located>,
    /// The form in which the client wants the answer.
    pub(crate) form: Form,
    /// By parameter, in the order of the table; empty where the request can be answered.
    pub(crate) errors: Vec<(&'static str, String)>,
}

impl Asked {
    /// Reads every parameter of the endpoint. What the endpoint does not know is ignored (PAR-118).
    pub(crate) fn read(endpoint: Endpoint, given: &Given) -> Self {
        let mut asked = Self {
            endpoint,
            values: Vec::new(),
            forgotten: Vec::new(),
            sent: Vec::new(),
            located: None,
            form: Form::Plain,
            errors: Vec::new(),
        };
        for parameter in endpoint.parameters() {
            let sent = given.get(parameter.name);
            match parameter.read.read(parameter.name, sent) {
                Ok(Some(value)) => asked.values.push((parameter.name, value)),
                Ok(None) if parameter.required => {
                    asked.refuse(parameter.name, format!("The {} field is required.", parameter.name));
                }
                Ok(None) => {}
                Err(wrong) => {
                    asked.sent.push((parameter.name, value::again(sent)));
                    asked.refuse(parameter.name, wrong);
                }
            }
        }
        asked
    }

    /// Notes that a parameter is wrong; the first that is said of it counts.
    pub(crate) fn refuse(&mut self, name: &'static str, wrong: impl Into<String>) {
        if self.errors.iter().all(|(known, _)| *known != name) {
            self.errors.push((name, wrong.into()));
        }
    }

    /// Goes on as though a parameter were not set. A refusal still repeats it.
    pub(crate) fn forget(&mut self, name: &'static str) {
        self.forgotten.push(name);
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.given(name).filter(|_| !self.forgotten.contains(&name))
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&Text> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, name: &str) -> &[Text] {
        match self.value(name) {
            Some(Value::Texts(list)) => list,
            _ => &[],
        }
    }

    pub(crate) fn whole(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Whole(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<Decimal> {
        match self.value(name)? {
            Value::Number(number) => Some(*number),
            Value::Whole(number) => Some(Decimal::from(*number)),
            _ => None,
        }
    }

    pub(crate) fn moment(&self, name: &str) -> Option<Timestamp> {
        match self.value(name)? {
            Value::Moment(at) => Some(*at),
            _ => None,
        }
    }

    /// Whether a parameter that is true or nothing is true.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.value(name) == Some(&Value::Truth(true))
    }

    /// The same with one parameter set to this.
    pub(crate) fn with(&self, name: &'static str, value: Value) -> Self {
        let mut other = self.clone();
        other.values.retain(|(known, _)| *known != name);
        other.forgotten.retain(|known| *known != name);
        other.values.push((name, value));
        other
    }

    /// A number for the question that is asked, whichever page of it and in whatever order of pages: two
    /// requests of one client that only differ in the parameters left out have the same.
    pub(crate) fn question(&self, client: &str, left_out: &[&str]) -> u64 {
        let mut hasher = DefaultHasher::new();
        (client, self.endpoint).hash(&mut hasher);
        let counts = |name: &str| !left_out.contains(&name) && !self.forgotten.contains(&name);
        let mut values: Vec<_> = self.values.iter().filter(|(name, _)| counts(name)).collect();
        values.sort_unstable_by_key(|(name, _)| *name);
        for (name, value) in values {
            name.hash(&mut hasher);
            value.hash_into(&mut hasher);
        }
        hasher.finish()
    }

    /// The page that is asked for, from 1.
    pub(crate) fn page(&self) -> u64 {
        self.whole("Page").map_or(1, i64::unsigned_abs)
    }

    /// Records a page; 0 or nothing is the default.
    pub(crate) fn page_size(&self, default: u32) -> u32 {
        self.whole("PageSize")
            .and_then(|size| u32::try_from(size).ok())
            .filter(|size| *size > 0)
            .unwrap_or(default)
    }

    /// Every parameter as it was understood, what is wrong as it was sent, for the refusal (PAR-206).
    pub(crate) fn echo(&self) -> Json {
        let echoed = |parameter: &Parameter| {
            let name = parameter.name;
            let sent = || self.sent.iter().find(|(known, _)| *known == name).map(|(_, sent)| sent.clone());
            let value = self.given(name).map(Value::echo).or_else(sent);
            (name.to_owned(), value.unwrap_or_else(|| self.unset(name)))
        };
        Json::Object(self.endpoint.parameters().map(echoed).collect::<Map<_, _>>())
    }

    /// What a parameter is where it is not set: the document's samples show three with their defaults.
    fn unset(&self, name: &str) -> Json {
        match (self.endpoint, name) {
            (_, "Page") => 1.into(),
            (Endpoint::SyncListings, "Status") => 0.into(),
            (Endpoint::SyncListings, "PageSize") => 200.into(),
            _ => Json::Null,
        }
    }
}

#[cfg(test)]
mod tests;
