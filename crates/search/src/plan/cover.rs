//! An area as squares of the grid: those inside for certain, and those that may hold points inside.

use std::rc::Rc;

use dictionary::Point;

use crate::blocks::{Blocks, Place};
use crate::finders::spot;
use crate::geo;
use crate::grid::{CELL, HAIR, Square};

/// So few points are looked at one by one rather than in smaller squares.
const FEW: usize = 32;
/// With fewer sides than this all are tried on every square.
const SIDES: usize = 8;

/// A straight side of a polygon, in degrees.
type Side = ((f64, f64), (f64, f64));

/// What is looked for in the grid.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'i> {
    /// Every point that is at most so many metres away, and none that is much farther.
    Circle { middle: Point, metres: f64 },
    /// Rings as `query::covers` has them.
    Polygon(&'i [Vec<(f64, f64)>]),
}

/// Runs of a field's spots, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cover {
    /// How many spots there are in all.
    pub(crate) count: usize,
    /// From where to where, and whether every point there is inside.
    pub(crate) runs: Vec<(Place, Place, bool)>,
}

/// How a square lies to a shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lies {
    Inside,
    Outside,
    Across,
}

impl Cover {
    /// The runs that hold every point of a shape, none of which lies outside `bounds`; none where there are
    /// more spots than `most`.
    pub(super) fn of(shape: Shape<'_>, bounds: [f64; 4], spots: &Blocks<u64>, most: usize) -> Option<Self> {
        let mut cover = Self::default();
        let sides: Rc<[Side]> = match shape {
            Shape::Circle { .. } => Rc::default(),
            Shape::Polygon(rings) => {
                rings.iter().flat_map(|ring| ring.windows(2)).map(|side| (side[0], side[1])).collect()
            }
        };
        let mut left = vec![(Square::WORLD, spots.start(), spots.end(), sides)];
        while let Some((square, from, to, mut sides)) = left.pop() {
            let count = spots.between(from, to);
            if count == 0 || apart(square.bounds(), bounds) {
                continue;
            }
            match shape.lies(square.bounds(), &mut sides) {
                Lies::Outside => {}
                Lies::Across if count > FEW && square.level < CELL => {
                    let mut end = to;
                    // The first quarter is put on top and looked at first, so that runs are in order.
                    for quarter in square.quarters().into_iter().rev() {
                        let first = spot(quarter.first, 0);
                        let start = spots.seek_between(from, end, |spot| *spot < first);
                        left.push((quarter, start, end, Rc::clone(&sides)));
                        end = start;
                    }
                }
                lies => cover.add(from, to, count, lies == Lies::Inside),
            }
            if cover.count > most {
                return None;
            }
        }
        Some(cover)
    }

    fn add(&mut self, from: Place, to: Place, count: usize, sure: bool) {
        self.count += count;
        match self.runs.last_mut() {
            Some(before) if before.1 == from && before.2 == sure => before.1 = to,
            _ => self.runs.push((from, to, sure)),
        }
    }
}

impl Shape<'_> {
    /// How a square lies to this; `sides` are those that may cross it, and may become fewer.
    fn lies(self, square: [f64; 4], sides: &mut Rc<[Side]>) -> Lies {
        if geo::is_open(square) {
            return Lies::Across;
        }
        match self {
            Self::Circle { middle, metres } => {
                if geo::farthest(middle, square).is_some_and(|far| far < metres * (1.0 - 1e-9)) {
                    Lies::Inside
                } else if geo::nearest(middle, square) > metres {
                    Lies::Outside
                } else {
                    Lies::Across
                }
            }
            Self::Polygon(rings) => {
                if sides.len() > SIDES {
                    *sides = sides.iter().filter(|side| crosses(**side, square)).copied().collect();
                }
                if sides.iter().any(|side| crosses(*side, square)) {
                    return Lies::Across;
                }
                let [west, south, east, north] = square;
                let middle = Point { longitude: west.midpoint(east), latitude: south.midpoint(north) };
                if query::covers(rings, middle) { Lies::Inside } else { Lies::Outside }
            }
        }
    }
}

fn apart(a: [f64; 4], b: [f64; 4]) -> bool {
    a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1]
}

/// Whether a side may have a point in common with a square.
fn crosses(((x1, y1), (x2, y2)): Side, square: [f64; 4]) -> bool {
    if apart([x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)], square) {
        return false;
    }
    // All corners on one side of the line: it passes by.
    let (dx, dy) = (x2 - x1, y2 - y1);
    let hair = HAIR * (dx.abs() + dy.abs());
    let [west, south, east, north] = square;
    let across = [(west, south), (east, south), (east, north), (west, north)]
        .map(|(x, y)| dx * (y - y1) - dy * (x - x1));
    !(across.iter().all(|a| *a > hair) || across.iter().all(|a| *a < -hair))
}
