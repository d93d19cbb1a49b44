//! A record written from its fields.

use dictionary::{FieldId, Fields, LookupId, Resource, Type, ValueRef};

use super::shape::{Chosen, Metadata, Numbers, Shape};
use super::{entity_path, next_item, write_string};
use crate::metadata::{EnumNames, Form};
use crate::text;

/// Writes one record: `{"ListPrice":525000, …}`. `sequence` is that of its version and gives the weak
/// ETag; none where it has none.
pub fn write_record(
    out: &mut Vec<u8>,
    fields: &impl Fields,
    resource: &Resource,
    shape: &Shape,
    sequence: Option<u64>,
) {
    open_record(out, fields, resource, shape, sequence);
    close_record(out);
}

/// As [`write_record`], without the closing brace: [`member`] may write linked records after it.
pub fn open_record(
    out: &mut Vec<u8>,
    fields: &impl Fields,
    resource: &Resource,
    shape: &Shape,
    sequence: Option<u64>,
) {
    let start = out.len();
    annotations(out, fields, resource, shape, sequence);
    let one = |out: &mut Vec<u8>, id: FieldId, value: ValueRef<'_>| {
        let field = resource.field(id);
        // The metadata says the type of an enumeration; no other is said in its place.
        let enumerated = shape.enums.as_ref().is_some_and(|names| names.covers(resource.id, id));
        if shape.metadata == Metadata::Full && !enumerated {
            field_type(out, &field.name, field.ty);
        }
        out.extend_from_slice(b",\"");
        out.extend_from_slice(field.name.as_bytes());
        out.extend_from_slice(b"\":");
        write_field(out, value, (resource, id), shape.numbers, shape.enums.as_deref());
    };
    match &shape.fields {
        Chosen::Every => fields.each(&mut |id, value| one(out, id, value)),
        Chosen::These(chosen) => {
            for (id, null) in chosen {
                match fields.look(*id) {
                    Some(value) => one(out, *id, value),
                    None => out.extend_from_slice(null),
                }
            }
        }
    }
    if shape.metadata == Metadata::Full {
        navigation(out, &entity_path(resource, fields), resource, shape);
    }
    brace(out, start);
}

/// Closes a record.
pub fn close_record(out: &mut Vec<u8>) {
    out.push(b'}');
}

/// Begins a further member of an open record: its value is to be written next. `name` is an OData
/// identifier or an annotation of one (`Media`, `Media@odata.count`).
pub fn member(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Every member begins with a comma; the first one's becomes the opening brace.
fn brace(out: &mut Vec<u8>, start: usize) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
}

/// What is said about the record itself, each member with its comma.
fn annotations(
    out: &mut Vec<u8>,
    fields: &impl Fields,
    resource: &Resource,
    shape: &Shape,
    sequence: Option<u64>,
) {
    let full = shape.metadata == Metadata::Full;
    if full {
        out.extend_from_slice(b",\"@odata.type\":\"#");
        out.extend_from_slice(crate::metadata::NAMESPACE.as_bytes());
        out.push(b'.');
        out.extend_from_slice(resource.name.as_bytes());
        out.push(b'"');
    }
    if full || shape.id || shape.edit_link {
        let path = entity_path(resource, fields);
        if full || shape.id {
            address(out, b",\"@odata.id\":", &shape.root, &path);
        }
        if full || shape.edit_link {
            address(out, b",\"@odata.editLink\":", &shape.root, &path);
        }
    }
    if let Some(sequence) = sequence
        && shape.metadata != Metadata::None
    {
        out.extend_from_slice(b",\"@odata.etag\":\"W/\\\"");
        text::integer(out, i64::try_from(sequence).unwrap_or(i64::MAX));
        out.extend_from_slice(b"\\\"\"");
    }
}

fn address(out: &mut Vec<u8>, name: &[u8], root: &str, path: &str) {
    out.extend_from_slice(name);
    write_string(out, &format!("{root}/{path}"));
}

/// The type of a field, where JSON does not show it (JSON format 4.01, 4.6.3).
fn field_type(out: &mut Vec<u8>, name: &str, ty: Type) {
    let edm = match ty {
        Type::Boolean | Type::Double | Type::Text { .. } => return,
        Type::TextList { .. } => "Collection(String)",
        other => other.edm().trim_start_matches("Edm."),
    };
    out.extend_from_slice(format!(",\"{name}@odata.type\":\"#{edm}\"").as_bytes());
}

fn navigation(out: &mut Vec<u8>, path: &str, resource: &Resource, shape: &Shape) {
    for link in &resource.links {
        out.extend_from_slice(format!(",\"{}@odata.navigationLink\":", link.name).as_bytes());
        write_string(out, &format!("{}/{path}/{}", shape.root, link.name));
    }
}

/// A value of a field of a resource: with `enums`, a lookup value is written as the member that stands
/// for it.
pub fn write_field(
    out: &mut Vec<u8>,
    value: ValueRef<'_>,
    (resource, id): (&Resource, FieldId),
    numbers: Numbers,
    enums: Option<&EnumNames>,
) {
    if let Some(names) = enums
        && let (form, Some(lookup)) = names.form(resource.id, id)
        && form != Form::Text
    {
        return write_members(out, value, names, lookup, form);
    }
    let text = numbers == Numbers::Strings && resource.field(id).ty == Type::Int64;
    if text {
        out.push(b'"');
    }
    write_value(out, value, numbers);
    if text {
        out.push(b'"');
    }
}

/// Lookup values as members of an enumeration; flags are one text with commas (JSON format 4.01, 7.1).
fn write_members(out: &mut Vec<u8>, value: ValueRef<'_>, names: &EnumNames, lookup: LookupId, form: Form) {
    match value {
        ValueRef::Text(text) => write_string(out, &names.member(lookup, text)),
        ValueRef::TextList(list) if form == Form::Flags => {
            let members: Vec<_> = list.iter().map(|text| names.member(lookup, text)).collect();
            write_string(out, &members.join(","));
        }
        ValueRef::TextList(list) => {
            out.push(b'[');
            for text in list.iter() {
                next_item(out);
                write_string(out, &names.member(lookup, text));
            }
            out.push(b']');
        }
        other => write_value(out, other, Numbers::Plain),
    }
}

/// A value as JSON. A whole number is written plain whatever `numbers` says, as only its field knows
/// whether it is an `Edm.Int64`.
pub fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>, numbers: Numbers) {
    match value {
        ValueRef::Text(text) => write_string(out, text),
        ValueRef::TextList(list) => {
            out.push(b'[');
            for text in list.iter() {
                next_item(out);
                write_string(out, text);
            }
            out.push(b']');
        }
        ValueRef::Point(point) => text::write_point_json(out, point),
        ValueRef::Decimal(number) if numbers == Numbers::Strings => {
            out.push(b'"');
            text::write_decimal(out, number);
            out.push(b'"');
        }
        ValueRef::Boolean(_) | ValueRef::Integer(_) | ValueRef::Decimal(_) | ValueRef::Double(_) => {
            text::write_value(out, value);
        }
        ValueRef::Date(_) | ValueRef::Timestamp(_) | ValueRef::Time(_) => {
            out.push(b'"');
            text::write_value(out, value);
            out.push(b'"');
        }
    }
}
