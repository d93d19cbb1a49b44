//! From bytes to a record.

use std::ops::Range;

use dictionary::{
    Date, Decimal, FieldId, Point, Record, ResourceId, Text, TextListRef, Time, Timestamp, Value, ValueRef,
};

use super::bytes::{Reader, unzigzag};
use super::{Damaged, FORMAT, FieldNumber, Names, Tag};

/// The record that these bytes hold, as far as the dictionary of now knows its fields. A value whose
/// kind is not the one that its field declares now is passed over too; it stays on disk.
pub(crate) fn decode(names: &Names, resource: ResourceId, body: &[u8]) -> Result<Record, Damaged> {
    // A field takes ten bytes or so: this grows once at the most.
    let mut values = Vec::with_capacity(body.len() / 10 + 8);
    each(body, |number, tag, from| {
        match names.slot(number) {
            Some(slot) if tag.fits(slot.ty) => values.push((slot.field, value(tag, from)?)),
            _ => tag.skip(from)?,
        }
        Ok(())
    })?;
    Ok(Record::from_values(resource, values))
}

/// Calls `look` with the values of these fields as they lie in a body, as far as [`decode`] takes them.
pub(crate) fn visit(
    names: &Names,
    body: &[u8],
    fields: Range<usize>,
    look: &mut impl FnMut(FieldId, ValueRef<'_>),
) -> Result<(), Damaged> {
    let mut elements: Vec<Text> = Vec::new();
    each(body, |number, tag, from| {
        match names.slot(number) {
            Some(slot) if tag.fits(slot.ty) && fields.contains(&slot.field.index()) => match tag {
                Tag::Text => look(slot.field, ValueRef::Text(from.text()?)),
                Tag::TextList => {
                    elements.clear();
                    for _ in 0..from.length()? {
                        elements.push(Text::new(from.text()?));
                    }
                    look(slot.field, ValueRef::TextList(TextListRef::Plain(&elements)));
                }
                _ => look(slot.field, value(tag, from)?.view()),
            },
            _ => tag.skip(from)?,
        }
        Ok(())
    })
}

/// Calls `visit` at each value of a body; it reads the value or passes over it.
pub(super) fn each<'a>(
    body: &'a [u8],
    mut visit: impl FnMut(FieldNumber, Tag, &mut Reader<'a>) -> Result<(), Damaged>,
) -> Result<(), Damaged> {
    let mut from = Reader::new(body);
    if from.byte()? != FORMAT {
        return Err(Damaged("it is of a format that this version does not know"));
    }
    let mut number = 0_u64;
    while !from.is_done() {
        let head = from.varint()?;
        number += head >> 4;
        let tag = Tag::read(head & 15)?;
        let number = FieldNumber::try_from(number).map_err(|_| Damaged("a field's number is too large"))?;
        visit(number, tag, &mut from)?;
    }
    Ok(())
}

/// The instant, in microseconds, that a body holds in this field.
pub(crate) fn timestamp_in(body: &[u8], wanted: FieldNumber) -> Result<Option<i64>, Damaged> {
    let mut found = None;
    each(body, |number, tag, from| {
        if number == wanted && tag == Tag::Timestamp {
            found = Some(i64::from_le_bytes(from.array()?));
            return Ok(());
        }
        tag.skip(from)
    })?;
    Ok(found)
}

#[inline]
pub(super) fn value(tag: Tag, from: &mut Reader<'_>) -> Result<Value, Damaged> {
    Ok(match tag {
        Tag::False => Value::Boolean(false),
        Tag::True => Value::Boolean(true),
        Tag::Integer => Value::Integer(unzigzag(from.varint()?)),
        Tag::Decimal => Value::Decimal(decimal(from)?),
        Tag::Double => Value::Double(f64::from_le_bytes(from.array()?)),
        Tag::Date => Value::Date(date(from.varint()?)?),
        Tag::Timestamp => {
            let at = Timestamp::from_microsecond(i64::from_le_bytes(from.array()?));
            Value::Timestamp(at.map_err(|_| Damaged("an instant is out of range"))?)
        }
        Tag::Time => Value::Time(time(from.varint()?)?),
        Tag::Text => Value::Text(Text::new(from.text()?)),
        Tag::TextList => {
            let count = from.length()?;
            // Each element takes a byte at least, so that a wrong count does not take all memory.
            let mut list = Vec::with_capacity(count.min(64));
            for _ in 0..count {
                list.push(Text::new(from.text()?));
            }
            Value::TextList(list.into_boxed_slice())
        }
        Tag::Point => {
            let longitude = f64::from_le_bytes(from.array()?);
            Value::Point(Point { longitude, latitude: f64::from_le_bytes(from.array()?) })
        }
    })
}

#[inline]
fn decimal(from: &mut Reader<'_>) -> Result<Decimal, Damaged> {
    let head = from.byte()?;
    let mantissa = from.wide()?;
    let scale = u32::from(head & 0x7f);
    if scale > 28 || mantissa >> 96 != 0 {
        return Err(Damaged("a decimal is out of range"));
    }
    let (low, mid, high) = (mantissa as u32, (mantissa >> 32) as u32, (mantissa >> 64) as u32);
    Ok(Decimal::from_parts(low, mid, high, head >= 0x80, scale))
}

#[inline]
fn date(packed: u64) -> Result<Date, Damaged> {
    let out = Damaged("a date is out of range");
    let year = i64::try_from(packed >> 9).map_err(|_| out)? - 9_999;
    let year = i16::try_from(year).map_err(|_| out)?;
    Date::new(year, (packed >> 5 & 15) as i8, (packed & 31) as i8).map_err(|_| out)
}

fn time(nanoseconds: u64) -> Result<Time, Damaged> {
    let out = Damaged("a time of day is out of range");
    let second = nanoseconds / 1_000_000_000;
    let small = |number: u64| i8::try_from(number).map_err(|_| out);
    let rest = i32::try_from(nanoseconds % 1_000_000_000).map_err(|_| out)?;
    Time::new(small(second / 3_600)?, small(second / 60 % 60)?, small(second % 60)?, rest).map_err(|_| out)
}
