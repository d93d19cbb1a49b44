//! Values as bytes. The form is durable: a tag keeps its meaning for ever.

use dictionary::{Date, Decimal, Point, Text, Time, Timestamp, Value};

const NANOS: u128 = 1_000_000_000;

/// A whole number, seven bits a byte, the lowest first.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u128) {
    loop {
        let low = (number & 0x7F) as u8;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// A number with a sign: small ones of either sign take few bytes.
fn put_signed(out: &mut Vec<u8>, number: i128) {
    put_number(out, ((number << 1) ^ (number >> 127)).cast_unsigned());
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u128);
    out.extend_from_slice(text.as_bytes());
}

pub(super) fn put_value(out: &mut Vec<u8>, value: Option<&Value>) {
    match value {
        None => out.push(0),
        Some(Value::Boolean(truth)) => out.push(1 + u8::from(*truth)),
        Some(Value::Integer(number)) => {
            out.push(3);
            put_signed(out, (*number).into());
        }
        Some(Value::Decimal(number)) => {
            out.push(4);
            put_number(out, number.scale().into());
            put_signed(out, number.mantissa());
        }
        Some(Value::Double(number)) => {
            out.push(5);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Some(Value::Date(date)) => {
            out.push(6);
            put_signed(out, date.year().into());
            out.extend_from_slice(&[date.month().cast_unsigned(), date.day().cast_unsigned()]);
        }
        Some(Value::Timestamp(at)) => {
            out.push(7);
            put_signed(out, at.as_nanosecond());
        }
        Some(Value::Time(time)) => {
            out.push(8);
            let clock = [time.hour(), time.minute(), time.second()].map(i8::cast_unsigned);
            out.extend_from_slice(&clock);
            put_signed(out, time.subsec_nanosecond().into());
        }
        Some(Value::Text(text)) => {
            out.push(9);
            put_text(out, text);
        }
        Some(Value::TextList(list)) => {
            out.push(10);
            put_number(out, list.len() as u128);
            list.iter().for_each(|text| put_text(out, text));
        }
        Some(Value::Point(point)) => {
            out.push(11);
            out.extend_from_slice(&point.longitude.to_le_bytes());
            out.extend_from_slice(&point.latitude.to_le_bytes());
        }
    }
}

/// What is still to be read. Each reader takes its part or gives none.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u128> {
        let mut number = 0_u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            let low = u128::from(byte & 0x7F);
            if low << shift >> shift != low {
                return None;
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i128> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn double(&mut self) -> Option<f64> {
        let number = f64::from_le_bytes(*self.0.first_chunk()?);
        self.0 = self.0.get(8..)?;
        Some(number)
    }

    fn small(&mut self) -> Option<i8> {
        i8::try_from(self.byte()?).ok()
    }

    /// A value, or null. The outer none is for bytes that are neither.
    pub(super) fn value(&mut self) -> Option<Option<Value>> {
        Some(Some(match self.byte()? {
            0 => return Some(None),
            1 => Value::Boolean(false),
            2 => Value::Boolean(true),
            3 => Value::Integer(i64::try_from(self.signed()?).ok()?),
            4 => {
                let scale = u32::try_from(self.number()?).ok()?;
                Value::Decimal(Decimal::try_from_i128_with_scale(self.signed()?, scale).ok()?)
            }
            5 => Value::Double(self.double()?),
            6 => {
                let year = i16::try_from(self.signed()?).ok()?;
                Value::Date(Date::new(year, self.small()?, self.small()?).ok()?)
            }
            7 => {
                let nanos = self.signed()?;
                // The library's own bound is checked by it; this one keeps the arithmetic within it.
                if nanos.unsigned_abs() > NANOS << 40 {
                    return None;
                }
                Value::Timestamp(Timestamp::from_nanosecond(nanos).ok()?)
            }
            8 => {
                let (hour, minute, second) = (self.small()?, self.small()?, self.small()?);
                let nanos = i32::try_from(self.signed()?).ok()?;
                Value::Time(Time::new(hour, minute, second, nanos).ok()?)
            }
            9 => Value::Text(Text::new(self.text()?)),
            10 => {
                let count = self.number()?;
                // Each takes a byte at least: a count beyond the bytes is a lie and reserves nothing.
                if count > self.0.len() as u128 {
                    return None;
                }
                let list = (0..count).map(|_| self.text().map(Text::new)).collect::<Option<Vec<_>>>()?;
                Value::TextList(list.into())
            }
            11 => Value::Point(Point { longitude: self.double()?, latitude: self.double()? }),
            _ => return None,
        }))
    }
}
