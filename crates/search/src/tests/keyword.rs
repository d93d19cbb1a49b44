//! One box that finds by id, address and remarks, and the keys of all that may be seen.

use dictionary::Value;
use query::{Expr, Function, Order, Query};

use super::dice::{Dice, seed};
use super::filters::{now, scope};
use super::questions::{lived, same_answer};
use super::town::WORDS;

#[test]
fn srch_006_one_box_finds_by_id_address_and_remarks() {
    let seed = seed("srch_006_one_box_finds_by_id_address_and_remarks");
    let mut found = 0;
    for round in 0..4 {
        let mut dice = Dice::of(seed, round);
        let (mut town, search) = lived(&mut dice, 150);
        let dictionary = std::sync::Arc::clone(&town.dictionary);
        let house = dictionary.known("House");
        let field = |name: &str| house.find(name).expect("a house has it");
        let (address, remarks, beds) = (field("Address"), field("Remarks"), field("Beds"));
        for _ in 0..30 {
            // The words of the chunks are known, not known, and of texts that are gone.
            if dice.once_in(4) {
                while search.tend() {}
            }
            let typed = match dice.below(3) {
                0 => format!("H{}", dice.below(150)),
                1 => format!("\"{} {}\"", dice.pick(&WORDS), dice.pick(&WORDS)),
                _ => (*dice.pick(&WORDS)).to_owned(),
            };
            let mentions = |field| {
                let words = Expr::Value(Value::from(typed.as_str()));
                Expr::Call(Function::Mentions, vec![Expr::field(field), words])
            };
            let id = Expr::equal(house.key[0], typed.as_str());
            let mut filter = Expr::Or(vec![id, mentions(address), mentions(remarks)]);
            if dice.once_in(2) {
                filter = filter.and(Expr::compare(beds, query::Comparison::Greater, dice.between(-2, 8)));
            }
            let order = if dice.once_in(2) { Vec::new() } else { vec![Order::descending(Expr::field(beds))] };
            let query = Query { filter: Some(filter), order, count: true, ..Query::all(house.id) };
            let records: Vec<_> = town.live.values().map(|s| (s.feed.clone(), (*s.record).clone())).collect();
            let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
            found += same_answer(&search, &query, &scope, &records, &dictionary, now);
            let changes: Vec<_> = (0..dice.below(20)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
    assert!(found > 500, "{found} found are no test");
}

#[test]
fn srch_012_the_keys_of_all_that_may_be_seen_can_be_walked() {
    let mut dice = Dice::of(seed("srch_012_the_keys_of_all_that_may_be_seen_can_be_walked"), 0);
    for _ in 0..10 {
        let (town, search) = lived(&mut dice, 80);
        let house = town.id("House");
        let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
        let records: Vec<_> = town.live.values().map(|s| (s.feed.clone(), (*s.record).clone())).collect();
        let key = Expr::field(town.dictionary.resource(house).key[0]);
        let order = vec![Order::ascending(key)];
        let mut query = Query { order, page_size: 7, ..Query::all(house) };
        let whole = Query { page_size: u32::MAX, ..query.clone() };
        let whole = query::answer(&whole, &scope, &records, &town.dictionary, now).records;
        let key_of = |record| town.dictionary.resource(house).key_of(record).expect("it has a key");
        let expect: Vec<_> = whole.iter().map(|record| key_of(record)).collect();
        let (reader, mut walked) = (search.read(), Vec::new());
        loop {
            let hits = reader.page(&query, &scope, now).expect("a page");
            walked.extend(hits.rows.iter().map(|row| dictionary::Key::new(reader.view(house, *row).key())));
            let Some(mark) = hits.next else { break };
            query = query.next(hits.rows.len() as u64, mark);
        }
        assert_eq!(walked, expect);
    }
}
