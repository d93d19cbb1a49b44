//! Random places on the land around Seattle.

use query::{Expr, Function, Kind};

use super::Writer;

/// Corners of the grid on which random points lie.
const STEP: f64 = 1.0 / 64.0;

impl Writer<'_> {
    pub(super) fn point(&mut self) -> Expr {
        self.leaf(Kind::Point)
    }

    /// `geo.intersects` with a box, a triangle, or a box with a hole; borders lie on the points' grid.
    pub(super) fn inside(&mut self) -> Expr {
        let (x, y) = self.corner();
        let (width, height) = (f64::from(self.rng.i32(1..24)) * STEP, f64::from(self.rng.i32(1..24)) * STEP);
        let ring =
            |x: f64, y: f64, w: f64, h: f64| vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
        let rings = match self.rng.u8(..3) {
            0 => vec![vec![(x, y), (x + width, y), (x, y + height), (x, y)]],
            1 => vec![ring(x, y, width, height)],
            _ => {
                let hole = ring(x + width / 4.0, y + height / 4.0, width / 2.0, height / 2.0);
                vec![ring(x, y, width, height), hole]
            }
        };
        Expr::Call(Function::GeoIntersects, vec![self.point(), Expr::Polygon(rings)])
    }

    pub(super) fn line(&mut self) -> Expr {
        let points = (0..self.rng.usize(2..5)).map(|_| self.corner()).collect();
        Expr::LineString(points)
    }

    fn corner(&mut self) -> (f64, f64) {
        (-122.5 + f64::from(self.rng.i32(0..40)) * STEP, 47.25 + f64::from(self.rng.i32(0..32)) * STEP)
    }
}
