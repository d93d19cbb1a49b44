//! The records of one resource: a row each, a column a field.

mod joined;
mod keeping;
mod load;
mod values;

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use dictionary::{
    Derived, Feed, FieldId, HubFields, Record, Resource, ResourceId, Timestamp, Type, Value, ValueRef,
};
use hashbrown::{HashMap, HashTable};
use store::Sequence;

pub(crate) use load::Places;

use crate::blocks::Blocks;
use crate::column::chunk::Frame;
use crate::column::ints::Ints;
use crate::column::plain::Plain;
use crate::column::pool::Pool;
use crate::column::texts::{Coded, Texts};
use crate::column::{Body, Column};
use crate::finders::{Finders, Hasher};
use crate::ordered::{Entry, Ordered};
use crate::words::{ChunkWords, Words};

/// When a version was written, and when its record came into being where that is known.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) at: Timestamp,
    pub(crate) created: Option<Timestamp>,
}

/// Bytes of an average text that is searched for words rather than looked up: an address has 40.
const LONG: usize = 30;
/// Rows that are put in order while somebody waits: some milliseconds.
const AT_ONCE: u32 = 65_536;

/// The records of one resource.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) resource: ResourceId,
    /// The field that is the key, where it is one field of text: its column is `keys`.
    pub(crate) key_field: Option<FieldId>,
    pub(crate) timestamp: Option<FieldId>,
    types: Box<[Type]>,
    /// The point that is computed from other fields.
    derived: Option<Derived>,
    /// The fields that the log fills.
    hub: HubFields,
    pub(crate) keys: Plain,
    by_key: HashTable<u32>,
    pub(crate) hasher: Hasher,
    columns: Vec<Option<Box<Column>>>,
    finders: Vec<Finders>,
    /// The fields that some record has or had, in the order of their ids.
    present: Vec<FieldId>,
    pub(crate) feeds: Coded,
    sequences: Ints,
    /// A bit a row: whether it holds a record.
    live: Vec<u64>,
    rows: u32,
    free: Vec<u32>,
    /// The change by which a row last lost its record, of rows that ever did: a number that is kept outside may
    /// by now be another record's.
    left: HashMap<u32, Sequence>,
    /// By timestamp (as if all had the same where the resource has none), then key.
    standing: OnceLock<Ordered>,
    /// By key alone.
    by_key_order: OnceLock<Ordered>,
}

impl Table {
    pub(crate) fn new(resource: &Resource, hasher: Hasher) -> Self {
        let key_field = match &*resource.key {
            [one] if matches!(resource.field(*one).ty, Type::Text { .. }) => Some(*one),
            _ => None,
        };
        let fields = resource.fields.len();
        Self {
            resource: resource.id,
            key_field,
            timestamp: resource.timestamp,
            derived: resource.derived(),
            hub: resource.hub_fields(),
            types: resource.fields.iter().map(|field| field.ty).collect(),
            keys: Plain::new(),
            by_key: HashTable::new(),
            hasher,
            columns: std::iter::repeat_with(|| None).take(fields).collect(),
            finders: std::iter::repeat_with(Finders::default).take(fields).collect(),
            present: key_field.into_iter().collect(),
            feeds: Coded { pool: Pool::default(), codes: Ints::new(Frame::FromZero) },
            sequences: Ints::new(Frame::Fitted),
            live: Vec::new(),
            rows: 0,
            free: Vec::new(),
            left: HashMap::new(),
            standing: OnceLock::new(),
            by_key_order: OnceLock::new(),
        }
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.rows as usize - self.free.len()
    }

    /// One more than the last row, live or not.
    pub(crate) fn rows(&self) -> u32 {
        self.rows
    }

    /// Whether no row is without a record.
    pub(crate) fn is_dense(&self) -> bool {
        self.free.is_empty()
    }

    #[inline]
    pub(crate) fn is_live(&self, row: u32) -> bool {
        self.live.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// The live bits of 64 rows.
    pub(crate) fn live_word(&self, word: usize) -> u64 {
        self.live.get(word).copied().unwrap_or(0)
    }

    pub(crate) fn live_rows(&self) -> impl Iterator<Item = u32> + Clone {
        (0..self.rows).filter(|row| self.is_live(*row))
    }

    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        let hash = self.hasher.long(key);
        self.by_key.find(hash, |row| self.keys.get(*row) == Some(key)).copied()
    }

    pub(crate) fn key(&self, row: u32) -> &str {
        self.keys.get(row).unwrap_or_default()
    }

    pub(crate) fn feed(&self, row: u32) -> Option<&Feed> {
        self.feeds.code(row).map(|code| self.feeds.pool.word(code))
    }

    pub(crate) fn sequence(&self, row: u32) -> Sequence {
        self.sequences.get(row).map_or(0, i64::cast_unsigned)
    }

    pub(crate) fn column(&self, field: FieldId) -> Option<&Column> {
        self.columns.get(field.index())?.as_deref()
    }

    pub(crate) fn present(&self) -> &[FieldId] {
        &self.present
    }

    #[inline]
    pub(crate) fn look(&self, row: u32, field: FieldId) -> Option<ValueRef<'_>> {
        if self.key_field == Some(field) {
            return self.keys.get(row).map(ValueRef::Text);
        }
        self.column(field)?.look(row)
    }

    /// As [`Column::look_ahead`].
    pub(crate) fn look_ahead(&self, rows: &[u32], fields: Option<&[FieldId]>) -> usize {
        let columns = fields.unwrap_or(&self.present).iter().filter_map(|field| self.column(*field));
        columns.map(|column| column.look_ahead(rows)).fold(0, usize::wrapping_add)
    }

    /// The record of a row, of those fields alone that `wanted` names where it names any.
    pub(crate) fn record(&self, row: u32, wanted: Option<&[FieldId]>) -> Record {
        let fields = wanted.unwrap_or(&self.present);
        let values = fields.iter().filter_map(|field| Some((*field, self.look(row, *field)?.to_value())));
        Record::from_values(self.resource, values.collect())
    }

    /// Rows by (timestamp, key).
    pub(crate) fn standing(&self) -> &Ordered {
        self.standing.get_or_init(|| self.sort(self.timestamp))
    }

    /// Rows by key.
    pub(crate) fn by_key_order(&self) -> &Ordered {
        if self.timestamp.is_none() {
            return self.standing();
        }
        self.by_key_order.get_or_init(|| self.sort(None))
    }

    /// Whether all values of a field are numbers, so that there can be an order by them.
    pub(crate) fn is_sortable(&self, field: FieldId) -> bool {
        let column = self.column(field);
        column.is_some_and(|column| matches!(column.body, Body::Numbers(_)) && column.strays.is_empty())
    }

    /// Rows by the numbers of a field, then by key; none where not all of its values are numbers.
    pub(crate) fn order(&self, field: FieldId) -> Option<&Ordered> {
        if !self.is_sortable(field) {
            return None;
        }
        if self.timestamp == Some(field) {
            return Some(self.standing());
        }
        Some(self.finders[field.index()].order.get_or_init(|| self.sort(Some(field))))
    }

    /// The same, where it is there already.
    pub(crate) fn order_if_built(&self, field: FieldId) -> Option<&Ordered> {
        if self.timestamp != Some(field) && self.finders[field.index()].order.get().is_none() {
            return None;
        }
        self.order(field)
    }

    /// The same, built where that takes a moment; where it takes longer it is asked for, and nobody waits.
    pub(crate) fn order_at_hand(&self, field: FieldId) -> Option<&Ordered> {
        if self.rows <= AT_ONCE {
            return self.order(field);
        }
        let order = self.order_if_built(field);
        if order.is_none() {
            self.finders[field.index()].order_wanted.store(true, Ordering::Relaxed);
        }
        order
    }

    /// Builds one order or finder that is wanted; whether there was any.
    pub(crate) fn build_wanted(&self) -> bool {
        let missing = |field: &&FieldId| {
            let finders = &self.finders[field.index()];
            finders.misses_order() && self.is_sortable(**field) || finders.misses_spots()
        };
        let Some(field) = self.present.iter().find(missing) else { return false };
        if self.finders[field.index()].misses_order() {
            self.order(*field);
        }
        if self.finders[field.index()].misses_spots() {
            self.spots(*field);
        }
        true
    }

    fn sort(&self, field: Option<FieldId>) -> Ordered {
        let column = field.and_then(|field| self.column(field));
        let entry = |row| Entry::new(column.map_or(0, |column| column.rank_of(row)), row);
        Ordered::build(self.live_rows().map(entry), &self.keys)
    }

    /// Rows by the code or hash of a text field, or by the cell of a point.
    pub(crate) fn spots(&self, field: FieldId) -> Option<&Blocks<u64>> {
        let column = self.column(field)?;
        Some(self.finders[field.index()].spots.get_or_init(|| column.build_spots(&self.hasher)))
    }

    /// The words of a field's texts, as far as they are found.
    pub(crate) fn words(&self, field: FieldId) -> &Words {
        &self.finders[field.index()].words
    }

    /// Asks for the words of every field of long text, and for the places of every point: whoever searches
    /// there should not wait for them.
    pub(crate) fn want_finders(&self) {
        for field in &self.present {
            match self.column(*field).map(|column| &column.body) {
                Some(Body::Texts(Texts::Plain(plain)))
                    if plain.length() >= LONG * plain.presence().count() =>
                {
                    self.words(*field).want();
                }
                Some(Body::Points(_)) => {
                    self.finders[field.index()].spots_wanted.store(true, Ordering::Relaxed);
                }
                _ => {}
            }
        }
    }

    /// A field and a chunk of it whose words are wanted and not found yet.
    pub(crate) fn missing_words(&self) -> Option<(FieldId, usize)> {
        self.present.iter().find_map(|field| {
            let Body::Texts(Texts::Plain(plain)) = &self.column(*field)?.body else { return None };
            Some((*field, self.words(*field).missing(plain.chunks())?))
        })
    }

    /// Finds the words of a chunk.
    pub(crate) fn find_words(&self, field: FieldId, chunk: usize) -> Option<ChunkWords> {
        let Body::Texts(Texts::Plain(plain)) = &self.column(field)?.body else { return None };
        Some(ChunkWords::of(plain, chunk))
    }

    /// Keeps the words of a chunk, found while nothing changed.
    pub(crate) fn keep_words(&mut self, field: FieldId, chunk: usize, words: ChunkWords) {
        self.finders[field.index()].words.put(chunk, words);
    }

    /// Takes in a record: a row of its own, or the one its key has already.
    pub(crate) fn put(&mut self, key: &str, feed: &Feed, sequence: Sequence, record: &Record, seen: Seen) {
        match self.find(key) {
            Some(row) => self.change(row, feed, sequence, record, seen),
            None => {
                let row = self.new_row(key);
                // Every row has a rank before its fields do.
                self.keep_feed(row, feed, sequence);
                let told = self.told(row, record, seen);
                for (field, value) in self.given(record).chain(told.iter().map(|(f, v)| (*f, v))) {
                    if Some(field) != self.key_field {
                        self.alter(row, field, |column| column.set(row, value.view()));
                        self.enter_spot(row, field);
                    }
                }
                self.enter_orders(row);
            }
        }
    }

    /// What the record does not bring: what is computed from it, and when it was written.
    fn told(&self, row: u32, record: &Record, seen: Seen) -> Vec<(FieldId, Value)> {
        let derived = self.derived.and_then(|derived| Some((derived.field, derived.value(record)?)));
        let known = self.hub.entry.and_then(|field| match self.look(row, field)? {
            ValueRef::Timestamp(at) => Some(at),
            _ => None,
        });
        let entry = seen.created.or(known).unwrap_or(seen.at);
        derived.into_iter().chain(self.hub.values(seen.at, entry)).collect()
    }

    /// What the record brings, what only the log knows aside.
    fn given<'r>(&self, record: &'r Record) -> impl Iterator<Item = (FieldId, &'r Value)> + use<'r> {
        let hub = self.hub;
        record.iter().filter(move |(field, _)| !hub.contains(*field))
    }

    fn change(&mut self, row: u32, feed: &Feed, sequence: Sequence, record: &Record, seen: Seen) {
        self.keep_feed(row, feed, sequence);
        let told = self.told(row, record, seen);
        let kept = |field: FieldId| {
            Some(field) == self.key_field
                || told.iter().any(|(told, _)| *told == field)
                || record.get(field).is_some()
        };
        let gone: Vec<FieldId> = self
            .present
            .iter()
            .copied()
            .filter(|field| !kept(*field) && self.look(row, *field).is_some())
            .collect();
        for field in gone {
            self.move_field(row, field, |column| column.clear(row));
        }
        for (field, value) in self.given(record).chain(told.iter().map(|(f, v)| (*f, v))) {
            // Most changes leave most fields as they are.
            if Some(field) != self.key_field && !self.look(row, field).is_some_and(|old| same(old, value)) {
                self.move_field(row, field, |column| column.set(row, value.view()));
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &str, sequence: Sequence) {
        let Some(row) = self.find(key) else { return };
        self.leave_orders(row);
        for at in 0..self.present.len() {
            let field = self.present[at];
            if Some(field) != self.key_field {
                self.leave_spot(row, field);
                self.alter(row, field, |column| column.clear(row));
            }
        }
        let hash = self.hasher.long(key);
        if let Ok(entry) = self.by_key.find_entry(hash, |other| *other == row) {
            entry.remove();
        }
        self.keys.clear(row);
        if let Some(code) = self.feeds.code(row) {
            self.feeds.pool.release(code);
            self.feeds.codes.clear(row);
        }
        self.sequences.clear(row);
        self.live[row as usize / 64] &= !(1 << (row % 64));
        self.free.push(row);
        self.left.insert(row, sequence);
    }

    /// Whether a row that held a record after the change `since` still holds the same.
    pub(crate) fn is_held_since(&self, row: u32, since: Sequence) -> bool {
        self.left.get(&row).is_none_or(|left| *left <= since)
    }

    fn new_row(&mut self, key: &str) -> u32 {
        let row = self.free.pop().unwrap_or_else(|| {
            self.rows = self.rows.checked_add(1).expect("memory ends before 4 billion records");
            self.rows - 1
        });
        let word = row as usize / 64;
        if word >= self.live.len() {
            self.live.resize(word + 1, 0);
        }
        self.live[word] |= 1 << (row % 64);
        self.keys.set(row, key);
        let (keys, hasher) = (&self.keys, &self.hasher);
        let hash_of = |row: &u32| hasher.long(keys.get(*row).unwrap_or_default());
        self.by_key.insert_unique(hasher.long(key), row, hash_of);
        row
    }

    fn keep_feed(&mut self, row: u32, feed: &Feed, sequence: Sequence) {
        let code = self.feeds.pool.take(feed.as_str());
        if let Some(old) = self.feeds.code(row) {
            self.feeds.pool.release(old);
        }
        self.feeds.codes.set(row, i64::from(code));
        self.sequences.set(row, sequence.cast_signed());
    }

    fn column_mut(&mut self, field: FieldId) -> &mut Column {
        let column = &mut self.columns[field.index()];
        if column.is_none()
            && let Err(at) = self.present.binary_search(&field)
        {
            self.present.insert(at, field);
        }
        column.get_or_insert_with(|| Box::new(Column::new(self.types[field.index()])))
    }
}

/// Whether two values are the same to the letter: equal decimals may be written differently.
fn same(a: ValueRef<'_>, b: &Value) -> bool {
    match (a, b.view()) {
        (ValueRef::Decimal(a), ValueRef::Decimal(b)) => a == b && a.scale() == b.scale(),
        (ValueRef::Double(a), ValueRef::Double(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}
