//! Places all over the world: radius and polygon find what the reference does, whatever the grid.

use std::sync::Arc;

use dictionary::{Point, Record, Text, Timestamp, Value};
use query::{Comparison, Expr, Function, Scope};
use store::Stored;

use super::dice::{Dice, seed};
use super::filters::{Maker, scope};
use super::town::Town;
use crate::Search;

/// Anywhere, or near one of a few spots: at a pole, where 180 and -180 meet, in a city.
pub(super) fn anywhere(dice: &mut Dice) -> Point {
    let mut fraction = || f64::from(u32::try_from(dice.below(1 << 30)).expect("small")) / f64::from(1 << 30);
    let (x, y) = (fraction() * 2.0 - 1.0, fraction() * 2.0 - 1.0);
    match dice.below(8) {
        0 => Point { longitude: x * 180.0, latitude: y * 90.0 },
        1 => Point { longitude: x * 180.0, latitude: 90.0 - y.abs() / 10.0 },
        2 => Point { longitude: (180.0 + x.abs()) * x.signum() - x.signum(), latitude: y },
        3 => Point { longitude: 180.0 * x.signum(), latitude: 90.0 * y.signum() },
        _ => Point { longitude: -122.3 + x / 4.0, latitude: 47.6 + y / 4.0 },
    }
}

/// A town of houses that stand anywhere, one in ten nowhere.
pub(super) fn spread(dice: &mut Dice, houses: usize) -> (Town, Search) {
    let mut town = Town::new(houses);
    let house = town.id("House");
    town.settle(dice, house, houses);
    let place = town.dictionary.known("House").find("Place").expect("a house has a place");
    for stored in town.live.values_mut() {
        let mut record: Record = (*stored.record).clone();
        if dice.once_in(10) {
            record.clear(place);
        } else {
            record.set(place, Value::Point(anywhere(dice)));
        }
        stored.record = Arc::new(record);
    }
    let search = Search::new(Arc::clone(&town.dictionary));
    let mut stored: Vec<Stored> = town.live.values().cloned().collect();
    stored.sort_by_key(|stored| stored.sequence);
    search.load(&stored);
    (town, search)
}

/// `geo.distance(place, middle)`.
pub(super) fn away(town: &Town, middle: Point) -> Expr {
    let place = town.dictionary.known("House").find("Place").expect("a house has a place");
    Expr::Call(Function::GeoDistance, vec![Expr::field(place), Expr::Value(Value::Point(middle))])
}

#[test]
fn areas_anywhere_hold_what_the_reference_says() {
    let mut dice = Dice::of(seed("areas_anywhere_hold_what_the_reference_says"), 0);
    let (town, search) = spread(&mut dice, 3_000);
    let house = town.dictionary.known("House");
    let place = house.find("Place").expect("a house has a place");
    let context =
        query::Context { dictionary: &town.dictionary, links: &query::NoLinks, now: Timestamp::UNIX_EPOCH };
    let mut found = 0;
    for _ in 0..200 {
        let middle = anywhere(&mut dice);
        let size = *dice.pick(&[0.01, 0.1, 0.5, 3.0, 40.0]);
        let filter = if dice.once_in(2) {
            let metres = Value::Double(size * 111_000.0);
            let comparison = *dice.pick(&[Comparison::Less, Comparison::LessOrEqual]);
            Expr::Compare(comparison, Box::new(away(&town, middle)), Box::new(Expr::Value(metres)))
        } else {
            let corners = 3 + dice.below(20);
            let mut ring: Vec<(f64, f64)> = (0..corners)
                .map(|_| {
                    let mut step = || (dice.below(2_001) as f64 / 1_000.0 - 1.0) * size;
                    (middle.longitude + step(), middle.latitude + step())
                })
                .collect();
            ring.push(ring[0]);
            Expr::Call(Function::GeoIntersects, vec![Expr::field(place), Expr::Polygon(vec![ring])])
        };
        let expect: Vec<Text> = town
            .records(house.id)
            .filter(|stored| query::matches(&filter, &stored.record, context))
            .map(|stored| stored.key.clone())
            .collect();
        let reader = search.read();
        let scope = Scope::everything();
        let count = reader.count(house.id, Some(&filter), &scope, Timestamp::UNIX_EPOCH);
        assert_eq!(count, expect.len() as u64, "{filter:#?}");
        let key = Expr::field(house.key[0]);
        let query = query::Query {
            filter: Some(filter),
            order: vec![query::Order::ascending(key)],
            page_size: 5_000,
            ..query::Query::all(house.id)
        };
        let hits = reader.page(&query, &scope, Timestamp::UNIX_EPOCH).expect("a page");
        let keys: Vec<&str> = hits.rows.iter().map(|row| reader.view(house.id, *row).key()).collect();
        assert_eq!(keys, expect, "{query:#?}");
        found += count;
    }
    assert!(found > 3_000, "{found} found are no test");
}

#[test]
fn srch_005_the_nearest_come_first() {
    let mut dice = Dice::of(seed("srch_005_the_nearest_come_first"), 0);
    let (town, search) = spread(&mut dice, 2_000);
    let house = town.dictionary.known("House");
    let records: Vec<_> = town.live.values().map(|s| (s.feed.clone(), (*s.record).clone())).collect();
    for _ in 0..24 {
        let by = query::Order::ascending(away(&town, anywhere(&mut dice)));
        let order = vec![match dice.below(4) {
            0 => query::Order { descending: true, ..by },
            1 => by,
            _ => by.nulls_last(),
        }];
        let filter = dice.once_in(2).then(|| Maker::new(&town, house.id).filter(&mut dice, 1));
        let scope = scope(&town, &mut dice);
        let page_size = *dice.pick(&[1, 10, 100, 700]);
        let mut query = query::Query { filter, order, page_size, ..query::Query::all(house.id) };
        for _ in 0..4 {
            let now = Timestamp::UNIX_EPOCH;
            super::questions::same_answer(&search, &query, &scope, &records, &town.dictionary, now);
            let hits = search.read().page(&query, &scope, now).expect("a page");
            let Some(mark) = hits.next else { break };
            query = query.next(hits.rows.len() as u64, mark);
        }
    }
}
