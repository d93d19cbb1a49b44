//! What of a record is written.

use std::sync::Arc;

use dictionary::{FieldId, Resource};
use query::{Selection, Sight};

use crate::metadata::EnumNames;

/// How much OData says about a record beside its fields (`odata.metadata=`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Metadata {
    /// Nothing.
    None,
    /// What a client cannot work out: the ETag.
    #[default]
    Minimal,
    /// All: type, address, edit address, ETag, the types of fields and the addresses of links.
    Full,
}

/// How numbers that a double may not hold are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Numbers {
    /// As JSON numbers.
    #[default]
    Plain,
    /// `Edm.Int64` and `Edm.Decimal` as strings (`IEEE754Compatible=true`).
    Strings,
}

/// What of a record of one resource is written, prepared once for all records of an answer.
#[derive(Clone, Debug)]
pub struct Shape {
    /// How much is said beside the fields.
    pub metadata: Metadata,
    /// The service root without a slash at its end, for addresses.
    pub root: String,
    /// Whether `@odata.id` is written though `metadata` does not ask for it.
    pub id: bool,
    /// Whether `@odata.editLink` is.
    pub edit_link: bool,
    /// How large numbers are written.
    pub numbers: Numbers,
    /// The names of lookup values, where the metadata declares them as enumerations (RESO-025).
    pub enums: Option<Arc<EnumNames>>,
    pub(crate) fields: Chosen,
}

/// The fields to write.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    /// Every one that has a value.
    Every,
    /// These, in ascending order, with `,"Name":null` for those that are to be shown without a value.
    These(Vec<(FieldId, Box<[u8]>)>),
}

impl Shape {
    /// The fields that are written where they have a value; none for every one.
    #[must_use]
    pub fn fields(&self) -> Option<Vec<FieldId>> {
        match &self.fields {
            Chosen::Every => None,
            Chosen::These(fields) => Some(fields.iter().map(|(field, _)| *field).collect()),
        }
    }

    /// The fields of `selection` that `sight` sees. A selected field without a value is written as null,
    /// unless `omit_nulls` (`Prefer: omit-values=nulls`); of `Selection::All` only fields with a value are
    /// written, as a record of the dictionary has many hundreds.
    #[must_use]
    pub fn new(resource: &Resource, selection: &Selection, sight: &Sight, omit_nulls: bool) -> Self {
        let sees = |id: FieldId| sight.sees(resource.id, id);
        let fields = match selection {
            Selection::All if resource.each().all(|(id, _)| sees(id)) => Chosen::Every,
            Selection::All => Chosen::These(
                resource.each().filter(|(id, _)| sees(*id)).map(|(id, _)| (id, Box::default())).collect(),
            ),
            Selection::Fields(fields) => {
                let mut fields: Vec<FieldId> = fields
                    .iter()
                    .copied()
                    .filter(|id| id.index() < resource.fields.len() && sees(*id))
                    .collect();
                fields.sort_unstable();
                fields.dedup();
                let null = |id: FieldId| match omit_nulls {
                    true => Box::default(),
                    false => format!(",\"{}\":null", resource.field(id).name).into_bytes().into(),
                };
                Chosen::These(fields.into_iter().map(|id| (id, null(id))).collect())
            }
        };
        Self {
            metadata: Metadata::Minimal,
            root: String::new(),
            id: false,
            edit_link: false,
            numbers: Numbers::Plain,
            enums: None,
            fields,
        }
    }

    /// Every field that has a value, for whoever may see all.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            metadata: Metadata::None,
            root: String::new(),
            id: false,
            edit_link: false,
            numbers: Numbers::Plain,
            enums: None,
            fields: Chosen::Every,
        }
    }

    /// This shape with nulls for every field of `All` that may be seen and has no value.
    #[must_use]
    pub fn with_every_null(mut self, resource: &Resource) -> Self {
        let null = |id: FieldId| -> Box<[u8]> {
            format!(",\"{}\":null", resource.field(id).name).into_bytes().into()
        };
        self.fields = Chosen::These(match self.fields {
            Chosen::Every => resource.each().map(|(id, _)| (id, null(id))).collect(),
            Chosen::These(fields) => fields.into_iter().map(|(id, _)| (id, null(id))).collect(),
        });
        self
    }
}
