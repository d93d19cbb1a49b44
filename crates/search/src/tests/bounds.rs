//! A question that would take too long is refused, and what is answered is whole.

use dictionary::{Timestamp, Value};
use query::{Comparison, Expr, FieldRef, Function, LinkRef, Order, Over, Quantifier, Quantity, Query, Scope};

use super::dice::{Dice, seed};
use super::questions::lived;
use crate::{SearchError, run};

#[test]
fn what_is_evaluated_record_by_record_is_bounded() {
    let mut dice = Dice::of(seed("what_is_evaluated_record_by_record_is_bounded"), 0);
    let (town, search) = lived(&mut dice, 300);
    let house = town.dictionary.known("House");
    let field = |name: &str| house.find(name).expect("a house has it");
    let reader = search.read();
    let (scope, now) = (Scope::everything(), Timestamp::UNIX_EPOCH);
    let houses = reader.len(house.id) as u64;
    assert!(houses > 50, "{houses} houses say nothing");
    let check = |query: &Query, parts: u64, expect: bool| {
        let ask = reader.ask(&scope, now).bounded(parts);
        let hits = run::page(&ask, query).expect("the mark is of this order");
        let found = ask.within().map(|()| hits);
        match expect {
            true => assert_eq!(found, reader.page(query, &scope, now), "{parts}: {query:?}"),
            false => assert_eq!(found, Err(SearchError::TooCostly), "{parts}: {query:?}"),
        }
    };
    let of = |filter: Expr| Query { filter: Some(filter), count: true, ..Query::all(house.id) };
    // A long list that is compared with what no column holds: of each record all of it is looked at.
    let both = [field("Status"), field("Address")].map(Expr::field);
    let words = (0..1_000).map(|n| Expr::Value(Value::from(format!("Active{n}")))).collect();
    let listed = of(Expr::In(Box::new(Expr::Call(Function::Concat, both.into())), words));
    check(&listed, 1_000 * houses, false);
    check(&listed, 3_000 * houses, true);
    // What a field alone answers costs nothing, however long the list is.
    let words = (0..1_000).map(|n| Expr::Value(Value::from(format!("Active{n}")))).collect();
    check(&of(Expr::In(Box::new(Expr::field(field("Status"))), words)), 2_000, true);
    // Each linked record is one more.
    let pictures = house.find_link("Pictures").expect("a house has pictures");
    let width = town.dictionary.known("Picture").find("Width").expect("a picture has a width");
    let inner = Expr::Field(FieldRef { scope: 1, via: Box::default(), field: width });
    let body = Expr::Compare(Comparison::Greater, Box::new(inner), Box::new(Expr::field(field("Beds"))));
    let over = Over::Link(LinkRef { scope: 0, via: Box::default(), link: pictures });
    let quantifier = Quantifier { quantity: Quantity::Any, over, body: Some(body) };
    check(&of(Expr::Quantified(Box::new(quantifier))), 10 * houses, false);
    // And so is what records are ordered by.
    let length = Expr::Call(Function::Length, vec![Expr::field(field("Address"))]);
    let ordered = Query { order: vec![Order::ascending(length)], ..Query::all(house.id) };
    check(&ordered, 5 * houses, false);
    check(&ordered, 1_000 * houses, true);
}
