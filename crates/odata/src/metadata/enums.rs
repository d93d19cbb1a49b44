//! The names of lookup values where they are members of enumerations (RESO-025).

use std::borrow::Cow;
use std::collections::HashMap;

use dictionary::{Dictionary, Field, FieldId, LookupId, LookupValue, ResourceId, Text};

use super::EnumMode;
use super::seen::{Form, form};

/// The name of a value as a member of an enumeration: the dictionary's legacy name, or one made from the
/// value's letters and digits.
#[must_use]
pub fn member_name(value: &LookupValue) -> Cow<'_, str> {
    if value.legacy.is_empty() { Cow::Owned(made(&value.value)) } else { Cow::Borrowed(&value.legacy) }
}

/// An identifier of the letters and digits of `text`.
fn made(text: &str) -> String {
    let bare: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(127).collect();
    match bare.chars().next() {
        Some(first) if !first.is_ascii_digit() => bare,
        _ => format!("_{bare}"),
    }
}

/// Values to member names and back, for one dictionary and mode: what a [`Shape`](crate::json::Shape)
/// needs to write records as that mode's metadata declares them.
#[derive(Clone, Debug)]
pub struct EnumNames {
    /// By resource, by field.
    forms: Vec<Vec<(Form, Option<LookupId>)>>,
    names: HashMap<LookupId, Names>,
}

#[derive(Clone, Debug, Default)]
struct Names {
    by_value: HashMap<Text, Text>,
    by_member: HashMap<Text, Text>,
}

impl EnumNames {
    /// The names of every lookup of `dictionary`. In the mode `Strings` they cover no field.
    #[must_use]
    pub fn of(dictionary: &Dictionary, mode: EnumMode) -> Self {
        let of_field = |field: &Field| (form(dictionary, mode, field.lookup, field.ty), field.lookup);
        let forms: Vec<Vec<_>> =
            dictionary.resources().iter().map(|r| r.fields.iter().map(of_field).collect()).collect();
        let mut names: HashMap<LookupId, Names> = HashMap::new();
        for (_, lookup) in forms.iter().flatten().filter(|(form, _)| *form != Form::Text) {
            let Some(id) = *lookup else { continue };
            names.entry(id).or_insert_with(|| {
                let mut found = Names::default();
                for value in &dictionary.lookup(id).values {
                    let member = Text::new(member_name(value));
                    found.by_value.insert(value.value.clone(), member.clone());
                    found.by_member.entry(member).or_insert_with(|| value.value.clone());
                }
                found
            });
        }
        Self { forms, names }
    }

    pub(crate) fn form(&self, resource: ResourceId, field: FieldId) -> (Form, Option<LookupId>) {
        let found = self.forms.get(resource.index()).and_then(|forms| forms.get(field.index()));
        found.copied().unwrap_or((Form::Text, None))
    }

    /// Whether values of this field are sent as members of an enumeration.
    #[must_use]
    pub fn covers(&self, resource: ResourceId, field: FieldId) -> bool {
        self.form(resource, field).0 != Form::Text
    }

    /// The member that stands for `value`. A value beyond the dictionary's gets a name made from its
    /// letters.
    #[must_use]
    pub fn member(&self, lookup: LookupId, value: &str) -> Text {
        let known = self.names.get(&lookup).and_then(|names| names.by_value.get(value));
        known.cloned().unwrap_or_else(|| Text::new(made(value)))
    }

    /// The value that a member stands for; the value itself is taken for its member too.
    #[must_use]
    pub fn value(&self, lookup: LookupId, member: &str) -> Option<&Text> {
        let names = self.names.get(&lookup)?;
        names.by_member.get(member).or_else(|| names.by_value.get_key_value(member).map(|(value, _)| value))
    }
}
