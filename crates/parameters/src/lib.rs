//! The parameters of a URL: each is known, and none is said twice.
//!
//! For doors whose questions are no OData: what is left once a route has taken what it knows is refused, so that a
//! parameter that is misspelt never passes for one that was left out. It does not know HTTP, or any door.

use std::collections::BTreeMap;

/// Parameters that a request has at most.
pub const MOST: usize = 32;
/// Bytes of one: profile URLs, and places in a listing, are the longest that anybody sends.
pub const LONGEST: usize = 2_048;

/// What is wrong with a parameter: 400 at every door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// `parameter_wrong` or `parameter_unknown`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would help, in a sentence.
    pub hint: &'static str,
}

impl Wrong {
    fn new(message: String, hint: &'static str) -> Self {
        Self { code: "parameter_wrong", message, hint }
    }
}

/// What stands after `?`.
#[derive(Debug)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads them all.
    ///
    /// # Errors
    /// One that is longer than [`LONGEST`], one that stands twice, more than [`MOST`].
    pub fn read(query: Option<&str>) -> Result<Self, Wrong> {
        let mut all = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(MOST + 1) {
            if value.len() > LONGEST {
                let message = format!("The parameter {name} has {} bytes.", value.len());
                return Err(Wrong::new(message, "Send 2,048 at most."));
            }
            if all.len() == MOST || all.insert(name.to_string(), value.into_owned()).is_some() {
                let message = format!("The parameter {name} stands twice, or there are more than {MOST}.");
                return Err(Wrong::new(message, "Send each once."));
            }
        }
        Ok(Self(all))
    }

    /// The value of one, which is known from then on.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Whether it is said: `true`, `1` or nothing after the name; `false` or `0`.
    ///
    /// # Errors
    /// Anything else.
    pub fn flag(&mut self, name: &str) -> Result<bool, Wrong> {
        match self.take(name).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("" | "true" | "1") => Ok(true),
            Some(other) => {
                let message = format!("{name}={other:?} is neither true nor false.");
                Err(Wrong::new(message, "Send true or false."))
            }
        }
    }

    /// Nothing is left that nobody knows.
    ///
    /// # Errors
    /// `parameter_unknown`, with the first by name.
    pub fn done(self) -> Result<(), Wrong> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(Wrong {
                code: "parameter_unknown",
                message: format!("There is no parameter {name}."),
                hint: "Look for its spelling at /docs or /events/docs, or leave it out.",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MOST, Parameters, Wrong};

    fn taken(query: &str) -> Result<(Option<String>, bool), Wrong> {
        let mut given = Parameters::read(Some(query))?;
        let found = (given.take("name"), given.flag("flag")?);
        given.done().map(|()| found)
    }

    #[test]
    fn each_is_known_and_none_is_said_twice() {
        let check = |query: &str, expect: Result<(Option<&str>, bool), &str>| {
            let found = taken(query).map_err(|wrong| wrong.code);
            assert_eq!(found, expect.map(|(name, flag)| (name.map(str::to_owned), flag)), "{query}");
        };
        check("", Ok((None, false)));
        check("name=a%20b+c&flag", Ok((Some("a b c"), true)));
        check("flag=1&name=", Ok((Some(""), true)));
        check("flag=0", Ok((None, false)));
        check("flag=no", Err("parameter_wrong"));
        check("name=a&name=a", Err("parameter_wrong"));
        check("nam=a", Err("parameter_unknown"));
        check(&format!("name={}", "x".repeat(LONGEST + 1)), Err("parameter_wrong"));
        let many: Vec<String> = (0..=MOST).map(|n| format!("p{n}")).collect();
        check(&many.join("&"), Err("parameter_wrong"));
    }
}
