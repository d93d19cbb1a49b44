//! Where is searched: around a point, or inside polygons (PAR-122 to 126).

use dictionary::{Decimal, Point, Value};
use query::{Comparison, Expr, Function};

use crate::Door;
use crate::request::{Asked, wkt};

/// Metres in a mile.
const MILE_M: f64 = 1_609.344;
/// Miles that are searched where the request does not say how many.
const MILES: f64 = 10.0;

/// Where is searched.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Around {
    /// Around a point, up to so many metres.
    Point(Here, f64),
    /// Inside one of these polygons, each with its holes.
    Polygons(Vec<Vec<wkt::Ring>>),
}

/// A point to search around.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Here(pub(crate) Point);

impl Here {
    /// The distance of a listing, in metres.
    pub(super) fn distance(self, door: &Door) -> Expr {
        let place = Expr::field(door.bound.place);
        Expr::Call(Function::GeoDistance, vec![place, Expr::Value(Value::Point(self.0))])
    }
}

impl Around {
    /// Around a point, as far as `Distance` says.
    pub(crate) fn of_point(point: Point, asked: &mut Asked) -> Self {
        Self::Point(Here(point), miles(asked) * MILE_M)
    }

    /// What `WktLocation` says; what is wrong with it is noted.
    pub(crate) fn of_wkt(asked: &mut Asked) -> Option<Self> {
        let text = asked.text("WktLocation")?.clone();
        match wkt::read(&text) {
            Ok(wkt::Place::Point(longitude, latitude)) => {
                Some(Self::of_point(Point { longitude, latitude }, asked))
            }
            Ok(wkt::Place::Polygons(polygons)) => {
                // It is used with a point alone: a wrong one is still wrong.
                miles(asked);
                Some(Self::Polygons(polygons))
            }
            Err(wrong) => {
                asked.refuse("WktLocation", wrong);
                None
            }
        }
    }

    pub(super) fn point(&self) -> Option<Here> {
        match self {
            Self::Point(here, _) => Some(*here),
            Self::Polygons(_) => None,
        }
    }

    /// The listings there, of those whose place is not kept from display: to be found in a small place is to
    /// be placed.
    pub(super) fn filter(&self, door: &Door) -> Expr {
        let there = match self {
            Self::Point(here, metres) => Expr::Compare(
                Comparison::LessOrEqual,
                Box::new(here.distance(door)),
                Box::new(Expr::Value(Value::Double(*metres))),
            ),
            Self::Polygons(polygons) => {
                let inside = |rings: &Vec<wkt::Ring>| {
                    let place = Expr::field(door.bound.place);
                    Expr::Call(Function::GeoIntersects, vec![place, Expr::Polygon(rings.clone())])
                };
                let mut all: Vec<Expr> = polygons.iter().map(inside).collect();
                if all.len() == 1 { all.remove(0) } else { Expr::Or(all) }
            }
        };
        there.and(door.members.on_map())
    }
}

/// The distance in miles: more than none and up to 25 (PAR-122).
fn miles(asked: &mut Asked) -> f64 {
    match asked.number("Distance") {
        Some(miles) if miles <= Decimal::ZERO => {
            asked.refuse("Distance", "The field Distance must be greater than 0 and at most 25.");
            MILES
        }
        Some(miles) => f64::try_from(miles).unwrap_or(MILES),
        None => MILES,
    }
}
