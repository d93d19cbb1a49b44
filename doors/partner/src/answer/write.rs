//! Objects written one after another, each kept for as long as nothing of it changes.

use dictionary::{Text, Timestamp};
use gate::Caller;
use query::Scope;
use search::{Reader, Row};

use crate::Door;
use crate::kept::Outfit;
use crate::members::{FieldChoice, Kind, Look};
use crate::request::Asked;
use crate::walks::Found;

/// Writes rows of one question.
pub(super) struct Writer<'a> {
    door: &'a Door,
    caller: &'a Caller,
    look: Look<'a>,
    kind: Kind,
    fields: FieldChoice,
    /// By feed: a page is of few feeds.
    outfits: Vec<(&'a str, Outfit)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        door: &'a Door,
        caller: &'a Caller,
        reader: &'a Reader<'a>,
        scope: &'a Scope,
        kind: Kind,
        fields: FieldChoice,
        now: Timestamp,
    ) -> Self {
        let look = Look { reader, scope, now };
        Self { door, caller, look, kind, fields, outfits: Vec::new() }
    }

    /// Writes the object of a row.
    pub(super) fn object(&mut self, out: &mut Vec<u8>, row: Row) {
        let view = self.look.reader.view(self.door.members.resource(self.kind), row);
        let feed = view.feed();
        let at = match self.outfits.iter().position(|(known, _)| *known == feed) {
            Some(at) => at,
            None => {
                let outfit = self.door.wardrobe.outfit(self.door, self.caller, feed, self.fields.as_deref());
                self.outfits.push((feed, outfit));
                self.outfits.len() - 1
            }
        };
        self.door.kept.write(out, &self.door.members, self.kind, &self.look, row, &self.outfits[at].1);
    }

    /// Writes `[…]` of rows.
    pub(super) fn list(&mut self, out: &mut Vec<u8>, rows: &[Row]) {
        self.found(out, rows.iter().map(|row| Found::Row(*row)));
    }

    /// Writes `[…]` of rows and of what is gone.
    pub(super) fn found<'w>(&mut self, out: &mut Vec<u8>, all: impl Iterator<Item = Found<'w>>) {
        out.push(b'[');
        for (at, found) in all.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match found {
                Found::Row(row) => self.object(out, row),
                Found::Gone(gone) => {
                    out.extend_from_slice(&self.door.members.deleted(&gone.feed, &gone.listing_id, gone.at));
                }
            }
        }
        out.push(b']');
    }
}

/// The members that a request chooses, as the class spells them; none where it takes all.
pub(super) fn chosen(door: &Door, kind: Kind, asked: &Asked) -> FieldChoice {
    let names = asked.texts("Fields");
    let known = |name: &Text| door.members.member(kind, name).map(Box::from);
    (!names.is_empty()).then(|| names.iter().filter_map(known).collect())
}
