//! Boxes and strips around places, for finding rows; what is inside is `query`'s to say.

use dictionary::Point;
use query::EARTH_RADIUS_M as RADIUS;

use crate::grid::HAIR;

/// A box (west, south, east, north) that holds every point within `metres` of `middle`.
pub(crate) fn around(middle: Point, metres: f64) -> [f64; 4] {
    // A hair more than exact, so that rounding loses no point.
    let angle = (metres / RADIUS).max(0.0) * (1.0 + 1e-9) + 1e-9;
    let high = angle.to_degrees();
    let (south, north) = (middle.latitude - high, middle.latitude + high);
    let wide = (angle.sin() / middle.latitude.to_radians().cos()).asin().to_degrees();
    let (west, east) = (middle.longitude - wide, middle.longitude + wide);
    // Around a pole, or across the line where 180 and -180 meet, every longitude may be near.
    let across = south <= -90.0 || north >= 90.0 || west <= -180.0 || east >= 180.0;
    if across || !wide.is_finite() || angle >= std::f64::consts::FRAC_PI_2 {
        return [-180.0, south, 180.0, north];
    }
    [west, south, east, north]
}

/// Whether a square of the grid holds points that are nowhere: what lies beyond the grid is in its last cells.
pub(crate) fn is_open(square: [f64; 4]) -> bool {
    square.iter().any(|degrees| degrees.is_infinite()) || square[3] > 90.0 + HAIR
}

/// How far east of `from` a longitude lies: from -180 degrees up to 180.
fn east_of(from: f64, longitude: f64) -> f64 {
    (longitude - from + 180.0).rem_euclid(360.0) - 180.0
}

/// No point of a box (west, south, east, north) is nearer than so many metres.
pub(crate) fn nearest(middle: Point, square: [f64; 4]) -> f64 {
    let [west, south, east, north] = square;
    if is_open(square) {
        return 0.0;
    }
    let first = east_of(middle.longitude, west);
    let last = first + (east - west);
    let metres = if first <= 0.0 && last >= 0.0 || last >= 360.0 {
        let away = (south - middle.latitude).max(middle.latitude - north).max(0.0);
        away.to_radians() * RADIUS
    } else {
        // Along a meridian the distance has its least where a great circle meets it squarely.
        let along = |degrees: f64| {
            let (sine, cosine) = middle.latitude.to_radians().sin_cos();
            let square = sine.atan2(cosine * degrees.to_radians().cos()).to_degrees();
            let at = |latitude: f64| {
                query::distance(middle, Point { longitude: middle.longitude + degrees, latitude })
            };
            let ends = at(south).min(at(north));
            if south < square && square < north { ends.min(at(square)) } else { ends }
        };
        along(first).min(along(last))
    };
    // A hair less than exact, so that rounding loses no point.
    (metres * (1.0 - 1e-9) - 1e-3).max(0.0)
}

/// No point of a box is farther than so many metres; none where that is not known.
pub(crate) fn farthest(middle: Point, square: [f64; 4]) -> Option<f64> {
    let [west, south, east, north] = square;
    let first = east_of(middle.longitude, west);
    // Across the meridian opposite the corners are not the farthest points.
    if is_open(square) || first + (east - west) >= 180.0 {
        return None;
    }
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    let far = corners.map(|(longitude, latitude)| query::distance(middle, Point { longitude, latitude }));
    Some(far.into_iter().fold(0.0, f64::max) * (1.0 + 1e-9) + 1e-3)
}
