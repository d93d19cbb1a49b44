//! Places.

use super::Function::*;
use super::*;
use dictionary::Point;

fn at(longitude: f64, latitude: f64) -> Expr {
    Expr::Value(Value::Point(Point { longitude, latitude }))
}

#[test]
fn reso_022_distances_are_metres_on_the_sphere() {
    let check = |a: (f64, f64), b: (f64, f64), metres: f64| {
        let point = |(longitude, latitude)| Point { longitude, latitude };
        let found = crate::distance(point(a), point(b));
        assert!((found - metres).abs() < 1.0, "{found} is not {metres}");
        let near = op(call(GeoDistance, [at(a.0, a.1), at(b.0, b.1)]), Arithmetic::Subtract, d("1"));
        check_truth(le(near, double(metres)), true);
    };
    check((0.0, 0.0), (0.0, 0.0), 0.0);
    // A quarter of the way around.
    check((0.0, 0.0), (90.0, 0.0), std::f64::consts::FRAC_PI_2 * 6_371_008.8);
    check((0.0, 90.0), (123.0, -90.0), std::f64::consts::PI * 6_371_008.8);
    // Across the antimeridian it is not far.
    check((179.5, 0.0), (-179.5, 0.0), 111_195.1);
    // Space Needle to Pike Place.
    check((-122.349_274, 47.620_422), (-122.342_163, 47.608_967), 1_380.6);
    super::check(call(GeoDistance, [null(), at(0.0, 0.0)]), None);
}

#[test]
fn reso_022_a_polygon_has_its_border_and_not_its_holes() {
    let ring = |low: f64, high: f64| vec![(low, low), (high, low), (high, high), (low, high), (low, low)];
    let with_hole = Expr::Polygon(vec![ring(0.0, 10.0), ring(4.0, 6.0)]);
    let check = |longitude: f64, latitude: f64, expect: bool| {
        check_truth(call(GeoIntersects, [at(longitude, latitude), with_hole.clone()]), expect);
    };
    check(1.0, 1.0, true);
    check(0.0, 0.0, true);
    check(10.0, 5.0, true);
    check(5.0, 10.0, true);
    check(10.000_001, 5.0, false);
    check(-1.0, 0.0, false);
    check(5.0, 5.0, false);
    check(4.0, 5.0, true);
    check(6.0, 6.0, true);
    // At the height of a corner a ray meets two sides and counts one.
    check(-1.0, 10.0, false);
    check(3.0, 4.0, true);
    check(3.0, 6.0, true);
    let bow = Expr::Polygon(vec![vec![(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0)]]);
    check_truth(call(GeoIntersects, [at(0.5, 2.0), bow.clone()]), true);
    check_truth(call(GeoIntersects, [at(2.0, 0.5), bow]), false);
    check_truth(call(GeoIntersects, [null(), with_hole.clone()]), None);
    check_truth(call(GeoIntersects, [at(0.0, 0.0), null()]), None);
    super::check(with_hole, None);
}

#[test]
fn reso_022_a_line_is_as_long_as_its_steps() {
    let line = Expr::LineString(vec![(0.0, 0.0), (90.0, 0.0), (90.0, 90.0)]);
    let expect = std::f64::consts::PI * 6_371_008.8;
    let error = op(call(GeoLength, [line]), Arithmetic::Subtract, double(expect));
    check_truth(lt(op(error.clone(), Arithmetic::Multiply, error), double(1.0)), true);
    check(call(GeoLength, [Expr::LineString(vec![(1.0, 1.0)])]), Value::Double(0.0));
    check(call(GeoLength, [v(1)]), None);
}
