//! Listings in the order of a member that has several sources: the parts of the order, merged.

use std::cmp::Ordering;

use dictionary::{Date, Timestamp, Value};
use query::{Expr, Order, Query};
use search::{Reader, Row};

use super::{Page, Question};
use crate::Door;
use crate::envelope::Refused;
use crate::members::{Part, SortKey, today};

/// An order by a member.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Sorted {
    pub(super) key: SortKey,
    pub(super) parts: Vec<Part>,
    pub(super) descending: bool,
}

/// A listing with what it is compared by.
type Placed = (Option<Value>, Row);

/// What is left of a part, the next listing of it first.
struct Line {
    next: Option<Placed>,
    rest: std::vec::IntoIter<Row>,
}

impl Sorted {
    /// A page of so many rows after so many of what `question` asks.
    pub(super) fn page(
        &self,
        door: &Door,
        question: &Question,
        reader: &Reader<'_>,
        (skip, size): (u64, u32),
        now: Timestamp,
    ) -> Result<Page, Refused> {
        let today = today(now);
        let need = skip.saturating_add(u64::from(size)).saturating_add(1);
        let mut lines = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let rows = self.rows(door, question, reader, part, need, today, now)?;
            let mut rest = rows.into_iter();
            let next = rest.next().map(|row| self.placed(door, reader, row, today));
            lines.push(Line { next, rest });
        }
        let (mut rows, mut passed) = (Vec::new(), 0_u64);
        while let Some(first) = self.first(door, reader, &lines) {
            let line = &mut lines[first];
            let following = line.rest.next().map(|row| self.placed(door, reader, row, today));
            let Some((_, row)) = std::mem::replace(&mut line.next, following) else { break };
            passed += 1;
            if passed == need {
                return Ok(Page { rows, more: true, total: None });
            }
            if passed > skip {
                rows.push(row);
            }
        }
        Ok(Page { rows, more: false, total: None })
    }

    /// The first rows of a part, in order.
    #[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
    fn rows(
        &self,
        door: &Door,
        question: &Question,
        reader: &Reader<'_>,
        part: &Part,
        need: u64,
        today: Date,
        now: Timestamp,
    ) -> Result<Vec<Row>, Refused> {
        let asked = question.query();
        let filter = match (&asked.filter, &part.of) {
            (Some(filter), Some(of)) => Some(filter.clone().and(of.clone())),
            (filter, of) => filter.clone().or_else(|| of.clone()),
        };
        let by = part.by.clone().unwrap_or(Expr::Null);
        let order = Order { descending: self.descending != part.back, ..Order::ascending(by).nulls_last() };
        let page_size = match part.by {
            Some(_) => u32::try_from(need).unwrap_or(u32::MAX),
            None => u32::MAX,
        };
        let query = Query { filter, order: vec![order], page_size, ..Query::all(asked.resource) };
        let rows = reader.page(&query, question.scope(), now)?.rows;
        if part.by.is_some() {
            return Ok(rows);
        }
        let mut placed: Vec<Placed> =
            rows.into_iter().map(|row| self.placed(door, reader, row, today)).collect();
        placed.sort_unstable_by(|a, b| self.compare(door, reader, a, b));
        Ok(placed.into_iter().map(|(_, row)| row).collect())
    }

    fn placed(&self, door: &Door, reader: &Reader<'_>, row: Row, today: Date) -> Placed {
        let view = reader.view(door.bound.property, row);
        (door.members.standing(self.key, &view, today), row)
    }

    /// The line whose next listing is the first of all.
    fn first(&self, door: &Door, reader: &Reader<'_>, lines: &[Line]) -> Option<usize> {
        let next = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.next.as_ref()?)));
        next.min_by(|(_, a), (_, b)| self.compare(door, reader, a, b)).map(|(at, _)| at)
    }

    /// What is not known comes last in both directions; between equals the key decides (PAR-119).
    fn compare(&self, door: &Door, reader: &Reader<'_>, a: &Placed, b: &Placed) -> Ordering {
        let order = Order { descending: self.descending, ..Order::ascending(Expr::Null).nulls_last() };
        let key = |placed: &Placed| reader.view(door.bound.property, placed.1);
        order.compare(a.0.as_ref(), b.0.as_ref(), query::compare).then_with(|| key(a).key().cmp(key(b).key()))
    }
}
