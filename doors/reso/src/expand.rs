//! Records with the records that they link to (`$expand`), written from what was gathered.

use std::ops::Range;

use press::Sheet;

use crate::gather::{Gathered, Linked};
use crate::headers::Wishes;

/// Bytes around the list: context, count and the link to the next page.
const AROUND_LIST: usize = 4 << 10;

impl Gathered<'_> {
    /// An empty body with room for all of it and what stands around it.
    pub(crate) fn sheet(&self, wishes: &Wishes) -> Sheet {
        let mut sheet = Sheet::new(wishes.form);
        sheet.make_room(self.room() + AROUND_LIST);
        sheet
    }

    /// Writes all rows as the items of an open list.
    pub(crate) fn write(&self, out: &mut Sheet) {
        self.write_share(out, 0..self.pieces.len());
    }

    /// Writes some rows as the items of an open list, with what is computed of each (`$compute`) before its own
    /// fields.
    fn write_share(&self, out: &mut Sheet, share: Range<usize>) {
        for at in share.clone() {
            out.text(if at == share.start { b"{" } else { b",{" });
            self.write_row(out, at);
        }
    }

    /// Writes what stands in one row's object after the opening brace, and the closing one.
    pub(crate) fn write_row(&self, out: &mut Sheet, at: usize) {
        let piece = &self.pieces[at];
        let mut members = false;
        if let Some(computed) = self.computed.get(at) {
            out.text(computed);
            members = true;
        }
        if !piece.plain().is_empty() {
            if members {
                out.text(b",");
            }
            out.piece(piece);
            members = true;
        }
        for linked in &self.links {
            linked.write(out, at, &mut members);
        }
        out.text(b"}");
    }
}

impl Linked<'_> {
    /// Writes what one row leads to as a member; `members` says whether one stands before.
    fn write(&self, out: &mut Sheet, at: usize, members: &mut bool) {
        let (share, count) = &self.shares[at];
        let mut member = |out: &mut Sheet, what: &str| {
            let comma = if std::mem::replace(members, true) { "," } else { "" };
            out.text(format!("{comma}\"{}{what}\":", self.link.name).as_bytes());
        };
        if self.counted {
            member(out, "@odata.count");
            out.text(count.to_string().as_bytes());
        }
        member(out, "");
        if self.link.many {
            out.text(b"[");
            self.of.write_share(out, share.clone());
            out.text(b"]");
        } else if share.is_empty() {
            out.text(b"null");
        } else {
            self.of.write_share(out, share.clone());
        }
    }
}
