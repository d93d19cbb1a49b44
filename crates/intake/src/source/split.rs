//! The objects of a JSON file one after the other, without holding the file.

use std::io::{BufRead, BufReader, Read};

use crate::{IntakeError, Limits};

/// Reads one object at a time out of `[…]`, of `{"value": […]}`, or of lines.
pub(super) struct Split<R> {
    input: BufReader<R>,
    state: State,
    limit: usize,
    /// The line at hand, counted from 1.
    pub(super) line: u64,
    /// The outer object names another page.
    pub(super) more_pages: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    Start,
    /// Between elements; whether one came already, and whether an object surrounds the list.
    List {
        first: bool,
        inside: bool,
    },
    Ended,
}

impl<R: Read> Split<R> {
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        let input = BufReader::with_capacity(64 << 10, input);
        Self { input, state: State::Start, limit: limits.row_bytes, line: 1, more_pages: false }
    }

    /// The next object's bytes and the line it begins on; none at the end.
    pub(super) fn next(&mut self, into: &mut Vec<u8>) -> Result<Option<u64>, IntakeError> {
        into.clear();
        if self.state == State::Start {
            self.start()?;
        }
        let State::List { first, inside } = self.state else { return Ok(None) };
        match self.peek_solid()? {
            Some(b']') => {
                self.bump()?;
                self.end(inside)?;
                return Ok(None);
            }
            Some(b',') if !first => {
                self.bump()?;
                self.peek_solid()?;
            }
            Some(_) if first => {}
            _ => return Err(self.wrong("A comma or the end of the list is missing.")),
        }
        let line = self.line;
        if self.peek_solid()? != Some(b'{') {
            return Err(self.wrong("Every element of the list must be an object."));
        }
        self.value(into)?;
        self.state = State::List { first: false, inside };
        Ok(Some(line))
    }

    /// Finds the list: the whole, or the member `value` of the whole.
    fn start(&mut self) -> Result<(), IntakeError> {
        if self.input.fill_buf().map_err(|e| IntakeError::unreadable(&e))?.starts_with(b"\xef\xbb\xbf") {
            self.input.consume(3);
        }
        match self.peek_solid()? {
            Some(b'[') => {
                self.bump()?;
                self.state = State::List { first: true, inside: false };
                Ok(())
            }
            Some(b'{') => {
                self.bump()?;
                self.members(true)
            }
            _ => Err(self.wrong("A list of objects was expected.")),
        }
    }

    /// Reads members of the outer object, up to the list where it is still to come, else to the end.
    fn members(&mut self, mut first: bool) -> Result<(), IntakeError> {
        let mut scratch = Vec::new();
        let wants_list = self.state == State::Start;
        loop {
            match self.peek_solid()? {
                Some(b'}') if wants_list => {
                    return Err(IntakeError::new(
                        "json_no_list",
                        "The file holds one object and no list.",
                        "Give an array of objects or {\"value\": [ … ]}; for one object a line set format = \
                         \"ndjson\" under [file].",
                    ));
                }
                Some(b'}') => {
                    self.bump()?;
                    return Ok(());
                }
                Some(b',') if !first => {
                    self.bump()?;
                }
                Some(b'"') if first => {}
                _ => return Err(self.wrong("A member of the outer object was expected.")),
            }
            first = false;
            if self.peek_solid()? != Some(b'"') {
                return Err(self.wrong("The name of a member was expected."));
            }
            scratch.clear();
            self.value(&mut scratch)?;
            let list = scratch == b"\"value\"";
            self.more_pages |= scratch == b"\"@odata.nextLink\"";
            if self.peek_solid()? != Some(b':') {
                return Err(self.wrong("A colon is missing."));
            }
            self.bump()?;
            if self.peek_solid()? == Some(b'[') && list && wants_list {
                self.bump()?;
                self.state = State::List { first: true, inside: true };
                return Ok(());
            }
            scratch.clear();
            self.value(&mut scratch)?;
        }
    }

    /// After the list: what is left of the outer object, and nothing else.
    fn end(&mut self, inside: bool) -> Result<(), IntakeError> {
        self.state = State::Ended;
        if inside {
            self.members(false)?;
        }
        match self.peek_solid()? {
            None => Ok(()),
            Some(_) => Err(self.wrong("Something follows the end.")),
        }
    }

    /// Copies one value. Only its outline is looked at; the reader of objects reads it in full.
    fn value(&mut self, into: &mut Vec<u8>) -> Result<(), IntakeError> {
        let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
        loop {
            let Some(byte) = self.peek()? else { return Err(self.cut_off()) };
            if !quoted && depth == 0 && !into.is_empty() && matches!(byte, b',' | b']' | b'}' | b':') {
                return Ok(());
            }
            self.bump()?;
            into.push(byte);
            if into.len() > self.limit {
                return Err(IntakeError::new(
                    "row_too_long",
                    format!("An object has more than {} bytes.", self.limit),
                    "Split it, or see whether a bracket is not closed.",
                )
                .on_line(self.line));
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            let closed = matches!(byte, b'"' | b'}' | b']') && !quoted && !escaped;
            if depth == 0 && closed {
                return Ok(());
            }
        }
    }

    /// The next line of NDJSON that is not empty, and its number; none at the end.
    pub(super) fn next_line(&mut self, into: &mut Vec<u8>) -> Result<Option<u64>, IntakeError> {
        loop {
            into.clear();
            let mut bounded = (&mut self.input).take(self.limit as u64 + 2);
            let count = bounded.read_until(b'\n', into).map_err(|e| IntakeError::unreadable(&e))?;
            if count == 0 {
                return Ok(None);
            }
            let line = self.line;
            self.line += 1;
            if into.len() > self.limit + 1 {
                return Err(IntakeError::new(
                    "row_too_long",
                    format!("The line has more than {} bytes.", self.limit),
                    "NDJSON has one object on each line.",
                )
                .on_line(line));
            }
            if line == 1 && into.starts_with(b"\xef\xbb\xbf") {
                into.drain(..3);
            }
            if !into.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, IntakeError> {
        let buffer = self.input.fill_buf().map_err(|e| IntakeError::unreadable(&e))?;
        Ok(buffer.first().copied())
    }

    fn bump(&mut self) -> Result<(), IntakeError> {
        if self.peek()? == Some(b'\n') {
            self.line += 1;
        }
        self.input.consume(1);
        Ok(())
    }

    /// The next byte that is no space.
    fn peek_solid(&mut self) -> Result<Option<u8>, IntakeError> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.bump()?,
                found => return Ok(found),
            }
        }
    }

    fn wrong(&mut self, message: &str) -> IntakeError {
        if matches!(self.peek(), Ok(None)) {
            return self.cut_off();
        }
        IntakeError::new("json_wrong", message, "Give an array of objects, or an OData page.")
            .on_line(self.line)
    }

    fn cut_off(&self) -> IntakeError {
        IntakeError::new(
            "file_cut_off",
            "The file ends before its list does.",
            "Fetch it again; the end is missing.",
        )
        .on_line(self.line)
    }
}
