//! Lookups: named lists of values.

use hashbrown::HashMap;

use crate::Text;

/// One value of a lookup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LookupValue {
    /// The text that is sent, such as `Active Under Contract`.
    pub value: Text,
    /// The name in the older enumeration types, such as `ActiveUnderContract`; empty where none is declared.
    pub legacy: Text,
    /// The dictionary version that brought it.
    pub since: Text,
}

/// A named list of values, such as StandardStatus.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The name, as in the `LookupName` annotation.
    pub name: Text,
    /// Its values in the order of the table.
    pub values: Vec<LookupValue>,
    pub(crate) by_value: HashMap<Text, usize>,
}

impl Lookup {
    /// The entry whose `value` is `text`, to the letter.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&LookupValue> {
        self.by_value.get(text).map(|at| &self.values[*at])
    }

    /// The entry nearest to `text`: equal but for case, spaces and punctuation, or equal to the legacy name.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<&LookupValue> {
        let bare = |s: &str| -> String {
            s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let wanted = bare(text);
        self.values.iter().find(|v| bare(&v.value) == wanted || bare(&v.legacy) == wanted)
    }
}
