//! Searches inside the process.

use std::hint::black_box;
use std::time::{Duration, Instant};

use query::{Expr, Order, Query, Scope};

use crate::questions::{ASKED, Words};
use crate::report::{Figure, Report, Target, Times};
use crate::town::{NOW, Town};

/// After this no further question of a kind is asked.
const LONGEST: Duration = Duration::from_secs(5);

/// Adds a line for each kind of question; of those with `only` in their name alone, asked again and again, where it
/// is given.
pub(crate) fn run(report: &mut Report, town: &Town, only: Option<&str>) {
    let wanted = |what: &str| only.is_none_or(|only| what.contains(only));
    let rounds = if only.is_some() { 20 } else { 1 };
    let words = Words(town.dictionary.known("Property"));
    let scope = Scope::everything();
    let mut search = |what: &str, target: Target, make: &dyn Fn(u64) -> Query| {
        if !wanted(what) {
            return;
        }
        let questions: Vec<Query> = (0..ASKED).map(make).collect();
        // What a first question makes the index put in order is there for the others.
        drop(black_box(town.search.read().page(&questions[0], &scope, NOW)));
        while town.search.tend() {}
        let times = timed(rounds, |n| {
            let reader = town.search.read();
            drop(black_box(reader.page(&questions[n], &scope, NOW).map(|hits| hits.rows.len())));
        });
        report.add(what, Figure::Time(times), target);
    };
    let by_price =
        |n| Query { order: vec![Order::ascending(words.by("ListPrice"))], ..words.newest(words.filter(n)) };
    search("price + beds + status, newest 200", Target::AtMost(100.0), &|n| words.newest(words.filter(n)));
    search("price + beds + status + city, newest 200", Target::AtMost(100.0), &|n| {
        words.newest(words.city(n))
    });
    search("the same with a five-corner polygon", Target::AtMost(300.0), &|n| {
        words.newest(words.filter(n).and(words.polygon(n)))
    });
    search("price + beds + status, by price, 200", Target::Open, &by_price);
    search("phrase in remarks + price, newest 200", Target::Open, &|n| {
        words.newest(words.filter(n).and(words.phrase()))
    });
    let filters: Vec<Expr> = (0..ASKED).map(|n| words.filter(n)).collect();
    if !wanted("count") {
        return;
    }
    let times = timed(rounds, |n| {
        let reader = town.search.read();
        black_box(reader.count(words.0.id, Some(&filters[n]), &scope, NOW));
    });
    report.add("count of price + beds + status", Figure::Time(times), Target::AtMost(500.0));
}

/// Asks each question so many times.
fn timed(rounds: usize, mut ask: impl FnMut(usize)) -> Times {
    let mut times = Vec::new();
    let started = Instant::now();
    for n in (0..rounds).flat_map(|_| 0..ASKED as usize) {
        let began = Instant::now();
        ask(n);
        times.push(began.elapsed());
        // A slow kind tells as much in fewer questions.
        if started.elapsed() > LONGEST && times.len() >= 10 {
            break;
        }
    }
    Times::of(times)
}
