//! Places on a sphere, and polygons on a flat map of degrees.

use dictionary::Point;

/// The earth's mean radius in metres (IUGG).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// The distance along the sphere, in metres (haversine).
#[must_use]
pub fn distance(a: Point, b: Point) -> f64 {
    let (from, to) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let h = half(b.latitude - a.latitude) + from.cos() * to.cos() * half(b.longitude - a.longitude);
    // Opposite places may come out a hair above 1.
    2.0 * EARTH_RADIUS_M * h.min(1.0).sqrt().asin()
}

/// The length of a line of (longitude, latitude) in degrees, in metres.
#[must_use]
pub fn length(line: &[(f64, f64)]) -> f64 {
    let at = |(longitude, latitude): (f64, f64)| Point { longitude, latitude };
    line.windows(2).map(|step| distance(at(step[0]), at(step[1]))).sum()
}

/// Whether a polygon covers a point: inside an odd number of its rings, or on the border of one.
///
/// Rings are (longitude, latitude) in degrees, and their sides are straight on a map of degrees: true to a
/// few metres over the length of a county. A ring over the antimeridian must be given in two.
#[must_use]
pub fn covers(rings: &[Vec<(f64, f64)>], point: Point) -> bool {
    let (x, y) = (point.longitude, point.latitude);
    let mut inside = false;
    for side in rings.iter().flat_map(|ring| ring.windows(2)) {
        let ((x1, y1), (x2, y2)) = (side[0], side[1]);
        let across = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
        let beside = x >= x1.min(x2) && x <= x1.max(x2) && y >= y1.min(y2) && y <= y1.max(y2);
        if beside && across == 0.0 {
            return true;
        }
        // Does a ray to the east cross this side? Each side has its lower end and not its upper one.
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}
