//! What an answer tells of: rows, their pieces, and all that they link to (`$expand`), found before a byte is written.
//!
//! The rows of one link are gathered for the whole page at once: what many records lead to is looked up, read ahead
//! and taken from what is kept together.

use std::ops::Range;
use std::sync::Arc;

use dictionary::{Link, Resource, Timestamp};
use gate::{Caller, Permitted};
use press::{Piece, Sheet};
use query::{Expand, Query};
use search::{Reader, Row};

use crate::Door;
use crate::bound::Bound;
use crate::headers::Wishes;
use crate::reply::Refused;

/// Linked records that are written inside one record where the client names no number.
const MOST_LINKED: u32 = 1_000;
/// Records that are written before it is looked how long they are.
const AT_ONCE: usize = 2_000;
/// Bytes around a record in a list: `,{` and `}`.
const AROUND: usize = 3;

/// Gathers for one answer.
pub(crate) struct Gather<'a> {
    pub(crate) door: &'a Door,
    pub(crate) caller: &'a Caller,
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) permitted: &'a Permitted,
    pub(crate) wishes: &'a Wishes,
    pub(crate) now: Timestamp,
    pub(crate) bound: Bound,
}

/// Rows of one resource, ready to be written.
pub(crate) struct Gathered<'a> {
    /// How each is written: its members, without braces.
    pub(crate) pieces: Vec<Arc<Piece>>,
    /// What is computed of each; nothing where nothing is.
    pub(crate) computed: Vec<Vec<u8>>,
    /// What they link to.
    pub(crate) links: Vec<Linked<'a>>,
}

/// What the rows lead to by one link.
pub(crate) struct Linked<'a> {
    pub(crate) link: &'a Link,
    /// Whether it is told how many each leads to (`$count=true`).
    pub(crate) counted: bool,
    /// Of each row: its share of `of`, and how many there are in all.
    pub(crate) shares: Vec<(Range<usize>, u64)>,
    pub(crate) of: Gathered<'a>,
}

impl<'a> Gather<'a> {
    /// These rows with all that `query` wants told of them.
    pub(crate) fn rows(
        &self,
        resource: &'a Resource,
        rows: &[Row],
        query: &Query,
    ) -> Result<Gathered<'a>, Refused> {
        let mut pieces = Vec::with_capacity(rows.len());
        for part in rows.chunks(AT_ONCE) {
            let made = self.pieces(resource, part, query);
            self.bound.pieces(&made)?;
            pieces.extend(made);
        }
        let computed = self.computed(resource, rows, query);
        let links = query.expand.iter().map(|expand| self.linked(resource, rows, expand));
        Ok(Gathered { pieces, computed, links: links.collect::<Result<_, _>>()? })
    }

    fn linked(&self, resource: &'a Resource, rows: &[Row], expand: &Expand) -> Result<Linked<'a>, Refused> {
        let link = resource.link(expand.link);
        let target = self.door.dictionary.resource(link.target);
        let asked = &expand.query;
        let plain =
            asked.filter.is_none() && asked.order.is_empty() && asked.top.is_none() && asked.skip == 0;
        let mut all = Vec::new();
        let mut shares = Vec::with_capacity(rows.len());
        let mut take = |mut found: Vec<Row>, count: u64| {
            if !link.many {
                found.truncate(1);
            }
            let start = all.len();
            all.append(&mut found);
            shares.push((start..all.len(), count));
            self.bound.linked(all.len() - start)
        };
        if plain {
            let scope = &self.permitted.scope;
            for found in self.reader.linked_of_each(resource.id, rows, expand.link, scope, self.now) {
                let count = found.len() as u64;
                take(found, count)?;
            }
        } else {
            for row in rows {
                let (found, count) = self.found(resource, *row, expand)?;
                take(found, count)?;
            }
        }
        let of = self.rows(target, &all, asked)?;
        Ok(Linked { link, counted: link.many && asked.count, shares, of })
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

impl Gathered<'_> {
    /// Bytes that a plain body of it copies, about.
    pub(crate) fn room(&self) -> usize {
        // What stands between two records is more than either where there are links, so that each is copied.
        let pieces = match &*self.links {
            [] => Sheet::copied(&self.pieces),
            _ => self.pieces.iter().map(|piece| piece.plain().len()).sum(),
        };
        let own = pieces + self.pieces.len() * AROUND;
        let computed: usize = self.computed.iter().map(|members| members.len() + 1).sum();
        // `,"Media":[]` around each share.
        let linked =
            |linked: &Linked<'_>| linked.of.room() + linked.shares.len() * (linked.link.name.len() + 6);
        own + computed + self.links.iter().map(linked).sum::<usize>()
    }
}
