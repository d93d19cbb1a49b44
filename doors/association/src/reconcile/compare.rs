//! Two lists of contacts, held against each other: pure.

use std::collections::BTreeMap;

use serde::Serialize;

/// Differences that are listed of one resource and side; all are counted.
const MOST_LISTED: usize = 500;

/// A contact as it is compared: its status, and the fields that count, each as text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) status: String,
    pub(crate) fields: Vec<String>,
}

/// Contacts by what they are matched by.
pub(crate) type Entries = BTreeMap<String, Entry>;

/// One difference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Difference {
    /// The association would tell it, and the other side has it not.
    MissingThere { key: String },
    /// The other side has it, and the association would not tell it.
    MissingHere { key: String },
    /// Both have it, with another value in this field.
    Differs { key: String, field: String, here: String, there: String },
}

/// What is found of one resource and side.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Compared {
    pub(crate) here: u64,
    pub(crate) there: u64,
    /// How many of each status there are, here and there.
    pub(crate) by_status: BTreeMap<String, (u64, u64)>,
    pub(crate) missing_there: u64,
    pub(crate) missing_here: u64,
    /// How many contacts differ in each field.
    pub(crate) differing: BTreeMap<String, u64>,
    /// The first of all differences.
    pub(crate) differences: Vec<Difference>,
}

impl Compared {
    /// How many differences there are.
    pub(crate) fn found(&self) -> u64 {
        self.missing_there + self.missing_here + self.differing.values().sum::<u64>()
    }

    fn list(&mut self, difference: Difference) {
        if self.differences.len() < MOST_LISTED {
            self.differences.push(difference);
        }
    }
}

/// Holds what is here against what is there; `names` are the fields' names, in the order of the entries' values.
pub(crate) fn compare(here: &Entries, there: &Entries, names: &[String]) -> Compared {
    let mut found = Compared { here: here.len() as u64, there: there.len() as u64, ..Compared::default() };
    for (entries, place) in [(here, 0), (there, 1)] {
        for entry in entries.values() {
            let counts = found.by_status.entry(entry.status.clone()).or_default();
            if place == 0 { counts.0 += 1 } else { counts.1 += 1 }
        }
    }
    for (key, ours) in here {
        let Some(theirs) = there.get(key) else {
            found.missing_there += 1;
            found.list(Difference::MissingThere { key: key.clone() });
            continue;
        };
        for ((name, here), there) in names.iter().zip(&ours.fields).zip(&theirs.fields) {
            if here != there {
                *found.differing.entry(name.clone()).or_default() += 1;
                let (field, here, there) = (name.clone(), here.clone(), there.clone());
                found.list(Difference::Differs { key: key.clone(), field, here, there });
            }
        }
    }
    for key in there.keys().filter(|key| !here.contains_key(*key)) {
        found.missing_here += 1;
        found.list(Difference::MissingHere { key: key.clone() });
    }
    found
}
