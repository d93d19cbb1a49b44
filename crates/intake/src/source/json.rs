//! JSON and NDJSON: objects as rows.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use super::bounded::{Bounded, Meter};
use super::object::members;
use super::split::Split;
use super::{Cell, Ended, Format, Layout, Row, ShapeFault, Source, Visit};
use crate::{IntakeError, Limits};

/// How many objects are looked at for the names of their members.
const SAMPLED: usize = 1_000;

/// The names of members of the first objects, in the order in which they come.
pub(super) fn headings(source: &Source, format: Format, limits: &Limits) -> Result<Vec<String>, IntakeError> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let mut objects = 0;
    each(source, format, limits, &AtomicU64::new(0), &mut |_, bytes| {
        objects += 1;
        for (name, _) in members(bytes).unwrap_or_default() {
            if !seen.contains(&*name) {
                seen.insert(name.to_string());
                names.push(name.into_owned());
            }
        }
        if objects < SAMPLED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(names)
}

pub(super) fn rows(
    source: &Source,
    layout: &Layout,
    limits: &Limits,
    read: &AtomicU64,
    visit: Visit<'_>,
) -> Result<Ended, IntakeError> {
    let mut later = HashSet::new();
    let mut ended = each(source, layout.format, limits, read, &mut |line, bytes| {
        let mut cells = vec![Cell::Empty; layout.headings.len()];
        let fault = match members(bytes) {
            Err(message) => Some(ShapeFault {
                code: "json_wrong",
                message: format!("The object cannot be read: {message}"),
                hint: "Every row is one object of JSON in UTF-8.",
            }),
            Ok(members) => {
                for (name, cell) in members {
                    match layout.places.get(&*name) {
                        Some(at) => cells[*at] = cell,
                        None if later.len() < limits.columns => {
                            later.insert(name.into_owned());
                        }
                        None => {}
                    }
                }
                cells.iter().any(|cell| too_long(cell, limits)).then(|| ShapeFault {
                    code: "cell_too_long",
                    message: format!("A value has more than {} bytes.", limits.cell_bytes),
                    hint: "Shorten it.",
                })
            }
        };
        visit(Row { line, cells, fault })
    })?;
    if !later.is_empty() {
        let mut names: Vec<String> = later.into_iter().collect();
        names.sort_unstable();
        let count = names.len();
        names.truncate(10);
        ended.notes.push(format!(
            "{count} columns come after the first {SAMPLED} objects only and were not read: {}.",
            names.join(", ")
        ));
    }
    Ok(ended)
}

fn too_long(cell: &Cell<'_>, limits: &Limits) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) | Cell::Exact(text) => text.len() > limits.cell_bytes,
        Cell::List(list) => list.iter().any(|text| text.len() > limits.cell_bytes),
    }
}

/// Hands the bytes of every object to `one`.
fn each(
    source: &Source,
    format: Format,
    limits: &Limits,
    read: &AtomicU64,
    one: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<Ended, IntakeError> {
    let meter = Meter::default();
    // The splitter has a bound of its own for each object.
    meter.begin(usize::MAX);
    let mut split = Split::new(Bounded { inner: source.open()?, meter: &meter, read }, limits);
    let mut object = Vec::new();
    loop {
        let line = match format {
            Format::Ndjson => split.next_line(&mut object)?,
            _ => split.next(&mut object)?,
        };
        let Some(line) = line else { break };
        if one(line, &object) == ControlFlow::Break(()) {
            return Ok(Ended::default());
        }
    }
    let mut notes = Vec::new();
    if split.more_pages {
        notes.push("The file is one page of several: it names a next one (@odata.nextLink).".to_owned());
    }
    Ok(Ended { notes, partial: split.more_pages })
}
