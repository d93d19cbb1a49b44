//! Which listings are of one home, and how long that was on the market in all (SRCH-009).

mod home;
mod market;
mod spans;

use dictionary::{Dictionary, FieldId};

pub(crate) use home::{Home, HomeFields};
pub(crate) use market::MarketFields;
pub(crate) use spans::{Span, cumulative};

/// The fields by which listings are related.
pub(crate) struct Related {
    pub(crate) home: HomeFields,
    pub(crate) market: MarketFields,
}

impl Related {
    /// Binds to `dictionary`, whose built-in tables have every field that is named here.
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        Self { home: HomeFields::bind(dictionary), market: MarketFields::bind(dictionary) }
    }
}

fn field(dictionary: &Dictionary, name: &str) -> FieldId {
    let found = dictionary.known("Property").find(name);
    found.unwrap_or_else(|| panic!("the dictionary has no Property.{name}"))
}

#[cfg(test)]
mod tests;
