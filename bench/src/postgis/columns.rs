//! The columns of the crowd's fields, and a record as a line of `COPY`.

use std::fmt::Write;

use dictionary::{FieldId, Record, Resource, Type, Value};

/// A field and its column.
pub(crate) struct Column {
    pub(crate) name: String,
    field: FieldId,
    /// The type in PostgreSQL.
    pub(super) of: &'static str,
}

/// The columns of every field that one of these records fills, in the dictionary's order.
pub(super) fn filled(property: &Resource, records: &[&Record]) -> Vec<Column> {
    let filled = |id: FieldId| records.iter().any(|record| record.get(id).is_some());
    let stored = property.each().filter(|(id, field)| filled(*id) && field.ty != Type::Point);
    stored
        .map(|(id, field)| Column { name: field.name.to_string(), field: id, of: column_type(field.ty) })
        .collect()
}

fn column_type(ty: Type) -> &'static str {
    match ty {
        Type::Boolean => "boolean",
        Type::Int16 | Type::Int32 | Type::Int64 => "bigint",
        Type::Decimal { .. } => "numeric",
        Type::Double => "double precision",
        Type::Date => "date",
        Type::Timestamp => "timestamptz",
        Type::Time => "time",
        Type::TextList { .. } => "text[]",
        Type::Text { .. } | Type::Point => "text",
    }
}

/// Appends a record as a line of `COPY … FROM STDIN` in its text form.
pub(super) fn line(out: &mut String, columns: &[Column], record: &Record) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        match record.get(column.field) {
            None => out.push_str("\\N"),
            Some(value) => put(out, value),
        }
    }
    out.push('\n');
}

fn put(out: &mut String, value: &Value) {
    let written = match value {
        Value::Text(text) => {
            escaped(out, text);
            Ok(())
        }
        Value::TextList(list) => {
            let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let items: Vec<String> = list.iter().map(|text| quoted(text)).collect();
            escaped(out, &format!("{{{}}}", items.join(",")));
            Ok(())
        }
        Value::Boolean(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::Decimal(value) => write!(out, "{value}"),
        Value::Double(value) => write!(out, "{value}"),
        Value::Date(value) => write!(out, "{value}"),
        Value::Timestamp(value) => write!(out, "{value}"),
        Value::Time(value) => write!(out, "{value}"),
        Value::Point(point) => write!(out, "{} {}", point.longitude, point.latitude),
    };
    written.expect("a string takes what is written to it");
}

fn escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
}
