//! Files as rows of cells, whatever their form.

mod bounded;
mod delimited;
mod json;
mod latin;
mod layout;
mod object;
mod opened;
mod sheet;
mod split;

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

pub use layout::Format;
pub(crate) use layout::{FileSettings, Layout, layout};
pub use opened::Source;

use crate::{IntakeError, Limits};

#[cfg(test)]
mod tests;

/// What a cell holds.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text as somebody typed it.
    Text(Cow<'a, str>),
    /// A number, a truth or a date whose form the file itself fixes (JSON's `1.5`, a date cell of XLSX):
    /// the mapping's ways of reading what was typed do not apply to it.
    Exact(Cow<'a, str>),
    /// A list of JSON.
    List(Vec<Cow<'a, str>>),
}

/// One row: a cell for each heading, in their order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row<'a> {
    /// The line it begins on, counted from 1 (of a JSON array: the number of the object).
    pub(crate) line: u64,
    /// As many cells as there are headings.
    pub(crate) cells: Vec<Cell<'a>>,
    /// Why the row as a whole cannot be read.
    pub(crate) fault: Option<ShapeFault>,
}

/// A row that has not the shape of the others.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ShapeFault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}

/// What there is to say about a file once it has been read to its end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Ended {
    /// Things worth knowing, such as lines that were not UTF-8.
    pub(crate) notes: Vec<String>,
    /// The file says of itself that it is a part of something larger (an OData page with a next link).
    pub(crate) partial: bool,
}

/// Is handed each row.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(Row<'_>) -> ControlFlow<()>;

/// Hands every row to `visit` until it says stop. `read` counts the bytes that have been read.
///
/// # Errors
/// A file that cannot be read to its end in the form it has.
pub(crate) fn rows(
    source: &Source,
    layout: &Layout,
    limits: &Limits,
    read: &AtomicU64,
    visit: Visit<'_>,
) -> Result<Ended, IntakeError> {
    match layout.format {
        Format::Csv => delimited::rows(source, layout, limits, read, visit),
        Format::Json | Format::Ndjson => json::rows(source, layout, limits, read, visit),
        Format::Xlsx => sheet::rows(source, layout, limits, read, visit),
    }
}
