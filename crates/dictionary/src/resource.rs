//! Resources and the links between them.

use hashbrown::HashMap;

use crate::{Field, FieldId, LinkId, Origin, Record, ResourceId, Text, Value};

/// How a link finds its records: the target's field equals the source's, and what `constant` says.
#[derive(Clone, PartialEq, Debug)]
pub struct Join {
    /// The field on this side.
    pub source: FieldId,
    /// The field on the target's side.
    pub target: FieldId,
    /// A further field of the target and the text that it must hold (`ResourceName` = `Property`).
    pub constant: Option<(FieldId, Text)>,
}

/// A navigation property: from a record of one resource to those of another.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The name, as in `$expand`.
    pub name: Text,
    /// The resource it leads to.
    pub target: ResourceId,
    /// Whether it leads to a list.
    pub many: bool,
    /// How the target records are found.
    pub join: Join,
    /// The dictionary version that brought it.
    pub since: Text,
}

/// A resource: a name, fields and links.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its number.
    pub id: ResourceId,
    /// The name, as in the URL and `$metadata`.
    pub name: Text,
    /// Who declared it.
    pub origin: Origin,
    /// Its fields, by [`FieldId`], in the order of their names.
    pub fields: Vec<Field>,
    /// Its links, by [`LinkId`], in the order of their names.
    pub links: Vec<Link>,
    /// The fields that make the key, never empty; nearly always one.
    pub key: Box<[FieldId]>,
    /// The field that says when a record last changed (`ModificationTimestamp`), where there is one.
    pub timestamp: Option<FieldId>,
    pub(crate) fields_by_name: HashMap<Text, FieldId>,
    pub(crate) links_by_name: HashMap<Text, LinkId>,
}

impl Resource {
    /// The field of this number. A number of another resource may panic or give another field.
    #[must_use]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// The field of this name, to the letter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FieldId> {
        self.fields_by_name.get(name).copied()
    }

    /// The link of this number.
    #[must_use]
    pub fn link(&self, id: LinkId) -> &Link {
        &self.links[id.index()]
    }

    /// The link of this name, to the letter.
    #[must_use]
    pub fn find_link(&self, name: &str) -> Option<LinkId> {
        self.links_by_name.get(name).copied()
    }

    /// Every field with its number.
    pub fn each(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields.iter().enumerate().map(|(at, field)| (FieldId(index(at)), field))
    }

    /// Every link with its number.
    pub fn each_link(&self) -> impl Iterator<Item = (LinkId, &Link)> {
        self.links.iter().enumerate().map(|(at, link)| (LinkId(index(at)), link))
    }

    /// The field whose name is nearest to `name`, or which knows it as a synonym: for hints.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&Field> {
        let lower = name.to_lowercase();
        self.fields
            .iter()
            .find(|f| {
                f.name.eq_ignore_ascii_case(name) || f.synonyms.iter().any(|s| s.eq_ignore_ascii_case(name))
            })
            .or_else(|| crate::words::nearest(&lower, self.fields.iter(), |f| f.name.as_str()))
    }

    /// The key of `record`, or none where a part of it is missing.
    #[must_use]
    pub fn key_of(&self, record: &Record) -> Option<Text> {
        let part = |id: &FieldId| match record.get(*id)? {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(number) => Some(Text::from(number.to_string())),
            _ => None,
        };
        match &*self.key {
            [one] => part(one),
            several => {
                let parts = several.iter().map(part).collect::<Option<Vec<_>>>()?;
                Some(Text::from(parts.join("|")))
            }
        }
    }

    /// When `record` says that it last changed.
    #[must_use]
    pub fn timestamp_of(&self, record: &Record) -> Option<jiff::Timestamp> {
        record.get(self.timestamp?)?.as_timestamp()
    }
}

/// A list's position as an id's number; the tables are refused before a list grows past it.
pub(crate) fn index(at: usize) -> u16 {
    u16::try_from(at).expect("the tables bound every list at 65,535")
}
