//! The value of one field.

use dictionary::{LookupId, Text, Type, Value};

use crate::json::scan::{Broken, Next, Scanner};
use crate::metadata::{EnumNames, Form};
use crate::text::{self, TextFault};

/// A value, nothing for null, or why it is not of the type.
type Typed = Result<Option<Value>, TextFault>;

/// Reads the next value as one of `ty`. A value of another kind is passed over whole.
pub(super) fn read_field(scan: &mut Scanner<'_>, ty: Type) -> Result<Typed, Broken> {
    let at = scan.place();
    match (scan.next()?, ty) {
        (Next::Null, _) => Ok(Ok(None)),
        (Next::Boolean(truth), Type::Boolean) => Ok(Ok(Some(Value::Boolean(truth)))),
        (Next::Number, _) if ty.is_number() => Ok(number(scan.number()?, ty).map(Some)),
        (Next::String, Type::Text { .. }) => Ok(Ok(Some(Value::Text(Text::new(scan.string()?))))),
        (Next::String, Type::Int64 | Type::Decimal { .. } | Type::Date | Type::Timestamp | Type::Time) => {
            Ok(text::read_value(ty, &scan.string()?).map(Some))
        }
        (Next::Array, Type::TextList { .. }) => list(scan),
        (Next::Object, Type::Point) => point(scan),
        (_, ty) => {
            let found = match scan.place() == at {
                true => scan.skip()?,
                // Looking at a word has passed over it.
                false => "This word",
            };
            Ok(Err(TextFault::about(found, "is of another kind", form(ty))))
        }
    }
}

/// Reads the next value as members of an enumeration: one, a list, or flags in one text with commas between. A
/// member that is not known is taken for the value itself; whether the lookup has it is for others to say.
pub(super) fn read_members(
    scan: &mut Scanner<'_>,
    ty: Type,
    (form, lookup): (Form, Option<LookupId>),
    enums: &EnumNames,
) -> Result<Typed, Broken> {
    let value = |member: &Text| match lookup.and_then(|lookup| enums.value(lookup, member.trim())) {
        Some(value) => value.clone(),
        None => member.clone(),
    };
    let flags = form == Form::Flags && ty.is_list();
    let read = read_field(scan, if flags { Type::Text { max_chars: None } } else { ty })?;
    Ok(read.map(|found| {
        found.map(|found| match found {
            Value::Text(text) if flags => {
                let each = text.split(',').map(str::trim).filter(|member| !member.is_empty());
                Value::TextList(each.map(|member| value(&Text::new(member))).collect())
            }
            Value::Text(text) => Value::Text(value(&text)),
            Value::TextList(list) => Value::TextList(list.iter().map(value).collect()),
            other => other,
        })
    }))
}

/// How a value of the type is written in JSON.
fn form(ty: Type) -> &'static str {
    match ty {
        Type::Boolean => "Write true or false.",
        Type::Int16 | Type::Int32 | Type::Int64 | Type::Decimal { .. } | Type::Double => {
            "Write a number without quotes."
        }
        Type::Date => "Write \"2026-11-23\".",
        Type::Timestamp => "Write \"2026-11-23T09:49:52Z\".",
        Type::Time => "Write \"09:30:00\".",
        Type::Text { .. } => "Put text between double quotes.",
        Type::TextList { .. } => "Write a list of text, [\"one\", \"two\"].",
        Type::Point => "Write {\"type\":\"Point\",\"coordinates\":[longitude, latitude]}.",
    }
}

/// A number. `3.0` and `3e0` are whole.
fn number(written: &str, ty: Type) -> Result<Value, TextFault> {
    match ty {
        Type::Double | Type::Decimal { .. } => text::read_value(ty, written),
        _ if !written.contains(['.', 'e', 'E']) => text::read_value(ty, written),
        _ => {
            let whole = text::read_decimal(written).ok().map(|n| n.normalize()).filter(|n| n.scale() == 0);
            match whole {
                Some(n) => text::read_value(ty, &n.to_string()),
                None => {
                    Err(TextFault::about(written, "is not a whole number", "Write digits without a point."))
                }
            }
        }
    }
}

fn list(scan: &mut Scanner<'_>) -> Result<Typed, Broken> {
    let mut items = Vec::new();
    let mut wrong = None;
    scan.array(&mut |scan, _| {
        let at = scan.place();
        if scan.next()? == Next::String {
            items.push(Text::new(scan.string()?));
            return Ok(());
        }
        wrong.get_or_insert_with(|| TextFault {
            message: "An element of the list is no text.".into(),
            hint: form(Type::TextList { max_chars: None }).into(),
        });
        if scan.place() == at {
            scan.skip()?;
        }
        Ok(())
    })?;
    Ok(match wrong {
        Some(wrong) => Err(wrong),
        None => Ok(Some(Value::TextList(items.into()))),
    })
}

/// GeoJSON: `type` and `coordinates`; further members, such as `crs`, are passed over.
fn point(scan: &mut Scanner<'_>) -> Result<Typed, Broken> {
    let (mut kind, mut degrees) = (None, Vec::new());
    scan.object(&mut |scan, name, _| {
        let at = scan.place();
        match (&*name, scan.next()?) {
            ("type", Next::String) => kind = Some(scan.string()?),
            ("coordinates", Next::Array) => {
                degrees.clear();
                scan.array(&mut |scan, _| {
                    let number = scan.skip()?;
                    degrees.push(text::read_double(number).ok());
                    Ok(())
                })?;
            }
            _ if scan.place() == at => drop(scan.skip()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(match (kind.as_deref(), &*degrees) {
        (Some("Point"), [Some(longitude), Some(latitude)]) => {
            text::on_globe("The point", *longitude, *latitude).map(|p| Some(Value::Point(p)))
        }
        _ => {
            let hint = form(Type::Point).into();
            Err(TextFault { message: "This is not a GeoJSON point.".into(), hint })
        }
    })
}
