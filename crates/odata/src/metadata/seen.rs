//! The part of the dictionary that one caller sees: what both forms of the metadata are written from.

use std::collections::BTreeMap;

use dictionary::{Dictionary, Field, Link, Lookup, LookupId, Origin, Resource, Type};
use query::Sight;

use super::{ENUMS, EnumMode, NAMESPACE, Options};

pub(super) struct Seen<'d> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) resources: Vec<SeenResource<'d>>,
    /// The lookups that are declared as enumerations, and whether each is one of flags.
    pub(super) enums: BTreeMap<&'d str, (&'d Lookup, bool)>,
}

pub(super) struct SeenResource<'d> {
    pub(super) resource: &'d Resource,
    pub(super) fields: Vec<SeenField<'d>>,
    pub(super) links: Vec<&'d Link>,
    /// Whether `$apply` is answered of it.
    pub(super) applies: bool,
}

pub(super) struct SeenField<'d> {
    pub(super) field: &'d Field,
    /// The type in full, `Collection(…)` around it where it is a list.
    pub(super) ty: String,
    /// Whether `ty` is an enumeration, which has no facets.
    pub(super) enumerated: bool,
    /// The name to annotate.
    pub(super) lookup: Option<&'d str>,
}

impl<'d> Seen<'d> {
    pub(super) fn of(dictionary: &'d Dictionary, sight: &Sight, options: &Options<'_>) -> Self {
        let offered = |resource: &Resource| {
            (options.freehold || resource.origin != Origin::Freehold)
                && sight.sees_resource(resource.id)
                && (options.serves)(resource.id)
        };
        let mut enums = BTreeMap::new();
        let mut resources = Vec::new();
        for resource in dictionary.resources().iter().filter(|r| offered(r)) {
            let mut fields = Vec::new();
            for (id, field) in resource.each() {
                // An entity type without its key would not be one.
                if field.key || sight.sees(resource.id, id) {
                    fields.push(seen_field(dictionary, field, options.enums, &mut enums));
                }
            }
            let links = resource.links.iter().filter(|l| offered(dictionary.resource(l.target))).collect();
            let applies = (options.applies)(resource.id);
            resources.push(SeenResource { resource, fields, links, applies });
        }
        Self { dictionary, resources, enums }
    }
}

fn seen_field<'d>(
    dictionary: &'d Dictionary,
    field: &'d Field,
    mode: EnumMode,
    enums: &mut BTreeMap<&'d str, (&'d Lookup, bool)>,
) -> SeenField<'d> {
    let lookup = field.lookup.map(|id| dictionary.lookup(id));
    match (lookup, form(dictionary, mode, field.lookup, field.ty)) {
        (Some(lookup), Form::Member | Form::Members) => {
            let name = format!("{ENUMS}.{}", lookup.name);
            enums.entry(&lookup.name).or_insert((lookup, false));
            let ty = if field.ty.is_list() { format!("Collection({name})") } else { name };
            SeenField { field, ty, enumerated: true, lookup: None }
        }
        (Some(lookup), Form::Flags) => {
            enums.insert(&lookup.name, (lookup, true));
            SeenField { field, ty: format!("{ENUMS}.{}", lookup.name), enumerated: true, lookup: None }
        }
        (lookup, _) => {
            let lookup = lookup.map(|l| l.name.as_str());
            SeenField { field, ty: field.ty.edm().to_owned(), enumerated: false, lookup }
        }
    }
}

/// How a field with a lookup is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// As text.
    Text,
    /// One member.
    Member,
    /// A list of members.
    Members,
    /// Members with commas between them.
    Flags,
}

/// Bits of an `Edm.Int64` without its sign: the largest enumeration of flags.
const MOST_FLAGS: usize = 63;

/// A lookup without declared values cannot be an enumeration, and an extended one shows its additions as
/// members that the metadata does not declare.
pub(super) fn form(dictionary: &Dictionary, mode: EnumMode, lookup: Option<LookupId>, ty: Type) -> Form {
    let Some(lookup) = lookup.map(|id| dictionary.lookup(id)).filter(|l| !l.values.is_empty()) else {
        return Form::Text;
    };
    match (mode, ty) {
        (EnumMode::Strings, _) => Form::Text,
        (_, Type::Text { .. }) => Form::Member,
        (EnumMode::EnumFlags, Type::TextList { .. }) if lookup.values.len() <= MOST_FLAGS => Form::Flags,
        (_, Type::TextList { .. }) => Form::Members,
        _ => Form::Text,
    }
}

impl SeenResource<'_> {
    /// The fields of a link that a referential constraint may name: a link to one record by its whole
    /// key, where both are seen and of one type (CSDL 4.01, 8.5).
    pub(super) fn constraint<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        link: &Link,
    ) -> Option<(&'a str, &'a str)> {
        if link.many || link.join.constant.is_some() {
            return None;
        }
        let target = dictionary.resource(link.target);
        let (from, to) = (self.resource.field(link.join.source), target.field(link.join.target));
        let whole_key = *target.key == [link.join.target];
        let seen = self.fields.iter().any(|f| f.field.name == from.name);
        (whole_key && seen && from.ty.edm() == to.ty.edm()).then_some((&*from.name, &*to.name))
    }
}

/// The name of an entity type in full.
pub(super) fn entity_type(resource: &Resource) -> String {
    format!("{NAMESPACE}.{}", resource.name)
}

/// The facets of a type: its attributes beside the name.
pub(super) fn facets(ty: Type) -> Vec<(&'static str, Facet)> {
    let number = |name, value: Option<u32>| value.map(|value| (name, Facet::Number(value)));
    match ty {
        Type::Text { max_chars } | Type::TextList { max_chars } => {
            number("MaxLength", max_chars).into_iter().collect()
        }
        Type::Decimal { precision, scale } => {
            // Left away, a scale would be 0: no digits after the point.
            let scale = number("Scale", scale.map(u32::from)).unwrap_or(("Scale", Facet::Variable));
            number("Precision", precision.map(u32::from)).into_iter().chain([scale]).collect()
        }
        // Left away, the precision would be whole seconds.
        Type::Timestamp | Type::Time => vec![("Precision", Facet::Number(6))],
        _ => Vec::new(),
    }
}

/// The value of a facet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Facet {
    Number(u32),
    Variable,
}

impl std::fmt::Display for Facet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Variable => f.write_str("variable"),
        }
    }
}

/// The number of the member at this place: a bit each where they are flags.
pub(super) fn member_value(at: usize, flags: bool) -> u64 {
    if flags { 1 << at.min(MOST_FLAGS - 1) } else { at as u64 }
}
