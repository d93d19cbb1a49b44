//! What is asked: other numbers each time, so that no answer helps the next.

use dictionary::{Decimal, FieldId, Resource, Value};
use query::{Comparison, Expr, Function, Order, Query};

/// Questions asked of each kind.
pub(crate) const ASKED: u64 = 400;
/// Records in a page.
pub(crate) const PAGE: u32 = 200;
/// The phrase that is looked for in remarks.
pub(crate) const PHRASE: &str = "natural light";

const CITIES: [&str; 4] = ["Houston", "Chicago", "Phoenix", "San Diego"];

/// The four filters of one question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filters {
    pub(crate) low: u64,
    pub(crate) high: u64,
    pub(crate) beds: u64,
    pub(crate) city: &'static str,
}

impl Filters {
    pub(crate) fn of(n: u64) -> Self {
        Self {
            low: 150_000 + n * 700,
            high: 450_000 + n * 1_100,
            beds: 2 + n % 3,
            city: CITIES[(n % 4) as usize],
        }
    }
}

/// Five corners around a place in Texas, moved a little each time: (longitude, latitude), closed.
pub(crate) fn ring(n: u64) -> Vec<(f64, f64)> {
    let (x, y) = (-98.0 + n as f64 / 400.0, 29.0 + n as f64 / 500.0);
    vec![(x, y), (x + 2.5, y - 0.3), (x + 3.1, y + 1.6), (x + 1.4, y + 2.7), (x - 0.4, y + 1.5), (x, y)]
}

/// Miles of a radius.
pub(crate) const MILES: f64 = 10.0;
/// Metres of a mile.
pub(crate) const MILE: f64 = 1_609.344;

/// The middle of a circle near Houston, moved a little each time: (longitude, latitude).
pub(crate) fn middle(n: u64) -> (f64, f64) {
    (-95.6 + n as f64 / 1_000.0, 29.6 + n as f64 / 1_500.0)
}

/// The words of Property, for questions inside the process.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a Resource);

impl Words<'_> {
    fn id(self, name: &str) -> FieldId {
        self.0.find(name).unwrap_or_else(|| panic!("Property has a field {name}"))
    }

    pub(crate) fn by(self, name: &str) -> Expr {
        Expr::field(self.id(name))
    }

    /// Price, beds and status.
    pub(crate) fn filter(self, n: u64) -> Expr {
        let filters = Filters::of(n);
        let price = |dollars: u64| Value::Decimal(Decimal::from(dollars));
        let beds = i64::try_from(filters.beds).unwrap_or(0);
        Expr::compare(self.id("ListPrice"), Comparison::GreaterOrEqual, price(filters.low))
            .and(Expr::compare(self.id("ListPrice"), Comparison::LessOrEqual, price(filters.high)))
            .and(Expr::compare(self.id("BedroomsTotal"), Comparison::GreaterOrEqual, beds))
            .and(Expr::equal(self.id("StandardStatus"), "Active"))
    }

    pub(crate) fn city(self, n: u64) -> Expr {
        self.filter(n).and(Expr::equal(self.id("City"), Filters::of(n).city))
    }

    pub(crate) fn polygon(self, n: u64) -> Expr {
        Expr::Call(Function::GeoIntersects, vec![self.by("Coordinates"), Expr::Polygon(vec![ring(n)])])
    }

    pub(crate) fn phrase(self) -> Expr {
        let words = Expr::Value(Value::from(format!("\"{PHRASE}\"")));
        Expr::Call(Function::Mentions, vec![self.by("PublicRemarks"), words])
    }

    pub(crate) fn newest(self, filter: Expr) -> Query {
        Query {
            filter: Some(filter),
            order: vec![Order::descending(self.by("ModificationTimestamp"))],
            page_size: PAGE,
            ..Query::all(self.0.id)
        }
    }
}
