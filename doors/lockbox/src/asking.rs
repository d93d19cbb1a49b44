//! The parameters of a URL: each is known, and none is said twice.

use std::collections::BTreeMap;

use crate::reply::Refused;

/// Parameters that a request has at most.
const MOST: usize = 32;
/// Bytes of one: places in a listing are the longest that anybody sends.
const LONGEST: usize = 2_048;

/// What stands after `?`.
#[derive(Debug)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(crate) fn read(query: Option<&str>) -> Result<Self, Refused> {
        let mut all = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(MOST + 1) {
            if value.len() > LONGEST {
                let message = format!("The parameter {name} has {} bytes.", value.len());
                return Err(Refused::new(400, "parameter_wrong", message, "Send 2,048 at most."));
            }
            if all.len() == MOST || all.insert(name.to_string(), value.into_owned()).is_some() {
                let message = format!("The parameter {name} stands twice, or there are more than {MOST}.");
                return Err(Refused::new(400, "parameter_wrong", message, "Send each once."));
            }
        }
        Ok(Self(all))
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// `true`, `1` or nothing after the name; `false` or `0`.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Refused> {
        match self.take(name).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("" | "true" | "1") => Ok(true),
            Some(other) => {
                let message = format!("{name}={other:?} is neither true nor false.");
                Err(Refused::new(400, "parameter_wrong", message, "Send true or false."))
            }
        }
    }

    /// Nothing is left that nobody knows.
    pub(crate) fn done(self) -> Result<(), Refused> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(Refused::new(
                400,
                "parameter_unknown",
                format!("There is no parameter {name}."),
                "Look for its spelling at /openapi.json, or leave it out.",
            )),
        }
    }
}
