//! Random questions have the answers that `query::matches` gives: RESO-023.

use std::sync::Arc;

use query::Query;

use super::dice::Dice;
use super::filters::{Maker, now, scope};
use super::reference::Seen;
use super::town::{RESOURCES, Town};
use crate::Search;

/// A town that has seen some changes, and its index.
fn lived(dice: &mut Dice, keys: usize) -> (Town, Search) {
    let mut town = Town::new(keys);
    let search = Search::new(Arc::clone(&town.dictionary));
    let half: Vec<_> = (0..keys * 4).map(|_| town.change(dice)).collect();
    if dice.once_in(2) {
        let mut stored: Vec<_> = town.live.values().cloned().collect();
        stored.sort_by_key(|stored| stored.sequence);
        search.load(&stored);
    } else {
        search.apply(&half);
    }
    (town, search)
}

/// Asks a random question of both and compares rows, count and mark; follows the pages to their end.
fn ask(town: &Town, search: &Search, dice: &mut Dice) {
    let resource = town.id(*dice.pick(&RESOURCES));
    let maker = Maker::new(town, resource);
    let scope = scope(town, dice);
    let now = now(dice);
    let mut query = Query {
        filter: (!dice.once_in(6)).then(|| maker.filter(dice, 2)),
        order: maker.order(dice),
        skip: if dice.once_in(3) { dice.below(30) as u64 } else { 0 },
        top: dice.once_in(3).then(|| dice.below(40) as u64),
        page_size: u32::try_from(*dice.pick(&[1, 3, 7, 1_000])).expect("small"),
        count: dice.once_in(2),
        ..Query::all(resource)
    };
    let seen = Seen { town, scope: &scope, now };
    for _ in 0..4 {
        let (keys, count, next) = seen.page(&query);
        let reader = search.read();
        let hits = reader.page(&query, &scope, now).expect("the mark is the order's own");
        let found: Vec<_> =
            hits.rows.iter().map(|row| reader.view(resource, *row).key().to_owned()).collect();
        assert_eq!(found, keys, "{query:#?} {scope:#?}");
        assert_eq!(hits.count, query.count.then_some(count), "{query:#?} {scope:#?}");
        assert_eq!(hits.next, next, "{query:#?}");
        assert_eq!(
            reader.count(resource, query.filter.as_ref(), &scope, now),
            count,
            "{query:#?} {scope:#?}"
        );
        for row in &hits.rows {
            assert!(reader.sees(resource, *row, &scope, now));
        }
        query.after = next;
        if query.after.is_none() {
            break;
        }
    }
}

#[test]
fn answers_are_those_of_the_reference() {
    for round in 0..12 {
        let mut dice = Dice::seeded(7_000 + round);
        let keys = *dice.pick(&[5, 40, 150]);
        let (mut town, search) = lived(&mut dice, keys);
        for _ in 0..6 {
            for _ in 0..30 {
                ask(&town, &search, &mut dice);
            }
            let changes: Vec<_> = (0..dice.below(60)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
}
