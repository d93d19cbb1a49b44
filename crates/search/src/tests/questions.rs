//! Random questions have the answers that the plain reference gives: RESO-023.

use std::sync::Arc;

use dictionary::{Dictionary, Feed, Record, Timestamp};
use query::{Query, Scope};

use super::dice::{Dice, seed};
use super::filters::{Maker, now, scope};
use super::town::{RESOURCES, Town};
use crate::Search;

/// A town that has seen some changes, and its index.
pub(super) fn lived(dice: &mut Dice, keys: usize) -> (Town, Search) {
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
/// Returns how many records answered it.
fn ask(town: &Town, search: &Search, dice: &mut Dice) -> u64 {
    let name = *dice.pick(&RESOURCES);
    let resource = town.id(name);
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
    let records: Vec<_> =
        town.live.values().map(|stored| (stored.feed.clone(), (*stored.record).clone())).collect();
    let mut answered = 0;
    for _ in 0..4 {
        answered += same_answer(search, &query, &scope, &records, &town.dictionary, now);
        let page = query::answer(&query, &scope, &records, &town.dictionary, now);
        let Some(mark) = page.next else { break };
        query = query.next(page.records.len() as u64, mark);
    }
    answered
}

/// One page of both; how many records it has.
pub(super) fn same_answer(
    search: &Search,
    query: &Query,
    scope: &Scope,
    records: &[(Feed, Record)],
    dictionary: &Dictionary,
    now: Timestamp,
) -> u64 {
    let resource = dictionary.resource(query.resource);
    let page = query::answer(query, scope, records, dictionary, now);
    let reader = search.read();
    let hits = reader.page(query, scope, now).expect("the mark is the order's own");
    let keys: Vec<_> =
        page.records.iter().map(|record| resource.key_of(record).expect("it has a key")).collect();
    let found: Vec<_> = hits.rows.iter().map(|row| reader.view(resource.id, *row).key()).collect();
    assert_eq!(found, keys, "{query:#?} {scope:#?}");
    assert_eq!(hits.count, page.count, "{query:#?} {scope:#?}");
    assert_eq!(hits.next, page.next, "{query:#?}");
    for (row, record) in hits.rows.iter().zip(&page.records) {
        assert_eq!(reader.record(resource.id, *row), **record);
        assert!(reader.sees(resource.id, *row, scope, now));
    }
    if let Some(count) = page.count {
        assert_eq!(reader.count(resource.id, query.filter.as_ref(), scope, now), count);
    }
    keys.len() as u64
}

#[test]
fn answers_are_those_of_the_reference() {
    let seed = seed("answers_are_those_of_the_reference");
    let mut answered = 0;
    for round in 0..12 {
        let mut dice = Dice::of(seed, round);
        let keys = *dice.pick(&[5, 40, 150]);
        let (mut town, search) = lived(&mut dice, keys);
        for _ in 0..6 {
            for _ in 0..30 {
                answered += ask(&town, &search, &mut dice);
            }
            let changes: Vec<_> = (0..dice.below(60)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
    assert!(answered > 2_000, "{answered} records are no test");
}
