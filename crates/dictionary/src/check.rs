//! A record held against what its fields declare.

use crate::{Decimal, Dictionary, Field, LookupStatus, Record, Type, Value};

/// What kind of fault it is. The name is stable and is what reports and error bodies carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FaultCode {
    /// A field of the key has no value, or an empty one.
    KeyMissing,
    /// The key is longer than 255 characters.
    KeyTooLong,
    /// The value is not of the field's type.
    WrongType,
    /// The text is longer than the field's MaxLength.
    TooLong,
    /// The number has more digits than the field's Precision, or is outside its integer type.
    OutOfRange,
    /// The number has more digits after the point than the field's Scale.
    TooFine,
    /// The value is not one of a locked lookup's.
    NotInLookup,
    /// The list has the same element twice.
    Repeated,
}

impl FaultCode {
    /// The stable name, such as `too_long`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::KeyMissing => "key_missing",
            Self::KeyTooLong => "key_too_long",
            Self::WrongType => "wrong_type",
            Self::TooLong => "too_long",
            Self::OutOfRange => "out_of_range",
            Self::TooFine => "too_fine",
            Self::NotInLookup => "not_in_lookup",
            Self::Repeated => "repeated",
        }
    }
}

/// One thing wrong with a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The field's name.
    pub field: crate::Text,
    /// What kind of fault.
    pub code: FaultCode,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

/// Longest key in characters: the dictionary's own length for key fields.
const LONGEST_KEY: usize = 255;

/// Every fault of `record`, in the order of its fields; none where it may be kept.
#[must_use]
pub fn check(dictionary: &Dictionary, record: &Record) -> Vec<Fault> {
    let resource = dictionary.resource(record.resource());
    let mut faults = Vec::new();
    for id in &resource.key {
        let field = resource.field(*id);
        match record.get(*id) {
            None => faults.push(key_missing(field)),
            Some(Value::Text(text)) if text.is_empty() => faults.push(key_missing(field)),
            Some(Value::Text(text)) if text.chars().count() > LONGEST_KEY => faults.push(Fault {
                field: field.name.clone(),
                code: FaultCode::KeyTooLong,
                message: format!("{} has more than {LONGEST_KEY} characters.", field.name),
                hint: "Map a shorter unique field to the key.".into(),
            }),
            Some(_) => {}
        }
    }
    for (id, value) in record.iter() {
        let field = resource.field(id);
        if let Some((code, message, hint)) = check_value(dictionary, field, value) {
            faults.push(Fault { field: field.name.clone(), code, message, hint });
        }
    }
    faults
}

fn key_missing(field: &Field) -> Fault {
    Fault {
        field: field.name.clone(),
        code: FaultCode::KeyMissing,
        message: format!("{} is the key and has no value.", field.name),
        hint: "Every record needs a key that is unique in its resource and never changes.".into(),
    }
}

type Found = Option<(FaultCode, String, String)>;

fn check_value(dictionary: &Dictionary, field: &Field, value: &Value) -> Found {
    match (field.ty, value) {
        (Type::Boolean, Value::Boolean(_))
        | (Type::Int64, Value::Integer(_))
        | (Type::Date, Value::Date(_))
        | (Type::Timestamp, Value::Timestamp(_))
        | (Type::Time, Value::Time(_)) => None,
        (Type::Int32, Value::Integer(n)) => out_of(field, i32::try_from(*n).is_err(), n),
        (Type::Int16, Value::Integer(n)) => out_of(field, i16::try_from(*n).is_err(), n),
        (Type::Double, Value::Double(n)) => out_of(field, !n.is_finite(), n),
        (Type::Point, Value::Point(p)) => {
            let inside = p.latitude.abs() <= 90.0 && p.longitude.abs() <= 180.0;
            out_of(field, !inside, &format!("{} {}", p.longitude, p.latitude))
        }
        (Type::Decimal { precision, scale }, Value::Decimal(n)) => digits(field, *n, precision, scale),
        (Type::Text { max_chars }, Value::Text(text)) => {
            length(field, text, max_chars).or_else(|| in_lookup(dictionary, field, text))
        }
        (Type::TextList { max_chars }, Value::TextList(list)) => list
            .iter()
            .find_map(|text| length(field, text, max_chars).or_else(|| in_lookup(dictionary, field, text)))
            .or_else(|| repeated(field, list)),
        (ty, _) => Some((
            FaultCode::WrongType,
            format!("{} does not hold a value of this type.", field.name),
            format!("{} is {}.", field.name, ty.edm()),
        )),
    }
}

fn out_of(field: &Field, outside: bool, number: &impl std::fmt::Display) -> Found {
    outside.then(|| {
        let message = format!("{number} is outside what {} can hold.", field.name);
        (FaultCode::OutOfRange, message, format!("{} is {}.", field.name, field.ty.edm()))
    })
}

fn digits(field: &Field, number: Decimal, precision: Option<u8>, scale: Option<u8>) -> Found {
    let number = number.normalize();
    let after = number.scale();
    if let Some(scale) = scale.map(u32::from)
        && after > scale
    {
        let message = format!("{number} has {after} digits after the point.");
        return Some((
            FaultCode::TooFine,
            message,
            format!("{} takes at most {scale}; round it.", field.name),
        ));
    }
    let before = number.trunc().abs().to_string().len();
    let room = usize::from(precision?).saturating_sub(usize::from(scale.unwrap_or(0)));
    (before > room.max(1)).then(|| {
        let message = format!("{number} has {before} digits before the point.");
        (FaultCode::OutOfRange, message, format!("{} takes at most {room}.", field.name))
    })
}

fn length(field: &Field, text: &str, max_chars: Option<u32>) -> Found {
    let max = usize::try_from(max_chars?).ok()?;
    // A text has no more characters than bytes: most need no count.
    if text.len() <= max {
        return None;
    }
    let count = text.chars().count();
    (count > max).then(|| {
        let message = format!("{} has {count} characters.", field.name);
        (FaultCode::TooLong, message, format!("{} takes at most {max}.", field.name))
    })
}

fn in_lookup(dictionary: &Dictionary, field: &Field, text: &str) -> Found {
    if field.lookup_status != Some(LookupStatus::Locked) {
        return None;
    }
    let lookup = dictionary.lookup(field.lookup?);
    if lookup.values.is_empty() || lookup.find(text).is_some() {
        return None;
    }
    let hint = match lookup.nearest(text) {
        Some(near) => format!("Did you mean {:?}?", near.value),
        None => format!("Map it to one of the values of {}.", lookup.name),
    };
    Some((
        FaultCode::NotInLookup,
        format!("{text:?} is not a value of the locked lookup {}.", lookup.name),
        hint,
    ))
}

fn repeated(field: &Field, list: &[crate::Text]) -> Found {
    let mut sorted: Vec<&str> = list.iter().map(crate::Text::as_str).collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1])?;
    let message = format!("{} holds {:?} twice.", field.name, twice[0]);
    Some((FaultCode::Repeated, message, "Give each element once.".into()))
}
