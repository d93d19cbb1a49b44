//! Words in long text: the same rows before the words of the chunks are known, with them, and after
//! texts changed.

use std::sync::Arc;

use dictionary::{Timestamp, Value};
use query::{Expr, Function, Query, Scope};

use super::dice::{Dice, seed};
use super::town::Town;
use crate::Search;

const PIECES: [&str; 19] = [
    "New",
    "roof",
    "lake",
    "LAKE-view",
    "größe",
    "İstanbul",
    "A/C",
    "3rd",
    "the",
    "of",
    "a",
    "ΣΊΣΥΦΟΣ",
    "new",
    "ro",
    "ew roo",
    "—",
    "\u{212A}elvin",
    "newer",
    "é",
];

fn text(dice: &mut Dice) -> String {
    let pieces: Vec<&str> = (0..dice.below(12)).map(|_| *dice.pick(&PIECES)).collect();
    // A number makes nearly every text another, so that they are not coded.
    format!("{} {}", pieces.join(" "), dice.below(1_000_000))
}

#[test]
fn words_are_those_of_the_question() {
    let mut dice = Dice::of(seed("words_are_those_of_the_question"), 0);
    for _ in 0..500 {
        let text = text(&mut dice);
        let mut found = Vec::new();
        crate::words::each_word(&text, |word| found.push(word.to_owned()));
        assert_eq!(found, query::words::of(&text).collect::<Vec<_>>(), "{text:?}");
    }
}

#[test]
fn texts_are_found_by_their_words() {
    let mut dice = Dice::of(seed("texts_are_found_by_their_words"), 0);
    let mut town = Town::new(9_000);
    let house = town.id("House");
    let address = town.dictionary.known("House").find("Address").expect("a house has one");
    let search = Search::new(Arc::clone(&town.dictionary));
    town.settle(&mut dice, house, 9_000);
    let change = |town: &mut Town, dice: &mut Dice, every: usize| {
        for stored in town.live.values_mut().filter(|_| dice.once_in(every)) {
            let mut record = (*stored.record).clone();
            town.sequence += 1;
            stored.sequence = town.sequence;
            match town.sequence % 10 {
                0 => record.clear(address),
                _ => record.set(address, Value::from(text(&mut Dice::of(town.sequence, 0)))),
            };
            stored.record = Arc::new(record);
        }
        town.live.values().cloned().collect::<Vec<_>>()
    };
    search.load(&change(&mut town, &mut dice, 1));
    assert!(search.tend(), "places are wanted from the beginning");
    let asked = |function, wanted: &str| {
        Expr::Call(function, vec![Expr::field(address), Expr::Value(Value::from(wanted))])
    };
    for round in 0..4 {
        for wanted in [
            "lake",
            "LAKE view",
            "\"new roof\"",
            "\"roof of the\" 3rd",
            "größe",
            "i̇stanbul",
            "",
            "7",
            "--",
            "kelvin",
            "\"new lake\" roof",
            "istanbul",
        ] {
            same(&town, &search, asked(Function::Mentions, wanted));
            same(&town, &search, Expr::Not(Box::new(asked(Function::Mentions, wanted))));
        }
        for wanted in
            ["lake", "ake-v", "ew roo", "the of", "ΣΊΣ", "ofs", " ", "", "t", "12", "777", "größ", "A/C "]
        {
            same(&town, &search, asked(Function::Contains, wanted));
            same(&town, &search, Expr::Not(Box::new(asked(Function::Contains, wanted))));
        }
        match round {
            0 => assert!(search.tend(), "the words were asked for"),
            1 => {
                let stored = change(&mut town, &mut dice, 20);
                search.apply(&super::changes::of(&stored));
            }
            _ => {
                let stored = change(&mut town, &mut dice, 2);
                search.apply(&super::changes::of(&stored));
                assert!(search.tend(), "so many changed that they are found anew");
            }
        }
        assert!(!search.tend(), "a chunk's words are found once");
    }
}

fn same(town: &Town, search: &Search, filter: Expr) {
    let now = Timestamp::UNIX_EPOCH;
    let context = query::Context { dictionary: &town.dictionary, links: &query::NoLinks, now };
    let house = town.id("House");
    let passing =
        town.records(house).filter(|stored| query::matches(&filter, &stored.record, context)).count();
    let reader = search.read();
    let scope = Scope::everything();
    assert_eq!(reader.count(house, Some(&filter), &scope, now), passing as u64, "{filter:?}");
    let query = Query { filter: Some(filter), page_size: 10_000, ..Query::all(house) };
    assert_eq!(reader.page(&query, &scope, now).expect("a page").rows.len(), passing, "{query:?}");
}
