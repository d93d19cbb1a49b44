//! The rows of a batch as one file on disk, and what can be said of it before a record is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dictionary::{FieldId, Key, Record, Resource, Text, Value};
use intake::{IntakeError, Limits, Source, Table};
use serde_json::{Map, Value as Json};
use store::{Sequence, Store, StoreError};

use super::batch::{Batch, Fault, Mode, Origin};
use super::drift::Shape;
use super::heading::Target;
use super::part::Part;
use super::quarantine;
use crate::Door;
use crate::import::draft::Reader;
use crate::tenant::Tenant;

/// Records of a feed that are read at once.
const AT_ONCE: usize = 5_000;
/// Boards of one file; more are no boards but something else in their column.
const MOST_BOARDS: usize = 500;

/// Why a batch ends here.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nothing was applied, and the batch says why.
    Fault(Fault),
    /// The store did not answer: it is taken up again.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<IntakeError> for Stop {
    fn from(error: IntakeError) -> Self {
        let message = match error.line {
            Some(line) => format!("Line {line}: {}", error.message),
            None => error.message,
        };
        Self::Fault(Fault::new(error.code, message, error.hint))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        let message = format!("The file cannot be written or read: {error}.");
        Self::Fault(Fault::new("file_unreadable", message, "See to the door's directory, and send it again."))
    }
}

/// What the file is, seen once from end to end.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) rows: u64,
    /// The boards that rows name, with how many each.
    pub(crate) boards: BTreeMap<Text, u64>,
    /// Rows that name none.
    pub(crate) without_board: u64,
    pub(crate) shape: Shape,
    pub(crate) notes: Vec<String>,
}

/// Bounds of a row: a quarantined one is a record.
pub(crate) fn limits() -> Limits {
    Limits { row_bytes: 256 << 10, cell_bytes: 64 << 10, ..Limits::default() }
}

/// Where the file of a batch is, and how far its source had got when it was fetched.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) path: PathBuf,
    pub(crate) mark: Option<Sequence>,
    /// Whether it was made here and goes with the run.
    pub(crate) ours: bool,
}

impl Door {
    /// The rows of a batch as a file.
    pub(crate) async fn fetch(
        &self,
        tenant: &Tenant,
        batch: &Batch,
        before: &super::run::Before,
    ) -> Result<Staged, Stop> {
        let made = self.settings.directory.join(format!("{}.fetched.ndjson", batch.id));
        match &batch.origin {
            Origin::File(name) => {
                Ok(Staged { path: self.settings.directory.join(name.as_str()), mark: None, ours: false })
            }
            Origin::Feed(feed) => {
                let head = self.store.head().await?;
                let keys = match (batch.mode, before.mark) {
                    (Mode::Incremental, Some(mark)) => {
                        Some(changed(self, batch.part, feed, mark, head).await?)
                    }
                    _ => None,
                };
                self.write_feed((batch.part, feed), keys, &before.mapped(), &made).await?;
                Ok(Staged { path: made, mark: Some(head), ours: true })
            }
            Origin::Quarantine(row) => {
                let mut lines: Vec<Map<String, Json>> = Vec::new();
                let take = |key: &Text, found: quarantine::Row| {
                    if row.as_ref().is_none_or(|wanted| wanted == key)
                        && let Ok(Json::Object(cells)) = serde_json::from_str(&found.text)
                    {
                        lines.push(cells);
                    }
                };
                quarantine::rows(&self.store, &self.dictionary, tenant, Some(batch.part), take).await?;
                let names: BTreeSet<String> = lines.iter().flat_map(|line| line.keys().cloned()).collect();
                let mut file = create(&made)?;
                for (at, mut line) in lines.into_iter().enumerate() {
                    if at == 0 {
                        for name in &names {
                            line.entry(name.clone()).or_insert(Json::Null);
                        }
                    }
                    writeln!(file, "{}", Json::Object(line))?;
                }
                file.flush()?;
                Ok(Staged { path: made, mark: None, ours: true })
            }
        }
    }

    /// Writes records of a feed as rows: all of them, or those of these keys. The first row names every column, for
    /// a file's columns are those of its first rows.
    async fn write_feed(
        &self,
        (part, feed): (Part, &Text),
        keys: Option<Vec<Key>>,
        columns: &BTreeSet<String>,
        path: &Path,
    ) -> Result<(), Stop> {
        let own = self.dictionary.known(part.resource());
        let mut used: BTreeSet<FieldId> = columns.iter().filter_map(|name| own.find(name)).collect();
        let mut file = create(path)?;
        let (mut first, mut failed) = (true, None);
        match keys {
            None => {
                let note = |stored: &store::Stored| used.extend(stored.record.iter().map(|(id, _)| id));
                super::index::each(&self.store, &self.dictionary, (own.id, feed), note).await?;
                let write = |stored: &store::Stored| {
                    let row = row(own, &stored.record, first.then_some(&used));
                    first = false;
                    if let Err(error) = writeln!(file, "{row}") {
                        failed = Some(error);
                    }
                };
                super::index::each(&self.store, &self.dictionary, (own.id, feed), write).await?;
            }
            Some(keys) => {
                for part in keys.chunks(AT_ONCE) {
                    for stored in self.store.get_many(own.id, part).await?.into_iter().flatten() {
                        used.extend(stored.record.iter().map(|(id, _)| id));
                        writeln!(file, "{}", row(own, &stored.record, first.then_some(&used)))?;
                        first = false;
                    }
                }
            }
        }
        file.flush()?;
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

fn create(path: &Path) -> std::io::Result<BufWriter<std::fs::File>> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    Ok(BufWriter::new(std::fs::File::create(path)?))
}

/// A record as a row of JSON.
fn row(own: &Resource, record: &Record, all: Option<&BTreeSet<FieldId>>) -> Json {
    let mut cells = Map::new();
    for (id, value) in record.iter() {
        let cell = match value {
            Value::TextList(list) => list.iter().map(|text| Json::from(text.as_str())).collect(),
            value => {
                let mut text = Vec::new();
                odata::text::write_value(&mut text, value.view());
                Json::from(String::from_utf8_lossy(&text).into_owned())
            }
        };
        cells.insert(own.field(id).name.to_string(), cell);
    }
    for id in all.into_iter().flatten() {
        cells.entry(own.field(*id).name.to_string()).or_insert(Json::Null);
    }
    Json::Object(cells)
}

/// The keys of a feed's records that the log tells of after `mark`.
async fn changed(
    door: &Door,
    part: Part,
    feed: &Text,
    mark: Sequence,
    head: Sequence,
) -> Result<Vec<Key>, StoreError> {
    let resource = door.dictionary.known(part.resource()).id;
    let mut keys = BTreeSet::new();
    let mut at = mark;
    while at < head {
        let upto = head.min(at + 10_000);
        let traces = door.store.traces(at, upto).await?;
        let ours = traces.into_iter().filter(|trace| trace.resource == resource && trace.feed == *feed);
        keys.extend(ours.map(|trace| trace.key));
        at = upto;
    }
    Ok(keys.into_iter().collect())
}

/// Whether a feed's part has changed since a mark.
pub(crate) async fn has_changed(
    store: &Store,
    (resource, feed): (dictionary::ResourceId, &str),
    mark: Sequence,
    head: Sequence,
) -> Result<bool, StoreError> {
    let mut at = mark;
    while at < head {
        let upto = head.min(at + 10_000);
        let traces = store.traces(at, upto).await?;
        if traces.iter().any(|trace| trace.resource == resource && trace.feed == feed) {
            return Ok(true);
        }
        at = upto;
    }
    Ok(false)
}

/// Opens a file; it waits for the disk.
pub(crate) fn open(path: &Path) -> Result<Table, Stop> {
    Ok(Table::open(Source::file(path), limits())?)
}

/// Reads the file from end to end, so that one which is cut off, empty or of something else changes nothing. It waits
/// for the disk.
pub(crate) fn survey(table: &Table, reader: &Reader) -> Result<Survey, Stop> {
    let headings = &reader.headings;
    let part = headings.part;
    let own = reader.dictionary.known(part.resource());
    let column = |field: &str| {
        let id = own.find(field)?;
        headings.targets.iter().position(|target| *target == Some(Target::Field(id)))
    };
    if column(part.id_field()).is_none() {
        let message = format!("The file has no column for {}: it is of something else.", part.id_field());
        let hint =
            "Send the file that holds this part, or say which heading means it: headings in the settings.";
        return Err(Stop::Fault(Fault::new("headings_unknown", message, hint)));
    }
    let listed: Vec<(usize, &str)> =
        part.listed().iter().filter_map(|field| Some((column(field)?, *field))).collect();
    let mut survey = Survey { shape: Shape::of(headings), ..Survey::default() };
    let mut too_many = false;
    let ended = table.rows(&mut |row| {
        survey.rows += 1;
        if row.fault.is_some() {
            return ControlFlow::Continue(());
        }
        survey.shape.note(headings, &listed, &row);
        match reader.board(&row) {
            Some(board) => *survey.boards.entry(board).or_default() += 1,
            None => survey.without_board += 1,
        }
        too_many = survey.boards.len() > MOST_BOARDS;
        if too_many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    survey.notes = ended.notes;
    let fault = |code: &str, message: &str, hint: &str| Err(Stop::Fault(Fault::new(code, message, hint)));
    if too_many {
        let hint = "boardFields in the settings says which columns hold it.";
        return fault("board_ids_wrong", "What stands where the board does are too many to be boards.", hint);
    }
    if ended.partial {
        let hint = "Fetch every page and send them as one, or let Freehold pull.";
        return fault("file_partial", "The file is one page of several: it names a next one.", hint);
    }
    if survey.rows == 0 {
        return fault("file_empty", "The file has no rows.", "Nothing was changed; see to the source.");
    }
    Ok(survey)
}
