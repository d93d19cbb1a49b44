//! So many records that columns have several chunks, every width, and text that is not coded.

use std::sync::Arc;

use query::{Query, Scope};
use store::Stored;

use super::dice::{Dice, seed};
use super::filters::{Maker, now};
use super::town::Town;
use crate::Search;

/// More than a chunk.
const RECORDS: usize = 66_000;

#[test]
fn many_records_are_answered_like_few() {
    let mut dice = Dice::of(seed("many_records_are_answered_like_few"), 0);
    let mut town = Town::new(RECORDS);
    let house = town.id("House");
    let search = Search::new(Arc::clone(&town.dictionary));
    town.settle(&mut dice, house, RECORDS);
    let stored: Vec<Stored> = town.live.values().cloned().collect();
    search.load(&stored);
    for round in 0..3 {
        // Words that were asked for are known from the second round on, some of them of texts that are gone.
        while round > 0 && search.tend() {}
        for _ in 0..16 {
            let maker = Maker::alone(&town, house);
            let filter = maker.filter(&mut dice, 1);
            let now = now(&mut dice);
            let reader = search.read();
            let context = query::Context { dictionary: &town.dictionary, links: &query::NoLinks, now };
            let passing = town.records(house).filter(|s| query::matches(&filter, &s.record, context)).count();
            let scope = Scope::everything();
            assert_eq!(reader.count(house, Some(&filter), &scope, now), passing as u64, "{filter:#?}");
            let mut query = Query { filter: Some(filter), ..Query::all(house) };
            query.order = maker.order(&mut dice);
            let hits = reader.page(&query, &scope, now).expect("a page");
            assert_eq!(hits.rows.len(), passing.min(1_000), "{query:#?}");
            let mut marks = hits.rows.iter().map(|row| {
                let order = query::order_of(&query, town.dictionary.resource(house));
                let mark = query::mark_of(&order, &reader.record(house, *row), context);
                (mark.expect("it has a key"), order)
            });
            let first = marks.next();
            marks.fold(first, |before, (mark, order)| {
                assert!(before.is_some_and(|(before, _)| mark.is_after(&before, &order)), "{query:#?}");
                Some((mark, order))
            });
        }
        let changes: Vec<_> =
            (0..if round == 1 { 9_000 } else { 500 }).map(|_| town.change(&mut dice)).collect();
        search.apply(&changes);
    }
    super::columns::same(&town, &search);
}
