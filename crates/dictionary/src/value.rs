//! The values that a field may hold.

pub use jiff::Timestamp;
pub use jiff::civil::{Date, Time};
pub use rust_decimal::Decimal;
/// Text of any length; short text is kept in place, long text is shared between clones.
pub use smol_str::SmolStr as Text;

/// The key of a record within its resource, as text (a whole-number key in decimal digits; the parts of
/// a key of several fields joined by `|`).
pub type Key = Text;

/// Where a record came from and who may be granted it: the name of a feed, such as `NWMLS`.
pub type Feed = Text;

/// A place on the WGS 84 ellipsoid, in degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// Degrees east of Greenwich, −180 to 180.
    pub longitude: f64,
    /// Degrees north of the equator, −90 to 90.
    pub latitude: f64,
}

/// One value of one field. There is no null: a field without a value is absent from its record.
///
/// Equality is of the same kind only (`Integer(1)` is not `Decimal(1)`); a record that passed
/// [`check`](crate::check) holds each value in the kind its field declares. What a comparison in a
/// query means across kinds is said in the `query` crate.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `Edm.Boolean`.
    Boolean(bool),
    /// `Edm.Int16`, `Edm.Int32`, `Edm.Int64`.
    Integer(i64),
    /// `Edm.Decimal`. The scale is kept as given: 1.50 and 1.5 are equal and print differently.
    Decimal(Decimal),
    /// `Edm.Double`.
    Double(f64),
    /// `Edm.Date`.
    Date(Date),
    /// `Edm.DateTimeOffset`, in UTC; finer than a microsecond is cut off when it is read.
    Timestamp(Timestamp),
    /// `Edm.TimeOfDay`.
    Time(Time),
    /// `Edm.String`.
    Text(Text),
    /// `Collection(Edm.String)`. An empty list is a value, and differs from an absent one.
    TextList(Box<[Text]>),
    /// `Edm.GeographyPoint`.
    Point(Point),
}

impl Value {
    /// The text of a `Text` value.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an `Integer` value.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The instant of a `Timestamp` value.
    #[must_use]
    pub fn as_timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Timestamp(at) => Some(*at),
            _ => None,
        }
    }

    /// The truth of a `Boolean` value.
    #[must_use]
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Text::new(text))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Text::from(text))
    }
}
impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}
impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}
impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Timestamp(at)
    }
}
