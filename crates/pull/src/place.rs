//! How far a source is pulled: one cursor of the store for each resource, which moves with the records that it
//! covers (RESO-082).

use std::collections::{BTreeMap, BTreeSet};

use dictionary::{Text, Timestamp};
use intake::IntakeError;
use serde::{Deserialize, Serialize};
use store::Store;

/// How far a resource is pulled.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    /// Whether everything has been here once.
    pub(crate) loaded: bool,
    /// The first load, while it is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<Stand>,
    /// By the timestamp that is walked.
    pub(crate) by: BTreeMap<String, Stand>,
    /// When all keys were last held against what is kept, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) swept: Option<i64>,
    /// Fields of the source that are kept beside its records.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) aside: BTreeSet<String>,
}

/// How far one walk is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stand {
    /// The timestamp up to which everything is here, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    /// The key of the last record, of those with that timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    /// The link to the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    /// The timestamp from which on the next walk asks, where this one is not ordered by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<i64>,
    /// Records that are behind it, where they are counted.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) skip: u64,
    /// Whether it has not come to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Stand {
    /// A walk that begins at a timestamp.
    pub(crate) fn at(at: Option<i64>) -> Self {
        Self { at, ..Self::default() }
    }
}

/// Fields that are remembered as kept aside; more are kept all the same.
const MOST_ASIDE: usize = 1_000;

impl Place {
    /// The cursor of a source's resource.
    pub(crate) fn name(source: &str, resource: &str) -> Text {
        Text::from(format!("pull/{source}/{resource}"))
    }

    pub(crate) async fn load(store: &Store, source: &str, resource: &str) -> Result<Self, IntakeError> {
        let text = store.cursor(&Self::name(source, resource)).await.map_err(|e| IntakeError::store(&e))?;
        // A place that a version to come wrote is no place: everything is walked once more, and found unchanged.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).expect("a place is texts and numbers")
    }

    /// Remembers that a field is kept aside.
    pub(crate) fn keeps_aside(&mut self, field: &str) {
        if self.aside.len() < MOST_ASIDE && !self.aside.contains(field) {
            self.aside.insert(field.chars().take(40).collect());
        }
    }
}

/// An instant of a cursor.
pub(crate) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let mut place = Place { loaded: true, swept: Some(5), ..Place::default() };
        place.by.insert(
            "ModificationTimestamp".into(),
            Stand { key: Some("a'b".into()), open: true, ..Stand::at(Some(7)) },
        );
        place.first =
            Some(Stand { link: Some("https://x/?a".into()), mark: Some(-1), skip: 9, ..Stand::default() });
        place.keeps_aside("NWM_View");
        assert_eq!(serde_json::from_str::<Place>(&place.write()).unwrap(), place);
        assert_eq!(serde_json::from_str::<Place>("{}").unwrap(), Place::default());
        for number in 0..2_000 {
            place.keeps_aside(&format!("Field{number}"));
        }
        assert!(place.write().len() < 60_000, "a cursor of the store holds it");
    }
}
