//! One file and one mapping, held against each other: what can be asked of them.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::{Dictionary, Record};
use serde::Serialize;

use crate::mapping::{Mapped, Plan, RowFault, bind};
use crate::report::Tally;
use crate::run::survey;
use crate::source::{Ended, Layout, Row, layout, rows};
use crate::{Clock, IntakeError, Limits, Mapping, Moved, Progress, Report, Source, Stage};

/// A file and a mapping that fit each other. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) parts: Arc<Parts>,
}

/// What a job is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) layout: Layout,
    pub(crate) plan: Plan,
    pub(crate) limits: Limits,
    pub(crate) bytes: u64,
}

/// The first rows of a file, and what would become of them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Preview {
    /// The file's columns.
    pub headings: Vec<String>,
    /// The first rows.
    pub rows: Vec<PreviewRow>,
    /// Things worth knowing that are no faults.
    pub notes: Vec<String>,
}

/// One row of a preview.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PreviewRow {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// Why no record can be made of it, where that is so: the code and the sentence.
    pub fault: Option<(String, String)>,
    /// The records that it yields; none where the mapping's conditions leave it out.
    pub records: Vec<PreviewRecord>,
}

/// One record of a preview.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PreviewRecord {
    /// Its resource.
    pub resource: String,
    /// Its key, where it has one.
    pub key: Option<String>,
    /// Whether it would be refused.
    pub refused: bool,
    /// Its fields and their values as text, in the order of the names.
    pub fields: Vec<(String, String)>,
    /// What is wrong with it: field, code, sentence and hint.
    pub faults: Vec<(String, String, String, String)>,
}

impl Job {
    /// Opens the file, reads its headings and holds the mapping against them and the dictionary. It waits
    /// for the disk, for an XLSX file as long as unpacking takes.
    ///
    /// # Errors
    /// A file of no known form; `mapping_wrong` with every fault of the mapping.
    pub fn open(
        dictionary: Arc<Dictionary>,
        mapping: &Mapping,
        source: Source,
        limits: Limits,
    ) -> Result<Self, IntakeError> {
        let layout = layout(&source, &mapping.raw.file, &limits)?;
        let plan = bind(mapping, &dictionary, &layout)?;
        let bytes = source.length()?;
        let name = mapping.name().to_owned();
        Ok(Self { parts: Arc::new(Parts { dictionary, name, source, layout, plan, limits, bytes }) })
    }

    /// The columns of a file, as [`propose`](crate::propose) wants them.
    ///
    /// # Errors
    /// A file of no known form.
    pub fn headings(source: &Source, limits: &Limits) -> Result<Vec<String>, IntakeError> {
        Ok(layout(source, &crate::source::FileSettings::default(), limits)?.headings)
    }

    /// What would become of the first `count` rows. It waits for the disk.
    ///
    /// # Errors
    /// A file that cannot be read so far.
    pub fn preview(&self, count: usize) -> Result<Preview, IntakeError> {
        let parts = &*self.parts;
        let mut shown = Vec::new();
        let mut one = |row: Row<'_>| {
            if shown.len() == count {
                return ControlFlow::Break(());
            }
            let records = match row.fault {
                Some(_) => Vec::new(),
                None => parts.plan.apply(&parts.dictionary, &row),
            };
            shown.push(PreviewRow {
                line: row.line,
                fault: row.fault.map(|fault| (fault.code.to_owned(), fault.message)),
                records: records.iter().map(|mapped| self.shown(mapped)).collect(),
            });
            ControlFlow::Continue(())
        };
        let read = AtomicU64::new(0);
        let ended = rows(&parts.source, &parts.layout, &parts.limits, &read, &mut one)?;
        let mut notes = parts.plan.notes.clone();
        notes.extend(ended.notes);
        Ok(Preview { headings: parts.layout.headings.clone(), rows: shown, notes })
    }

    fn shown(&self, mapped: &Mapped) -> PreviewRecord {
        let resource = self.parts.dictionary.resource(mapped.record.resource());
        let fault = |fault: &RowFault| {
            let field = fault.field.as_ref().map_or(String::new(), ToString::to_string);
            (field, fault.code.to_owned(), fault.message.clone(), fault.hint.clone())
        };
        PreviewRecord {
            resource: resource.name.to_string(),
            key: mapped.key.as_ref().map(ToString::to_string),
            refused: mapped.refused,
            fields: fields(resource, &mapped.record),
            faults: mapped.faults.iter().map(fault).collect(),
        }
    }

    /// Reads the whole file and writes nothing. It waits for the disk and takes as long as the file is.
    ///
    /// # Errors
    /// A file that cannot be read to its end.
    pub fn check(&self, clock: &Clock, progress: &dyn Progress) -> Result<Report, IntakeError> {
        let started = clock();
        let survey = survey(&self.parts, false, progress)?;
        let mut report = self.report(Stage::Check, &survey.tally, &survey.ended);
        report.timed(started, clock());
        Ok(report)
    }

    pub(crate) fn report(&self, stage: Stage, tally: &Tally, ended: &Ended) -> Report {
        let parts = &*self.parts;
        let (reasons, beyond) = tally.reasons();
        let notes = parts.plan.notes.iter().chain(&ended.notes).cloned().chain(beyond).collect();
        Report {
            stage,
            mapping: parts.name.clone(),
            feed: parts.plan.feed.to_string(),
            file: parts.source.name().to_owned(),
            format: Some(parts.layout.format),
            bytes: parts.bytes,
            rows: tally.rows,
            rows_refused: tally.rows_refused,
            rows_dropped: tally.rows_dropped,
            resources: tally.resources(),
            reasons,
            drift: Vec::new(),
            differences: Vec::new(),
            notes,
            started: String::new(),
            seconds: 0.0,
            rows_per_second: None,
            run: None,
        }
    }
}

/// The fields of a record as text.
fn fields(resource: &dictionary::Resource, record: &Record) -> Vec<(String, String)> {
    let text = |value: &dictionary::Value| {
        let mut out = Vec::new();
        odata::text::write_value(&mut out, value.view());
        String::from_utf8_lossy(&out).into_owned()
    };
    record.iter().map(|(id, value)| (resource.field(id).name.to_string(), text(value))).collect()
}

/// How many rows go by between two words about progress.
const ROWS_BETWEEN_WORDS: u64 = 1_000;

/// Is handed each record, with the row's number, counted from 0, and its line.
pub(crate) type Take<'t> =
    &'t mut dyn FnMut(&mut Tally, u64, u64, Mapped) -> Result<ControlFlow<()>, IntakeError>;

impl Parts {
    /// Hands every record of the file to `take`.
    pub(crate) fn walk(
        &self,
        stage: Stage,
        tally: &mut Tally,
        progress: &dyn Progress,
        take: Take<'_>,
    ) -> Result<Ended, IntakeError> {
        let read = AtomicU64::new(0);
        let tell = |tally: &Tally| {
            progress.moved(&Moved {
                stage,
                bytes: read.load(Ordering::Relaxed),
                total_bytes: self.bytes,
                rows: tally.rows,
                total_rows: None,
                refused: tally.refused(),
            });
        };
        let mut failed = None;
        let mut one = |row: Row<'_>| {
            let number = tally.rows;
            tally.rows += 1;
            if tally.rows.is_multiple_of(ROWS_BETWEEN_WORDS) {
                tell(tally);
                if progress.canceled() {
                    failed = Some(IntakeError::canceled());
                    return ControlFlow::Break(());
                }
            }
            if let Some(fault) = row.fault {
                tally.rows_refused += 1;
                let fault = RowFault {
                    code: fault.code,
                    field: None,
                    column: None,
                    value: String::new(),
                    message: fault.message,
                    hint: fault.hint.to_owned(),
                };
                tally.fault(&self.plan, None, row.line, true, &fault);
                return ControlFlow::Continue(());
            }
            let records = self.plan.apply(&self.dictionary, &row);
            tally.rows_dropped += u64::from(records.is_empty());
            for mapped in records {
                match take(tally, number, row.line, mapped) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
                    Err(error) => {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        };
        let ended = rows(&self.source, &self.layout, &self.limits, &read, &mut one)?;
        tell(tally);
        match failed {
            Some(error) => Err(error),
            None => Ok(ended),
        }
    }
}
