//! Values of one kind, one after another.

use dictionary::{Date, Decimal, Point, Text, TextListRef, Time, Timestamp, Type, ValueRef};

/// Values of one kind.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each holds what the variant of Value of nearly the same name does")]
pub enum Values {
    Booleans(Vec<bool>),
    Integers(Vec<i64>),
    Decimals(Vec<Decimal>),
    Doubles(Vec<f64>),
    Dates(Vec<Date>),
    Timestamps(Vec<Timestamp>),
    Times(Vec<Time>),
    Texts(Texts),
    Lists(Lists),
    Points(Vec<Point>),
}

/// Texts, one after another in one run of bytes.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// What was put in and has not been checked yet: a whole run is checked several times as fast as each
    /// short text for itself.
    bytes: Vec<u8>,
    text: String,
    ends: Vec<usize>,
}

/// Lists of texts, one after another.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    words: Texts,
    /// Where each list ends among the words.
    ends: Vec<usize>,
}

impl Values {
    /// None yet, of a field of this type, with room for so many.
    pub(crate) fn of(ty: Type, room: usize) -> Self {
        match ty {
            Type::Boolean => Self::Booleans(Vec::with_capacity(room)),
            Type::Int16 | Type::Int32 | Type::Int64 => Self::Integers(Vec::with_capacity(room)),
            Type::Decimal { .. } => Self::Decimals(Vec::with_capacity(room)),
            Type::Double => Self::Doubles(Vec::with_capacity(room)),
            Type::Date => Self::Dates(Vec::with_capacity(room)),
            Type::Timestamp => Self::Timestamps(Vec::with_capacity(room)),
            Type::Time => Self::Times(Vec::with_capacity(room)),
            Type::Text { .. } => Self::Texts(Texts::with_room(room)),
            Type::TextList { .. } => {
                Self::Lists(Lists { words: Texts::with_room(room * 2), ends: Vec::with_capacity(room) })
            }
            Type::Point => Self::Points(Vec::with_capacity(room)),
        }
    }

    /// None yet, of this value's kind.
    pub(super) fn like(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Boolean(_) => Self::Booleans(Vec::new()),
            ValueRef::Integer(_) => Self::Integers(Vec::new()),
            ValueRef::Decimal(_) => Self::Decimals(Vec::new()),
            ValueRef::Double(_) => Self::Doubles(Vec::new()),
            ValueRef::Date(_) => Self::Dates(Vec::new()),
            ValueRef::Timestamp(_) => Self::Timestamps(Vec::new()),
            ValueRef::Time(_) => Self::Times(Vec::new()),
            ValueRef::Text(_) => Self::Texts(Texts::default()),
            ValueRef::TextList(_) => Self::Lists(Lists::default()),
            ValueRef::Point(_) => Self::Points(Vec::new()),
        }
    }

    /// Adds a value; false where it is of another kind.
    pub(super) fn push(&mut self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::Booleans(all), ValueRef::Boolean(one)) => all.push(one),
            (Self::Integers(all), ValueRef::Integer(one)) => all.push(one),
            (Self::Decimals(all), ValueRef::Decimal(one)) => all.push(one),
            (Self::Doubles(all), ValueRef::Double(one)) => all.push(one),
            (Self::Dates(all), ValueRef::Date(one)) => all.push(one),
            (Self::Timestamps(all), ValueRef::Timestamp(one)) => all.push(one),
            (Self::Times(all), ValueRef::Time(one)) => all.push(one),
            (Self::Texts(all), ValueRef::Text(one)) => all.push(one.as_bytes()),
            (Self::Lists(all), ValueRef::TextList(one)) => {
                one.iter().for_each(|word| all.push_word(word.as_bytes()));
                all.end();
            }
            (Self::Points(all), ValueRef::Point(one)) => all.push(one),
            _ => return false,
        }
        true
    }

    /// Calls `look` with every value in turn.
    pub(super) fn each(&self, mut look: impl FnMut(ValueRef<'_>)) {
        match self {
            Self::Booleans(all) => all.iter().for_each(|one| look(ValueRef::Boolean(*one))),
            Self::Integers(all) => all.iter().for_each(|one| look(ValueRef::Integer(*one))),
            Self::Decimals(all) => all.iter().for_each(|one| look(ValueRef::Decimal(*one))),
            Self::Doubles(all) => all.iter().for_each(|one| look(ValueRef::Double(*one))),
            Self::Dates(all) => all.iter().for_each(|one| look(ValueRef::Date(*one))),
            Self::Timestamps(all) => all.iter().for_each(|one| look(ValueRef::Timestamp(*one))),
            Self::Times(all) => all.iter().for_each(|one| look(ValueRef::Time(*one))),
            Self::Texts(all) => all.iter().for_each(|one| look(ValueRef::Text(one))),
            Self::Lists(all) => {
                let mut elements: Vec<Text> = Vec::new();
                for list in all.iter() {
                    elements.clear();
                    elements.extend(list.map(Text::new));
                    look(ValueRef::TextList(TextListRef::Plain(&elements)));
                }
            }
            Self::Points(all) => all.iter().for_each(|one| look(ValueRef::Point(*one))),
        }
    }

    /// Checks what was put in unchecked; the place of a value whose text is none.
    pub(crate) fn seal(&mut self) -> Result<(), usize> {
        match self {
            Self::Texts(texts) => texts.seal(),
            Self::Lists(lists) => {
                lists.words.seal().map_err(|word| lists.ends.partition_point(|end| *end <= word))
            }
            _ => Ok(()),
        }
    }
}

impl Texts {
    /// None yet, with room for so many words.
    fn with_room(room: usize) -> Self {
        const WORD: usize = 12;
        Self { bytes: Vec::with_capacity(room * WORD), text: String::new(), ends: Vec::with_capacity(room) }
    }

    /// How many there are.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Each in turn.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.between(0, self.ends.len())
    }

    #[inline]
    fn between(&self, from: usize, to: usize) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends[from..to].iter().map(move |end| &self.text[std::mem::replace(&mut start, *end)..*end])
    }

    /// Adds bytes that are to be a text.
    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }

    /// Checks all at once: where the whole is text and every piece ends between two characters, every
    /// piece is text. The place of one that is none.
    fn seal(&mut self) -> Result<(), usize> {
        let whole = String::from_utf8(std::mem::take(&mut self.bytes));
        let bytes = match whole {
            Ok(text) if self.ends.iter().all(|end| text.is_char_boundary(*end)) => {
                self.text = text;
                return Ok(());
            }
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let mut start = 0;
        let wrong = self
            .ends
            .iter()
            .position(|end| std::str::from_utf8(&bytes[std::mem::replace(&mut start, *end)..*end]).is_err());
        Err(wrong.unwrap_or(0))
    }
}

impl Lists {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Each in turn: its elements.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = impl ExactSizeIterator<Item = &str> + Clone> {
        let mut start = 0;
        self.ends.iter().map(move |end| self.words.between(std::mem::replace(&mut start, *end), *end))
    }

    /// Adds a word to the list that has not ended yet.
    #[inline]
    pub(crate) fn push_word(&mut self, bytes: &[u8]) {
        self.words.push(bytes);
    }

    /// Ends a list.
    #[inline]
    pub(crate) fn end(&mut self) {
        self.ends.push(self.words.len());
    }
}
