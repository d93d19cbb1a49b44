//! Records with the records that they link to (`$expand`).

use dictionary::{Resource, Timestamp};
use gate::{Caller, Permitted};
use press::{Piece, Sheet};
use query::{Expand, Query};
use search::{Reader, Row};

use crate::Door;
use crate::headers::Wishes;
use crate::reply::Refused;

/// Linked records that are written inside one record where the client names no number.
const MOST_LINKED: u32 = 1_000;
/// Bytes around a record in a list: `,{` and `}`.
const AROUND: usize = 3;
/// Bytes around the list: context, count and the link to the next page.
const AROUND_LIST: usize = 4 << 10;

/// Writes rows of one answer.
pub(crate) struct Writer<'a> {
    pub(crate) door: &'a Door,
    pub(crate) caller: &'a Caller,
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) permitted: &'a Permitted,
    pub(crate) wishes: &'a Wishes,
    pub(crate) now: Timestamp,
}

impl Writer<'_> {
    /// An empty body with room for these pieces and what stands around them.
    pub(crate) fn sheet(&self, pieces: &[impl AsRef<Piece>]) -> Sheet {
        let mut sheet = Sheet::new(self.wishes.form);
        sheet.make_room(pieces, pieces.len() * AROUND + AROUND_LIST);
        sheet
    }

    /// Writes the rows as the items of an open list, with what is computed of each (`$compute`) before its own fields.
    pub(crate) fn rows(
        &self,
        out: &mut Sheet,
        resource: &Resource,
        rows: &[Row],
        pieces: &[impl AsRef<Piece>],
        query: &Query,
    ) -> Result<(), Refused> {
        let computed = self.computed(resource, rows, query);
        for (at, (row, piece)) in rows.iter().zip(pieces).enumerate() {
            out.text(if at == 0 { b"{" } else { b",{" });
            if let Some(members) = computed.get(at) {
                out.text(members);
                if !piece.as_ref().plain().is_empty() || !query.expand.is_empty() {
                    out.text(b",");
                }
            }
            self.row(out, resource, *row, piece.as_ref(), query)?;
        }
        Ok(())
    }

    /// Writes what stands in one row's object after the opening brace, and the closing one.
    pub(crate) fn row(
        &self,
        out: &mut Sheet,
        resource: &Resource,
        row: Row,
        piece: &Piece,
        query: &Query,
    ) -> Result<(), Refused> {
        out.piece(piece);
        let mut members = !piece.plain().is_empty();
        for expand in &query.expand {
            self.linked(out, resource, row, expand, &mut members)?;
        }
        out.text(b"}");
        Ok(())
    }

    /// Writes the records that a link leads to as a member; `members` says whether one stands before.
    fn linked(
        &self,
        out: &mut Sheet,
        resource: &Resource,
        row: Row,
        expand: &Expand,
        members: &mut bool,
    ) -> Result<(), Refused> {
        let link = resource.link(expand.link);
        let target = self.door.dictionary.resource(link.target);
        let asked = &expand.query;
        let plain =
            asked.filter.is_none() && asked.order.is_empty() && asked.top.is_none() && asked.skip == 0;
        let (rows, count) = if plain {
            let rows = self.reader.linked(resource.id, row, expand.link, &self.permitted.scope, self.now);
            let count = rows.len() as u64;
            (rows, count)
        } else {
            self.found(resource, row, expand)?
        };
        let mut member = |out: &mut Sheet, what: &str| {
            let comma = if std::mem::replace(members, true) { "," } else { "" };
            out.text(format!("{comma}\"{}{what}\":", link.name).as_bytes());
        };
        if link.many && asked.count {
            member(out, "@odata.count");
            out.text(count.to_string().as_bytes());
        }
        member(out, "");
        if link.many {
            out.text(b"[");
            self.rows(out, target, &rows, &self.pieces(target, &rows, asked), asked)?;
            out.text(b"]");
        } else if let Some(first) = rows.get(..1) {
            self.rows(out, target, first, &self.pieces(target, first, asked), asked)?;
        } else {
            out.text(b"null");
        }
        Ok(())
    }

    /// The linked rows of an expand that filters, orders or cuts: a question of its own.
    fn found(&self, resource: &Resource, row: Row, expand: &Expand) -> Result<(Vec<Row>, u64), Refused> {
        let query = Query { page_size: MOST_LINKED, ..expand.query.clone() };
        let hits = self.reader.linked_page(
            resource.id,
            row,
            expand.link,
            &query,
            &self.permitted.scope,
            self.now,
        )?;
        let count = hits.count.unwrap_or(hits.rows.len() as u64);
        Ok((hits.rows, count))
    }
}
