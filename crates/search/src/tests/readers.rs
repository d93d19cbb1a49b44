//! Readers beside a writer see one state each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::dice::{Dice, seed};
use super::town::{RESOURCES, Town};
use crate::Search;

#[test]
fn a_reader_sees_one_state_of_all_resources() {
    let mut dice = Dice::of(seed("a_reader_sees_one_state_of_all_resources"), 0);
    let mut town = Town::new(50);
    let search = Search::new(Arc::clone(&town.dictionary));
    let resources = RESOURCES.map(|name| town.id(name));
    // How many records of each resource there are after each change.
    let mut counts = vec![[0; RESOURCES.len()]];
    let changes: Vec<_> = (0..3_000)
        .map(|_| {
            let change = town.change(&mut dice);
            counts.push(resources.map(|resource| town.records(resource).count()));
            change
        })
        .collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Acquire) {
                    let reader = search.read();
                    let applied = usize::try_from(reader.applied()).expect("few changes");
                    assert!(applied >= last, "{applied} comes after {last}");
                    assert_eq!(resources.map(|resource| reader.len(resource)), counts[applied]);
                    last = applied;
                }
            });
        }
        for part in changes.chunks(7) {
            search.apply(part);
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(search.applied(), 3_000);
}
