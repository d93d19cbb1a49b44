//! Which fields random records fill and random filters ask about.

use dictionary::{Dictionary, FieldId, Resource, ResourceId, Type};

/// A part of a resource's fields: of some resources there are hundreds, and a random filter on one of
/// hundreds mostly finds null.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Whose fields.
    pub resource: ResourceId,
    /// Which, in ascending order: the key, the timestamp and both ends of links always.
    pub fields: Vec<FieldId>,
}

/// How many fields of one type a [`Shape::of`] has.
const OF_EACH_TYPE: usize = 4;

impl Shape {
    /// The key, the timestamp, the fields that links go by, and a few fields of every type there is.
    #[must_use]
    pub fn of(dictionary: &Dictionary, resource: ResourceId) -> Self {
        let declared = dictionary.resource(resource);
        let mut counts = [0; 12];
        let fields = declared.each().filter(|(id, field)| {
            if is_bound(dictionary, declared, *id) {
                return true;
            }
            let count = &mut counts[type_number(field.ty)];
            *count += 1;
            *count <= OF_EACH_TYPE
        });
        Self { resource, fields: fields.map(|(id, _)| id).collect() }
    }

    /// Every field.
    #[must_use]
    pub fn full(dictionary: &Dictionary, resource: ResourceId) -> Self {
        Self { resource, fields: dictionary.resource(resource).each().map(|(id, _)| id).collect() }
    }
}

/// Whether `id` is of the key, the timestamp, or an end of a link.
fn is_bound(dictionary: &Dictionary, resource: &Resource, id: FieldId) -> bool {
    resource.key.contains(&id)
        || resource.timestamp == Some(id)
        || resource.links.iter().any(|link| link.join.source == id)
        || incoming(dictionary, resource.id).any(|(_, link)| {
            link.join.target == id || link.join.constant.as_ref().is_some_and(|(field, _)| *field == id)
        })
}

/// Every link that leads to `target`, with the resource it leads from.
pub(crate) fn incoming(
    dictionary: &Dictionary,
    target: ResourceId,
) -> impl Iterator<Item = (&Resource, &dictionary::Link)> {
    let links =
        dictionary.resources().iter().flat_map(|from| from.links.iter().map(move |link| (from, link)));
    links.filter(move |(_, link)| link.target == target)
}

fn type_number(ty: Type) -> usize {
    match ty {
        Type::Boolean => 0,
        Type::Int16 => 1,
        Type::Int32 => 2,
        Type::Int64 => 3,
        Type::Decimal { .. } => 4,
        Type::Double => 5,
        Type::Date => 6,
        Type::Timestamp => 7,
        Type::Time => 8,
        Type::Text { .. } => 9,
        Type::TextList { .. } => 10,
        Type::Point => 11,
    }
}
