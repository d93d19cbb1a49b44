//! Records on a map, those near each other as one (SRCH-002).

use dictionary::{FieldId, Point, ResourceId, Timestamp};
use hashbrown::HashMap;
use query::{Expr, Function, Scope};

use crate::column::Body;
use crate::grid::{self, CELL};
use crate::{Reader, Row};

/// A box on the map, in degrees, its border inside.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// Longitude of the western side. Where it is greater than the eastern one, the box goes over the
    /// antimeridian.
    pub west: f64,
    /// Latitude of the southern side.
    pub south: f64,
    /// Longitude of the eastern side.
    pub east: f64,
    /// Latitude of the northern side.
    pub north: f64,
}

/// Which part of the map is shown, and how finely.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Grid {
    /// The field of the point.
    pub field: FieldId,
    /// What is shown.
    pub bounds: Bounds,
    /// Clusters are squares of 360 / 2^precision degrees; at most 16.
    pub precision: u32,
}

/// Records in one square of the map.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cluster {
    /// How many there are; never 0.
    pub count: u64,
    /// The least box that holds them.
    pub bounds: Bounds,
    /// The mean of their coordinates.
    pub centroid: Point,
    /// One of them: the one, where there is no other.
    pub row: Row,
}

impl Bounds {
    /// `geo.intersects(field, …)` of the box.
    fn filter(&self, field: FieldId) -> Expr {
        let inside = |west: f64, east: f64| {
            let (south, north) = (self.south, self.north);
            let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
            Expr::Call(Function::GeoIntersects, vec![Expr::field(field), Expr::Polygon(vec![ring])])
        };
        if self.west <= self.east {
            return inside(self.west, self.east);
        }
        Expr::Or(vec![inside(self.west, 180.0), inside(-180.0, self.east)])
    }
}

impl Reader<'_> {
    /// The records that match and stand inside the grid's box, of those that `scope` lets be seen, as
    /// clusters, from the south-west on. Their counts add up to the number of those records.
    #[must_use]
    pub fn clusters(
        &self,
        resource: ResourceId,
        filter: Option<&Expr>,
        scope: &Scope,
        grid: &Grid,
        now: Timestamp,
    ) -> Vec<Cluster> {
        let inside = grid.bounds.filter(grid.field);
        let filter = match filter {
            Some(filter) => filter.clone().and(inside),
            None => inside,
        };
        self.with_rows(resource, Some(&filter), scope, now, |ask, rows| {
            let Some(Body::Points(points)) =
                ask.table(resource).column(grid.field).map(|column| &column.body)
            else {
                return Vec::new();
            };
            let shift = 2 * (CELL - grid.precision.min(CELL));
            let mut clusters: HashMap<u64, Cluster> = HashMap::new();
            for row in rows {
                if let Some(point) = points.get(*row) {
                    let square = u64::from(grid::cell(point)) >> shift;
                    let new = || Cluster::of(point, Row(*row));
                    clusters.entry(square).and_modify(|cluster| cluster.add(point)).or_insert_with(new);
                }
            }
            let mut clusters: Vec<(u64, Cluster)> = clusters.into_iter().collect();
            clusters.sort_unstable_by_key(|(square, _)| *square);
            clusters.into_iter().map(|(_, cluster)| cluster.done()).collect()
        })
    }
}

impl Cluster {
    fn of(point: Point, row: Row) -> Self {
        let (x, y) = (point.longitude, point.latitude);
        Self { count: 1, bounds: Bounds { west: x, south: y, east: x, north: y }, centroid: point, row }
    }

    /// Until [`done`](Self::done) the centroid is the sum.
    fn add(&mut self, point: Point) {
        self.count += 1;
        self.centroid.longitude += point.longitude;
        self.centroid.latitude += point.latitude;
        self.bounds.west = self.bounds.west.min(point.longitude);
        self.bounds.east = self.bounds.east.max(point.longitude);
        self.bounds.south = self.bounds.south.min(point.latitude);
        self.bounds.north = self.bounds.north.max(point.latitude);
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    fn done(mut self) -> Self {
        let Bounds { west, south, east, north } = self.bounds;
        // Rounding does not lead outside.
        self.centroid.longitude = (self.centroid.longitude / self.count as f64).clamp(west, east);
        self.centroid.latitude = (self.centroid.latitude / self.count as f64).clamp(south, north);
        self
    }
}
