//! Well-known text of places: points, lines and polygons (4.01 ABNF, geographyLiteral).

use dictionary::{Point, Value};
use query::{Expr, Kind};

use super::cursor::Cursor;
use crate::Fault;
use crate::text::{read_double, read_point};

pub(super) const HINT: &str =
    "Write geography'SRID=4326;POINT(longitude latitude)', or LINESTRING(…), or POLYGON((…)), in degrees.";
/// Corners of one literal: a county's border has some thousands.
const MOST_CORNERS: usize = 10_000;

/// Reads what stood between the quotes of a literal; `at` is where it began.
pub(super) fn read(cursor: &Cursor<'_>, at: usize, content: &str) -> Result<(Expr, Kind), Fault> {
    let bad = |message: String, hint: &str| cursor.bad(at, "bad_literal", message, hint);
    let shape = match content.split_once(';') {
        None => content,
        Some((system, shape)) => match system.trim().to_ascii_uppercase().as_str() {
            "SRID=4326" | "SRID=0" => shape.trim(),
            _ => {
                let hint = "Use SRID=4326 (WGS 84), or leave SRID away.";
                return Err(bad("This reference system is not known.".into(), hint));
            }
        },
    };
    let name: String = shape.chars().take_while(char::is_ascii_alphabetic).collect();
    let inside = shape[name.len()..].trim();
    match name.to_ascii_uppercase().as_str() {
        "POINT" => {
            let point = read_point(shape).map_err(|wrong| bad(wrong.message, &wrong.hint))?;
            Ok((Expr::Value(Value::Point(point)), Kind::Point))
        }
        "LINESTRING" => {
            let line = corners(inside).map_err(|wrong| bad(wrong, HINT))?;
            if line.len() < 2 {
                return Err(bad("A line has at least two points.".into(), HINT));
            }
            Ok((Expr::LineString(line), Kind::LineString))
        }
        "POLYGON" => {
            let rings = rings(inside).map_err(|wrong| bad(wrong, HINT))?;
            Ok((Expr::Polygon(rings), Kind::Polygon))
        }
        "MULTIPOINT" | "MULTILINESTRING" | "MULTIPOLYGON" | "COLLECTION" => {
            Err(cursor.unsupported(at, &name))
        }
        _ => Err(bad("This is no geography.".into(), HINT)),
    }
}

type Ring = Vec<(f64, f64)>;

/// `(1 2,3 4)`
fn corners(text: &str) -> Result<Ring, String> {
    let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let inside = inside.ok_or("The points stand between parentheses.")?;
    inside
        .split(',')
        .take(MOST_CORNERS + 1)
        .map(|pair| {
            let mut numbers = pair.split_ascii_whitespace();
            let (Some(x), Some(y), None) = (numbers.next(), numbers.next(), numbers.next()) else {
                return Err(format!("{:?} is not a longitude and a latitude.", pair.trim()));
            };
            let number = |text| read_double(text).map_err(|wrong| wrong.message);
            let point = Point { longitude: number(x)?, latitude: number(y)? };
            if point.longitude.abs() > 180.0 || point.latitude.abs() > 90.0 {
                return Err(format!("{:?} is not on the globe; longitude comes first.", pair.trim()));
            }
            Ok((point.longitude, point.latitude))
        })
        .collect::<Result<Ring, _>>()
        .and_then(|ring| match ring.len() > MOST_CORNERS {
            true => Err(format!("There are more than {MOST_CORNERS} points.")),
            false => Ok(ring),
        })
}

/// `((1 2,3 4,5 6,1 2),(…))`
fn rings(text: &str) -> Result<Vec<Ring>, String> {
    let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let mut rest = inside.ok_or("The rings stand between parentheses.")?.trim();
    let mut rings = Vec::new();
    let mut left = MOST_CORNERS;
    loop {
        let end = rest.find(')').ok_or("A ring stands between parentheses.")? + 1;
        let ring = corners(&rest[..end])?;
        if ring.len() < 4 || ring.first() != ring.last() {
            return Err("A ring has at least four points and ends where it began.".into());
        }
        left = left.checked_sub(ring.len()).ok_or(format!("There are more than {MOST_CORNERS} points."))?;
        rings.push(ring);
        rest = rest[end..].trim();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim(),
            None if rest.is_empty() => return Ok(rings),
            None => return Err("A comma stands between rings.".into()),
        }
    }
}
