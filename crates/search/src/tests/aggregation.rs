//! What records come to, held against counting one after another: RESO-027.

use dictionary::{Feed, FieldId, LinkId, Record, Value};
use query::{Aggregate, Aggregation, Comparison, Expr, FieldRef, Grouping, Method, Order, Transformation};

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
                2 => Expr::Arithmetic(
                    query::Arithmetic::Multiply,
                    Box::new(own(town, "Price")),
                    Box::new(own(town, "Beds")),
                ),
                _ => own(town, dice.pick::<&str>(&numbers)),
            };
            Aggregate { method, of }
        })
        .collect()
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
                Transformation::Compute(vec![Expr::Negate(Box::new(Expr::column(at)))])
            }
            2 => {
                let of = Aggregate { method: *dice.pick(&METHODS), of: Expr::column(dice.below(columns)) };
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
                let asked = Aggregation { resource: house, filter, grouping: Grouping { by, of }, then };
                let expect = query::aggregate(&asked, &scope, &records, &town.dictionary, now);
                let found = search.read().aggregate(&asked, &scope, now).expect("few groups");
                assert_eq!(found, expect, "{asked:#?}");
                rows += found.len();
            }
            let changes: Vec<_> = (0..dice.below(60)).map(|_| town.change(&mut dice)).collect();
            search.apply(&changes);
        }
    }
    assert!(rows > 1_000, "{rows} rows in all: too few to say anything");
}
