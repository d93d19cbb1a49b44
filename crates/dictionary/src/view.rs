//! A value looked at where it lies: in a record, or in a column in memory.

use crate::{Date, Decimal, FieldId, Point, Record, Text, Time, Timestamp, Value};

/// A value that is borrowed from wherever it is kept.
#[derive(Clone, Copy, PartialEq, Debug)]
#[expect(missing_docs, reason = "each is the variant of Value of the same name")]
pub enum ValueRef<'a> {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    Double(f64),
    Date(Date),
    Timestamp(Timestamp),
    Time(Time),
    Text(&'a str),
    TextList(TextListRef<'a>),
    Point(Point),
}

/// The elements of a list, which may be kept as codes into a table of words.
#[derive(Clone, Copy, Debug)]
pub enum TextListRef<'a> {
    /// The elements themselves.
    Plain(&'a [Text]),
    /// Codes of 16 bits into `words`.
    Coded16 {
        /// One code an element.
        codes: &'a [u16],
        /// The words that the codes count.
        words: &'a [Text],
    },
    /// Codes of 32 bits into `words`.
    Coded32 {
        /// One code an element.
        codes: &'a [u32],
        /// The words that the codes count.
        words: &'a [Text],
    },
}

impl<'a> TextListRef<'a> {
    /// How many elements there are.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Plain(list) => list.len(),
            Self::Coded16 { codes, .. } => codes.len(),
            Self::Coded32 { codes, .. } => codes.len(),
        }
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements in turn.
    pub fn iter(self) -> impl ExactSizeIterator<Item = &'a Text> {
        (0..self.len()).map(move |at| match self {
            Self::Plain(list) => &list[at],
            Self::Coded16 { codes, words } => &words[usize::from(codes[at])],
            Self::Coded32 { codes, words } => &words[codes[at] as usize],
        })
    }
}

impl PartialEq for TextListRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Value {
    /// The value, looked at.
    #[must_use]
    pub fn view(&self) -> ValueRef<'_> {
        match self {
            Self::Boolean(truth) => ValueRef::Boolean(*truth),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Decimal(number) => ValueRef::Decimal(*number),
            Self::Double(number) => ValueRef::Double(*number),
            Self::Date(date) => ValueRef::Date(*date),
            Self::Timestamp(at) => ValueRef::Timestamp(*at),
            Self::Time(time) => ValueRef::Time(*time),
            Self::Text(text) => ValueRef::Text(text),
            Self::TextList(list) => ValueRef::TextList(TextListRef::Plain(list)),
            Self::Point(point) => ValueRef::Point(*point),
        }
    }
}

impl ValueRef<'_> {
    /// A value of its own.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Self::Boolean(truth) => Value::Boolean(truth),
            Self::Integer(number) => Value::Integer(number),
            Self::Decimal(number) => Value::Decimal(number),
            Self::Double(number) => Value::Double(number),
            Self::Date(date) => Value::Date(date),
            Self::Timestamp(at) => Value::Timestamp(at),
            Self::Time(time) => Value::Time(time),
            Self::Text(text) => Value::Text(Text::new(text)),
            Self::TextList(list) => Value::TextList(list.iter().cloned().collect()),
            Self::Point(point) => Value::Point(point),
        }
    }
}

/// Something whose fields can be looked at: a record, or a row of columns.
pub trait Fields {
    /// The value of `field`, or none where it has none.
    fn look(&self, field: FieldId) -> Option<ValueRef<'_>>;

    /// Calls `visit` with every field that has a value, in the order of the ids.
    fn each(&self, visit: &mut dyn FnMut(FieldId, ValueRef<'_>));
}

impl Fields for Record {
    fn look(&self, field: FieldId) -> Option<ValueRef<'_>> {
        self.get(field).map(Value::view)
    }

    fn each(&self, visit: &mut dyn FnMut(FieldId, ValueRef<'_>)) {
        for (field, value) in self.iter() {
            visit(field, value.view());
        }
    }
}
