//! Places as well-known text, longitude first (PAR-125 to 127).

/// A ring of (longitude, latitude) in degrees, closed.
pub(crate) type Ring = Vec<(f64, f64)>;

/// A place that is searched.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Place {
    Point(f64, f64),
    /// Polygons, the outer ring of each first, then its holes.
    Polygons(Vec<Vec<Ring>>),
}

/// Vertices of all rings together at most (PAR-126).
const MOST_VERTICES: usize = 1_000;

/// Reads `POINT(…)`, `POLYGON((…))` or `MULTIPOLYGON(((…)))`.
///
/// # Errors
/// What is wrong, in a sentence.
pub(crate) fn read(text: &str) -> Result<Place, String> {
    let mut rest = Rest { text: text.trim() };
    let kind = rest.word().to_ascii_uppercase();
    let place = match kind.as_str() {
        "POINT" => {
            rest.expect('(')?;
            let point = rest.pair(true)?;
            rest.expect(')')?;
            Place::Point(point.0, point.1)
        }
        "POLYGON" => Place::Polygons(vec![rest.polygon()?]),
        "MULTIPOLYGON" => Place::Polygons(rest.list(Rest::polygon)?),
        _ => return Err("The value is not a POINT, POLYGON or MULTIPOLYGON in well-known text.".into()),
    };
    if !rest.text.trim().is_empty() {
        return Err("The value goes on after its last parenthesis.".into());
    }
    if let Place::Polygons(polygons) = &place {
        check(polygons)?;
    }
    Ok(place)
}

/// What has not been read yet.
struct Rest<'a> {
    text: &'a str,
}

impl Rest<'_> {
    fn skip(&mut self) {
        self.text = self.text.trim_start();
    }

    fn word(&mut self) -> String {
        let end = self.text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest;
        word.to_owned()
    }

    fn takes(&mut self, c: char) -> bool {
        self.skip();
        let rest = self.text.strip_prefix(c);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        if self.takes(c) { Ok(()) } else { Err(format!("A '{c}' is missing before \"{}\".", self.next())) }
    }

    fn next(&self) -> String {
        self.text.chars().take(20).collect()
    }

    fn number(&mut self) -> Result<f64, String> {
        self.skip();
        let end = self.text.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c)));
        let (digits, rest) = self.text.split_at(end.unwrap_or(self.text.len()));
        let number = digits.parse::<f64>().ok().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| format!("A number is missing before \"{}\".", self.next()))?;
        self.text = rest;
        Ok(number)
    }

    /// A longitude and a latitude; in a POINT a comma may stand between them, as in the API's document.
    fn pair(&mut self, comma: bool) -> Result<(f64, f64), String> {
        let longitude = self.number()?;
        if comma {
            self.takes(',');
        }
        let latitude = self.number()?;
        if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
            return Err(format!("{longitude} {latitude} is not on the globe: longitude comes first."));
        }
        Ok((longitude, latitude))
    }

    fn list<T>(&mut self, one: fn(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        self.expect('(')?;
        let mut all = vec![one(self)?];
        while self.takes(',') {
            if all.len() == MOST_VERTICES {
                return Err(too_many());
            }
            all.push(one(self)?);
        }
        self.expect(')')?;
        Ok(all)
    }

    fn ring(&mut self) -> Result<Ring, String> {
        self.list(|rest| rest.pair(false))
    }

    fn polygon(&mut self) -> Result<Vec<Ring>, String> {
        self.list(Self::ring)
    }
}

fn too_many() -> String {
    format!("The value has more than {MOST_VERTICES} vertices.")
}

fn check(polygons: &[Vec<Ring>]) -> Result<(), String> {
    let vertices: usize = polygons.iter().flatten().map(Vec::len).sum();
    if vertices > MOST_VERTICES {
        return Err(too_many());
    }
    for polygon in polygons {
        for ring in polygon {
            if ring.first() != ring.last() {
                return Err("A ring is not closed: its last vertex must be its first.".into());
            }
            if distinct(ring).len() < 4 {
                return Err("A ring has fewer than three corners.".into());
            }
        }
        simple(polygon)?;
        let (outer, holes) = polygon.split_first().ok_or("A polygon has no ring.")?;
        let inside = |hole: &Ring| hole.iter().all(|vertex| covers(outer, *vertex));
        if !holes.iter().all(inside) {
            return Err("A hole lies outside its polygon.".into());
        }
    }
    Ok(())
}

/// The ring without vertices that repeat the one before.
fn distinct(ring: &Ring) -> Ring {
    let mut ring = ring.clone();
    ring.dedup();
    ring
}

/// Whether no two sides of a polygon's rings cross or lie on each other; neighbours share their corner.
fn simple(polygon: &[Ring]) -> Result<(), String> {
    let mut sides = Vec::new();
    for (at, ring) in polygon.iter().enumerate() {
        let ring = distinct(ring);
        let count = ring.len() - 1;
        sides.extend(ring.windows(2).enumerate().map(|(n, side)| (at, n, count, (side[0], side[1]))));
    }
    for (first, a) in sides.iter().enumerate() {
        for b in &sides[first + 1..] {
            let neighbours = a.0 == b.0 && (b.1 - a.1 == 1 || b.1 - a.1 == a.2 - 1);
            let crossed = match (neighbours, a.0 == b.0) {
                (true, _) => folds(a.3, b.3),
                // Rings of one polygon may touch in a point, and a ring may not touch itself.
                (false, same) => meets(a.3, b.3, same),
            };
            if crossed {
                return Err("The polygon crosses itself.".into());
            }
        }
    }
    Ok(())
}

type Side = ((f64, f64), (f64, f64));

/// On which side of a line a point lies: 1 left, -1 right, 0 on it.
fn turn((a, b): Side, c: (f64, f64)) -> i8 {
    let area = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    if area > 0.0 {
        1
    } else if area < 0.0 {
        -1
    } else {
        0
    }
}

fn on((a, b): Side, c: (f64, f64)) -> bool {
    let within = |a: f64, b: f64, c: f64| c >= a.min(b) && c <= a.max(b);
    turn((a, b), c) == 0 && within(a.0, b.0, c.0) && within(a.1, b.1, c.1)
}

/// Whether a side goes back over its neighbour.
fn folds(a: Side, b: Side) -> bool {
    let (far_a, far_b) = if a.1 == b.0 {
        (a.0, b.1)
    } else if a.0 == b.1 {
        (a.1, b.0)
    } else {
        return false;
    };
    on(a, far_b) || on(b, far_a)
}

/// Whether two sides cross, or lie on each other in more than a point; with `touch`, in a point too.
fn meets(a: Side, b: Side, touch: bool) -> bool {
    let (b_from, b_to) = (turn(a, b.0), turn(a, b.1));
    let (a_from, a_to) = (turn(b, a.0), turn(b, a.1));
    if b_from * b_to < 0 && a_from * a_to < 0 {
        return true;
    }
    let ends = [on(a, b.0), on(a, b.1), on(b, a.0), on(b, a.1)];
    let along = b_from == 0 && b_to == 0 && ends.iter().filter(|end| **end).count() > 1 && {
        // Two that only share an end share no side.
        let shared = a.0 == b.0 || a.0 == b.1 || a.1 == b.0 || a.1 == b.1;
        !shared || ends.iter().filter(|end| **end).count() > 2
    };
    along || (touch && ends.contains(&true))
}

/// Whether a point lies in a ring or on it.
fn covers(ring: &Ring, (x, y): (f64, f64)) -> bool {
    let mut inside = false;
    for side in ring.windows(2) {
        let ((x1, y1), (x2, y2)) = (side[0], side[1]);
        if on((side[0], side[1]), (x, y)) {
            return true;
        }
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}
