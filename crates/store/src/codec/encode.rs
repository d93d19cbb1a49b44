//! From a record to bytes.

use std::sync::Arc;

use dictionary::{Record, Timestamp, Value};

use super::bytes::{put_varint, zigzag};
use super::{FORMAT, FieldNumber, Names, Tag};

/// A record as it will lie on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Encoded {
    pub(crate) body: Arc<Vec<u8>>,
    /// The number of the resource's timestamp, where comparing passes over it: where the store sets it.
    pub(crate) passed_over: Option<FieldNumber>,
    /// What the record says of when it changed, in microseconds.
    pub(crate) timestamp: Option<i64>,
}

/// Why a record cannot be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    /// The record is of another dictionary.
    Stranger,
    /// The value is not of its field's type.
    WrongType(dictionary::FieldId),
}

/// The bytes of `record`, its timestamp set to `stamp` where there is one.
pub(crate) fn encode(names: &Names, record: &Record, stamp: Option<Timestamp>) -> Result<Encoded, Refused> {
    let resource = record.resource();
    let timestamp_number = names.timestamp(resource);
    let stamp = stamp.filter(|_| timestamp_number.is_some()).map(Value::Timestamp);
    let mut fields: Vec<(FieldNumber, &Value)> = Vec::with_capacity(record.len() + 1);
    for (id, value) in record.iter() {
        let number = names.field(resource, id).ok_or(Refused::Stranger)?;
        let fits = names.slot(number).is_some_and(|slot| Tag::of(value).fits(slot.ty));
        if !fits {
            return Err(Refused::WrongType(id));
        }
        if stamp.is_none() || Some(number) != timestamp_number {
            fields.push((number, value));
        }
    }
    if let (Some(stamp), Some(number)) = (&stamp, timestamp_number) {
        fields.push((number, stamp));
    }
    // Fields that later dictionaries brought have higher numbers than their names' order would give.
    fields.sort_unstable_by_key(|(number, _)| *number);
    let timestamp = fields.iter().find(|(number, _)| Some(*number) == timestamp_number);
    let timestamp = timestamp.and_then(|(_, value)| value.as_timestamp()).map(Timestamp::as_microsecond);
    let mut body = Vec::with_capacity(16 * fields.len() + 1);
    body.push(FORMAT);
    let mut before = 0;
    for (number, value) in fields {
        put_head(&mut body, number - before, Tag::of(value));
        before = number;
        put_value(&mut body, value);
    }
    Ok(Encoded { body: Arc::new(body), passed_over: timestamp_number.filter(|_| stamp.is_some()), timestamp })
}

/// Writes what stands before a value.
pub(super) fn put_head(to: &mut Vec<u8>, step: FieldNumber, tag: Tag) {
    put_varint(to, u128::from(step) << 4 | tag as u128);
}

fn put_value(to: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Boolean(_) => {}
        Value::Integer(number) => put_varint(to, zigzag(*number).into()),
        Value::Decimal(number) => {
            // 28 digits after the point take five bits; the sign takes the eighth.
            let sign = u8::from(number.is_sign_negative()) << 7;
            to.push(sign | u8::try_from(number.scale()).unwrap_or(0));
            put_varint(to, number.mantissa().unsigned_abs());
        }
        Value::Double(number) => to.extend_from_slice(&number.to_le_bytes()),
        Value::Date(date) => {
            // Years from −9999, so that there is no sign; 12 months in four bits, 31 days in five.
            let year = u32::try_from(i32::from(date.year()) + 9_999).unwrap_or(0);
            let month_and_day =
                u32::from(date.month().unsigned_abs()) << 5 | u32::from(date.day().unsigned_abs());
            put_varint(to, (year << 9 | month_and_day).into());
        }
        Value::Timestamp(at) => to.extend_from_slice(&at.as_microsecond().to_le_bytes()),
        Value::Time(time) => {
            let seconds =
                (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
            let nanoseconds = seconds * 1_000_000_000 + i64::from(time.subsec_nanosecond());
            put_varint(to, nanoseconds.unsigned_abs().into());
        }
        Value::Text(text) => put_text(to, text),
        Value::TextList(list) => {
            put_varint(to, list.len() as u128);
            list.iter().for_each(|text| put_text(to, text));
        }
        Value::Point(point) => {
            to.extend_from_slice(&point.longitude.to_le_bytes());
            to.extend_from_slice(&point.latitude.to_le_bytes());
        }
    }
}

fn put_text(to: &mut Vec<u8>, text: &str) {
    put_varint(to, text.len() as u128);
    to.extend_from_slice(text.as_bytes());
}
