//! Records as they were written before: a page is a concatenation of what is kept.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use dictionary::{FieldSet, Resource, ResourceId};
use odata::json::{self, Metadata, Numbers, Shape};
use odata::metadata::{EnumMode, EnumNames};
use press::{AsOf, Kept, Kind, Kinds, Piece, Wanted};
use query::{Query, Selection, Sight};
use search::{Row, RowView};

use crate::Door;
use crate::gather::Gather;

/// Kinds that are remembered: a client has a handful of selections, and an installation some hundreds of
/// clients.
const MOST_KINDS: usize = 4_096;

/// Everything that decides how a record of one version is written. What a caller may not be shown is in
/// it, so that nobody is answered with what was written for another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Written {
    resource: ResourceId,
    select: Selection,
    shown: FieldSet,
    omit_nulls: bool,
    metadata: Metadata,
    numbers: Numbers,
    addresses: bool,
}

/// Pieces of this door: the members of a record, without the braces around them.
#[derive(Debug)]
pub(crate) struct Pieces {
    kept: Kept,
    kinds: Kinds<Written>,
}

impl Pieces {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { kept: Kept::new(bytes), kinds: Kinds::new(MOST_KINDS) }
    }
}

/// How records of one feed are written in one answer, as each feed's grant may show other fields.
struct Manner<'a> {
    feed: &'a str,
    written: Written,
    kind: Kind,
}

impl Gather<'_> {
    /// The members of each of these records, in their order.
    pub(crate) fn pieces(&self, resource: &Resource, rows: &[Row], query: &Query) -> Vec<Arc<Piece>> {
        let Self { door, reader, wishes, now, .. } = *self;
        let mut manners: Vec<Manner<'_>> = Vec::new();
        let mut chosen = Vec::with_capacity(rows.len());
        let mut wanted = Vec::with_capacity(rows.len());
        for row in rows {
            let view = reader.view(resource.id, *row);
            let feed = view.feed();
            let at = manners.iter().position(|manner| manner.feed == feed).unwrap_or_else(|| {
                let written = self.written(resource, feed, query);
                let kind = door.pieces.kinds.of(&written);
                manners.push(Manner { feed, written, kind });
                manners.len() - 1
            });
            chosen.push(at);
            wanted.push(Wanted { kind: manners[at].kind, row: row.number() });
        }
        let shapes: Vec<OnceLock<Shape>> = manners.iter().map(|_| OnceLock::new()).collect();
        let as_of = AsOf { state: reader.moment().number(), now: now.as_microsecond() };
        let version = |at: usize| reader.view(resource.id, rows[at]).sequence();
        let shape = |at: usize| {
            let manner = &manners[chosen[at]];
            shapes[chosen[at]].get_or_init(|| manner.written.shape(door, resource))
        };
        let ahead = |some: &[usize]| {
            let next: Vec<Row> = some.iter().map(|at| rows[*at]).collect();
            // Most pages are of one feed: the fields of the first say what is read of all.
            reader.look_ahead(resource.id, &next, shape(some[0]).fields().as_deref());
        };
        door.pieces.kept.pieces(&wanted, as_of, wishes.form, version, ahead, |at| {
            let shape = shape(at);
            members(&reader.view(resource.id, rows[at]), resource, shape).into()
        })
    }

    fn written(&self, resource: &Resource, feed: &str, query: &Query) -> Written {
        Written {
            resource: resource.id,
            select: query.select.clone(),
            shown: self.caller.shown(resource.id, feed).clone(),
            omit_nulls: self.wishes.prefer.omit_nulls,
            metadata: self.wishes.metadata,
            numbers: self.wishes.numbers,
            addresses: self.wishes.addresses,
        }
    }
}

impl Written {
    fn shape(&self, door: &Door, resource: &Resource) -> Shape {
        let mut sight = Sight::nothing();
        sight.allow(resource.id, &self.shown);
        let shape = Shape::new(resource, &self.select, &sight, self.omit_nulls);
        let mut shape = door.dress(shape, self.metadata, self.numbers);
        (shape.id, shape.edit_link) = (self.addresses, self.addresses);
        shape
    }
}

thread_local! {
    /// What records are written in before they are kept: memory that has grown to the longest of them.
    static ROOM: RefCell<Vec<u8>> = RefCell::default();
}

fn members(view: &RowView<'_>, resource: &Resource, shape: &Shape) -> Piece {
    ROOM.with_borrow_mut(|out| {
        out.clear();
        json::open_record(out, view, resource, shape, Some(view.sequence()));
        Piece::new(&out[1..])
    })
}

impl Door {
    /// A shape with what the headers ask for and what the settings say.
    pub(crate) fn dress(&self, mut shape: Shape, metadata: Metadata, numbers: Numbers) -> Shape {
        shape.metadata = metadata;
        shape.numbers = numbers;
        shape.root = self.root_url();
        shape.enums = self.enums_written().cloned();
        shape
    }

    /// The names of lookup values, where they are written as members of enumerations (RESO-025).
    pub(crate) fn enums_written(&self) -> Option<&Arc<EnumNames>> {
        (self.settings.enums != EnumMode::Strings).then_some(&self.enums)
    }
}
