//! The address of a record.

use dictionary::{Fields, Resource, ValueRef};

use crate::text;

/// The path of a record below the service root: `Property('K1')`, `Lookup(12)`,
/// `MemberAssociation(AssociationKey='A',MemberKey='M')`. A part of the key without a value is written as
/// an empty text.
#[must_use]
pub fn entity_path(resource: &Resource, fields: &impl Fields) -> String {
    let mut path = String::with_capacity(resource.name.len() + 40);
    path.push_str(&resource.name);
    path.push('(');
    for (at, id) in resource.key.iter().enumerate() {
        if at > 0 {
            path.push(',');
        }
        if resource.key.len() > 1 {
            path.push_str(&resource.field(*id).name);
            path.push('=');
        }
        literal(&mut path, fields.look(*id));
    }
    path.push(')');
    path
}

fn literal(path: &mut String, value: Option<ValueRef<'_>>) {
    match value {
        Some(ValueRef::Text(text)) => quoted(path, text),
        None => quoted(path, ""),
        Some(other) => {
            let mut bytes = Vec::new();
            text::write_value(&mut bytes, other);
            path.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Text between single quotes, with every byte that a path segment does not hold in percent form.
fn quoted(path: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    path.push('\'');
    for byte in text.bytes() {
        match byte {
            b'\'' => path.push_str("''"),
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'@'
            | b':'
            | b'$'
            | b',' => {
                path.push(char::from(byte));
            }
            _ => {
                path.push('%');
                path.push(char::from(HEX[usize::from(byte >> 4)]));
                path.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    path.push('\'');
}
