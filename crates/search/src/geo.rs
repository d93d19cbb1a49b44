//! Boxes and strips around places, for finding rows; what is inside is `query`'s to say.

use dictionary::Point;
use query::EARTH_RADIUS_M as RADIUS;

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

/// Within how many degrees of longitude the points of a latitude are within `metres` of `middle`; none
/// where none is.
pub(crate) fn width(middle: Point, latitude: f64, metres: f64) -> Option<f64> {
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let north = half((latitude - middle.latitude).to_radians());
    let left = half(metres / RADIUS) - north;
    let scale = latitude.to_radians().cos() * middle.latitude.to_radians().cos();
    let sine = (left / scale).sqrt();
    (left > 0.0 && sine < 1.0).then(|| (2.0 * sine.asin()).to_degrees())
}
