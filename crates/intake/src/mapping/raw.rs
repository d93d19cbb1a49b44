//! The mapping file as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::FileSettings;
use crate::value::ParseSettings;

#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMapping {
    pub(crate) name: String,
    pub(crate) feed: String,
    #[serde(default)]
    pub(crate) unknown_columns: Unknown,
    #[serde(default)]
    pub(crate) ignore_columns: Vec<String>,
    #[serde(default)]
    pub(crate) file: FileSettings,
    #[serde(default)]
    pub(crate) parse: ParseSettings,
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) record: Vec<RawRecord>,
}

/// What becomes of columns that the mapping does not name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unknown {
    /// The file is refused.
    #[default]
    Refuse,
    /// They are not read.
    Ignore,
    /// They become local fields of the first record's resource, which the dictionary must declare.
    Keep,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRecord {
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) key: Option<String>,
    #[serde(default)]
    pub(crate) write: Option<Write>,
    #[serde(default)]
    pub(crate) duplicates: Option<Duplicates>,
    #[serde(default)]
    pub(crate) keep_if: Vec<RawCondition>,
    #[serde(default)]
    pub(crate) drop_if: Vec<RawCondition>,
    #[serde(default)]
    pub(crate) fields: toml::Table,
}

/// What becomes of the fields that a kept record has and the mapping does not name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Write {
    /// They stay as they are.
    #[default]
    Merge,
    /// They go: the record becomes what the row says and nothing else.
    Replace,
}

/// Which of several records with one key counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Duplicates {
    /// The first; the others are refused.
    Refuse,
    /// The first; the others are left out without a word.
    First,
    /// The last; those before it are left out.
    Last,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCondition {
    pub(crate) column: String,
    pub(crate) is: Option<Words>,
    pub(crate) is_not: Option<Words>,
    pub(crate) empty: Option<bool>,
    #[serde(default)]
    pub(crate) ignore_case: bool,
}

/// One word or several.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    pub(crate) fn list(&self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word.clone()],
            Self::Several(words) => words.clone(),
        }
    }
}

/// A field's source, where it is more than the name of a column.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RawField {
    pub(crate) column: Option<String>,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) join: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) constant: Option<toml::Value>,
    pub(crate) map: Option<toml::Table>,
    pub(crate) ignore_case: bool,
    pub(crate) on_fault: OnFault,
    pub(crate) trim: Option<bool>,
    pub(crate) null_words: Option<Vec<String>>,
    pub(crate) date_formats: Option<Vec<String>>,
    pub(crate) decimal: Option<char>,
    pub(crate) thousands: Option<String>,
    pub(crate) round: Option<bool>,
    pub(crate) yes: Option<Vec<String>>,
    pub(crate) no: Option<Vec<String>>,
    pub(crate) list_separator: Option<String>,
    pub(crate) time_zone: Option<String>,
}

impl RawField {
    /// The settings of this field alone.
    pub(crate) fn parse(&self) -> ParseSettings {
        let RawField { trim, round, decimal, .. } = *self;
        ParseSettings {
            trim,
            round,
            decimal,
            null_words: self.null_words.clone(),
            date_formats: self.date_formats.clone(),
            thousands: self.thousands.clone(),
            yes: self.yes.clone(),
            no: self.no.clone(),
            list_separator: self.list_separator.clone(),
            time_zone: self.time_zone.clone(),
        }
    }
}

/// What becomes of a record one of whose fields cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub(crate) enum OnFault {
    /// It is refused.
    #[default]
    #[serde(rename = "refuse")]
    Refuse,
    /// It goes in without this field; the report says so.
    #[serde(rename = "leave out")]
    LeaveOut,
}
