//! Words in any case and with any space around: the same rows as by the meaning of the question, while words come
//! and go.

use std::sync::Arc;

use dictionary::{Timestamp, Value};
use query::{Comparison, Expr, Function, Query, Scope};

use super::dice::{Dice, seed};
use super::town::Town;
use crate::Search;

const CITIES: [&str; 12] = [
    "Houston", "HOUSTON", " Houston", "houston ", "İzmir", "i̇zmir", "ΟΔΟΣ", "οδος", "οδοσ", "Straße",
    "STRASSE", "",
];

fn call(function: Function, of: Expr) -> Expr {
    Expr::Call(function, vec![of])
}

#[test]
fn words_are_found_in_any_case_and_with_space_around() {
    let mut dice = Dice::of(seed("words_are_found_in_any_case_and_with_space_around"), 0);
    let mut town = Town::new(300);
    let house = town.id("House");
    let status = town.dictionary.known("House").find("Status").expect("a house has one");
    let search = Search::new(Arc::clone(&town.dictionary));
    town.settle(&mut dice, house, 300);
    search.load(&town.live.values().cloned().collect::<Vec<_>>());
    let shapes: [fn(Expr) -> Expr; 5] = [
        |of| call(Function::ToLower, of),
        |of| call(Function::Trim, of),
        |of| call(Function::Trim, call(Function::ToLower, of)),
        |of| call(Function::ToLower, call(Function::Trim, of)),
        |of| call(Function::ToUpper, of),
    ];
    for round in 0..12 {
        // Each round has words of its own: those of the last give their codes to them.
        let word = |dice: &mut Dice| match dice.below(3) {
            0 => format!("Town {round}{}", dice.below(4)),
            _ => (*dice.pick(&CITIES)).to_owned(),
        };
        let mut changed = Vec::new();
        for stored in town.live.values_mut() {
            let mut record = (*stored.record).clone();
            town.sequence += 1;
            stored.sequence = town.sequence;
            match dice.below(9) {
                0 => record.clear(status),
                _ => record.set(status, Value::from(word(&mut dice))),
            };
            stored.record = Arc::new(record);
            changed.push(stored.clone());
        }
        search.apply(&super::changes::of(&changed));
        for shape in shapes {
            let of = || Box::new(shape(Expr::field(status)));
            let mut words: Vec<String> = CITIES.iter().map(|city| (*city).to_owned()).collect();
            words.extend(CITIES.iter().map(|city| city.trim().to_lowercase()));
            words.extend([format!("town {round}1"), format!("Town {round}2"), "town 01".to_owned()]);
            let text = |word: &String| Expr::Value(Value::from(word.clone()));
            for word in &words {
                let equal = Expr::Compare(Comparison::Equal, of(), Box::new(text(word)));
                same(&town, &search, Expr::Not(Box::new(equal.clone())));
                same(&town, &search, equal);
                same(&town, &search, Expr::Compare(Comparison::Equal, Box::new(text(word)), of()));
            }
            let among = Expr::In(of(), words.iter().skip(round).map(text).collect());
            same(&town, &search, Expr::Not(Box::new(among.clone())));
            same(&town, &search, among);
            same(&town, &search, Expr::In(of(), vec![text(&words[round]), Expr::Null]));
        }
    }
}

fn same(town: &Town, search: &Search, filter: Expr) {
    let now = Timestamp::UNIX_EPOCH;
    let context = query::Context { dictionary: &town.dictionary, links: &query::NoLinks, now };
    let house = town.id("House");
    let passes = |stored: &&store::Stored| query::matches(&filter, &stored.record, context);
    let mut passing: Vec<String> =
        town.records(house).filter(passes).map(|stored| stored.key.to_string()).collect();
    passing.sort_unstable();
    let reader = search.read();
    let query = Query { filter: Some(filter.clone()), page_size: 10_000, ..Query::all(house) };
    let rows = reader.page(&query, &Scope::everything(), now).expect("a page").rows;
    let mut found: Vec<String> = rows.iter().map(|row| reader.view(house, *row).key().to_owned()).collect();
    found.sort_unstable();
    assert_eq!(found, passing, "{filter:?}");
}
