//! CSV: text with a separator between cells (RFC 4180, read leniently).

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::bounded::{Bounded, Meter};
use super::latin::text;
use super::layout::{Encoding, FileSettings};
use super::opened::Seekable;
use super::{Cell, Ended, Layout, Row, ShapeFault, Source, Visit};
use crate::{IntakeError, Limits};

/// The separators that are found without being told.
const KNOWN: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much the reader takes at once, and so how far past a row it may have read.
const AHEAD: usize = 64 << 10;

/// The separator that the mapping says, else that which the heading line has most of outside quotes.
pub(super) fn delimiter(settings: &FileSettings, head: &[u8]) -> Result<u8, IntakeError> {
    if let Some(given) = settings.delimiter {
        return u8::try_from(given).ok().filter(|d| d.is_ascii() && !b"\"\r\n".contains(d)).ok_or_else(
            || {
                IntakeError::new(
                    "delimiter_wrong",
                    format!("{given:?} cannot separate cells."),
                    "Give one ASCII character, such as \",\", \";\", \"\\t\" or \"|\".",
                )
            },
        );
    }
    let skipped = settings.headings_line.unwrap_or(1).saturating_sub(1) as usize;
    let line = head.split(|b| *b == b'\n').nth(skipped).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [0_usize; KNOWN.len()];
    for byte in line {
        quoted ^= *byte == b'"';
        if let (false, Some(at)) = (quoted, KNOWN.iter().position(|d| d == byte)) {
            counts[at] += 1;
        }
    }
    // Of equal counts the first wins: comma before semicolon before tab before bar.
    let best = (0..KNOWN.len()).rev().max_by_key(|at| counts[*at]).unwrap_or_default();
    Ok(KNOWN[best])
}

/// The line on which a record begins, and its cells.
type Given<'r> = (u64, Vec<&'r [u8]>);

/// The lines of a file, a record at a time.
struct Lines<'a> {
    reader: Reader<Bounded<'a, BufReader<Box<dyn Seekable + Send>>>>,
    meter: &'a Meter,
    record: ByteRecord,
    /// What ends a line. A carriage return before a line feed is taken off by hand: the reader would end
    /// the record before it and count the lines wrong.
    ends: u8,
    row_bytes: usize,
    /// The line at hand, for what is wrong with it.
    line: u64,
}

impl<'a> Lines<'a> {
    /// The reader, its first line the heading line.
    fn open(
        source: &Source,
        layout: &Layout,
        limits: &Limits,
        meter: &'a Meter,
        read: &'a AtomicU64,
    ) -> Result<Self, IntakeError> {
        let mut inner = BufReader::with_capacity(AHEAD, source.open()?);
        let head = inner.fill_buf().map_err(|e| IntakeError::unreadable(&e))?;
        let ends = if head.contains(&b'\n') || !head.contains(&b'\r') { b'\n' } else { b'\r' };
        let skipped = layout.settings.headings_line.unwrap_or(1).saturating_sub(1);
        let mut line = Vec::new();
        for _ in 0..skipped {
            line.clear();
            // A bound of its own: what is skipped has not been looked at.
            Read::take(&mut inner, 1 << 20)
                .read_until(ends, &mut line)
                .map_err(|e| IntakeError::unreadable(&e))?;
        }
        let reader = ReaderBuilder::new()
            .delimiter(layout.delimiter)
            .terminator(Terminator::Any(ends))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(AHEAD)
            .from_reader(Bounded { inner, meter, read });
        let line = u64::from(skipped) + 1;
        Ok(Self { reader, meter, record: ByteRecord::new(), ends, row_bytes: limits.row_bytes, line })
    }

    /// The next record that is not empty: its cells and the line it begins on; none at the end.
    fn next(&mut self) -> Result<Option<Given<'_>>, IntakeError> {
        loop {
            self.meter.begin(self.row_bytes + 2 * AHEAD);
            let before = self.reader.position().byte();
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|error| self.wrong(error))? {
                return Ok(None);
            }
            let begins = self.count(before);
            if self.record.len() > 1 || !matches!(self.record.get(0), None | Some(b"" | b"\r")) {
                let mut cells: Vec<&[u8]> = self.record.iter().collect();
                if let (b'\n', Some(last)) = (self.ends, cells.last_mut()) {
                    *last = last.strip_suffix(b"\r").unwrap_or(last);
                }
                return Ok(Some((begins, cells)));
            }
        }
    }

    /// Moves the line on past the record, and gives the one on which it began: what the record itself
    /// holds of line ends counts, and what was skipped before it.
    fn count(&mut self, before: u64) -> u64 {
        let place = self.reader.position();
        if self.ends == b'\r' || place.byte() == before {
            self.line += 1;
            return self.line - 1;
        }
        let inside = self.record.as_slice().iter().filter(|b| **b == b'\n').count() as u64;
        // The reader counts from 1 at the heading line; where a line end closed the record it is past it.
        let at_end = place.byte() == self.meter.seen.get();
        let open_quote = self.meter.quotes.get() % 2 == 1 && self.record.as_slice().ends_with(b"\n");
        let closed = u64::from(!at_end || (self.meter.last.get() == b'\n' && !open_quote));
        let first = self.record.position().map_or(1, csv::Position::line);
        let end = self.line + (place.line() - first) - closed;
        self.line = end + closed;
        end - inside
    }

    fn wrong(&self, error: csv::Error) -> IntakeError {
        match error.into_kind() {
            csv::ErrorKind::Io(_) if self.meter.overrun.get() => IntakeError::new(
                "row_too_long",
                format!("The row that begins here has more than {} bytes.", self.row_bytes),
                "A double quote that is never closed makes such a row: close it, or write it twice inside \
                 quotes.",
            )
            .on_line(self.line),
            csv::ErrorKind::Io(error) => IntakeError::unreadable(&error),
            _ => IntakeError::new("csv_wrong", "The row cannot be read.", "See what is on this line.")
                .on_line(self.line),
        }
    }
}

pub(super) fn headings(
    source: &Source,
    layout: &Layout,
    limits: &Limits,
) -> Result<Vec<String>, IntakeError> {
    let (meter, read) = (Meter::default(), AtomicU64::new(0));
    let mut lines = Lines::open(source, layout, limits, &meter, &read)?;
    let Some((_, cells)) = lines.next()? else { return Ok(Vec::new()) };
    let latin = layout.settings.encoding == Some(Encoding::Latin1);
    let heading = |bytes: &[u8]| text(bytes, latin).0.trim_matches(['\u{feff}', ' ', '\u{a0}']).to_owned();
    Ok(cells.into_iter().map(heading).collect())
}

pub(super) fn rows(
    source: &Source,
    layout: &Layout,
    limits: &Limits,
    read: &AtomicU64,
    visit: Visit<'_>,
) -> Result<Ended, IntakeError> {
    let meter = Meter::default();
    let mut lines = Lines::open(source, layout, limits, &meter, read)?;
    lines.next()?;
    let latin = layout.settings.encoding == Some(Encoding::Latin1);
    let (mut foreign, mut first_foreign) = (0_u64, 0);
    let mut last = (0, false);
    while let Some((line, given)) = lines.next()? {
        let mut utf8 = true;
        let mut long = None;
        let cells = given
            .iter()
            .enumerate()
            .map(|(at, bytes)| {
                let (text, was_utf8) = text(bytes, latin);
                utf8 &= was_utf8;
                if bytes.len() > limits.cell_bytes {
                    long = Some(at);
                }
                if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
            })
            .collect();
        if !utf8 {
            foreign += 1;
            first_foreign = if foreign == 1 { line } else { first_foreign };
        }
        last = (line, given.iter().any(|cell| cell.contains(&b'\n')));
        let fault = shape(given.len(), layout.headings.len(), long, limits);
        if visit(Row { line, cells, fault }) == ControlFlow::Break(()) {
            return Ok(Ended::default());
        }
    }
    // A quote that never closes takes all that follows into its cell.
    if meter.quotes.get() % 2 == 1 && last.1 {
        return Err(IntakeError::new(
            "quote_unclosed",
            "The file ends inside a cell whose double quote is not closed.",
            "Close it, or write the quote twice where the text itself holds one.",
        )
        .on_line(last.0));
    }
    let mut notes = Vec::new();
    if foreign > 0 {
        notes.push(format!(
            "{foreign} rows, the first on line {first_foreign}, are not UTF-8; they were read as Latin-1 \
             (Windows-1252)."
        ));
    }
    Ok(Ended { notes, partial: false })
}

fn shape(cells: usize, headings: usize, long: Option<usize>, limits: &Limits) -> Option<ShapeFault> {
    if let Some(at) = long {
        return Some(ShapeFault {
            code: "cell_too_long",
            message: format!("Cell {} has more than {} bytes.", at + 1, limits.cell_bytes),
            hint: "Shorten it, or see whether a double quote is not closed.",
        });
    }
    let code = match cells.cmp(&headings) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => "too_few_cells",
        std::cmp::Ordering::Greater => "too_many_cells",
    };
    Some(ShapeFault {
        code,
        message: format!("The row has {cells} cells where {headings} headings are."),
        hint: "Put double quotes around a cell that holds the separator or a line break.",
    })
}
