//! A column of anything that is a number inside: truth, numbers, dates, instants, times.

use dictionary::{Date, Decimal, Time, Timestamp, Type, ValueRef};

use super::chunk::Frame;
use super::ints::Ints;

/// What the whole numbers of a column mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// 0 and 1.
    Boolean,
    /// Itself.
    Integer,
    /// In units of the column's scale.
    Decimal,
    /// The bits, so that a greater number has greater bits.
    Double,
    /// Months of 31 days from the year 0, so that a later date is a greater number.
    Date,
    /// Microseconds since 1970.
    Timestamp,
    /// Nanoseconds since midnight.
    Time,
}

/// A number or null for each row.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    pub(crate) meaning: Meaning,
    pub(crate) ints: Ints,
    /// Digits after the point in `ints`; 0 but for decimals.
    pub(super) scale: u32,
    /// Digits after the point that a decimal was written with, where they are not the usual ones.
    pub(super) written: Ints,
    pub(super) usual: u32,
}

/// The number that follows −5e-324 and comes before 0.
const NEGATIVE_ZERO: i64 = -1;

/// The finest scale that the numbers of a column take.
const FINEST: u32 = 18;

impl Numbers {
    pub(crate) fn new(ty: Type) -> Option<Self> {
        let meaning = match ty {
            Type::Boolean => Meaning::Boolean,
            Type::Int16 | Type::Int32 | Type::Int64 => Meaning::Integer,
            Type::Decimal { .. } => Meaning::Decimal,
            Type::Double => Meaning::Double,
            Type::Date => Meaning::Date,
            Type::Timestamp => Meaning::Timestamp,
            Type::Time => Meaning::Time,
            Type::Text { .. } | Type::TextList { .. } | Type::Point => return None,
        };
        let (ints, written) = (Ints::new(Frame::Fitted), Ints::new(Frame::FromZero));
        Some(Self { meaning, ints, scale: 0, written, usual: 0 })
    }

    pub(crate) fn scale(&self) -> u32 {
        self.scale
    }

    /// A number as orders sort it: −0 and 0 are equal and have different bits.
    #[inline]
    pub(crate) fn sorted(&self, number: i64) -> i64 {
        if self.meaning == Meaning::Double && number == NEGATIVE_ZERO { 0 } else { number }
    }

    /// Gives `row` this value; false where it is of another kind or does not fit.
    pub(crate) fn set(&mut self, row: u32, value: ValueRef<'_>) -> bool {
        let number = match value {
            ValueRef::Decimal(number) if self.meaning == Meaning::Decimal => {
                return self.set_decimal(row, number);
            }
            _ => number_of(self.meaning, value),
        };
        let Some(number) = number else { return false };
        self.ints.set(row, number);
        true
    }

    fn set_decimal(&mut self, row: u32, number: Decimal) -> bool {
        let scale = number.scale();
        if scale > FINEST {
            return false;
        }
        if self.ints.count_is_zero() {
            (self.scale, self.usual) = (scale, scale);
        }
        if scale > self.scale {
            if !10i64.checked_pow(scale - self.scale).is_some_and(|by| self.ints.scale(by)) {
                return false;
            }
            self.scale = scale;
        }
        let Some(units) = units(number, self.scale) else { return false };
        self.ints.set(row, units);
        if scale == self.usual {
            self.written.clear(row);
        } else {
            self.written.set(row, i64::from(scale));
        }
        true
    }

    pub(crate) fn clear(&mut self, row: u32) {
        self.ints.clear(row);
        self.written.clear(row);
    }

    #[inline]
    pub(crate) fn look(&self, row: u32) -> Option<ValueRef<'_>> {
        let number = self.ints.get(row)?;
        Some(match self.meaning {
            Meaning::Boolean => ValueRef::Boolean(number != 0),
            Meaning::Integer => ValueRef::Integer(number),
            Meaning::Decimal => {
                let written = self.written.get(row).and_then(|s| u32::try_from(s).ok()).unwrap_or(self.usual);
                let cut = 10i64.pow(self.scale - written);
                ValueRef::Decimal(Decimal::new(number / cut, written))
            }
            Meaning::Double => ValueRef::Double(double_of(number)),
            Meaning::Date => ValueRef::Date(date_of(number)?),
            Meaning::Timestamp => ValueRef::Timestamp(Timestamp::from_microsecond(number).ok()?),
            Meaning::Time => ValueRef::Time(time_of(number)?),
        })
    }

    pub(crate) fn bytes(&self) -> usize {
        self.ints.bytes() + self.written.bytes()
    }

    pub(crate) fn shrink(&mut self) {
        self.ints.shrink();
        self.written.shrink();
    }
}

/// A decimal in units of `scale`, where it is a whole number of them.
#[inline]
pub(super) fn units(number: Decimal, scale: u32) -> Option<i64> {
    let finer = scale.checked_sub(number.scale())?;
    // Nearly every decimal is a small one: 128-bit products are left to the rest.
    let units = match i64::try_from(number.mantissa()) {
        Ok(mantissa) => mantissa.checked_mul(10i64.checked_pow(finer)?)?,
        Err(_) => return None,
    };
    (units != i64::MIN).then_some(units)
}

/// The whole number of a value that is no decimal, where the meaning fits it.
#[inline]
pub(crate) fn number_of(meaning: Meaning, value: ValueRef<'_>) -> Option<i64> {
    let number = match (meaning, value) {
        (Meaning::Boolean, ValueRef::Boolean(truth)) => i64::from(truth),
        (Meaning::Integer, ValueRef::Integer(number)) => number,
        (Meaning::Double, ValueRef::Double(number)) if !number.is_nan() => bits_of(number),
        (Meaning::Date, ValueRef::Date(date)) => {
            (i64::from(date.year()) * 12 + i64::from(date.month()) - 1) * 31 + i64::from(date.day()) - 1
        }
        (Meaning::Timestamp, ValueRef::Timestamp(at)) if at.subsec_nanosecond() % 1_000 == 0 => {
            at.as_microsecond()
        }
        (Meaning::Time, ValueRef::Time(time)) => {
            let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60;
            (seconds + i64::from(time.second())) * 1_000_000_000 + i64::from(time.subsec_nanosecond())
        }
        _ => return None,
    };
    (number != i64::MIN).then_some(number)
}

/// The bits of a double as a number of the same order.
pub(crate) fn bits_of(number: f64) -> i64 {
    let bits = number.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

pub(crate) fn double_of(bits: i64) -> f64 {
    let bits = if bits < 0 { bits ^ i64::MAX } else { bits };
    f64::from_bits(bits.cast_unsigned())
}

fn date_of(number: i64) -> Option<Date> {
    let months = number.div_euclid(31);
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let day = i8::try_from(number.rem_euclid(31) + 1).ok()?;
    Date::new(year, month, day).ok()
}

fn time_of(number: i64) -> Option<Time> {
    let (seconds, nanoseconds) = (number / 1_000_000_000, number % 1_000_000_000);
    let small = |n: i64| i8::try_from(n).ok();
    let hour = small(seconds / 3_600)?;
    Time::new(hour, small(seconds / 60 % 60)?, small(seconds % 60)?, i32::try_from(nanoseconds).ok()?).ok()
}
