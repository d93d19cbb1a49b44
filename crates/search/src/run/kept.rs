//! A page along an order that is kept.

use std::ops::{ControlFlow, RangeInclusive};

use dictionary::FieldId;

use super::cost;
use super::order::{Mark, Way};
use super::page::Candidates;
use super::pick::by_rank;
use super::scan::{scan, worthwhile};
use super::source::Source;
use super::walk::{Part, Walk};
use crate::blocks::Place;
use crate::ordered::{NULL, Ordered, rank};
use crate::plan::{Ask, Node};
use crate::table::Table;

/// A walk that promises to cost less, in nanoseconds, is tried before another way is looked for.
const CHEAP: f64 = 20_000.0;
/// How many times as much it may cost before another way is looked for after all.
const DEARER: f64 = 3.0;
/// After so many rows a walk asks for the first time whether to go on.
const FIRST_CHECK: usize = 256;

/// Rows tested at once on a walk: few where few are needed, and no more than the nearest cache holds.
const AT_ONCE: RangeInclusive<usize> = 32..=1_024;

/// What a walk has found.
#[derive(Default)]
struct Gathered {
    rows: Vec<u32>,
    /// With ties: how many were found beyond the mark's own number, and the number of the last.
    beyond: usize,
    last: Option<u64>,
}

/// How many rows to test at once where so many are left to go, as it seems.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a guess")]
fn batch_of(left: f64) -> usize {
    (left as usize).clamp(*AT_ONCE.start(), *AT_ONCE.end())
}

/// A page along an order that is kept.
pub(super) struct Kept<'a, 'i> {
    pub(super) ask: &'a Ask<'i>,
    pub(super) table: &'i Table,
    pub(super) root: &'a Node<'i>,
    pub(super) order: Option<&'a Ordered>,
    pub(super) field: Option<FieldId>,
    pub(super) way: Way,
    pub(super) mark: Option<Mark<'a>>,
    /// Whether more than the key decides between rows of one number.
    pub(super) ties: bool,
}

impl Kept<'_, '_> {
    /// The first rows that pass: by walking along the order, as long as that promises to find them
    /// sooner than all others are found and put in order. With ties, rows among which these are. Where they are to be
    /// counted, too, a way that lists them all does both.
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    pub(super) fn first(&self, need: usize, counted: bool) -> Candidates {
        let all = self.table.len();
        if let Some(few) = Source::few(self.root) {
            return self.ordered(few.passing(self.ask), need);
        }
        let walk = self.order.map(|order| self.walk(order));
        let length = walk.as_ref().map_or(0, Walk::len);
        let step = cost::of_walking(self.root, all);
        let walking = |density: f64| (need as f64 / density).min(length as f64) * step;
        let density = |passing: f64| (passing / length.max(1) as f64).clamp(1e-9, 1.0);
        if counted && let Some(source) = worthwhile(self.table, self.root).filter(Source::is_narrowed) {
            let rows = source.passing(self.ask);
            let passing = rows.len() as f64;
            let walked = walk.filter(|_| walking(density(passing)) < cost::of_sorting(passing));
            let walked = walked.and_then(|walk| self.along(&walk, length, need, density(passing), f64::MAX));
            let all = Some(rows.len() as u64);
            return Candidates { rows: walked.unwrap_or_else(|| self.ordered(rows, need).rows), all };
        }
        let guessed = density(self.root.share(all) * all as f64);
        if walking(guessed) < CHEAP
            && let Some(walk) = &walk
            && let Some(found) = self.along(walk, length, need, guessed, CHEAP * DEARER / step)
        {
            return Candidates::some(found);
        }
        let source = Source::best(self.table, self.root);
        let scanning = cost::of_scanning(self.root, all);
        let listing = source.as_ref().map(|source| cost::of_listing(self.root, all, source));
        let guessed =
            source.as_ref().map_or(guessed, |source| guessed.min(density(source.passing_guess(all))));
        let other = listing.unwrap_or(f64::INFINITY).min(scanning);
        if walking(guessed) >= CHEAP
            && walking(guessed) < other
            && let Some(walk) = &walk
            && let Some(found) = self.along(walk, length, need, guessed, other / step)
        {
            return Candidates::some(found);
        }
        let rows = match source {
            Some(source) if listing.is_some_and(|listing| listing < scanning) => source.passing(self.ask),
            _ => scan(self.ask, self.table, self.root),
        };
        self.ordered(rows, need)
    }

    /// The first of all rows that pass, in order; with ties, all of them.
    fn ordered(&self, rows: Vec<u32>, need: usize) -> Candidates {
        let all = Some(rows.len() as u64);
        if self.ties {
            return Candidates { rows, all };
        }
        let rows = by_rank(self.table, &rows, |row| self.rank_of(row), self.way, self.mark, need);
        Candidates { rows, all }
    }

    fn rank_of(&self, row: u32) -> u64 {
        let column = self.field.and_then(|field| self.table.column(field));
        column.map_or(NULL, |column| column.rank_of(row))
    }

    /// Walks over `length` rows, expecting a part `density` of them to pass; none where more rows than `most` seem to be
    /// left to go.
    ///
    /// Rows of an order lie anywhere: they are tested many at a time, so that the memory of one row is on
    /// its way while others are looked at.
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    fn along(
        &self,
        walk: &Walk<'_>,
        length: usize,
        need: usize,
        density: f64,
        most: f64,
    ) -> Option<Vec<u32>> {
        let mut gathered = Gathered::default();
        let mut batch = Vec::with_capacity(*AT_ONCE.end());
        let mut size = batch_of(need as f64 / density);
        let (mut visited, mut check) = (0usize, FIRST_CHECK);
        let mut enough = false;
        let stopped = walk.each(|row| {
            batch.push(row);
            if batch.len() < size {
                return ControlFlow::Continue(());
            }
            visited += batch.len();
            enough = self.gather(&mut batch, &mut gathered, need);
            // What was expected counts as one row seen.
            let found = gathered.rows.len();
            let seen = (found as f64 + 1.0) / (visited as f64 + 1.0 / density);
            let left = (need.saturating_sub(found) as f64 / seen).min((length - visited) as f64);
            size = batch_of(left);
            if enough || (visited >= check && left > most) {
                return ControlFlow::Break(());
            }
            while check <= visited {
                check *= 2;
            }
            ControlFlow::Continue(())
        });
        if stopped.is_continue() {
            self.gather(&mut batch, &mut gathered, need);
            enough = true;
        }
        enough.then_some(gathered.rows)
    }

    /// Adds the rows of a batch that pass; whether they are enough.
    fn gather(&self, batch: &mut Vec<u32>, gathered: &mut Gathered, need: usize) -> bool {
        let end = batch.last().copied();
        self.root.retain(self.ask, batch);
        if !self.ties {
            let left = need - gathered.rows.len();
            gathered.rows.extend(batch.drain(..).take(left));
            return gathered.rows.len() == need;
        }
        let is_past = |last: Option<u64>, row: u32| last.is_some_and(|last| last != self.rank_of(row));
        let marked = self.mark.map(|mark| mark.rank);
        for row in batch.drain(..) {
            if is_past(gathered.last, row) {
                return true;
            }
            gathered.rows.push(row);
            let rank = self.rank_of(row);
            gathered.beyond += usize::from(marked != Some(rank));
            gathered.last = gathered.last.or_else(|| (gathered.beyond == need).then_some(rank));
        }
        end.is_some_and(|row| is_past(gathered.last, row))
    }

    /// The part of the order that is left after the mark and that the filter does not rule out.
    fn walk<'o>(&self, order: &'o Ordered) -> Walk<'o> {
        let blocks = order.blocks();
        let ends = (blocks.start(), blocks.end());
        let after = |mark: Mark<'_>| match mark.exact {
            true => order.after(mark.rank, mark.key, &self.table.keys),
            false => order.past(mark.rank),
        };
        let nulls = |from: Place| Part::up(from, order.past(NULL));
        let mut parts = match (self.way, self.mark) {
            (Way::Up, mark) => vec![Part::up(mark.map_or(ends.0, after), ends.1)],
            (Way::UpNullsLast, None) => vec![Part::up(order.past(NULL), ends.1), nulls(ends.0)],
            (Way::UpNullsLast, Some(mark)) if mark.rank == NULL => vec![nulls(after(mark))],
            (Way::UpNullsLast, Some(mark)) => vec![Part::up(after(mark), ends.1), nulls(ends.0)],
            (Way::Down, None) => vec![Part::down(ends.0, ends.1)],
            // Rows of one number lie in the order of their keys, whichever way.
            (Way::Down, Some(mark)) if mark.exact => {
                let ties = Part::up(after(mark), order.past(mark.rank));
                vec![ties, Part::down(ends.0, order.at(mark.rank))]
            }
            (Way::Down, Some(mark)) => vec![Part::down(ends.0, after(mark))],
        };
        if let Some((low, high)) = self.field.and_then(|field| bounds(self.root, field)) {
            let (low, high) = (order.at(rank(Some(low))), order.past(rank(Some(high))));
            for part in &mut parts {
                part.from = part.from.max(low);
                part.to = part.to.min(high);
            }
        }
        Walk { order, parts }
    }
}

/// Between which numbers of a field every row lies that passes, where the filter says so.
fn bounds(root: &Node<'_>, field: FieldId) -> Option<(i64, i64)> {
    let nodes = match root {
        Node::All(nodes) => nodes.as_slice(),
        node => std::slice::from_ref(node),
    };
    let ranges = nodes.iter().filter_map(|node| match node {
        Node::Numbers(numbers) if numbers.field == Some(field) && numbers.spots.is_none() => {
            Some((numbers.ranges.first()?.0, numbers.ranges.last()?.1))
        }
        _ => None,
    });
    ranges.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))
}
