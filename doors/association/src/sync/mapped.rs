//! Conversion by the mapping that a pull was opened with.

use std::sync::Arc;

use super::judge::Convert;
use crate::{Door, Kind, convert};

impl Door {
    /// Converts by this version of the mapping. What leads to an MLS leaves mapped alone (AMS-034); where another kind
    /// of integration has no mapping, contacts leave as they are.
    pub(crate) fn converting(&self, kind: Kind, mapping: Option<&str>) -> Convert {
        let set = mapping.and_then(|id| self.mapping(id));
        let dictionary = Arc::clone(&self.dictionary);
        Arc::new(move |_, record| match &set {
            Some(set) => convert(&dictionary, record, set)
                .map_err(|held| held.unmapped.iter().map(|word| format!("not_mapped: {word}")).collect()),
            None if kind == Kind::Mls => Err(vec!["no_mapping: no mapping set is in force".to_owned()]),
            None => Ok(record.clone()),
        })
    }
}
