//! What form a file has, and what its columns are called.

use std::collections::{HashMap, HashSet};

use super::{Source, delimited, json, sheet};
use crate::{IntakeError, Limits};

/// The form of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text with a separator between cells, a row of headings first.
    Csv,
    /// A list of objects, alone or as `value` of an OData page.
    Json,
    /// One object of JSON on each line.
    Ndjson,
    /// A workbook of Excel.
    Xlsx,
}

/// What a mapping says about the file; what it leaves out is found out.
#[derive(Clone, PartialEq, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FileSettings {
    pub(crate) format: Option<Format>,
    pub(crate) delimiter: Option<char>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) sheet: Option<String>,
    pub(crate) headings_line: Option<u32>,
}

/// How the characters of a CSV file are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
pub(crate) enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "latin-1")]
    Latin1,
}

/// The form of one file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    pub(crate) settings: FileSettings,
    /// Between cells of CSV.
    pub(crate) delimiter: u8,
    /// The columns, in their order.
    pub(crate) headings: Vec<String>,
    /// Where each heading stands.
    pub(crate) places: HashMap<String, usize>,
    /// Whether these are all: of JSON, whose objects name their own members, the first objects tell.
    pub(crate) complete: bool,
    pub(crate) notes: Vec<String>,
}

/// Finds out the form of a file and reads its headings.
///
/// # Errors
/// A file of no known form, one without headings or with a heading twice.
pub(crate) fn layout(
    source: &Source,
    settings: &FileSettings,
    limits: &Limits,
) -> Result<Layout, IntakeError> {
    source.length()?;
    let head = source.head(64 << 10)?;
    let format = match settings.format {
        Some(format) => format,
        None => guess(source.name(), &head)?,
    };
    if head.is_empty() {
        return Err(IntakeError::new(
            "file_empty",
            "The file is empty.",
            "Give a file with headings and rows.",
        ));
    }
    if format != Format::Xlsx {
        readable(&head)?;
    }
    let mut layout = Layout {
        format,
        settings: settings.clone(),
        delimiter: b',',
        headings: Vec::new(),
        places: HashMap::new(),
        complete: format != Format::Json && format != Format::Ndjson,
        notes: Vec::new(),
    };
    match format {
        Format::Csv => {
            layout.delimiter = delimited::delimiter(settings, &head)?;
            layout.headings = delimited::headings(source, &layout, limits)?;
        }
        Format::Json | Format::Ndjson => layout.headings = json::headings(source, format, limits)?,
        Format::Xlsx => layout.headings = sheet::headings(source, settings, limits, &mut layout.notes)?,
    }
    named(&mut layout, limits)?;
    Ok(layout)
}

/// The form by the name's ending, else by the first bytes.
fn guess(name: &str, head: &[u8]) -> Result<Format, IntakeError> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv" | "tab" | "psv" | "txt") => return Ok(Format::Csv),
        Some("json") => return Ok(Format::Json),
        Some("ndjson" | "jsonl") => return Ok(Format::Ndjson),
        Some("xlsx" | "xlsm") => return Ok(Format::Xlsx),
        Some("xls") => {
            return Err(IntakeError::new(
                "format_unknown",
                "The file is of the old form of Excel (xls).",
                "Save it as xlsx or CSV.",
            ));
        }
        _ => {}
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    Ok(match text.iter().find(|b| !b.is_ascii_whitespace()) {
        _ if head.starts_with(b"PK\x03\x04") => Format::Xlsx,
        Some(b'[') => Format::Json,
        Some(b'{') if contains(text, b"\"value\"") => Format::Json,
        Some(b'{') => Format::Ndjson,
        _ => Format::Csv,
    })
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}

/// Refuses what is not text in UTF-8 or Latin-1.
fn readable(head: &[u8]) -> Result<(), IntakeError> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(IntakeError::new(
            "encoding_unsupported",
            "The file is written in UTF-16.",
            "Save it as UTF-8 (in Excel: CSV UTF-8).",
        ));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(IntakeError::new(
            "not_text",
            "The file is a zip archive, not text.",
            "If it is a workbook of Excel, name it .xlsx or set format = \"xlsx\" under [file].",
        ));
    }
    if head.contains(&0) {
        return Err(IntakeError::new(
            "not_text",
            "The file holds bytes that no text has.",
            "Give CSV, JSON, NDJSON or XLSX.",
        ));
    }
    Ok(())
}

/// Sees that every heading is there once, and notes where it stands.
fn named(layout: &mut Layout, limits: &Limits) -> Result<(), IntakeError> {
    let count = layout.headings.len();
    // A list of JSON may be empty: then it has no names, and no rows.
    if count == 0 && layout.complete {
        return Err(IntakeError::new(
            "headings_missing",
            "The file has no headings.",
            "Name the columns in the first line, or say under [file] which line does: headings_line.",
        ));
    }
    if count > limits.columns {
        return Err(IntakeError::new(
            "too_many_columns",
            format!("The file has {count} columns."),
            format!("At most {} are read; leave out those that are not needed.", limits.columns),
        ));
    }
    let mut seen = HashSet::new();
    for (at, heading) in layout.headings.iter_mut().enumerate() {
        if heading.is_empty() {
            // A separator at the end of every line makes such a column.
            layout.notes.push(format!("Column {} has no heading and is not read.", at + 1));
            *heading = format!("column {}", at + 1);
        } else if layout.complete && !seen.insert(heading.to_lowercase()) {
            return Err(IntakeError::new(
                "heading_twice",
                format!("The heading {heading:?} is there twice."),
                "Give each column a heading of its own (capitals make no difference).",
            )
            .on_line(u64::from(layout.settings.headings_line.unwrap_or(1))));
        }
        layout.places.insert(heading.clone(), at);
    }
    Ok(())
}
