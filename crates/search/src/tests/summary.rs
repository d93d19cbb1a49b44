//! Summaries held against counting one record after another: SRCH-001 to SRCH-004.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{FieldId, Record, Text, Type, Value};
use query::{Arithmetic, Expr, Query, Scope};
use rust_decimal::prelude::ToPrimitive;

use super::dice::{Dice, seed};
use super::filters::{Maker, now, scope};
use super::places::{anywhere, spread};
use super::questions::lived;
use super::town::{Town, WORDS};
use crate::{Bounds, Facet, Grid, Month, Search, Statistics, Typed};

/// A question about houses, and the records that answer it.
struct Asked {
    filter: Option<Expr>,
    scope: Scope,
    now: dictionary::Timestamp,
    records: Vec<Arc<Record>>,
}

impl Asked {
    fn new(town: &Town, dice: &mut Dice, filtered: bool) -> Self {
        let house = town.id("House");
        let filter = (filtered && !dice.once_in(3)).then(|| Maker::new(town, house).filter(dice, 1));
        let (scope, now) = (scope(town, dice), now(dice));
        let records: Vec<_> =
            town.live.values().map(|stored| (stored.feed.clone(), (*stored.record).clone())).collect();
        let query = Query { filter: filter.clone(), page_size: u32::MAX, ..Query::all(house) };
        let records = query::answer(&query, &scope, &records, &town.dictionary, now).records;
        Self { filter, scope, now, records }
    }
}

fn field(town: &Town, name: &str) -> FieldId {
    town.dictionary.known("House").find(name).expect("a house has it")
}

/// Runs a check on towns that live on.
fn in_towns(test: &str, keys: usize, mut check: impl FnMut(&Town, &Search, &mut Dice)) {
    let seed = seed(test);
    for round in 0..6 {
        let mut dice = Dice::of(seed, round);
        let (mut town, search) = lived(&mut dice, keys);
        for _ in 0..8 {
            for _ in 0..4 {
                check(&town, &search, &mut dice);
            }
            let changes: Vec<_> = (0..dice.below(60)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
}

/// The values that a record has in a field, each once.
fn values(record: &Record, field: FieldId) -> Vec<Value> {
    match record.get(field) {
        Some(Value::TextList(list)) => {
            let mut words = list.to_vec();
            words.sort_unstable();
            words.dedup();
            words.into_iter().map(Value::Text).collect()
        }
        value => value.cloned().into_iter().collect(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    query::compare(a, b) == Some(std::cmp::Ordering::Equal)
}

#[test]
fn srch_001_facets_are_what_counting_says() {
    let mut counted = 0;
    in_towns("srch_001_facets_are_what_counting_says", 60, |town, search, dice| {
        let asked = Asked::new(town, dice, true);
        let house = town.dictionary.known("House");
        let fields = house.each().filter(|(_, declared)| !matches!(declared.ty, Type::Point));
        let fields: Vec<FieldId> = fields.map(|(field, _)| field).collect();
        let top = *dice.pick(&[0, 1, 3, 1_000]);
        let facets: Vec<Facet> = fields.iter().map(|field| Facet::Values { field: *field, top }).collect();
        let found = search.read().facets(house.id, asked.filter.as_ref(), &asked.scope, &facets, asked.now);
        for (field, found) in fields.into_iter().zip(found) {
            let mut expect: Vec<(Value, u64)> = Vec::new();
            let mut missing = 0;
            for record in &asked.records {
                missing += u64::from(record.get(field).is_none());
                for value in values(record, field) {
                    match expect.iter_mut().find(|(other, _)| same(other, &value)) {
                        Some((_, count)) => *count += 1,
                        None => expect.push((value, 1)),
                    }
                }
            }
            expect.sort_by(|a, b| {
                b.1.cmp(&a.1).then_with(|| query::compare(&a.0, &b.0).expect("values of one field"))
            });
            assert_eq!((found.distinct, found.missing), (expect.len(), missing), "{field:?}");
            assert_eq!(found.buckets.len(), expect.len().min(top));
            for (bucket, (value, count)) in found.buckets.iter().zip(&expect) {
                assert!(same(bucket.value.as_ref().expect("a value"), value), "{bucket:?} {value:?}");
                assert_eq!(bucket.count, *count, "{value:?}");
                counted += count;
            }
        }
    });
    assert!(counted > 5_000, "{counted} are no test");
}

#[test]
fn srch_001_bands_are_what_counting_says() {
    in_towns("srch_001_bands_are_what_counting_says", 60, |town, search, dice| {
        let asked = Asked::new(town, dice, true);
        let house = town.dictionary.known("House");
        let name = *dice.pick(&["Price", "Beds", "Rate", "Closed", "Seen", "Status", "Never"]);
        let (field, ty) = (field(town, name), house.field(field(town, name)).ty);
        let mut edges: Vec<Value> = Vec::new();
        for _ in 0..dice.below(5) {
            let edge = town.value(dice, name, ty);
            if !edges.iter().any(|other| same(other, &edge)) {
                edges.push(edge);
            }
        }
        let facet = Facet::Bands { field, edges: edges.clone() };
        let reader = search.read();
        let found = &reader.facets(house.id, asked.filter.as_ref(), &asked.scope, &[facet], asked.now)[0];
        edges.sort_by(|a, b| query::compare(a, b).expect("values of one field"));
        let below = |edge: &Value, value: &Value| query::compare(edge, value).is_some_and(|o| o.is_le());
        let mut expect = vec![0; edges.len() + 1];
        for value in asked.records.iter().filter_map(|record| record.get(field)) {
            expect[edges.iter().filter(|edge| below(edge, value)).count()] += 1;
        }
        let counts: Vec<u64> = found.buckets.iter().map(|bucket| bucket.count).collect();
        assert_eq!(counts, expect, "{edges:?}");
        let begins: Vec<Value> = found.buckets.iter().filter_map(|bucket| bucket.value.clone()).collect();
        assert_eq!(begins, edges);
        let valued: u64 = counts.iter().sum();
        assert_eq!(found.missing, asked.records.len() as u64 - valued);
    });
}

#[test]
fn srch_002_clusters_add_up_and_hold_their_members() {
    let mut dice = Dice::of(seed("srch_002_clusters_add_up_and_hold_their_members"), 0);
    let (town, search) = spread(&mut dice, 1_500);
    let (house, place) = (town.dictionary.known("House"), field(&town, "Place"));
    let mut shown = 0;
    for _ in 0..60 {
        let asked = Asked::new(&town, &mut dice, true);
        let (a, b) = (anywhere(&mut dice), anywhere(&mut dice));
        let bounds = Bounds {
            west: a.longitude.clamp(-180.0, 180.0),
            east: b.longitude.clamp(-180.0, 180.0),
            south: a.latitude.min(b.latitude),
            north: a.latitude.max(b.latitude),
        };
        let precision = u32::try_from(dice.below(18)).expect("small");
        let grid = Grid { field: place, bounds, precision };
        let clusters =
            search.read().clusters(house.id, asked.filter.as_ref(), &asked.scope, &grid, asked.now);
        let within = |b: &Bounds, x: f64, y: f64| {
            let across =
                if b.west <= b.east { b.west <= x && x <= b.east } else { x >= b.west || x <= b.east };
            let beyond = b.west > b.east && !(-180.0..=180.0).contains(&x);
            across && !beyond && b.south <= y && y <= b.north
        };
        let points = asked.records.iter().filter_map(|record| match record.get(place) {
            Some(Value::Point(point)) => Some((point.longitude, point.latitude)),
            _ => None,
        });
        let inside: Vec<(f64, f64)> = points.filter(|(x, y)| within(&bounds, *x, *y)).collect();
        assert_eq!(clusters.iter().map(|cluster| cluster.count).sum::<u64>(), inside.len() as u64);
        let side = 360.0 / 2f64.powi(i32::try_from(precision.min(16)).expect("small"));
        for cluster in &clusters {
            let members = inside.iter().filter(|(x, y)| within(&cluster.bounds, *x, *y)).count();
            assert!(members as u64 >= cluster.count, "{cluster:?} holds {members}");
            assert!(within(&cluster.bounds, cluster.centroid.longitude, cluster.centroid.latitude));
            if cluster.bounds.east < 180.0 && cluster.bounds.west > -180.0 {
                assert!(cluster.bounds.east - cluster.bounds.west <= side + 1e-9);
            }
            let reader = search.read();
            let Some(Value::Point(one)) = reader.record(house.id, cluster.row).get(place).cloned() else {
                panic!("a member stands somewhere");
            };
            assert!(within(&cluster.bounds, one.longitude, one.latitude));
        }
        shown += inside.len();
    }
    assert!(shown > 1_000, "{shown} are no test");
}

#[test]
fn srch_003_statistics_are_what_adding_up_says() {
    let mut added = 0;
    in_towns("srch_003_statistics_are_what_adding_up_says", 60, |town, search, dice| {
        let asked = Asked::new(town, dice, true);
        let house = town.id("House");
        let of = |name| Expr::field(field(town, name));
        let divided = Expr::Arithmetic(Arithmetic::DivideBy, Box::new(of("Price")), Box::new(of("Beds")));
        let measures = [of("Price"), of("Beds"), of("Rate"), of("Status"), of("Never"), divided];
        let by = *dice.pick(&[None, Some("Closed"), Some("Seen"), Some("Never")]);
        let by = by.map(|name| field(town, name));
        let reader = search.read();
        let found = reader.statistics(house, asked.filter.as_ref(), &asked.scope, &measures, by, asked.now);
        let mut expect: BTreeMap<Option<Month>, Vec<Arc<Record>>> = BTreeMap::new();
        if by.is_none() {
            expect.insert(None, Vec::new());
        }
        for record in &asked.records {
            let month = match by.and_then(|by| record.get(by)) {
                Some(Value::Date(date)) => Some(Month { year: date.year(), month: date.month() }),
                Some(Value::Timestamp(at)) => {
                    let text = at.to_string();
                    Some(Month {
                        year: text[..4].parse().expect("a year"),
                        month: text[5..7].parse().expect("it"),
                    })
                }
                _ => None,
            };
            expect.entry(month).or_default().push(Arc::clone(record));
        }
        assert_eq!(found.len(), expect.len());
        let context = query::Context { dictionary: &town.dictionary, links: &query::NoLinks, now: asked.now };
        for (group, (month, records)) in found.iter().zip(&expect) {
            assert_eq!((group.month, group.count), (*month, records.len() as u64));
            for (measure, found) in measures.iter().zip(&group.of) {
                let number = |record: &Arc<Record>| match query::evaluate(measure, record, context)? {
                    Value::Integer(number) => number.to_f64(),
                    Value::Decimal(number) => number.to_f64(),
                    Value::Double(number) => Some(number),
                    _ => None,
                };
                let mut numbers: Vec<f64> = records.iter().filter_map(number).collect();
                numbers.sort_by(f64::total_cmp);
                let half = numbers.len() / 2;
                let expect = match numbers.as_slice() {
                    [] => Statistics::default(),
                    all => Statistics {
                        count: all.len() as u64,
                        sum: all.iter().sum(),
                        average: all.iter().sum::<f64>() / all.len() as f64,
                        median: if all.len() % 2 == 1 {
                            all[half]
                        } else {
                            all[half - 1].midpoint(all[half])
                        },
                        min: all[0],
                        max: all[all.len() - 1],
                    },
                };
                let scale = numbers.iter().fold(1.0, |sum: f64, number| sum + number.abs());
                let near = |a: f64, b: f64| (a - b).abs() <= scale * 1e-9;
                assert_eq!(found.count, expect.count, "{measure:?}");
                let pairs = [
                    (found.sum, expect.sum),
                    (found.average, expect.average),
                    (found.median, expect.median),
                    (found.min, expect.min),
                    (found.max, expect.max),
                ];
                assert!(pairs.iter().all(|(a, b)| near(*a, *b)), "{measure:?} {found:?} {expect:?}");
                added += found.count;
            }
        }
    });
    assert!(added > 5_000, "{added} are no test");
}

/// Whether a text has these words together, the last as a beginning, found the plain way.
fn fits(typed: &str, text: &str) -> Option<bool> {
    let words = |text: &str| query::words::of(text).collect::<Vec<String>>();
    let (typed, there) = (words(typed), words(text));
    let last = typed.last()?;
    (0..there.len())
        .find(|at| {
            let rest = &there[*at..];
            rest.len() >= typed.len()
                && rest[..typed.len() - 1] == typed[..typed.len() - 1]
                && rest[typed.len() - 1].starts_with(last)
        })
        .map(|at| at == 0)
}

#[test]
fn srch_004_suggestions_are_of_what_may_be_seen_and_the_best_first() {
    let mut told = 0;
    in_towns("srch_004_suggestions_are_of_what_may_be_seen_and_the_best_first", 60, |town, search, dice| {
        if dice.once_in(3) {
            while search.tend() {}
        }
        let asked = Asked::new(town, dice, false);
        let house = town.id("House");
        let names = ["Status", "Address", "Features", "Remarks", "HouseKey", "Never", "Price"];
        let fields: Vec<FieldId> =
            names.iter().filter(|_| dice.once_in(2)).map(|name| field(town, name)).collect();
        let number = dice.below(100).to_string();
        let word = *dice.pick(&WORDS);
        let typed = match dice.below(5) {
            0 => number,
            1 => format!("{word} {}", dice.below(10)),
            2 => (*dice.pick(&["", " ", "h1", "Ä", "act", "a/", "o'b", "the la"])).to_owned(),
            _ => word[..2].to_owned(),
        };
        let mut expect: BTreeMap<(usize, Text), u64> = BTreeMap::new();
        for record in &asked.records {
            for (at, field) in fields.iter().enumerate() {
                for value in values(record, *field) {
                    let text = value.as_text().filter(|text| fits(&typed, text).is_some()).map(Text::new);
                    text.into_iter().for_each(|text| *expect.entry((at, text)).or_default() += 1);
                }
            }
        }
        let mut expect: Vec<_> = expect.into_iter().collect();
        expect.sort_by_key(|((at, text), count)| {
            (Reverse(fits(&typed, text)), Reverse(*count), text.clone(), *at)
        });
        let top = *dice.pick(&[1, 5, 1_000]);
        expect.truncate(top);
        let expect: Vec<_> =
            expect.into_iter().map(|((at, text), count)| (fields[at], text, count)).collect();
        let found = search.read().suggest(house, &fields, &Typed::read(&typed), &asked.scope, top, asked.now);
        let found: Vec<_> = found.into_iter().map(|one| (one.field, one.value, one.count)).collect();
        assert_eq!(found, expect, "{typed}");
        told += found.len();
    });
    assert!(told > 100, "{told} are no test");
}
