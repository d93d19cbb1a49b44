//! Rows in the order of their distance from a point: square after square of the grid, the nearest first, so
//! that what is far is never looked at (SRCH-005).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use dictionary::{FieldId, Point, Value};
use query::{Expr, Function, Nulls, PageMark};

use super::order::Term;
use super::scan::collect;
use crate::blocks::{Blocks, Place};
use crate::column::Body;
use crate::column::points::Points;
use crate::finders::{row_of, spot};
use crate::geo;
use crate::grid::{CELL, Square};
use crate::plan::{Ask, Node, own};
use crate::table::Table;

/// So few points are looked at one by one rather than in smaller squares.
const FEW: usize = 32;

/// `geo.distance` of a field's points from a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Away<'i> {
    pub(crate) field: FieldId,
    points: &'i Points,
    middle: Point,
}

impl<'i> Away<'i> {
    /// What an expression says, where it is the distance of an own field from a literal.
    pub(crate) fn of(expr: &Expr, table: &'i Table) -> Option<Self> {
        let Expr::Call(Function::GeoDistance, of) = expr else { return None };
        let ([place, Expr::Value(Value::Point(middle))] | [Expr::Value(Value::Point(middle)), place]) =
            of.as_slice()
        else {
            return None;
        };
        let field = own(place)?;
        let column = table.column(field).filter(|column| column.strays.is_empty())?;
        let Body::Points(points) = &column.body else { return None };
        Some(Self { field, points, middle: *middle })
    }

    /// The distance of a row in metres; none where it stands nowhere.
    pub(crate) fn metres(&self, row: u32) -> Option<f64> {
        self.points.get(row).map(|point| query::distance(point, self.middle))
    }
}

/// What is still to be looked at: a square or a row, and how near it may be or is.
#[derive(Debug)]
struct Next {
    metres: f64,
    what: What,
}

#[derive(Debug)]
enum What {
    Square(Square, Place, Place),
    Row(u32),
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.metres.total_cmp(&other.metres)
    }
}

/// A walk outwards from a point.
struct Outwards<'a, 'i> {
    ask: &'a Ask<'i>,
    root: &'a Node<'i>,
    away: Away<'i>,
    spots: &'i Blocks<u64>,
    /// Nothing nearer is wanted: pages before held it, and perhaps some of what is as far.
    from: f64,
}

impl Outwards<'_, '_> {
    /// The nearest `need` rows that pass, and those that are as far as the last of them, in no order; none
    /// where after `most` rows too few were found.
    fn first(&self, need: usize, most: usize) -> Option<Vec<u32>> {
        let mut next = BinaryHeap::new();
        let world = What::Square(Square::WORLD, self.spots.start(), self.spots.end());
        next.push(Reverse(Next { metres: 0.0, what: world }));
        let (mut found, mut last) = (Vec::new(), f64::INFINITY);
        let (mut farther, mut visited) = (0, 0);
        while let Some(Reverse(Next { metres, what })) = next.pop() {
            if metres > last {
                break;
            }
            match what {
                What::Row(row) => {
                    found.push(row);
                    farther += usize::from(metres > self.from);
                    if farther == need {
                        last = metres.min(last);
                    }
                }
                What::Square(square, from, to) => {
                    let count = self.spots.between(from, to);
                    if count > FEW && square.level < CELL {
                        self.open(square, from, to, &mut next);
                        continue;
                    }
                    visited += count;
                    if visited > most {
                        return None;
                    }
                    let mut rows: Vec<u32> =
                        self.spots.slices(from, to).flatten().map(|spot| row_of(*spot)).collect();
                    self.root.retain(self.ask, &mut rows);
                    for row in rows {
                        let metres = self.away.metres(row).filter(|metres| *metres >= self.from);
                        next.extend(metres.map(|metres| Reverse(Next { metres, what: What::Row(row) })));
                    }
                }
            }
        }
        Some(found)
    }

    /// Puts a square's quarters among what is to be looked at.
    fn open(&self, square: Square, from: Place, to: Place, next: &mut BinaryHeap<Reverse<Next>>) {
        let mut end = to;
        for quarter in square.quarters().into_iter().rev() {
            let first = spot(quarter.first, 0);
            let start = self.spots.seek_between(from, end, |spot| *spot < first);
            let bounds = quarter.bounds();
            let passed = geo::farthest(self.away.middle, bounds).is_some_and(|far| far < self.from);
            if start < end && !passed {
                let metres = geo::nearest(self.away.middle, bounds);
                next.push(Reverse(Next { metres, what: What::Square(quarter, start, end) }));
            }
            end = start;
        }
    }
}

/// The rows among which the first `need` after the mark are, and hardly any others, where the order's first
/// term is a distance from near to far; none where it is not, or another way is better.
pub(crate) fn near<'i>(
    ask: &Ask<'i>,
    table: &'i Table,
    root: &Node<'i>,
    terms: &[Term<'_>],
    mark: Option<&PageMark>,
    need: usize,
) -> Option<Vec<u32>> {
    let first = terms.first().filter(|term| !term.order.descending)?;
    let away = Away::of(&first.order.by, table)?;
    let marked = mark.map(|mark| mark.values.first().cloned().flatten());
    let from = match &marked {
        None | Some(None) => EVERYWHERE,
        Some(Some(Value::Double(metres))) => *metres,
        Some(Some(_)) => return None,
    };
    let nowhere = |rows: &mut Vec<u32>| {
        if away.points.presence().count() < table.len() {
            let mut all = collect(ask, table, root);
            all.retain(|row| away.points.get(*row).is_none());
            rows.append(&mut all);
        }
    };
    let mut rows = Vec::new();
    let null = marked.as_ref().is_some_and(Option::is_none);
    let last = first.order.nulls == Nulls::Last;
    if !last && (mark.is_none() || null) {
        nowhere(&mut rows);
    }
    if !(last && null) {
        let outwards = Outwards { ask, root, away, spots: table.spots(away.field)?, from };
        rows.extend(outwards.first(need, most(root, table, need)?)?);
        // Those that are as far as the mark may lie before it: they are not counted on.
        let farther = |row: &&u32| away.metres(**row).is_some_and(|metres| metres > from);
        if last && rows.iter().filter(farther).count() < need {
            nowhere(&mut rows);
        }
    } else {
        nowhere(&mut rows);
    }
    Some(rows)
}

/// Less than every distance.
const EVERYWHERE: f64 = -1.0;

/// After how many rows a walk outwards is given up; none where it is not to be begun, as most rows would be
/// looked at.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a guess"
)]
fn most(root: &Node<'_>, table: &Table, need: usize) -> Option<usize> {
    let expected = need as f64 / root.share(table.len()).max(1e-9);
    (expected < table.len() as f64 / 2.0 || table.len() < MANY).then(|| (expected as usize * 8).max(MANY))
}

/// So many rows are looked at in any case.
const MANY: usize = 10_000;
