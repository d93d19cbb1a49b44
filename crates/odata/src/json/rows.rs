//! Rows of an aggregation as JSON (Data Aggregation 4.0, 3).

use dictionary::{Dictionary, Record, Value};
use query::{column, is_absent};

use super::shape::{Metadata, Numbers};
use super::{member, write_field, write_string, write_value};
use crate::metadata::EnumNames;
use crate::url::{Aggregated, Column};

/// How rows are written.
#[derive(Clone, Copy)]
pub struct RowShape<'a> {
    /// The words.
    pub dictionary: &'a Dictionary,
    /// How much is said beside the values.
    pub metadata: Metadata,
    /// How large numbers are written.
    pub numbers: Numbers,
    /// The names of lookup values, where they are enumerations.
    pub enums: Option<&'a EnumNames>,
    /// Whether nulls are left away.
    pub omit_nulls: bool,
    /// Whether it is said that a row is no record that could be read again, as 4.0 asks (JSON format, 4.5.8).
    pub transient: bool,
}

impl std::fmt::Debug for RowShape<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowShape").field("metadata", &self.metadata).finish_non_exhaustive()
    }
}

/// What is told at one level: columns, and objects of linked records' fields.
enum Told<'a> {
    Column(usize, &'a str),
    Object(&'a str, Vec<Told<'a>>),
}

/// The context URL of rows: `root/$metadata#Property(City,ListAgent(MemberCity),Total)`.
#[must_use]
pub fn rows_context_url(root: &str, dictionary: &Dictionary, asked: &Aggregated) -> String {
    let mut url = format!("{root}/$metadata#{}(", dictionary.resource(asked.question.resource).name);
    list(&mut url, &told(asked));
    url.push(')');
    url
}

fn list(url: &mut String, told: &[Told<'_>]) {
    for (at, one) in told.iter().enumerate() {
        if at > 0 {
            url.push(',');
        }
        match one {
            Told::Column(_, name) => url.push_str(name),
            Told::Object(name, inner) => {
                url.push_str(name);
                url.push('(');
                list(url, inner);
                url.push(')');
            }
        }
    }
}

/// Writes rows as the items of an open list.
pub fn write_rows<'r>(
    out: &mut Vec<u8>,
    rows: impl Iterator<Item = &'r Record>,
    asked: &Aggregated,
    shape: RowShape<'_>,
) {
    let told = told(asked);
    for row in rows {
        super::next_item(out);
        object(out, row, asked, &told, shape, shape.transient && shape.metadata != Metadata::None);
    }
}

fn told(asked: &Aggregated) -> Vec<Told<'_>> {
    let mut all = Vec::new();
    for number in &asked.shown {
        let Some(Column { name, .. }) = asked.columns.get(*number) else { continue };
        let mut level = &mut all;
        let mut parts = name.split('/').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                level.push(Told::Column(*number, part));
                break;
            }
            let there = level.iter().position(|told| matches!(told, Told::Object(name, _) if *name == part));
            let at = there.unwrap_or_else(|| {
                level.push(Told::Object(part, Vec::new()));
                level.len() - 1
            });
            let Told::Object(_, inner) = &mut level[at] else { break };
            level = inner;
        }
    }
    all
}

fn object(
    out: &mut Vec<u8>,
    row: &Record,
    asked: &Aggregated,
    told: &[Told<'_>],
    shape: RowShape<'_>,
    transient: bool,
) {
    out.push(b'{');
    if transient {
        out.extend_from_slice(b"\"@odata.id\":null");
    }
    for one in told.iter().filter(|one| one.is_there(row)) {
        match one {
            Told::Object(name, inner) => {
                member(out, name);
                object(out, row, asked, inner, shape, transient);
            }
            Told::Column(number, name) => value(out, row, *number, name, asked, shape),
        }
    }
    out.push(b'}');
}

impl Told<'_> {
    /// Whether the row has it at all: what a coarser grouping leaves away is not null (Data Aggregation 4.0, 3.2.3).
    fn is_there(&self, row: &Record) -> bool {
        match self {
            Self::Column(number, _) => !is_absent(row, *number),
            Self::Object(_, inner) => inner.iter().any(|one| one.is_there(row)),
        }
    }
}

fn value(
    out: &mut Vec<u8>,
    row: &Record,
    number: usize,
    name: &str,
    asked: &Aggregated,
    shape: RowShape<'_>,
) {
    let about = &asked.columns[number];
    let Some(value) = row.get(column(number)) else {
        if !shape.omit_nulls {
            member(out, name);
            out.extend_from_slice(b"null");
        }
        return;
    };
    let said = match shape.metadata {
        Metadata::None => false,
        Metadata::Minimal => !about.declared,
        Metadata::Full => true,
    };
    if let Some(ty) = type_of(about, value).filter(|_| said) {
        member(out, &format!("{name}@odata.type"));
        write_string(out, ty);
    }
    member(out, name);
    match about.field {
        Some((resource, field)) => {
            let resource = shape.dictionary.resource(resource);
            write_field(out, value.view(), (resource, field), shape.numbers, shape.enums);
        }
        None => write_computed(out, value, type_of(about, value), shape.numbers),
    }
}

/// A value that the metadata declares no field for.
fn write_computed(out: &mut Vec<u8>, value: &Value, ty: Option<&str>, numbers: Numbers) {
    let text = numbers == Numbers::Strings && matches!(ty, Some("#Decimal" | "#Int64"));
    if text && let Value::Integer(number) = value {
        return write_string(out, &number.to_string());
    }
    write_value(out, value.view(), numbers);
}

/// The type of a value, where JSON does not show it (JSON format 4.01, 4.6.3).
fn type_of(column: &Column, value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Integer(_) if matches!(column.ty, Some(dictionary::Type::Decimal { .. })) => "#Decimal",
        Value::Integer(_) => match column.ty {
            Some(dictionary::Type::Int16) => "#Int16",
            Some(dictionary::Type::Int32) => "#Int32",
            _ => "#Int64",
        },
        Value::Decimal(_) => "#Decimal",
        Value::Date(_) => "#Date",
        Value::Timestamp(_) => "#DateTimeOffset",
        Value::Time(_) => "#TimeOfDay",
        Value::Point(_) => "#GeographyPoint",
        Value::TextList(_) => "#Collection(String)",
        Value::Boolean(_) | Value::Double(_) | Value::Text(_) => return None,
    })
}

/// Writes a computed value of a record as a member, its type before it where the metadata that the client
/// wants says it.
pub fn computed_member(
    out: &mut Vec<u8>,
    name: &str,
    value: Option<&Value>,
    metadata: Metadata,
    numbers: Numbers,
) {
    let unknown = Column { name: String::new(), field: None, ty: None, declared: false };
    let ty = value.and_then(|value| type_of(&unknown, value));
    if let Some(ty) = ty.filter(|_| metadata != Metadata::None) {
        member(out, &format!("{name}@odata.type"));
        write_string(out, ty);
    }
    member(out, name);
    match value {
        Some(value) => write_computed(out, value, ty, numbers),
        None => out.extend_from_slice(b"null"),
    }
}
