//! Walks from page to page while records change.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{Key, Timestamp, Value};
use query::{Expr, Order, Query, Scope};

use super::dice::{Dice, seed};
use super::town::Town;
use crate::Search;

/// Walks all of a resource while a writer changes others, and checks what was seen.
fn walk(dice: &mut Dice, order: Vec<Order>, page_size: u32) {
    let mut town = Town::new(300);
    let search = Search::new(Arc::clone(&town.dictionary));
    let begun: Vec<_> = (0..2_000).map(|_| town.change(dice)).collect();
    search.apply(&begun);
    let house = town.id("House");
    // Records that nobody touches during the walk; who reads by time sees changed ones move ahead.
    let mut untouched: BTreeMap<Key, u64> =
        town.records(house).map(|stored| (stored.key.clone(), stored.sequence)).collect();
    let mut query = Query { order, page_size, ..Query::all(house) };
    let mut seen: Vec<Key> = Vec::new();
    loop {
        let hits = {
            let reader = search.read();
            let hits = reader.page(&query, &Scope::everything(), Timestamp::UNIX_EPOCH).expect("a page");
            seen.extend(hits.rows.iter().map(|row| Key::new(reader.view(house, *row).key())));
            hits
        };
        let Some(mark) = hits.next else { break };
        query = query.next(hits.rows.len() as u64, mark);
        let changes: Vec<_> = (0..dice.below(6)).map(|_| town.change(dice)).collect();
        for change in &changes {
            untouched.remove(&change.key);
        }
        search.apply(&changes);
    }
    assert!(untouched.len() > 20, "{} records stayed as they were", untouched.len());
    for key in untouched.keys() {
        let times = seen.iter().filter(|one| *one == key).count();
        assert_eq!(times, 1, "{key} was there throughout and was seen {times} times");
    }
}

#[test]
fn a_walk_misses_none_and_repeats_none_while_others_change() {
    // RESO-041: the mark holds values and no position. RESO-042: the instants of the town are few, so most
    // records tie and the key decides.
    let seed = seed("a_walk_misses_none_and_repeats_none_while_others_change");
    let town = Town::new(1);
    let house = town.dictionary.known("House");
    let by = |name: &str, descending| Order {
        descending,
        ..Order::ascending(Expr::field(house.find(name).expect("a field of a house")))
    };
    for (at, order) in [
        vec![],
        vec![by("ModificationTimestamp", true)],
        vec![by("HouseKey", false)],
        vec![by("Beds", false)],
        vec![by("Beds", true)],
        vec![by("Beds", false).nulls_last()],
        vec![by("Price", true), by("HouseKey", false)],
        vec![by("Price", true).nulls_last(), by("Status", false)],
        vec![by("Status", false), by("Beds", true)],
        vec![by("Status", true)],
    ]
    .into_iter()
    .enumerate()
    {
        let mut dice = Dice::of(seed, at as u64);
        for page_size in [1, 7, 50] {
            walk(&mut dice, order.clone(), page_size);
        }
    }
}

#[test]
fn a_mark_lies_between_records_that_no_column_holds() {
    // The mark's own record may be gone, and its value finer than any that is there.
    let mut dice = Dice::of(seed("a_mark_lies_between_records_that_no_column_holds"), 0);
    let mut town = Town::new(40);
    let search = Search::new(Arc::clone(&town.dictionary));
    let changes: Vec<_> = (0..300).map(|_| town.change(&mut dice)).collect();
    search.apply(&changes);
    let house = town.dictionary.known("House");
    let records: Vec<_> = town.live.values().map(|s| (s.feed.clone(), (*s.record).clone())).collect();
    for (field, value) in [
        ("Price", Value::Decimal("1000.005".parse().expect("a decimal"))),
        ("Price", Value::Decimal("-1e20".parse().unwrap_or_default())),
        ("Beds", Value::Decimal("2.5".parse().expect("a decimal"))),
        ("Beds", Value::Integer(i64::MIN)),
        ("Rate", Value::Double(0.05)),
        ("Rate", Value::Double(-0.0)),
        (
            "ModificationTimestamp",
            Value::Timestamp("2023-11-14T22:13:20.0000005Z".parse().expect("an instant")),
        ),
    ] {
        let up = Order::ascending(Expr::field(house.find(field).expect("a field")));
        for order in [up.clone(), Order { descending: true, ..up.clone() }, up.nulls_last()] {
            let mut query = Query { order: vec![order], ..Query::all(house.id) };
            query.after = Some(query::PageMark { values: vec![Some(value.clone())], key: "H2".into() });
            super::questions::same_answer(
                &search,
                &query,
                &Scope::everything(),
                &records,
                &town.dictionary,
                Timestamp::UNIX_EPOCH,
            );
        }
    }
}
