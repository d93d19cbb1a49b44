//! A reader of JSON text that never builds a tree: it is asked for what is expected next.

use std::borrow::Cow;

use dictionary::Text;

use super::escape::plain_length;
use crate::text::TextFault;

/// Where the text is no JSON (RFC 8259), or past a bound, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Broken {
    pub(crate) at: usize,
    pub(crate) message: String,
}

type Read<T> = Result<T, Broken>;

/// What the next value is, by its first character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    Null,
    Boolean(bool),
    Number,
    String,
    Array,
    Object,
}

/// Called with the name and place of each member; it must read the member's value.
pub(crate) type OnMember<'f, 'a> = &'f mut dyn FnMut(&mut Scanner<'a>, Cow<'a, str>, usize) -> Read<()>;

pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// How many more lists and objects may be opened in one another.
    room: usize,
    /// How many members or elements one object or list may have.
    most: usize,
}

impl<'a> Scanner<'a> {
    /// A scanner of `bytes`, which must be UTF-8; a byte order mark is passed over.
    pub(crate) fn new(bytes: &'a [u8], depth: usize, most: usize) -> Read<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| Broken { at: e.valid_up_to(), message: "This is not UTF-8.".into() })?;
        let at = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        Ok(Self { text, at, room: depth, most })
    }

    pub(crate) fn broken<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(Broken { at: self.at, message: message.into() })
    }

    fn expected<T>(&self, what: &str) -> Read<T> {
        match self.text[self.at..].chars().next() {
            None => self.broken(format!("The text ends where {what} is expected.")),
            Some(found) => self.broken(format!("{found:?} stands where {what} is expected.")),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Where the next value begins.
    pub(crate) fn place(&mut self) -> usize {
        self.space();
        self.at
    }

    /// What was read since a place.
    pub(crate) fn since(&self, place: usize) -> &'a str {
        &self.text[place..self.at]
    }

    /// Looks at the next value; `null`, `true` and `false` are passed over.
    pub(crate) fn next(&mut self) -> Read<Next> {
        self.space();
        match self.byte() {
            Some(b'{') => Ok(Next::Object),
            Some(b'[') => Ok(Next::Array),
            Some(b'"') => Ok(Next::String),
            Some(b'-' | b'0'..=b'9') => Ok(Next::Number),
            Some(b'n') => self.word("null", Next::Null),
            Some(b't') => self.word("true", Next::Boolean(true)),
            Some(b'f') => self.word("false", Next::Boolean(false)),
            _ => self.expected("a value"),
        }
    }

    fn word(&mut self, word: &str, is: Next) -> Read<Next> {
        if !self.text[self.at..].starts_with(word) {
            return self.expected("a value");
        }
        self.at += word.len();
        Ok(is)
    }

    /// After the last value nothing may follow.
    pub(crate) fn end(&mut self) -> Read<()> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { self.expected("the end") }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn enter(&mut self) -> Read<()> {
        match self.room.checked_sub(1) {
            Some(room) => self.room = room,
            None => return self.broken("Lists and objects stand too deep in one another."),
        }
        self.at += 1;
        Ok(())
    }

    /// Reads an object, a member at a time.
    pub(crate) fn object(&mut self, on: OnMember<'_, 'a>) -> Read<()> {
        self.enter()?;
        if !self.take(b'}') {
            for count in 0.. {
                if count == self.most {
                    return self.broken(format!("An object has more than {} members.", self.most));
                }
                let at = self.place();
                if self.byte() != Some(b'"') {
                    return self.expected("the name of a member");
                }
                let name = self.string()?;
                if !self.take(b':') {
                    return self.expected("a colon");
                }
                on(self, name, at)?;
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return self.expected("a comma or }");
                }
            }
        }
        self.room += 1;
        Ok(())
    }

    /// Reads a list; `on` is called with the number of each element and must read it.
    pub(crate) fn array(&mut self, on: &mut dyn FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        self.enter()?;
        if !self.take(b']') {
            for count in 0.. {
                if count == self.most {
                    return self.broken(format!("A list has more than {} elements.", self.most));
                }
                on(self, count)?;
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return self.expected("a comma or ]");
                }
            }
        }
        self.room += 1;
        Ok(())
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Read<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        let mut copied = start;
        let mut own = String::new();
        loop {
            self.at += plain_length(&self.text.as_bytes()[self.at..]);
            match self.byte() {
                None => return self.expected("the end of a string"),
                Some(b'"') => break,
                Some(b'\\') => {
                    own.push_str(&self.text[copied..self.at]);
                    own.push(self.escape()?);
                    copied = self.at;
                }
                Some(_) => return self.broken("A control character stands in a string unescaped."),
            }
        }
        let rest = &self.text[copied..self.at];
        self.at += 1;
        if copied == start {
            return Ok(Cow::Borrowed(rest));
        }
        own.push_str(rest);
        Ok(Cow::Owned(own))
    }

    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let found = match self.byte() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code(),
            _ => return self.broken("A backslash is followed by what is no escape."),
        };
        self.at += 1;
        Ok(found)
    }

    /// `\uXXXX`, of a pair the two.
    fn code(&mut self) -> Read<char> {
        let first = self.hex()?;
        let code = match first {
            0xD800..0xDC00 if self.text[self.at..].starts_with("\\u") => {
                self.at += 1;
                match self.hex()? {
                    low @ 0xDC00..0xE000 => 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00),
                    _ => 0xD800,
                }
            }
            other => other,
        };
        match char::from_u32(code) {
            Some(found) => Ok(found),
            None => self.broken("Half a surrogate pair stands alone."),
        }
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.text.as_bytes().get(self.at + 1..self.at + 5).unwrap_or_default();
        let code = digits.iter().try_fold(0, |sum, b| Some(sum * 16 + char::from(*b).to_digit(16)?));
        match code {
            Some(code) if digits.len() == 4 => {
                self.at += 5;
                Ok(code)
            }
            _ => self.broken("\\u is not followed by four hexadecimal digits."),
        }
    }

    /// Reads a number as it is written.
    pub(crate) fn number(&mut self) -> Read<&'a str> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let zero = self.byte() == Some(b'0');
        if self.digits()? > 1 && zero {
            self.at = start;
            return self.broken("A number begins with a 0 that it does not need.");
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Read<usize> {
        let start = self.at;
        while self.byte().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { self.expected("a digit") } else { Ok(self.at - start) }
    }

    /// Passes over a value and gives its text.
    pub(crate) fn skip(&mut self) -> Read<&'a str> {
        let start = self.place();
        match self.next()? {
            Next::Null | Next::Boolean(_) => {}
            Next::Number => drop(self.number()?),
            Next::String => drop(self.string()?),
            Next::Array => self.array(&mut |scan, _| scan.skip().map(drop))?,
            Next::Object => self.object(&mut |scan, _, _| scan.skip().map(drop))?,
        }
        Ok(&self.text[start..self.at])
    }
}

/// Reads a JSON array of strings.
pub(crate) fn read_text_list(text: &str) -> Result<Box<[Text]>, TextFault> {
    const MOST: usize = 10_000;
    let wrong = || TextFault::about(text, "is not a list of text", r#"Write ["one","two"]."#);
    let mut list = Vec::new();
    let mut scan = Scanner::new(text.as_bytes(), 1, MOST).map_err(|_| wrong())?;
    let mut read = || -> Read<()> {
        if scan.next()? != Next::Array {
            return scan.expected("a list");
        }
        scan.array(&mut |scan, _| {
            if scan.next()? != Next::String {
                return scan.expected("text");
            }
            list.push(Text::new(scan.string()?));
            Ok(())
        })?;
        scan.end()
    };
    read().map_err(|_| wrong())?;
    Ok(list.into())
}
