//! From bytes to a record.

use dictionary::{Date, Decimal, Point, Record, ResourceId, Text, Time, Timestamp, Value};

use super::bytes::{Reader, unzigzag};
use super::{Damaged, FORMAT, FieldNumber, Names, Tag};
use crate::row_group::{FieldRun, Values};

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

/// Puts the values of a body, as far as [`decode`] takes them, to the others of their fields: they are those
/// of this record. Texts are not looked at yet. A field that has none yet gets room for so many.
pub(crate) fn spread(
    names: &Names,
    body: &[u8],
    record: u32,
    fields: &mut [Option<FieldRun>],
    room: usize,
) -> Result<(), Damaged> {
    each(body, |number, tag, from| {
        let slot = names.slot(number);
        let Some((slot, run)) = slot.and_then(|slot| Some((slot, fields.get_mut(slot.field.index())?)))
        else {
            return tag.skip(from);
        };
        let run = run.get_or_insert_with(|| FieldRun::of(slot.ty, room));
        match (&mut run.values, tag) {
            (Values::Texts(all), Tag::Text) => all.push(from.unchecked()?),
            (Values::Lists(all), Tag::TextList) => {
                for _ in 0..from.varint()? {
                    all.push_word(from.unchecked()?);
                }
                all.end();
            }
            (Values::Booleans(all), Tag::True) => all.push(true),
            (Values::Booleans(all), Tag::False) => all.push(false),
            (Values::Integers(all), Tag::Integer) => all.push(unzigzag(from.varint()?)),
            (Values::Decimals(all), Tag::Decimal) => all.push(decimal(from)?),
            (Values::Doubles(all), Tag::Double) => all.push(f64::from_le_bytes(from.array()?)),
            (Values::Dates(all), Tag::Date) => all.push(date(from.varint()?)?),
            (Values::Timestamps(all), Tag::Timestamp) => all.push(timestamp(from)?),
            (Values::Times(all), Tag::Time) => all.push(time(from.varint()?)?),
            (Values::Points(all), Tag::Point) => all.push(point(from)?),
            // Of another kind than the field declares now.
            _ => return tag.skip(from),
        }
        run.records.push(record);
        Ok(())
    })
}

/// Calls `visit` at each value of a body; it reads the value or passes over it.
#[inline]
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
        if head < 16 {
            return Err(Damaged("a field comes twice"));
        }
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
        Tag::Timestamp => Value::Timestamp(timestamp(from)?),
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
        Tag::Point => Value::Point(point(from)?),
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

#[inline]
fn timestamp(from: &mut Reader<'_>) -> Result<Timestamp, Damaged> {
    let microseconds = i64::from_le_bytes(from.array()?);
    Timestamp::from_microsecond(microseconds).map_err(|_| Damaged("an instant is out of range"))
}

#[inline]
fn point(from: &mut Reader<'_>) -> Result<Point, Damaged> {
    let longitude = f64::from_le_bytes(from.array()?);
    Ok(Point { longitude, latitude: f64::from_le_bytes(from.array()?) })
}

fn time(nanoseconds: u64) -> Result<Time, Damaged> {
    let out = Damaged("a time of day is out of range");
    let second = nanoseconds / 1_000_000_000;
    let small = |number: u64| i8::try_from(number).map_err(|_| out);
    let rest = i32::try_from(nanoseconds % 1_000_000_000).map_err(|_| out)?;
    Time::new(small(second / 3_600)?, small(second / 60 % 60)?, small(second % 60)?, rest).map_err(|_| out)
}
