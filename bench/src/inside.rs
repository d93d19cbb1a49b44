//! Searches inside the process.

use std::hint::black_box;
use std::time::{Duration, Instant};

use dictionary::{Decimal, FieldId, Resource, Value};
use query::{Comparison, Expr, Function, Order, Query, Scope};

use crate::row;
use crate::town::{NOW, Town};

/// Questions asked of each kind: other numbers each time, so that no answer helps the next.
const ASKED: u64 = 400;
/// After this no further question of a kind is asked.
const LONGEST: Duration = Duration::from_secs(5);

/// Prints a line for each kind of question.
pub(crate) fn run(town: &Town, size: u64) {
    let property = town.dictionary.known("Property");
    let words = Words { property };
    let price = |n| words.filter(n, false);
    let city = |n| words.filter(n, true);
    let newest = |filter: Expr| Query {
        filter: Some(filter),
        order: vec![Order::descending(words.by("ModificationTimestamp"))],
        page_size: 200,
        ..Query::all(property.id)
    };
    let scope = Scope::everything();
    let page = |query: &Query| {
        let reader = town.search.read();
        black_box(reader.page(query, &scope, NOW).map(|hits| hits.rows.len())).is_ok()
    };
    let search = |what: &str, target: &str, make: &dyn Fn(u64) -> Query| {
        let questions: Vec<Query> = (0..ASKED).map(make).collect();
        timed(size, what, target, |n| page(&questions[n]));
    };
    search("price + beds + status, newest 200", "≤ 100 µs", &|n| newest(price(n)));
    search("price + beds + status + city, newest 200", "≤ 100 µs", &|n| newest(city(n)));
    search("the same with a five-corner polygon", "≤ 300 µs", &|n| newest(price(n).and(words.polygon(n))));
    search("price + beds + status, by price, 200", "", &|n| Query {
        order: vec![Order::ascending(words.by("ListPrice"))],
        ..newest(price(n))
    });
    search("phrase in remarks + price, newest 200", "", &|n| newest(price(n).and(words.phrase())));
    let filters: Vec<Expr> = (0..ASKED).map(price).collect();
    timed(size, "count of price + beds + status", "≤ 500 µs", |n| {
        let reader = town.search.read();
        black_box(reader.count(property.id, Some(&filters[n]), &scope, NOW)) > 0
    });
}

struct Words<'a> {
    property: &'a Resource,
}

impl Words<'_> {
    fn id(&self, name: &str) -> FieldId {
        self.property.find(name).unwrap_or_else(|| panic!("Property has a field {name}"))
    }

    fn by(&self, name: &str) -> Expr {
        Expr::field(self.id(name))
    }

    fn filter(&self, n: u64, city: bool) -> Expr {
        const CITIES: [&str; 4] = ["Houston", "Chicago", "Phoenix", "San Diego"];
        let n = i64::try_from(n).unwrap_or(0);
        let low = Value::Decimal(Decimal::from(150_000 + n * 700));
        let high = Value::Decimal(Decimal::from(450_000 + n * 1_100));
        let all = Expr::compare(self.id("ListPrice"), Comparison::GreaterOrEqual, low)
            .and(Expr::compare(self.id("ListPrice"), Comparison::LessOrEqual, high))
            .and(Expr::compare(self.id("BedroomsTotal"), Comparison::GreaterOrEqual, 2 + n % 3))
            .and(Expr::equal(self.id("StandardStatus"), "Active"));
        if city { all.and(Expr::equal(self.id("City"), CITIES[(n % 4) as usize])) } else { all }
    }

    /// Five corners around a place in Texas, moved a little each time.
    fn polygon(&self, n: u64) -> Expr {
        let (x, y) = (-98.0 + n as f64 / 400.0, 29.0 + n as f64 / 500.0);
        let ring = vec![
            (x, y),
            (x + 2.5, y - 0.3),
            (x + 3.1, y + 1.6),
            (x + 1.4, y + 2.7),
            (x - 0.4, y + 1.5),
            (x, y),
        ];
        Expr::Call(Function::GeoIntersects, vec![self.by("Coordinates"), Expr::Polygon(vec![ring])])
    }

    fn phrase(&self) -> Expr {
        let words = Expr::Value(Value::from("\"natural light\""));
        Expr::Call(Function::Mentions, vec![self.by("PublicRemarks"), words])
    }
}

/// Asks each question once and prints median and p99.
fn timed(size: u64, what: &str, target: &str, mut ask: impl FnMut(usize) -> bool) {
    let mut answered = 0;
    let mut times = Vec::new();
    let started = Instant::now();
    for n in 0..ASKED as usize {
        let began = Instant::now();
        answered += usize::from(ask(n));
        times.push(began.elapsed());
        // A slow kind tells as much in fewer questions.
        if started.elapsed() > LONGEST && times.len() >= 10 {
            break;
        }
    }
    times.sort_unstable();
    let micros = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e6;
    let found = if answered == 0 { " (none found)" } else { "" };
    row(size, what, &format!("{:.1} µs, p99 {:.1} µs{found}", micros(50), micros(99)), target);
}
