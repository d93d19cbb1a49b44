//! A place in the text of an option or a segment, and the smallest things that are read there.

use super::decode::Decoded;
use crate::Fault;

/// What identifiers may have at most (4.01 ABNF, odataIdentifier).
const LONGEST_NAME: usize = 128;
/// Characters of the client's text that a message shows.
const MOST_SHOWN: usize = 40;

/// A reader's place in the text of an option or a segment.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    part: &'a Decoded<'a>,
    /// What the text belongs to, such as `$filter`: the target of a fault.
    target: &'a str,
    /// Bytes of the text that are read.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(part: &'a Decoded<'a>, target: &'a str) -> Self {
        Self { part, target, at: 0 }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        &self.part.text[self.at..]
    }

    /// What was read since byte `from`.
    pub(super) fn since(&self, from: usize) -> &'a str {
        &self.part.text[from..self.at]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.part.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_after(&self, bytes: usize) -> Option<u8> {
        self.part.text.as_bytes().get(self.at + bytes).copied()
    }

    /// A cursor at the beginning of each option from here to the parenthesis that closes them. Where texts have no
    /// end there may be others; they are refused when they are read.
    pub(super) fn rest_options(self) -> impl Iterator<Item = Self> {
        let (mut depth, mut quote) = (1, None);
        let ends = move |(at, byte): (usize, u8)| {
            match (byte, quote) {
                (mark, Some(open)) if mark == open => quote = None,
                (_, Some(_)) => {}
                (b'\'' | b'"', None) => quote = Some(byte),
                (b'(', None) => depth += 1,
                (b')', None) => depth -= 1,
                (b';', None) if depth == 1 => return Some(Some(at + 1)),
                _ => {}
            }
            // Nothing more after the parenthesis.
            (depth > 0).then_some(None)
        };
        let text = self.rest().bytes().enumerate();
        let places = std::iter::once(0).chain(text.map_while(ends).flatten());
        places.map(move |at| Self { at: self.at + at, ..self })
    }

    pub(super) fn done(&self) -> bool {
        self.at == self.part.text.len()
    }

    /// Whether the byte at the cursor was sent as a plus sign.
    pub(super) fn was_plus(&self) -> bool {
        self.part.was_plus(self.at)
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Passes spaces and tabs; whether there were any.
    pub(super) fn space(&mut self) -> bool {
        let before = self.at;
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at > before
    }

    /// Passes spaces, then `byte`, then spaces.
    pub(super) fn eat_spaced(&mut self, byte: u8) -> bool {
        let before = self.at;
        self.space();
        if self.eat(byte) {
            self.space();
            return true;
        }
        self.at = before;
        false
    }

    /// An identifier, not read past; empty where there is none.
    pub(super) fn peek_name(&self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(at, c)| !(c.is_alphabetic() || *c == '_' || (*at > 0 && c.is_alphanumeric())))
            .map_or(rest.len(), |(at, _)| at);
        &rest[..end]
    }

    /// An identifier; empty where there is none.
    pub(super) fn name(&mut self) -> Result<&'a str, Fault> {
        let name = self.peek_name();
        if name.len() > LONGEST_NAME {
            let message = format!("This name has more than {LONGEST_NAME} bytes.");
            return Err(self.bad(self.at, "syntax", message, "Names have at most 128 characters."));
        }
        self.at += name.len();
        Ok(name)
    }

    /// Identifiers with dots between them; empty where there is none.
    pub(super) fn dotted(&mut self) -> Result<&'a str, Fault> {
        let from = self.at;
        while !self.name()?.is_empty() && self.peek() == Some(b'.') {
            self.at += 1;
        }
        Ok(self.since(from))
    }

    /// Text between single quotes, two of them standing for one. The cursor is at the first.
    pub(super) fn quoted(&mut self) -> Result<String, Fault> {
        let from = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(end) = rest.find('\'') else {
                self.at = from;
                let hint = "End it with a single quote; write a quote inside it twice.";
                return Err(self.bad(from, "syntax", "This text has no end.", hint));
            };
            text.push_str(&rest[..end]);
            self.at += end + 1;
            if !self.eat(b'\'') {
                return Ok(text);
            }
            text.push('\'');
        }
    }

    /// A fault of the request (400) at byte `at` of this text.
    pub(super) fn bad(
        &self,
        at: usize,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Fault {
        Fault::bad(code, message, hint).about(self.target).at(self.part.place(at))
    }

    /// What is understood and not supported (501), at byte `at` of this text.
    pub(super) fn unsupported(&self, at: usize, what: &str) -> Fault {
        let message = format!("{what} is not supported.");
        Fault::new(501, "not_supported", message, "Ask without it.")
            .about(self.target)
            .at(self.part.place(at))
    }

    /// The fault that something else was expected here.
    pub(super) fn expected(&self, what: &str, hint: impl Into<String>) -> Fault {
        let message = match self.rest() {
            "" => format!("The text ends where {what} is expected."),
            rest => format!("{what} is expected here, not {}.", shown(rest)),
        };
        let mut letters = message.chars();
        let message: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        self.bad(self.at, "syntax", message, hint)
    }

    /// Reads `byte`, with spaces before it.
    pub(super) fn expect(&mut self, byte: u8, hint: &str) -> Result<(), Fault> {
        self.space();
        if self.eat(byte) {
            return Ok(());
        }
        let what = format!("`{}`", char::from(byte));
        Err(self.expected(&what, hint))
    }
}

/// The beginning of `text` between quotes, for a message.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}
