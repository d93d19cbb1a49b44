//! What is put into columns comes out of them, whatever happened in between.

use std::sync::Arc;

use dictionary::{Fields, Value};
use store::{Change, RowGroup, Stored};

use super::dice::{Dice, seed};
use super::town::{RESOURCES, Town};
use crate::Search;

/// Every record of the town is in the index and nothing else, field by field.
pub(super) fn same(town: &Town, search: &Search) {
    let reader = search.read();
    for name in RESOURCES {
        let resource = town.id(name);
        assert_eq!(reader.len(resource), town.records(resource).count(), "{name}");
        for stored in town.records(resource) {
            let row = reader.row(resource, &stored.key).expect("the key has a row");
            let view = reader.view(resource, row);
            assert_eq!(reader.record(resource, row), *stored.record, "{name} {}", stored.key);
            assert_eq!(
                (view.key(), view.feed(), view.sequence()),
                (stored.key.as_str(), stored.feed.as_str(), stored.sequence)
            );
            for (field, value) in stored.record.iter() {
                let seen = view.look(field).expect("it has a value").to_value();
                if let (Value::Decimal(seen), Value::Decimal(given)) = (&seen, value) {
                    assert_eq!(seen.to_string(), given.to_string(), "digits after the point are kept");
                }
            }
        }
    }
}

#[test]
fn what_goes_in_comes_out() {
    let seed = seed("what_goes_in_comes_out");
    for round in 0..8 {
        let mut dice = Dice::of(seed, round);
        let mut town = Town::new(if round % 2 == 0 { 60 } else { 700 });
        let search = Search::new(Arc::clone(&town.dictionary));
        let begun: Vec<_> = (0..dice.below(2_000)).map(|_| town.change(&mut dice)).collect();
        if round % 3 == 0 {
            let mut stored: Vec<_> = town.live.values().cloned().collect();
            stored.sort_by_key(|stored| stored.sequence);
            search.load(&stored);
        } else {
            search.apply(&begun);
        }
        same(&town, &search);
        for _ in 0..10 {
            let changes: Vec<_> = (0..dice.below(300)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
            search.apply(&changes);
            same(&town, &search);
        }
        assert_eq!(search.applied(), town.sequence);
    }
}

/// An index is loaded as it would be by applying: from parts of any size, in which a key may come again, on
/// one thread or more.
#[test]
fn what_is_loaded_in_parts_comes_out() {
    let seed = seed("what_is_loaded_in_parts_comes_out");
    for round in 0..6 {
        let mut dice = Dice::of(seed, round);
        let mut town = Town::new(*dice.pick(&[60, 700, 9_000]));
        let search = Search::new(Arc::clone(&town.dictionary));
        let mut loading = search.loading();
        let (mut part, mut removals): (Vec<Stored>, Vec<Change>) = (Vec::new(), Vec::new());
        let (mut size, mut parts) = (1 + dice.below(3_000), 2 + dice.below(8));
        while parts > 0 {
            let change = town.change(&mut dice);
            part.extend(town.live.get(&(change.resource, change.key.clone())).cloned());
            removals.extend(Some(change).filter(|change| change.record.is_none()));
            if part.len() >= size {
                loading.load(&RowGroup::of(&part));
                part.clear();
                (size, parts) = (1 + dice.below(3_000), parts - 1);
            }
        }
        search.finish(loading, 0);
        // A removal older than what was loaded of its key takes nothing away.
        search.apply(&removals);
        same(&town, &search);
        let changes: Vec<_> = (0..500).map(|_| town.change(&mut dice)).collect();
        search.apply(&changes);
        same(&town, &search);
    }
}
