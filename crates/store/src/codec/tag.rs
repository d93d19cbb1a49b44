//! The kind of a value on disk.

use dictionary::{Type, Value};

use super::Damaged;
use super::bytes::Reader;

/// The kind of a value on disk: four bits. The numbers are for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    False = 0,
    True = 1,
    Integer = 2,
    Decimal = 3,
    Double = 4,
    Date = 5,
    Timestamp = 6,
    Time = 7,
    Text = 8,
    TextList = 9,
    Point = 10,
}

impl Tag {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Boolean(false) => Self::False,
            Value::Boolean(true) => Self::True,
            Value::Integer(_) => Self::Integer,
            Value::Decimal(_) => Self::Decimal,
            Value::Double(_) => Self::Double,
            Value::Date(_) => Self::Date,
            Value::Timestamp(_) => Self::Timestamp,
            Value::Time(_) => Self::Time,
            Value::Text(_) => Self::Text,
            Value::TextList(_) => Self::TextList,
            Value::Point(_) => Self::Point,
        }
    }

    #[inline]
    pub(crate) fn read(bits: u64) -> Result<Self, Damaged> {
        Ok(match bits {
            0 => Self::False,
            1 => Self::True,
            2 => Self::Integer,
            3 => Self::Decimal,
            4 => Self::Double,
            5 => Self::Date,
            6 => Self::Timestamp,
            7 => Self::Time,
            8 => Self::Text,
            9 => Self::TextList,
            10 => Self::Point,
            _ => return Err(Damaged("a value is of no kind")),
        })
    }

    /// Whether a field of this type holds such a value.
    #[inline]
    pub(crate) fn fits(self, ty: Type) -> bool {
        matches!(
            (self, ty),
            (Self::False | Self::True, Type::Boolean)
                | (Self::Integer, Type::Int16 | Type::Int32 | Type::Int64)
                | (Self::Decimal, Type::Decimal { .. })
                | (Self::Double, Type::Double)
                | (Self::Date, Type::Date)
                | (Self::Timestamp, Type::Timestamp)
                | (Self::Time, Type::Time)
                | (Self::Text, Type::Text { .. })
                | (Self::TextList, Type::TextList { .. })
                | (Self::Point, Type::Point)
        )
    }

    /// Passes over a value of this kind.
    pub(crate) fn skip(self, from: &mut Reader<'_>) -> Result<(), Damaged> {
        match self {
            Self::False | Self::True => {}
            Self::Integer | Self::Date | Self::Time => drop(from.varint()?),
            Self::Decimal => {
                from.byte()?;
                from.wide()?;
            }
            Self::Double | Self::Timestamp => drop(from.take(8)?),
            Self::Text => {
                let length = from.length()?;
                from.take(length)?;
            }
            Self::TextList => {
                for _ in 0..from.varint()? {
                    let length = from.length()?;
                    from.take(length)?;
                }
            }
            Self::Point => drop(from.take(16)?),
        }
        Ok(())
    }
}
