//! Tests on points: near one, inside a polygon.

use std::cmp::Ordering;

use dictionary::{FieldId, Point, ResourceId, Value};
use query::{Comparison, Expr, Function};

use super::ask::Ask;
use super::compile::own;
use super::cover::{Cover, Shape};
use super::node::Node;
use crate::blocks::Blocks;
use crate::column::points::Points;
use crate::column::{Body, Column};
use crate::geo;

/// Whether a point lies in an area.
#[derive(Debug)]
pub(crate) struct Place<'i> {
    pub(crate) field: FieldId,
    points: &'i Points,
    area: Area<'i>,
    /// West, south, east, north: no point outside passes.
    bounds: [f64; 4],
    /// What a point must answer.
    want: bool,
}

#[derive(Debug)]
enum Area<'i> {
    /// Less than, or at most, `limit` from a point; `metres` is the limit or a hair above it.
    Circle {
        middle: Point,
        metres: f64,
        limit: &'i Value,
        border: bool,
    },
    Polygon(&'i [Vec<(f64, f64)>]),
}

impl Place<'_> {
    pub(crate) fn test(&self, row: u32) -> bool {
        let Some(point) = self.points.get(row) else { return false };
        let [west, south, east, north] = self.bounds;
        let near = west <= point.longitude
            && point.longitude <= east
            && south <= point.latitude
            && point.latitude <= north;
        (near && self.area.holds(point)) == self.want
    }

    /// The part of the world's rows that pass, guessed as if they stood in a few square degrees.
    pub(crate) fn share(&self) -> f64 {
        let [west, south, east, north] = self.bounds;
        let inside = ((east - west) * (north - south) / 4.0).clamp(0.0, 0.5);
        if self.want { inside } else { 1.0 - inside }
    }

    /// Where the spots of the field's points are among which all are that pass; none where that are more than
    /// `most`, or points outside are wanted.
    pub(crate) fn cover(&self, spots: &Blocks<u64>, most: usize) -> Option<Cover> {
        let shape = match self.area {
            Area::Circle { middle, metres, .. } => Shape::Circle { middle, metres },
            Area::Polygon(rings) => Shape::Polygon(rings),
        };
        if self.want { Cover::of(shape, self.bounds, spots, most) } else { None }
    }
}

impl Area<'_> {
    fn holds(&self, point: Point) -> bool {
        match self {
            Self::Circle { middle, limit, border, .. } => {
                let distance = Value::Double(query::distance(point, *middle));
                match query::compare(&distance, limit) {
                    Some(Ordering::Less) => true,
                    Some(Ordering::Equal) => *border,
                    _ => false,
                }
            }
            Self::Polygon(rings) => query::covers(rings, point),
        }
    }
}

fn points<'i>(ask: &Ask<'i>, resource: ResourceId, field: FieldId) -> Option<&'i Points> {
    let column: &Column = ask.table(resource).column(field)?;
    match &column.body {
        Body::Points(points) if column.strays.is_empty() => Some(points),
        _ => None,
    }
}

/// `geo.intersects(field, polygon)`.
pub(super) fn inside<'i: 'e, 'e>(
    ask: &Ask<'i>,
    resource: ResourceId,
    of: &'e [Expr],
    want: bool,
) -> Option<Node<'e>> {
    let [point, Expr::Polygon(rings)] = of else { return None };
    let field = own(point)?;
    let points = points(ask, resource, field)?;
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (longitude, latitude) in rings.iter().flatten() {
        bounds[0] = bounds[0].min(*longitude);
        bounds[1] = bounds[1].min(*latitude);
        bounds[2] = bounds[2].max(*longitude);
        bounds[3] = bounds[3].max(*latitude);
    }
    Some(Node::Place(Place { field, points, area: Area::Polygon(rings), bounds, want }))
}

/// `geo.distance(field, point) lt metres` and its like.
pub(super) fn near<'i: 'e, 'e>(
    ask: &Ask<'i>,
    resource: ResourceId,
    comparison: Comparison,
    a: &'e Expr,
    b: &'e Expr,
) -> Option<Node<'e>> {
    let (of, limit, comparison) = match (a, b) {
        (Expr::Call(Function::GeoDistance, of), Expr::Value(limit)) => (of, limit, comparison),
        (Expr::Value(limit), Expr::Call(Function::GeoDistance, of)) => {
            (of, limit, super::compile::flip(comparison))
        }
        _ => return None,
    };
    let ([point, Expr::Value(Value::Point(middle))] | [Expr::Value(Value::Point(middle)), point]) =
        of.as_slice()
    else {
        return None;
    };
    let border = match comparison {
        Comparison::Less => false,
        Comparison::LessOrEqual => true,
        _ => return None,
    };
    let metres = metres(limit)?;
    let field = own(point)?;
    let points = points(ask, resource, field)?;
    let area = Area::Circle { middle: *middle, metres, limit, border };
    Some(Node::Place(Place { field, points, area, bounds: geo::around(*middle, metres), want: true }))
}

/// A limit in metres, or the next double above it: for boxes, which may be a hair too large.
#[expect(clippy::cast_precision_loss, reason = "made up for")]
fn metres(limit: &Value) -> Option<f64> {
    let near = match limit {
        Value::Double(metres) => *metres,
        Value::Integer(metres) => *metres as f64,
        Value::Decimal(metres) => metres.mantissa() as f64 / 10f64.powi(i32::try_from(metres.scale()).ok()?),
        _ => return None,
    };
    near.is_finite().then(|| near.next_up())
}
