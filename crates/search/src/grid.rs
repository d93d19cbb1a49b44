//! The grid that points are found in: its cells are numbered along a Z, so that a square of cells, and each
//! quarter of it, is one run of numbers.

use dictionary::Point;

/// Cells are 360/65,536 of a degree wide and high: some 400 by 600 metres in the north of the United
/// States.
const CELLS_PER_DEGREE: f64 = 65_536.0 / 360.0;
/// The level of a square that is one cell; the world is level 0.
pub(crate) const CELL: u32 = 16;
/// Degrees by which a square is taken larger than it is, so that rounding loses no point on its border: a
/// tenth of a millimetre.
pub(crate) const HAIR: f64 = 1e-9;

/// A square of cells: at each level a quarter of one of the level before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Square {
    pub(crate) level: u32,
    /// The number of its first cell.
    pub(crate) first: u32,
}

/// The number of a point's cell.
pub(crate) fn cell(point: Point) -> u32 {
    spread(along(point.latitude, -90.0)) << 1 | spread(along(point.longitude, -180.0))
}

/// How many cells a coordinate lies from the south or west; what lies beyond the grid is in its last cell.
fn along(degrees: f64, least: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let cell = ((degrees - least) * CELLS_PER_DEGREE).floor().clamp(0.0, 65_535.0) as u32;
    cell
}

/// Sixteen bits, each at twice its place.
fn spread(bits: u32) -> u32 {
    let bits = (bits | bits << 8) & 0x00FF_00FF;
    let bits = (bits | bits << 4) & 0x0F0F_0F0F;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

/// The even bits, together again.
fn gather(bits: u32) -> u32 {
    let bits = bits & 0x5555_5555;
    let bits = (bits | bits >> 1) & 0x3333_3333;
    let bits = (bits | bits >> 2) & 0x0F0F_0F0F;
    let bits = (bits | bits >> 4) & 0x00FF_00FF;
    (bits | bits >> 8) & 0x0000_FFFF
}

impl Square {
    pub(crate) const WORLD: Self = Self { level: 0, first: 0 };

    /// In the order of their cells. One cell has no quarters: ask before.
    pub(crate) fn quarters(self) -> [Self; 4] {
        let level = self.level + 1;
        let step = 1u32 << (2 * (CELL - level));
        [0, 1, 2, 3].map(|at| Self { level, first: self.first + at * step })
    }

    /// West, south, east, north of every point in it, a hair more. Where the grid ends there is no end, as
    /// what lies beyond is there too.
    pub(crate) fn bounds(self) -> [f64; 4] {
        let side = 1u32 << (CELL - self.level);
        let (column, row) = (gather(self.first), gather(self.first >> 1));
        let low = |at: u32, least: f64| {
            if at == 0 { f64::NEG_INFINITY } else { f64::from(at) / CELLS_PER_DEGREE + least - HAIR }
        };
        let high = |at: u32, least: f64| {
            if at == 65_536 { f64::INFINITY } else { f64::from(at) / CELLS_PER_DEGREE + least + HAIR }
        };
        [low(column, -180.0), low(row, -90.0), high(column + side, -180.0), high(row + side, -90.0)]
    }
}
