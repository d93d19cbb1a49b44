//! What records come to, held against counting one after another: RESO-027.

use dictionary::{Decimal, Feed, FieldId, Key, LinkId, Record, Timestamp, Value};
use query::{
    Aggregate, Aggregation, Branch, Comparison, Each, Expr, FieldRef, From, Grouping, Join, Method, Most,
    Order, Part, Query, Rank, Scope, Side, Transformation,
};

use crate::{Row, Search};

use super::dice::{Dice, seed};
use super::filters::{Maker, now, scope};
use super::questions::lived;
use super::town::Town;

const METHODS: [Method; 6] =
    [Method::Sum, Method::Min, Method::Max, Method::Average, Method::CountDistinct, Method::Count];

fn own(town: &Town, name: &str) -> Expr {
    Expr::field(town.dictionary.known("House").find(name).expect("a house has it"))
}

fn agents(town: &Town, name: &str) -> Expr {
    let agent = town.dictionary.known("Agent");
    let field: FieldId = agent.find(name).expect("an agent has it");
    Expr::Field(FieldRef { scope: 0, via: Box::new([LinkId(0)]), field })
}

/// What houses may be grouped by.
fn term(town: &Town, dice: &mut Dice) -> Expr {
    match dice.below(9) {
        0 => own(town, "Status"),
        1 => own(town, "Beds"),
        2 => own(town, "Pool"),
        3 => own(town, "Price"),
        4 => own(town, "Rate"),
        5 => own(town, "Closed"),
        6 => own(town, "Never"),
        7 => own(town, "Address"),
        _ => agents(town, "Name"),
    }
}

fn aggregates(town: &Town, dice: &mut Dice) -> Vec<Aggregate> {
    let numbers = ["Price", "Rate", "Beds", "Never"];
    let any = ["Status", "Closed", "Opens", "Seen", "Pool", "Address", "HouseKey"];
    (0..dice.below(4))
        .map(|_| {
            let method = *dice.pick(&METHODS);
            let number = !matches!(method, Method::Min | Method::Max | Method::CountDistinct);
            let of = match dice.below(4) {
                0 => agents(town, "Sales"),
                1 if !number => own(town, dice.pick::<&str>(&any)),
                // A sum is exact up to 28 digits; beyond, which products of these reach, it depends on who comes first.
                2 => Expr::Arithmetic(
                    query::Arithmetic::Add,
                    Box::new(own(town, "Price")),
                    Box::new(own(town, "Beds")),
                ),
                _ => own(town, dice.pick::<&str>(&numbers)),
            };
            Aggregate { method, of, from: from(town, dice) }
        })
        .collect()
}

/// By way of which groups inside a group, at times.
fn from(town: &Town, dice: &mut Dice) -> Vec<From> {
    let levels = if dice.once_in(3) { 1 + dice.below(2) } else { 0 };
    (0..levels)
        .map(|_| {
            let by = (0..1 + dice.below(2)).map(|_| term(town, dice)).collect();
            From { by, method: *dice.pick(&[Method::Min, Method::Max, Method::CountDistinct]) }
        })
        .collect()
}

/// What leaves some of the records, in some order.
fn some_records(town: &Town, dice: &mut Dice, depth: usize) -> Vec<Transformation> {
    let house = town.id("House");
    let by = |dice: &mut Dice| Order { descending: dice.once_in(2), ..Order::ascending(term(town, dice)) };
    (0..dice.below(4))
        .map(|_| match dice.below(if depth == 0 { 6 } else { 8 }) {
            0 => Transformation::Filter(Maker::new(town, house).filter(dice, 1)),
            1 => Transformation::Order(vec![by(dice)]),
            2 => Transformation::Skip(dice.below(4) as u64),
            3 => Transformation::Top(5 + dice.below(30) as u64),
            4 | 5 => {
                let number = own(town, dice.pick::<&str>(&["Price", "Rate", "Beds"]));
                let order = Order { descending: dice.once_in(2), ..Order::ascending(number) };
                let most = match dice.below(3) {
                    0 => Most::Count(1 + dice.below(20) as u64),
                    1 => Most::Sum(Decimal::from(dice.below(3_000_000))),
                    _ => Most::Percent(Decimal::from(1 + dice.below(100))),
                };
                Transformation::Rank(Rank { order, most })
            }
            6 => {
                let steps = some_records(town, dice, depth - 1);
                Transformation::Each(Each { by: vec![term(town, dice)], steps, columns: None })
            }
            _ => {
                let branch = |_| Branch { steps: some_records(town, dice, depth - 1), columns: Vec::new() };
                Transformation::Concat { branches: (0..2).map(branch).collect(), width: 0 }
            }
        })
        .collect()
}

/// What is found, by keys.
fn found(search: &Search, asked: &Aggregation, scope: &Scope, now: Timestamp) -> Vec<Part<Key>> {
    let reader = search.read();
    let parts = reader.aggregate(asked, scope, now).expect("few groups");
    let key = |row: Row| reader.view(asked.resource, row).key().into();
    let told = |part| match part {
        Part::Records(rows) => Part::Records(rows.into_iter().map(key).collect()),
        Part::Rows(rows) => Part::Rows(rows),
    };
    parts.into_iter().map(told).collect()
}

/// The same to 20 digits: what has more than 28 on the way is rounded, and who comes first decides.
fn near(parts: Vec<Part<Key>>) -> Vec<Part<Key>> {
    let number = |value: &Value| match value {
        Value::Decimal(number) => Value::Decimal(number.round_sf(20).unwrap_or(*number)),
        other => other.clone(),
    };
    let row = |row: Record| {
        Record::from_values(row.resource(), row.iter().map(|(id, value)| (id, number(value))).collect())
    };
    let part = |part| match part {
        Part::Rows(rows) => Part::Rows(rows.into_iter().map(row).collect()),
        records => records,
    };
    parts.into_iter().map(part).collect()
}

/// What may follow on rows of so many columns.
fn follows(columns: usize, dice: &mut Dice) -> Vec<Transformation> {
    let mut then = Vec::new();
    let mut columns = columns;
    for _ in 0..dice.below(4) {
        let at = dice.below(columns);
        then.push(match dice.below(6) {
            0 => {
                let of = Box::new(Expr::column(at));
                let least = Box::new(Expr::Value(Value::Integer(2)));
                Transformation::Filter(Expr::Compare(Comparison::GreaterOrEqual, of, least))
            }
            1 => {
                columns += 1;
                let terms = vec![Expr::Negate(Box::new(Expr::column(at)))];
                Transformation::Compute { from: columns - 1, terms }
            }
            2 => {
                let of = Expr::column(dice.below(columns));
                let of = Aggregate { method: *dice.pick(&METHODS), of, from: Vec::new() };
                columns = 2;
                Transformation::Group(Grouping { by: vec![Expr::column(at)], of: vec![of] })
            }
            3 => Transformation::Order(vec![Order::descending(Expr::column(at))]),
            4 => Transformation::Skip(1),
            _ => Transformation::Top(5),
        });
    }
    then
}

#[test]
fn reso_027_groups_are_what_counting_says() {
    let seed = seed("reso_027_groups_are_what_counting_says");
    let mut rows = 0;
    for round in 0..8 {
        let mut dice = Dice::of(seed, round);
        let (mut town, search) = lived(&mut dice, 60);
        for _ in 0..8 {
            let house = town.id("House");
            let records: Vec<(Feed, Record)> =
                town.live.values().map(|stored| (stored.feed.clone(), (*stored.record).clone())).collect();
            for _ in 0..6 {
                let filter = (!dice.once_in(3)).then(|| Maker::new(&town, house).filter(&mut dice, 1));
                let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
                let by: Vec<Expr> = (0..dice.below(4)).map(|_| term(&town, &mut dice)).collect();
                let of = aggregates(&town, &mut dice);
                let columns = by.len() + of.len();
                let then = if columns == 0 { Vec::new() } else { follows(columns, &mut dice) };
                let filter = filter.map(Transformation::Filter);
                let steps =
                    filter.into_iter().chain([Transformation::Group(Grouping { by, of })]).chain(then);
                let asked = Aggregation { resource: house, steps: steps.collect() };
                let expect = query::aggregate(&asked, &scope, &records, &town.dictionary, now).unwrap();
                let found = found(&search, &asked, &scope, now);
                assert_eq!(near(found.clone()), near(expect), "{asked:#?}");
                rows += found.iter().map(Part::len).sum::<usize>();
            }
            let changes: Vec<_> = (0..dice.below(60)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
    assert!(rows > 1_000, "{rows} rows in all: too few to say anything");
}

/// RESO-027: what leaves some of the records, in each group, one after the other and by rank.
#[test]
fn reso_027_records_that_are_left_are_what_counting_says() {
    let seed = seed("reso_027_records_that_are_left_are_what_counting_says");
    let mut left = 0;
    for round in 0..6 {
        let mut dice = Dice::of(seed, round);
        let (town, search) = lived(&mut dice, 60);
        let house = town.id("House");
        let records: Vec<(Feed, Record)> =
            town.live.values().map(|stored| (stored.feed.clone(), (*stored.record).clone())).collect();
        for _ in 0..40 {
            let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
            let mut steps = some_records(&town, &mut dice, 2);
            if dice.once_in(3) {
                let by = vec![term(&town, &mut dice)];
                steps.push(Transformation::Group(Grouping { by, of: aggregates(&town, &mut dice) }));
            }
            let asked = Aggregation { resource: house, steps };
            let expect = query::aggregate(&asked, &scope, &records, &town.dictionary, now).unwrap();
            let found = found(&search, &asked, &scope, now);
            assert_eq!(found, expect, "{asked:#?}");
            left += found.iter().map(Part::len).sum::<usize>();
        }
    }
    assert!(left > 1_000, "{left} in all: too few to say anything");
}

/// RESO-027: `concat` is both answers one after the other, and `topcount` is `$orderby` and `$top`.
#[test]
fn reso_027_sequences_and_ranks_are_questions_asked_otherwise() {
    let seed = seed("reso_027_sequences_and_ranks_are_questions_asked_otherwise");
    for round in 0..20 {
        let mut dice = Dice::of(seed, round);
        let (town, search) = lived(&mut dice, 60);
        let house = town.id("House");
        let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
        let ask = |steps| found(&search, &Aggregation { resource: house, steps }, &scope, now);

        let grouped = |dice: &mut Dice| {
            let (by, of) = (vec![term(&town, dice)], aggregates(&town, dice));
            let width = by.len() + of.len();
            (vec![Transformation::Group(Grouping { by, of })], width)
        };
        let (records, (rows, width)) = (some_records(&town, &mut dice, 1), grouped(&mut dice));
        let branches = vec![
            Branch { steps: records.clone(), columns: Vec::new() },
            Branch { steps: rows.clone(), columns: (0..width).collect() },
        ];
        let both = ask(vec![Transformation::Concat { branches, width }]);
        assert_eq!(both, [ask(records), ask(rows)].concat(), "seed {seed}, round {round}");

        let order = Order { descending: dice.once_in(2), ..Order::ascending(term(&town, &mut dice)) };
        let count = 1 + dice.below(40) as u32;
        let rank = Rank { order: order.clone(), most: Most::Count(count.into()) };
        let query =
            Query { order: vec![order], top: Some(count.into()), page_size: count, ..Query::all(house) };
        let reader = search.read();
        let page = reader.page(&query, &scope, now).unwrap().rows;
        let keys = page.into_iter().map(|row| reader.view(house, row).key().into()).collect();
        assert_eq!(
            ask(vec![Transformation::Rank(rank)]),
            [Part::Records(keys)],
            "seed {seed}, round {round}"
        );
    }
}

/// RESO-027: records side by side with those that they link to.
#[test]
fn reso_027_joined_records_are_what_counting_says() {
    let seed = seed("reso_027_joined_records_are_what_counting_says");
    let mut joined = 0;
    for round in 0..6 {
        let mut dice = Dice::of(seed, round);
        let (town, search) = lived(&mut dice, 60);
        let (agent, house) = (town.dictionary.known("Agent"), town.id("House"));
        let records: Vec<(Feed, Record)> =
            town.live.values().map(|stored| (stored.feed.clone(), (*stored.record).clone())).collect();
        for _ in 0..20 {
            let (scope, now) = (scope(&town, &mut dice), now(&mut dice));
            let own = |name: &str| Side::Own(Expr::field(agent.find(name).expect("an agent has it")));
            let columns = vec![
                Side::Linked(term(&town, &mut dice)),
                own("Name"),
                Side::Linked(self::own(&town, "Price")),
                own("Sales"),
            ];
            let join = Join {
                link: agent.find_link("Houses").expect("an agent has houses"),
                target: house,
                steps: some_records(&town, &mut dice, 1),
                outer: dice.once_in(2),
                columns,
            };
            let mut steps = vec![Transformation::Join(join)];
            steps.extend(follows(4, &mut dice));
            let asked = Aggregation { resource: agent.id, steps };
            let expect = query::aggregate(&asked, &scope, &records, &town.dictionary, now).unwrap();
            let found = found(&search, &asked, &scope, now);
            assert_eq!(found, expect, "{asked:#?}");
            joined += found.iter().map(Part::len).sum::<usize>();
        }
    }
    assert!(joined > 300, "{joined} in all: too few to say anything");
}

/// What is told of more than 100,000 is no summary, and a sequence twice is twice as much.
#[test]
fn what_an_aggregation_comes_to_has_a_bound() {
    let mut dice = Dice::of(seed("what_an_aggregation_comes_to_has_a_bound"), 0);
    let (town, search) = lived(&mut dice, 60);
    let twice = || {
        let branch = || Branch { steps: Vec::new(), columns: Vec::new() };
        Transformation::Concat { branches: vec![branch(), branch()], width: 0 }
    };
    let asked = |times: usize| Aggregation {
        resource: town.id("House"),
        steps: (0..times).map(|_| twice()).chain([Transformation::Top(3)]).collect(),
    };
    let (reader, now) = (search.read(), now(&mut dice));
    assert!(reader.aggregate(&asked(3), &Scope::everything(), now).is_ok());
    let refused = reader.aggregate(&asked(20), &Scope::everything(), now).unwrap_err();
    assert_eq!(refused.code(), "too_many_items");
}
