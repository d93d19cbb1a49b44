//! Which cells of one row of the grid an area covers: for certain, or perhaps.

use dictionary::Point;

use crate::finders::{CELLS_PER_DEGREE, cell_of};
use crate::geo;

/// Degrees by which a cell is taken larger than it is, so that rounding loses no point on its border:
/// a tenth of a millimetre.
pub(super) const HAIR: f64 = 1e-9;

/// What lies between two latitudes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    pub(super) south: f64,
    pub(super) north: f64,
}

/// Cells of one row of the grid, both ends inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cells {
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Whether every point in them is inside.
    pub(crate) sure: bool,
}

/// One row of the grid and its cells that may hold points inside, from west to east.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stripe {
    pub(crate) row: u32,
    pub(crate) cells: Vec<Cells>,
}

fn cells_of(west: f64, east: f64) -> (u32, u32) {
    (cell_of(west - HAIR, -180.0), cell_of(east + HAIR, -180.0))
}

impl Stripe {
    /// Cells that an edge runs through are not sure; those between two such are all inside or all not.
    pub(super) fn of_polygon(row: u32, strip: Strip, rings: &[Vec<(f64, f64)>]) -> Option<Self> {
        let edges = rings.iter().flat_map(|ring| ring.windows(2));
        let mut crossed: Vec<(u32, u32)> = edges
            .filter_map(|edge| strip.reach(edge[0], edge[1]))
            .map(|(west, east)| cells_of(west, east))
            .collect();
        crossed.sort_unstable();
        let mut cells: Vec<Cells> = Vec::with_capacity(crossed.len() * 2);
        for (first, last) in crossed {
            let end = cells.last().map(|before| before.last);
            match end {
                Some(end) if first <= end => {
                    if let Some(before) = cells.last_mut() {
                        before.last = before.last.max(last);
                    }
                }
                _ => {
                    if let Some(end) = end.filter(|end| end + 1 < first) {
                        let middle = Point {
                            longitude: (f64::from(end) + 1.5) / CELLS_PER_DEGREE - 180.0,
                            latitude: strip.south.midpoint(strip.north),
                        };
                        if query::covers(rings, middle) {
                            cells.push(Cells { first: end + 1, last: first - 1, sure: true });
                        }
                    }
                    cells.push(Cells { first, last, sure: false });
                }
            }
        }
        (!cells.is_empty()).then_some(Self { row, cells })
    }

    /// Sure are the cells that reach from the middle no farther than `sure` degrees to either side.
    pub(super) fn of_circle(row: u32, bounds: (f64, f64), middle: f64, sure: Option<f64>) -> Self {
        let (first, last) = cells_of(bounds.0, bounds.1);
        let unsure = |first, last| Cells { first, last, sure: false };
        // The cells at the ends are not all inside.
        let inner = sure.map(|width| {
            (
                cell_of(middle - width + HAIR, -180.0) + 1,
                cell_of(middle + width - HAIR, -180.0).saturating_sub(1),
            )
        });
        let cells = match inner {
            Some((low, high)) if first < low && low <= high && high < last => vec![
                unsure(first, low - 1),
                Cells { first: low, last: high, sure: true },
                unsure(high + 1, last),
            ],
            _ => vec![unsure(first, last)],
        };
        Self { row, cells }
    }
}

impl Strip {
    /// From where to where an edge reaches within the strip.
    fn reach(self, a: (f64, f64), b: (f64, f64)) -> Option<(f64, f64)> {
        let (low, high) = if a.1 <= b.1 { (a, b) } else { (b, a) };
        if high.1 < self.south || low.1 > self.north {
            return None;
        }
        let at = |latitude: f64| low.0 + (latitude - low.1) / (high.1 - low.1) * (high.0 - low.0);
        let first = if low.1 < self.south { at(self.south) } else { low.0 };
        let last = if high.1 > self.north { at(self.north) } else { high.0 };
        Some((first.min(last), first.max(last)))
    }

    /// How many degrees to either side of the middle every point of the strip is inside the circle.
    pub(super) fn width_in_circle(self, middle: Point, metres: f64) -> Option<f64> {
        // The far edge of the strip decides, whichever it is.
        let width = |latitude: f64| geo::width(middle, latitude, metres * (1.0 - 1e-9));
        Some(width(self.south)?.min(width(self.north)?))
    }
}
