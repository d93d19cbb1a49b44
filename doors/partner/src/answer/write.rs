//! Objects written one after another, each kept for as long as nothing of it changes.

use std::sync::Arc;

use dictionary::{Text, Timestamp};
use gate::Caller;
use press::{Piece, Sheet};
use search::{Reader, Row};

use crate::kept::Outfit;
use crate::members::{FieldChoice, Kind, Look};
use crate::reply::Reply;
use crate::request::Asked;
use crate::walks::Found;
use crate::{Door, reply};

/// Writes objects of one question.
pub(super) struct Writer<'a> {
    door: &'a Door,
    caller: &'a Caller,
    look: Look<'a>,
    kind: Kind,
    fields: FieldChoice,
    sheet: Sheet,
}

/// Bytes that stand around the objects of a page about, to ask for memory once.
const ROOM: usize = 256;

impl<'a> Writer<'a> {
    /// A writer of objects of `kind` to this caller. What an object tells of linked records is what the
    /// caller may see of them, whatever the question is.
    pub(super) fn new(
        door: &'a Door,
        caller: &'a Caller,
        reader: &'a Reader<'a>,
        kind: Kind,
        asked: &Asked,
        now: Timestamp,
    ) -> Self {
        let look = Look { reader, scope: caller.scope(), now };
        let fields = chosen(door, kind, asked);
        Self { door, caller, look, kind, fields, sheet: Sheet::new(asked.form) }
    }

    /// Writes bytes of this answer alone.
    pub(super) fn text(&mut self, text: &str) {
        self.sheet.text(text.as_bytes());
    }

    /// Writes `[…]` of rows.
    pub(super) fn list(&mut self, rows: &[Row]) {
        let rows: Vec<Found<'_>> = rows.iter().map(|row| Found::Row(*row)).collect();
        self.found(&rows);
    }

    /// Writes `[…]` of rows and of what is gone.
    pub(super) fn found(&mut self, all: &[Found<'_>]) {
        let rows: Vec<Row> = all.iter().filter_map(Found::row).collect();
        let pieces = self.pieces(&rows);
        self.sheet.make_room(Sheet::copied(&pieces) + all.len() + ROOM);
        let mut pieces = pieces.into_iter();
        self.text("[");
        for (at, found) in all.iter().enumerate() {
            if at > 0 {
                self.text(",");
            }
            match found {
                Found::Row(_) => {
                    if let Some(piece) = pieces.next() {
                        self.sheet.piece(&piece);
                    }
                }
                Found::Gone(gone) => {
                    let object = self.door.members.deleted(&gone.feed, &gone.listing_id, gone.at);
                    self.sheet.text(&object);
                }
            }
        }
        self.text("]");
    }

    /// Writes the object of a row alone; the tag of what it says (PAR-212).
    pub(super) fn object(&mut self, row: Row) -> String {
        let mut tag = String::new();
        for piece in self.pieces(&[row]) {
            let view = self.look.reader.view(self.door.members.resource(self.kind), row);
            tag = reply::tag(view.sequence(), piece.plain(), piece.checksum());
            self.sheet.piece(&piece);
        }
        tag
    }

    /// The answer.
    pub(super) fn finish(self) -> Reply {
        let form = self.sheet.form();
        Reply { form, ..Reply::of(self.sheet.finish()) }
    }

    fn pieces(&self, rows: &[Row]) -> Vec<Arc<Piece>> {
        let resource = self.door.members.resource(self.kind);
        // A page is of few feeds, and each is seen in its own way.
        let mut outfits: Vec<(&str, Outfit, press::Kind)> = Vec::new();
        let worn = |row: &Row| {
            let feed = self.look.reader.view(resource, *row).feed();
            outfits.iter().position(|(known, ..)| *known == feed).unwrap_or_else(|| {
                let outfit = self.door.wardrobe.outfit(self.door, self.caller, feed, self.fields.as_deref());
                let kind = self.door.pieces.kind(self.kind, &outfit);
                outfits.push((feed, outfit, kind));
                outfits.len() - 1
            })
        };
        let worn: Vec<usize> = rows.iter().map(worn).collect();
        let dressed = |(row, at): (&Row, usize)| (*row, &outfits[at].1, outfits[at].2);
        let dressed: Vec<_> = rows.iter().zip(worn).map(dressed).collect();
        self.door.pieces.of(&self.door.members, self.kind, &self.look, &dressed, self.sheet.form())
    }
}

/// The members that a request chooses, as the class spells them; none where it takes all.
fn chosen(door: &Door, kind: Kind, asked: &Asked) -> FieldChoice {
    let names = asked.texts("Fields");
    let known = |name: &Text| door.members.member(kind, name).map(Box::from);
    (!names.is_empty()).then(|| names.iter().filter_map(known).collect())
}
