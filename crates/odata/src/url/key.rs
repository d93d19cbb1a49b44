//! Keys between parentheses: `('K')`, `(12)`, `(A='K',B=12)`.

use dictionary::{FieldId, Resource, Text, Type, Value};
use query::Expr;

use super::Reading;
use super::asked::KeyGiven;
use super::cursor::{Cursor, shown};
use super::literal::{Literal, read as read_literal, worded};
use crate::{Fault, text};

const HINT: &str = "Write the key as Property('key') or Property(ListingKey='key').";
/// Fields of one key: more than any resource has.
const MOST_FIELDS: usize = 16;

/// Reads the key of a record of `resource`; the cursor is at the parenthesis and the segment ends after it.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    reading: &Reading<'_>,
    resource: &Resource,
) -> Result<KeyGiven, Fault> {
    cursor.at += 1;
    cursor.space();
    let named = !cursor.peek_name().is_empty() && {
        let mut ahead = *cursor;
        ahead.name()?;
        ahead.eat_spaced(b'=')
    };
    let given = if named { pairs(cursor, reading, resource)? } else { alone(cursor, reading, resource)? };
    cursor.expect(b')', HINT)?;
    if !cursor.done() {
        return Err(cursor.expected("the end of the key", HINT));
    }
    Ok(told(resource, given))
}

fn alone(
    cursor: &mut Cursor<'_>,
    reading: &Reading<'_>,
    resource: &Resource,
) -> Result<Vec<(FieldId, Value)>, Fault> {
    let &[field] = &*resource.key else {
        let names: Vec<_> =
            resource.key.iter().map(|id| format!("{}='…'", resource.field(*id).name)).collect();
        let message = format!("The key of {} has {} parts.", resource.name, names.len());
        let hint = format!("Name them: {}({}).", resource.name, names.join(","));
        return Err(cursor.bad(cursor.at, "bad_key", message, hint));
    };
    Ok(vec![(field, value(cursor, reading, resource, field)?)])
}

fn pairs(
    cursor: &mut Cursor<'_>,
    reading: &Reading<'_>,
    resource: &Resource,
) -> Result<Vec<(FieldId, Value)>, Fault> {
    let mut given: Vec<(FieldId, Value)> = Vec::new();
    loop {
        cursor.space();
        let at = cursor.at;
        let name = cursor.name()?;
        let Some(field) = reading.field(resource.id, name) else {
            return Err(reading.unknown(cursor, at, resource.id, name));
        };
        if given.iter().any(|(id, _)| *id == field) || given.len() == MOST_FIELDS {
            return Err(cursor.bad(at, "bad_key", format!("{name} stands twice or once too often."), HINT));
        }
        if !cursor.eat_spaced(b'=') {
            return Err(cursor.expected("`=`", HINT));
        }
        given.push((field, value(cursor, reading, resource, field)?));
        if !cursor.eat_spaced(b',') {
            return Ok(given);
        }
    }
}

/// The value of a field of the key. Text may be written as a number, and a number as text: clients know a
/// key by how it looks.
fn value(
    cursor: &mut Cursor<'_>,
    reading: &Reading<'_>,
    resource: &Resource,
    id: FieldId,
) -> Result<Value, Fault> {
    let at = cursor.at;
    if cursor.peek() == Some(b'@') {
        return Err(cursor.unsupported(at, "A parameter alias"));
    }
    let field = resource.field(id);
    let literal = match read_literal(cursor)? {
        Some(found) => found,
        None => {
            let word = cursor.dotted()?;
            match worded(cursor, at, word)? {
                Some(found) if !word.is_empty() => found,
                _ => {
                    cursor.at = at;
                    return Err(cursor.expected("a key", "Put text between single quotes: Property('key')."));
                }
            }
        }
    };
    let spelt = match literal {
        Literal::Plain(Expr::Value(Value::Text(text)), _) => text,
        Literal::Plain(Expr::Value(_), _) => Text::new(cursor.since(at)),
        Literal::Members { lookup, members } => {
            let of = field.lookup.filter(|of| reading.dictionary.lookup(*of).name == lookup);
            let standard = of.and_then(|of| reading.enums.value(of, &members));
            standard.cloned().ok_or_else(|| {
                cursor.bad(at, "bad_key", format!("{} is not of this field.", shown(&members)), HINT)
            })?
        }
        Literal::Plain(..) => return Err(cursor.bad(at, "bad_key", "A key is never null.", HINT)),
    };
    if field.ty.is_list() || field.ty == Type::Point {
        let message = format!("{} cannot be part of a key.", field.name);
        return Err(cursor.bad(at, "bad_key", message, HINT));
    }
    text::read_value(field.ty, &spelt).map_err(|wrong| cursor.bad(at, "bad_key", wrong.message, wrong.hint))
}

/// The key as the store knows it, where these are its fields; else the filter.
fn told(resource: &Resource, given: Vec<(FieldId, Value)>) -> KeyGiven {
    let part = |id: &FieldId| match &given.iter().find(|(field, _)| field == id)?.1 {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    let parts: Option<Vec<String>> = resource.key.iter().map(part).collect();
    match parts {
        Some(parts) if parts.len() == given.len() => KeyGiven::Key(Text::from(parts.join("|"))),
        _ => {
            let mut each = given.into_iter().map(|(field, value)| Expr::equal(field, value));
            let first = each.next().unwrap_or(Expr::Value(Value::Boolean(false)));
            KeyGiven::Filter(each.fold(first, Expr::and))
        }
    }
}
