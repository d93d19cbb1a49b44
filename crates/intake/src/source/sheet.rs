//! XLSX: one sheet of a workbook.

use std::borrow::Cow;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::layout::FileSettings;
use super::opened::Seekable;
use super::{Cell, Ended, Layout, Row, Source, Visit};
use crate::{IntakeError, Limits};

type Book = Xlsx<BufReader<Box<dyn Seekable + Send>>>;

fn wrong(error: &dyn std::fmt::Display) -> IntakeError {
    IntakeError::new(
        "xlsx_wrong",
        format!("The workbook cannot be read: {error}."),
        "Open it in Excel or LibreOffice and save it as xlsx again.",
    )
}

/// What the reader of workbooks says. It panics on some that are malformed (a column `ZZZZZZZZ1` overflows
/// it); what it worked on is not used after that.
fn careful<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, IntakeError> {
    match std::panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|e| wrong(&e)),
        Err(_) => Err(wrong(&"it is malformed")),
    }
}

/// Opens the workbook, once it is known how large it is when unpacked.
fn open(source: &Source, limits: &Limits) -> Result<Book, IntakeError> {
    let bytes = source.length()?;
    if bytes > limits.xlsx_bytes {
        return Err(IntakeError::new(
            "xlsx_too_large",
            format!("The workbook has {bytes} bytes."),
            format!("At most {} are read; save it as CSV, which may have any length.", limits.xlsx_bytes),
        ));
    }
    let mut file = BufReader::new(source.open()?);
    unpacked(&mut file, limits)?;
    file.seek(SeekFrom::Start(0)).map_err(|e| IntakeError::unreadable(&e))?;
    careful(|| Xlsx::new(file))
}

/// Unpacks every part once and throws it away: what the archive says of its sizes may be a lie.
fn unpacked(file: &mut (impl Read + Seek), limits: &Limits) -> Result<(), IntakeError> {
    let mut archive = zip::ZipArchive::new(file).map_err(|e| wrong(&e))?;
    let mut left = limits.xlsx_unpacked_bytes;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|e| wrong(&e))?;
        let count = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|e| wrong(&e))?;
        left = left.checked_sub(count).ok_or_else(|| {
            IntakeError::new(
                "xlsx_too_large",
                format!("The workbook unpacks to more than {} bytes.", limits.xlsx_unpacked_bytes),
                "Save the sheet as CSV, which may have any length.",
            )
        })?;
    }
    Ok(())
}

/// The sheet that the mapping names, else the first.
fn chosen(book: &Book, settings: &FileSettings) -> Result<String, IntakeError> {
    let names = book.sheet_names();
    let found = match &settings.sheet {
        Some(wanted) => names.iter().find(|name| name.eq_ignore_ascii_case(wanted)),
        None => names.first(),
    };
    found.cloned().ok_or_else(|| {
        IntakeError::new(
            "sheet_missing",
            format!("The workbook has no sheet {:?}.", settings.sheet.as_deref().unwrap_or_default()),
            format!("Its sheets are: {}.", names.join(", ")),
        )
    })
}

pub(super) fn headings(
    source: &Source,
    settings: &FileSettings,
    limits: &Limits,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, IntakeError> {
    let mut book = open(source, limits)?;
    let sheet = chosen(&book, settings)?;
    if settings.sheet.is_none() && book.sheet_names().len() > 1 {
        notes.push(format!("Of {} sheets the first, {sheet:?}, is read.", book.sheet_names().len()));
    }
    let wanted = settings.headings_line.unwrap_or(1).saturating_sub(1);
    let mut names: Vec<String> = Vec::new();
    let mut cells = careful(|| book.worksheet_cells_reader(&sheet))?;
    while let Some(cell) = careful(|| cells.next_cell())? {
        let (row, column) = cell.get_position();
        if row > wanted {
            break;
        }
        let column = column as usize;
        if row == wanted && column <= limits.columns {
            names.resize(names.len().max(column + 1), String::new());
            if let Cell::Text(text) | Cell::Exact(text) = read(cell.get_value()) {
                names[column] = text.trim().to_owned();
            }
        }
    }
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    Ok(names)
}

pub(super) fn rows(
    source: &Source,
    layout: &Layout,
    limits: &Limits,
    read_bytes: &AtomicU64,
    visit: Visit<'_>,
) -> Result<Ended, IntakeError> {
    let bytes = source.length()?;
    let mut book = open(source, limits)?;
    let sheet = chosen(&book, &layout.settings)?;
    let headings_at = layout.settings.headings_line.unwrap_or(1).saturating_sub(1);
    let width = layout.headings.len();
    let mut reader = careful(|| book.worksheet_cells_reader(&sheet))?;
    // Read once the sheet says how many rows it has, the share of them is the share of the file.
    let expected = u64::from(reader.dimensions().end.0).max(1);
    let mut at = None;
    let mut cells: Vec<Cell<'static>> = vec![Cell::Empty; width];
    let mut count = 0_u64;
    let mut hand_on = |row: u32, cells: &mut Vec<Cell<'static>>| -> Result<ControlFlow<()>, IntakeError> {
        let taken = std::mem::replace(cells, vec![Cell::Empty; width]);
        if taken.iter().all(|cell| *cell == Cell::Empty) {
            return Ok(ControlFlow::Continue(()));
        }
        count += 1;
        if count > limits.xlsx_rows {
            return Err(IntakeError::new(
                "too_many_rows",
                format!("The sheet has more than {} rows.", limits.xlsx_rows),
                "Save it as CSV, which may have any length.",
            ));
        }
        read_bytes.store(bytes * u64::from(row).min(expected) / expected, Ordering::Relaxed);
        let long = taken.iter().any(
            |cell| matches!(cell, Cell::Text(text) | Cell::Exact(text) if text.len() > limits.cell_bytes),
        );
        let fault = long.then(|| super::ShapeFault {
            code: "cell_too_long",
            message: format!("A cell has more than {} bytes.", limits.cell_bytes),
            hint: "Shorten it.",
        });
        Ok(visit(Row { line: u64::from(row) + 1, cells: taken, fault }))
    };
    while let Some(cell) = careful(|| reader.next_cell())? {
        let (row, column) = cell.get_position();
        if row <= headings_at {
            continue;
        }
        if let Some(before) = at.filter(|before| *before != row)
            && hand_on(before, &mut cells)? == ControlFlow::Break(())
        {
            return Ok(Ended::default());
        }
        at = Some(row);
        // What stands right of the headings belongs to no column.
        if let Some(place) = cells.get_mut(column as usize) {
            *place = read(cell.get_value());
        }
    }
    if let Some(last) = at {
        // Whether it says stop makes no difference at the end.
        let _ = hand_on(last, &mut cells)?;
    }
    Ok(Ended::default())
}

fn read(value: &DataRef<'_>) -> Cell<'static> {
    let text = |text: &str| match text.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(Cow::Owned(text.to_owned())),
    };
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(s) => text(s),
        DataRef::SharedString(s) => text(s),
        DataRef::Int(number) => Cell::Exact(Cow::Owned(number.to_string())),
        DataRef::Float(number) => Cell::Exact(Cow::Owned(shortest(*number))),
        DataRef::Bool(truth) => Cell::Exact(Cow::Owned(truth.to_string())),
        DataRef::DateTime(at) => Cell::Exact(Cow::Owned(moment(*at))),
        DataRef::DateTimeIso(iso) | DataRef::DurationIso(iso) => text(iso),
        // What Excel could not calculate: shown in the report as it is shown in Excel.
        DataRef::Error(error) => Cell::Text(Cow::Owned(error.to_string())),
    }
}

/// A number with the fifteen digits that Excel itself shows: 0.1 + 0.2 is 0.3 there.
fn shortest(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    rounded.to_string()
}

/// A date cell as ISO writes it; at midnight as a date alone, before the first day as a time alone.
pub(super) fn moment(at: ExcelDateTime) -> String {
    if at.is_duration() {
        return shortest(at.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    if (0.0..1.0).contains(&at.as_f64()) {
        return format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    }
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}")
}
