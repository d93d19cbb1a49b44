//! The words of lookups, in whatever spelling they come.

use std::collections::HashMap;

use dictionary::{Lookup, Text};

use super::columns::bare;

/// The values of one lookup by their bare spelling: `activeundercontract` is `Active Under Contract`.
#[derive(Clone, Debug)]
pub(crate) struct Spellings {
    exact: HashMap<Text, ()>,
    bare: HashMap<String, Text>,
}

impl Spellings {
    /// Of a lookup that lists its values.
    pub(super) fn of(lookup: &Lookup) -> Option<Self> {
        if lookup.values.is_empty() {
            return None;
        }
        let mut exact = HashMap::new();
        let mut spelled = HashMap::new();
        for value in &lookup.values {
            exact.insert(value.value.clone(), ());
            for spelling in [&value.value, &value.legacy] {
                let spelling = bare(spelling);
                if !spelling.is_empty() {
                    spelled.entry(spelling).or_insert_with(|| value.value.clone());
                }
            }
        }
        Some(Self { exact, bare: spelled })
    }

    /// The lookup's own spelling of `word`; none where it has no such word, or spells it just so.
    pub(crate) fn find(&self, word: &str) -> Option<&Text> {
        if self.exact.contains_key(word) {
            return None;
        }
        self.bare.get(&bare(word))
    }
}
