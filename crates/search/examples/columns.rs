//! Times the index alone: crowd listings straight into memory, then the questions of `docs/benchmarks.md`.
//!
//! `cargo run --release -p search --example columns -- [LISTINGS]` prints medians and 99th percentiles in
//! microseconds, and bytes a listing by column. A word after the number leaves only the lines that hold it.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "figures are what it is for")]

use std::sync::Arc;
use std::time::Instant;

use dictionary::{Decimal, Dictionary, FieldId, Point, Resource, Text, Timestamp, Value, Version};
use query::{
    Aggregate, Aggregation, Comparison, Expr, FeedRows, Function, Grouping, Method, Order, Query, Rows,
    Scope, Transformation,
};
use sample::crowd::Crowd;
use search::{Bounds, Facet, Grid, Search, Typed};
use store::{Change, ChangeKind, Stored};

const PART: u64 = 2_000;
const ROUNDS: usize = 300;

fn main() {
    let listings = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let now = Timestamp::from_second(1_780_000_000).expect("in range");
    let crowd = Crowd::new(&dictionary, 1, now);
    let search = Search::new(Arc::clone(&dictionary));
    load(&search, &crowd, listings, now);
    bytes(&search, listings);
    let only = std::env::args().nth(2).unwrap_or_default();
    Bench { dictionary: &dictionary, property: dictionary.known("Property"), search: &search, now, only }
        .run();
}

fn load(search: &Search, crowd: &Crowd, listings: u64, now: Timestamp) {
    let mut loading = search.loading();
    let (mut seconds, mut fields) = (0.0, 0);
    for first in (0..listings).step_by(PART as usize) {
        let last = (first + PART).min(listings);
        let half = first.midpoint(last);
        let part: Vec<Stored> = std::thread::scope(|scope| {
            let lower = scope.spawn(|| (first..half).map(|at| stored(crowd, at, now)).collect::<Vec<_>>());
            let upper = (half..last).map(|at| stored(crowd, at, now)).collect::<Vec<_>>();
            let mut all = lower.join().expect("it does not panic");
            all.extend(upper);
            all
        });
        fields += part.iter().map(|stored| stored.record.len()).sum::<usize>();
        let begun = Instant::now();
        loading.load_stored(&part);
        seconds += begun.elapsed().as_secs_f64();
    }
    let begun = Instant::now();
    search.finish(loading, listings);
    println!(
        "loaded {listings} listings of {} fields: columns {seconds:.2} s on 2 threads, orders {:.2} s",
        fields as u64 / listings.max(1),
        begun.elapsed().as_secs_f64()
    );
}

fn stored(crowd: &Crowd, index: u64, now: Timestamp) -> Stored {
    let record = crowd.listing(index);
    Stored {
        resource: record.resource(),
        feed: "CROWD".into(),
        key: Text::new(format!("CR{index}")),
        sequence: index + 1,
        at: now,
        record: Arc::new(record),
    }
}

fn bytes(search: &Search, listings: u64) {
    let all = search.bytes_by_column();
    let total = |keep: &dyn Fn(&str) -> bool| -> f64 {
        all.iter().filter(|(_, what, _)| keep(what)).map(|(_, _, bytes)| *bytes as f64).sum::<f64>()
            / listings.max(1) as f64
    };
    println!("bytes a listing: {:.0}", total(&|_| true));
    println!("  without PublicRemarks: {:.0}", total(&|what| what != "PublicRemarks"));
    for (_, what, bytes) in all.iter().take(40) {
        println!("  {what:40} {:8.2}", *bytes as f64 / listings.max(1) as f64);
    }
}

struct Bench<'a> {
    dictionary: &'a Dictionary,
    property: &'a Resource,
    search: &'a Search,
    now: Timestamp,
    only: String,
}

impl Bench<'_> {
    fn field(&self, name: &str) -> FieldId {
        self.property.find(name).expect("a field of Property")
    }

    fn priced(&self, round: usize) -> Expr {
        let low = Decimal::from(200_000 + (round as i64 % 10) * 25_000);
        let high = low + Decimal::from(300_000);
        Expr::compare(self.field("ListPrice"), Comparison::GreaterOrEqual, low)
            .and(Expr::compare(self.field("ListPrice"), Comparison::LessOrEqual, high))
            .and(Expr::compare(self.field("BedroomsTotal"), Comparison::GreaterOrEqual, 3))
            .and(Expr::equal(self.field("StandardStatus"), "Active"))
    }

    fn newest(&self, filter: Option<Expr>) -> Query {
        let order = vec![Order::descending(Expr::field(self.field("ModificationTimestamp")))];
        Query { filter, order, page_size: 200, ..Query::all(self.property.id) }
    }

    fn inside(&self, middle: (f64, f64), size: f64) -> Expr {
        let at = |degrees: f64| {
            let angle = degrees.to_radians();
            (middle.0 + size * angle.cos(), middle.1 + size * angle.sin())
        };
        let mut ring: Vec<(f64, f64)> = (0..5).map(|corner| at(f64::from(corner) * 72.0)).collect();
        ring.push(ring[0]);
        let field = Expr::field(self.field("Coordinates"));
        Expr::Call(Function::GeoIntersects, vec![field, Expr::Polygon(vec![ring])])
    }

    fn near(&self, (longitude, latitude): (f64, f64), metres: f64) -> Expr {
        let distance = Expr::Call(
            Function::GeoDistance,
            vec![
                Expr::field(self.field("Coordinates")),
                Expr::Value(Value::Point(Point { longitude, latitude })),
            ],
        );
        Expr::Compare(Comparison::Less, Box::new(distance), Box::new(Expr::Value(Value::Double(metres))))
    }

    /// `$apply`: what records come to by city.
    fn groups(&self) {
        let of = |method, field| Aggregate { method, of: field, from: Vec::new() };
        let count = of(Method::Count, Expr::Null);
        let price = of(Method::Average, Expr::field(self.field("ListPrice")));
        let city = vec![Expr::field(self.field("City"))];
        let both = vec![Expr::field(self.field("StandardStatus")), Expr::field(self.field("City"))];
        let asked = |filter: Option<Expr>, by, of| {
            let filter = filter.into_iter().map(Transformation::Filter);
            let steps = filter.chain([Transformation::Group(Grouping { by, of })]).collect();
            Aggregation { resource: self.property.id, steps }
        };
        self.time_groups("groups by city, counted", asked(None, city.clone(), vec![count.clone()]));
        self.time_groups("groups by city, average price", asked(None, city.clone(), vec![price]));
        self.time_groups("groups by status and city, counted", asked(None, both, vec![count.clone()]));
        let priced = Some(self.priced(0));
        self.time_groups("groups by city of price+beds+status, counted", asked(priced, city, vec![count]));
    }

    fn time_groups(&self, name: &str, asked: Aggregation) {
        if !name.contains(&self.only) {
            return;
        }
        let reader = self.search.read();
        let scope = Scope::everything();
        let mut times: Vec<f64> = (0..ROUNDS / 10)
            .map(|_| {
                let begun = Instant::now();
                let rows = reader.aggregate(&asked, &scope, self.now).expect("few groups");
                std::hint::black_box(rows);
                begun.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{name:70} {:10.1} {:10.1}", times[times.len() / 2], times[times.len() - 1]);
    }

    fn cities(&self) -> Vec<Text> {
        let reader = self.search.read();
        let mut cities = reader.lookups_in_use(self.property.id, self.field("City"));
        cities.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        cities.into_iter().map(|(city, _)| city).collect()
    }

    fn run(&self) {
        let cities = self.cities();
        println!("{} cities", cities.len());
        let city = |round: usize| {
            Expr::equal(self.field("City"), Value::Text(cities[round * 7 % cities.len()].clone()))
        };
        self.time("price+beds+status, newest 200", |round| self.newest(Some(self.priced(round))));
        self.time("price+beds+status+city, newest 200", |round| {
            self.newest(Some(self.priced(round).and(city(round))))
        });
        let large = ["Houston", "Chicago", "Phoenix", "San Diego"];
        self.time("price+beds+status+large city, newest 200", |round| {
            self.newest(Some(self.priced(round).and(Expr::equal(self.field("City"), large[round % 4]))))
        });
        let texas = |round: usize| self.inside((-96.5 + round as f64 / 400.0, 30.5), 1.5);
        self.time("polygon of 3 degrees + price+beds+status, newest 200", |round| {
            self.newest(Some(self.priced(round).and(texas(round))))
        });
        self.count("count in polygon of 3 degrees", texas);
        let (longitude, latitude) = (self.field("Longitude"), self.field("Latitude"));
        let reader = self.search.read();
        let spots: Vec<(f64, f64)> = (0..64u32)
            .filter_map(|n| {
                let row = reader.row(self.property.id, &format!("CR{}", n * 997))?;
                let record = reader.record(self.property.id, row);
                let degrees = |field| match record.get(field) {
                    Some(Value::Decimal(number)) => number.to_string().parse::<f64>().ok(),
                    _ => None,
                };
                Some((degrees(longitude)?, degrees(latitude)?))
            })
            .collect();
        drop(reader);
        for metres in [2_000.0, 16_000.0, 40_000.0] {
            let near = |round: usize| self.near(spots[round % spots.len()], metres);
            self.time(&format!("radius of {metres} m + price+beds+status, newest 200"), |round| {
                self.newest(Some(self.priced(round).and(near(round))))
            });
            self.count(&format!("count in radius of {metres} m"), near);
        }
        for size in [0.1, 0.3] {
            let area = |round: usize| self.inside(spots[round % spots.len()], size);
            self.time(&format!("polygon of {size} degrees, newest 200"), |round| {
                self.newest(Some(area(round)))
            });
            self.time(&format!("polygon of {size} + price+beds+status, newest 200"), |round| {
                self.newest(Some(self.priced(round).and(area(round))))
            });
            self.count(&format!("count in polygon of {size} degrees"), area);
        }
        self.groups();
        self.count("count of price+beds+status", |round| self.priced(round));
        self.count("count of price+beds+status+city", |round| self.priced(round).and(city(round)));
        let price = |filter| Query {
            order: vec![Order::ascending(Expr::field(self.field("ListPrice")))],
            ..self.newest(filter)
        };
        self.time("all by price, 200", |_| price(None));
        self.time("price+beds+status by price, 200", |round| price(Some(self.priced(round))));
        let text = |function: Function, word: &str| {
            Expr::Call(function, vec![Expr::field(self.field("PublicRemarks")), Expr::Value(word.into())])
        };
        self.time("contains(PublicRemarks, rare), newest 200", |_| {
            self.newest(Some(text(Function::Contains, "zzyzx")))
        });
        self.time("Mentions(PublicRemarks, two words), newest 200", |_| {
            self.newest(Some(text(Function::Mentions, "granite pool")))
        });
        self.time("Mentions(PublicRemarks, phrase) + price+beds+status, newest 200", |round| {
            self.newest(Some(self.priced(round).and(text(Function::Mentions, "\"new roof\""))))
        });
        let begun = Instant::now();
        while (self.only.is_empty() || self.only.contains("word")) && self.search.tend() {}
        println!("words of the remarks found in {:.2} s", begun.elapsed().as_secs_f64());
        self.time("the same two words, newest 200", |_| {
            self.newest(Some(text(Function::Mentions, "granite pool")))
        });
        self.time("the same phrase + price+beds+status, newest 200", |round| {
            self.newest(Some(self.priced(round).and(text(Function::Mentions, "\"new roof\""))))
        });
        self.time("the same contains(PublicRemarks, rare), newest 200", |_| {
            self.newest(Some(text(Function::Contains, "zzyzx")))
        });
        self.count("count of contains(PublicRemarks, granite count)", |_| {
            text(Function::Contains, "granite count")
        });
        self.time("1,000 keys", |round| {
            let keys = (0..1_000).map(|n| Expr::Value(Value::from(format!("CR{}", (n * 37 + round) * 13))));
            let filter = Expr::In(Box::new(Expr::field(self.field("ListingKey"))), keys.collect());
            Query { page_size: 1_000, ..self.newest(Some(filter)) }
        });
        self.time("price+beds+status by city and price, 200", |round| {
            let by =
                |name, descending| Order { descending, ..Order::ascending(Expr::field(self.field(name))) };
            Query {
                order: vec![by("City", false), by("ListPrice", true)],
                ..self.newest(Some(self.priced(round)))
            }
        });
        self.summaries();
        self.walk();
        self.changes();
    }

    /// What is told of many records at once, of all of them and of a few per cent.
    fn summaries(&self) {
        let (property, now) = (self.property.id, self.now);
        let field = |name| self.field(name);
        let mut scope = Scope::nothing();
        let rows = FeedRows { feed: "CROWD".into(), filter: Some(self.priced(0)) };
        scope.allow(property, Rows::Of(vec![rows]));
        let everything = Scope::everything();
        for (whose, scope) in [("all", &everything), ("few", &scope)] {
            let values = |name| Facet::Values { field: field(name), top: 20 };
            let edges = (1..10).map(|n| Value::Decimal(Decimal::from(n * 100_000))).collect();
            let bands = Facet::Bands { field: field("ListPrice"), edges };
            let names = ["City", "PostalCode", "PropertyType", "StandardStatus", "BedroomsTotal"];
            let facets: Vec<Facet> = names.into_iter().map(values).chain([bands]).collect();
            self.ask(&format!("six facets, {whose}"), |_| {
                self.search.read().facets(property, None, scope, &facets, now).len()
            });
            for precision in [6, 10] {
                let bounds = Bounds { west: -125.0, south: 25.0, east: -66.0, north: 49.0 };
                let grid = Grid { field: field("Coordinates"), bounds, precision };
                self.ask(&format!("clusters of the country, precision {precision}, {whose}"), |_| {
                    self.search.read().clusters(property, None, scope, &grid, now).len()
                });
            }
            let price = [Expr::field(field("ListPrice"))];
            self.ask(&format!("statistics of the price by month, {whose}"), |_| {
                let by = Some(field("ListingContractDate"));
                self.search.read().statistics(property, None, scope, &price, by, now).len()
            });
            let fields =
                ["City", "PostalCode", "SubdivisionName", "HighSchool", "UnparsedAddress", "ListingId"];
            let fields = fields.map(field);
            self.ask(&format!("suggestions, {whose}"), |round| {
                let typed = Typed::read(["sa", "ho", "98", "ma", "cr"][round % 5]);
                self.search.read().suggest(property, &fields, &typed, scope, 10, now).len()
            });
        }
        let middle = |round: usize| Point { longitude: -96.5 + round as f64 / 400.0, latitude: 30.5 };
        let away = |round| {
            let of = vec![Expr::field(field("Coordinates")), Expr::Value(Value::Point(middle(round)))];
            vec![Order::ascending(Expr::Call(Function::GeoDistance, of)).nulls_last()]
        };
        self.time("nearest 200", |round| Query { order: away(round), ..self.newest(None) });
        self.time("nearest 200 of price+beds+status", |round| Query {
            order: away(round),
            ..self.newest(Some(self.priced(round)))
        });
        self.time("keyword: listing id or address or remarks", |round| {
            let mentions = |name, words: &str| {
                Expr::Call(Function::Mentions, vec![Expr::field(field(name)), Expr::Value(words.into())])
            };
            let word = ["granite lake", "houston main", "natural light pool"][round % 3];
            let id = Expr::equal(field("ListingId"), format!("{round}"));
            let any = vec![id, mentions("UnparsedAddress", word), mentions("PublicRemarks", word)];
            self.newest(Some(Expr::Or(any)))
        });
    }

    /// Any question that counts what it told.
    fn ask(&self, what: &str, ask: impl Fn(usize) -> usize) {
        if !what.contains(&self.only) {
            return;
        }
        let asked: Vec<(usize, f64)> = (0..30).map(|round| best(|| ask(round))).collect();
        let rows = asked.iter().map(|(told, _)| told).sum::<usize>() / asked.len();
        report(what, asked.into_iter().map(|(_, took)| took).collect(), rows);
    }

    /// What a reader may have to wait for: one change at a time, and 32 under one lock.
    fn changes(&self) {
        let crowd = Crowd::new(self.dictionary, 2, self.now);
        let mut sequence = self.search.applied();
        for many in [1, 32] {
            let mut times = Vec::new();
            for round in 0..100 {
                let changes: Vec<Change> = (0..many)
                    .map(|n| {
                        sequence += 1;
                        let stored = stored(&crowd, round * 977 + n, self.now);
                        Change {
                            sequence,
                            at: stored.at,
                            actor: "bench".into(),
                            resource: stored.resource,
                            feed: stored.feed,
                            key: stored.key,
                            kind: ChangeKind::Changed,
                            before: None,
                            record: Some(stored.record),
                        }
                    })
                    .collect();
                let begun = Instant::now();
                self.search.apply(&changes);
                times.push(begun.elapsed().as_secs_f64() * 1e6);
            }
            report(&format!("{many} changes of a whole listing"), times, many as usize);
        }
    }

    fn walk(&self) {
        let mut query = Query { page_size: 200, ..Query::all(self.property.id) };
        let scope = Scope::everything();
        let mut times = Vec::new();
        for _ in 0..1_000 {
            let begun = Instant::now();
            let hits = self.search.read().page(&query, &scope, self.now).expect("a page");
            times.push(begun.elapsed().as_secs_f64() * 1e6);
            query.after = hits.next;
            if query.after.is_none() {
                break;
            }
        }
        report("sync page of 200 by (timestamp, key)", times, 200);
    }

    fn time(&self, what: &str, query: impl Fn(usize) -> Query) {
        if !what.contains(&self.only) {
            return;
        }
        let scope = Scope::everything();
        let (mut times, mut rows) = (Vec::new(), 0);
        for round in 0..ROUNDS {
            let query = query(round);
            let begun = Instant::now();
            let (hits, took) = best(|| self.search.read().page(&query, &scope, self.now).expect("a page"));
            times.push(took);
            rows += hits.rows.len();
            if round > 2 && begun.elapsed().as_secs_f64() * (ROUNDS - round) as f64 > 8.0 {
                break;
            }
        }
        let rows = rows / times.len();
        report(what, times, rows);
    }

    fn count(&self, what: &str, filter: impl Fn(usize) -> Expr) {
        if !what.contains(&self.only) {
            return;
        }
        let scope = Scope::everything();
        let (mut times, mut rows) = (Vec::new(), 0);
        for round in 0..ROUNDS {
            let filter = filter(round);
            let begun = Instant::now();
            let count = || self.search.read().count(self.property.id, Some(&filter), &scope, self.now);
            let (count, took) = best(count);
            rows += count;
            times.push(took);
            if round > 2 && begun.elapsed().as_secs_f64() * (ROUNDS - round) as f64 > 8.0 {
                break;
            }
        }
        let rows = usize::try_from(rows).expect("small") / times.len();
        report(what, times, rows);
    }
}

/// What is asked a few times and the shortest time it took, as others use the machine too; but what the
/// first of a kind builds counts.
fn best<T>(ask: impl Fn() -> T) -> (T, f64) {
    let timed = || {
        let begun = Instant::now();
        (ask(), begun.elapsed().as_secs_f64() * 1e6)
    };
    let mut best = timed();
    for _ in 0..4 {
        let again = timed();
        if again.1 < best.1 && best.1 < 100_000.0 {
            best = again;
        }
    }
    best
}

fn report(what: &str, mut times: Vec<f64>, rows: usize) {
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{what:55} median {median:9.1} µs  p99 {late:9.1} µs  first {first:10.1} µs  rows {rows}");
}
