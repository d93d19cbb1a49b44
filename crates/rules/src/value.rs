//! The values of expressions.

use std::cmp::Ordering;
use std::sync::Arc;

use dictionary::{Date, Decimal, Text, Timestamp};

use crate::time;

/// A value.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Value {
    /// `.EMPTY.`: no value.
    #[default]
    Empty,
    /// `BOOLEAN`
    Boolean(bool),
    /// `INT` and `FLOAT`: exact decimals both.
    Number(Decimal),
    /// `CHAR`
    Text(Text),
    /// `TIME` of a day alone.
    Date(Date),
    /// `TIME` to the microsecond.
    Time(Timestamp),
    /// A `LIST` or a `SET`, which is one without repetitions.
    List(Arc<[Value]>),
}

impl Value {
    /// The name that `TYPEOF` gives. A text that reads as an instant is one.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::Boolean(_) => "BOOLEAN",
            Self::Number(number) if number.scale() == 0 => "INT",
            Self::Number(_) => "FLOAT",
            Self::Text(text) if time::read(text).is_some() => "TIME",
            Self::Text(_) => "CHAR",
            Self::Date(_) | Self::Time(_) => "TIME",
            Self::List(_) => "LIST",
        }
    }

    /// Whether two values are the same. Values of two kinds are not, but a text that reads as an instant is that
    /// instant where it meets one.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let instants = matches!(
            (self, other),
            (Self::Date(_) | Self::Time(_), Self::Text(_) | Self::Date(_) | Self::Time(_))
                | (Self::Text(_), Self::Date(_) | Self::Time(_))
        );
        instants && time::of(self).zip(time::of(other)).is_some_and(|(a, b)| a.instant() == b.instant())
    }

    /// How two values are ordered; none where they cannot be compared. What is empty comes before everything.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Empty, Self::Empty) => Some(Ordering::Equal),
            (Self::Empty, _) => Some(Ordering::Less),
            (_, Self::Empty) => Some(Ordering::Greater),
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Date(_) | Self::Time(_), _) | (_, Self::Date(_) | Self::Time(_)) => {
                let (a, b) = time::of(self).zip(time::of(other))?;
                Some(a.instant()?.cmp(&b.instant()?))
            }
            _ => None,
        }
    }

    /// Bytes or elements that whoever looks at the whole of it looks at.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(list) => list.len(),
            _ => 1,
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}
impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Number(number.normalize_zero())
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Text::new(text))
    }
}
impl From<Vec<Value>> for Value {
    fn from(list: Vec<Value>) -> Self {
        Self::List(list.into())
    }
}

/// Zero has no sign that anybody should see.
trait Unsigned {
    fn normalize_zero(self) -> Self;
}

impl Unsigned for Decimal {
    fn normalize_zero(mut self) -> Self {
        if self.is_zero() {
            self.set_sign_positive(true);
        }
        self
    }
}

impl From<&dictionary::Value> for Value {
    fn from(value: &dictionary::Value) -> Self {
        use dictionary::Value as Kept;
        match value {
            Kept::Boolean(truth) => Self::Boolean(*truth),
            Kept::Integer(number) => Self::from(*number),
            Kept::Decimal(number) => Self::from(*number),
            Kept::Double(number) => Decimal::try_from(*number).map_or(Self::Empty, Self::from),
            Kept::Date(date) => Self::Date(*date),
            Kept::Timestamp(at) => Self::Time(*at),
            Kept::Time(time) => Self::Text(Text::from(time.to_string())),
            Kept::Text(text) => Self::Text(text.clone()),
            Kept::TextList(list) => Self::List(list.iter().cloned().map(Self::Text).collect()),
            Kept::Point(point) => {
                let degrees = [point.longitude, point.latitude];
                Self::List(
                    degrees.iter().map(|d| Decimal::try_from(*d).map_or(Self::Empty, Self::from)).collect(),
                )
            }
        }
    }
}
