//! Records with the records that they link to (`$expand`).

use std::sync::Arc;

use dictionary::{Resource, Text, Timestamp};
use gate::{Caller, Permitted};
use odata::json::{self, Shape};
use query::{Expand, Query};
use search::{Reader, Row};

use crate::Door;
use crate::headers::Wishes;
use crate::page::shape;
use crate::reply::Refused;

/// Linked records that are written inside one record where the client names no number.
const MOST_LINKED: u32 = 1_000;

/// Writes rows of one answer.
pub(crate) struct Writer<'a> {
    pub(crate) door: &'a Door,
    pub(crate) caller: &'a Caller,
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) permitted: &'a Permitted,
    pub(crate) wishes: &'a Wishes,
    pub(crate) now: Timestamp,
}

/// The shapes of one list of records: one a feed, as each feed's grant may show other fields.
#[derive(Default)]
struct Shapes(Vec<(Text, Arc<Shape>)>);

impl Writer<'_> {
    /// Writes the rows as the items of an open list.
    pub(crate) fn rows(
        &self,
        out: &mut Vec<u8>,
        resource: &Resource,
        rows: &[Row],
        query: &Query,
    ) -> Result<(), Refused> {
        let mut shapes = Shapes::default();
        for row in rows {
            json::next_item(out);
            self.row(out, resource, *row, query, &mut shapes, &[])?;
        }
        Ok(())
    }

    /// Writes one row as an object, which begins with these members.
    pub(crate) fn single(
        &self,
        out: &mut Vec<u8>,
        resource: &Resource,
        row: Row,
        query: &Query,
        before: &[u8],
    ) -> Result<(), Refused> {
        self.row(out, resource, row, query, &mut Shapes::default(), before)
    }

    fn row(
        &self,
        out: &mut Vec<u8>,
        resource: &Resource,
        row: Row,
        query: &Query,
        shapes: &mut Shapes,
        before: &[u8],
    ) -> Result<(), Refused> {
        let view = self.reader.view(resource.id, row);
        let shape = shapes
            .of(view.feed(), || shape(self.door, self.caller, resource, view.feed(), query, self.wishes));
        let start = out.len();
        if shape.suits_rendered() {
            self.door.cache.get(resource, row, view).open(out, resource, &shape);
        } else {
            json::open_record(out, &view, resource, &shape, Some(view.sequence()));
        }
        if !before.is_empty() {
            // `{` and, where members follow, a comma after those that go before.
            let comma: &[u8] = if out.len() > start + 1 { b"," } else { b"" };
            out.splice(start + 1..start + 1, before.iter().chain(comma).copied());
        }
        for expand in &query.expand {
            self.linked(out, resource, row, expand)?;
        }
        json::close_record(out);
        Ok(())
    }

    fn linked(
        &self,
        out: &mut Vec<u8>,
        resource: &Resource,
        row: Row,
        expand: &Expand,
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
        if link.many && asked.count {
            json::member(out, &format!("{}@odata.count", link.name));
            out.extend_from_slice(count.to_string().as_bytes());
        }
        json::member(out, &link.name);
        if link.many {
            out.push(b'[');
            self.rows(out, target, &rows, asked)?;
            out.push(b']');
        } else {
            match rows.first() {
                Some(row) => self.single(out, target, *row, asked, &[])?,
                None => out.extend_from_slice(b"null"),
            }
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

impl Shapes {
    fn of(&mut self, feed: &str, make: impl FnOnce() -> Shape) -> Arc<Shape> {
        if let Some((_, shape)) = self.0.iter().find(|(name, _)| name == feed) {
            return Arc::clone(shape);
        }
        let shape = Arc::new(make());
        self.0.push((Text::new(feed), Arc::clone(&shape)));
        shape
    }
}
