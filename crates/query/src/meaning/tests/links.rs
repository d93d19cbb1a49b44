//! Lambdas, counts and paths.

use std::sync::Arc;

use dictionary::LinkId;

use super::*;
use crate::{FieldRef, LinkRef, Linked, Over, Quantifier, Quantity};

/// A town of one listing with two rooms, one of them of unknown level, an agent, and the agent's office.
struct Town;

impl Linked for Town {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        let from = WORDS.resource(record.resource());
        let link = from.link(link);
        let target = WORDS.resource(link.target);
        let make = |pairs: &[(&str, Value)]| {
            let of = |(name, value): &(&str, Value)| (target.find(name).unwrap(), value.clone());
            Arc::new(Record::from_values(target.id, pairs.iter().map(of).collect()))
        };
        match (from.name.as_str(), link.name.as_str()) {
            ("Property", "Rooms") => vec![
                make(&[
                    ("RoomKey", "R1".into()),
                    ("RoomType", "Kitchen".into()),
                    ("RoomLength", integer_dec(4)),
                ]),
                make(&[("RoomKey", "R2".into()), ("RoomType", "Bedroom".into())]),
            ],
            ("Property", "ListAgent") => vec![make(&[("MemberKey", "M1".into())])],
            ("Member", "Office") => vec![make(&[("OfficeKey", "O1".into()), ("OfficeName", "Lake".into())])],
            _ => Vec::new(),
        }
    }
}

fn integer_dec(number: i64) -> Value {
    Value::Decimal(number.into())
}

#[track_caller]
fn check_in_town(expr: Expr, expect: impl Into<Option<Value>>) {
    let context = Context { dictionary: &WORDS, links: &Town, now: NOW };
    assert_eq!(evaluate(&expr, &listing(), context), expect.into(), "{expr:?}");
}

fn link(resource: &str, name: &str) -> LinkId {
    WORDS.known(resource).find_link(name).unwrap()
}

fn over_link(name: &str) -> Over {
    Over::Link(LinkRef { scope: 0, via: Box::default(), link: link("Property", name) })
}

fn over_list(name: &str) -> Over {
    Over::List(FieldRef::own(WORDS.known("Property").find(name).unwrap()))
}

fn quantified(quantity: Quantity, over: Over, body: impl Into<Option<Expr>>) -> Expr {
    Expr::Quantified(Box::new(Quantifier { quantity, over, body: body.into() }))
}

/// A field of a room that the variable of this scope stands for.
fn room(scope: u8, name: &str) -> Expr {
    let field = WORDS.known("PropertyRooms").find(name).unwrap();
    Expr::Field(FieldRef { scope, via: Box::default(), field })
}

fn via(links: &[LinkId], resource: &str, name: &str) -> Expr {
    let field = WORDS.known(resource).find(name).unwrap();
    Expr::Field(FieldRef { scope: 0, via: links.into(), field })
}

#[test]
fn reso_021_any_and_all_over_lists() {
    let is = |name: &str| eq(Expr::Element(1), v(name));
    let check = |quantity, field: &str, body: Option<Expr>, expect: bool| {
        check_truth(quantified(quantity, over_list(field), body), expect);
    };
    check(Quantity::Any, "Appliances", Some(is("Range")), true);
    check(Quantity::Any, "Appliances", Some(is("Oven")), false);
    check(Quantity::All, "Appliances", Some(is("Range")), false);
    check(Quantity::All, "Appliances", Some(ne(Expr::Element(1), v("Oven"))), true);
    check(Quantity::Any, "Appliances", None, true);
    // An empty list and an absent one have no elements.
    for nothing in ["Flooring", "Heating"] {
        check(Quantity::Any, nothing, None, false);
        check(Quantity::Any, nothing, Some(v(true)), false);
        check(Quantity::All, nothing, Some(v(false)), true);
    }
    check(Quantity::Any, "City", None, false);
}

#[test]
fn reso_021_any_and_all_over_links() {
    let rooms = || over_link("Rooms");
    let check = |quantity, body: Expr, expect: bool| {
        check_in_town(quantified(quantity, rooms(), body), Value::Boolean(expect));
    };
    check(Quantity::Any, eq(room(1, "RoomType"), v("Kitchen")), true);
    check(Quantity::All, eq(room(1, "RoomType"), v("Kitchen")), false);
    check(Quantity::Any, gt(room(1, "RoomLength"), v(3)), true);
    // RESO-023: what is unknown of one room is not true of it, and any and all are never unknown.
    let long = || call(Function::Contains, [room(1, "RoomDescription"), v("x")]);
    check(Quantity::Any, long(), false);
    check(Quantity::All, long(), false);
    check(Quantity::All, not(long()), false);
    check_in_town(quantified(Quantity::Any, over_link("Media"), None), Value::Boolean(false));
    check_in_town(quantified(Quantity::Any, rooms(), None), Value::Boolean(true));
}

#[test]
fn lambdas_see_the_variables_around_them() {
    // Some room's type is an appliance, or the listing has four bedrooms and a range.
    let inner = Expr::And(vec![
        eq(f("BedroomsTotal"), v(4)),
        eq(room(1, "RoomType"), v("Kitchen")),
        eq(Expr::Element(2), v("Range")),
    ]);
    let nested = quantified(
        Quantity::Any,
        over_link("Rooms"),
        quantified(Quantity::Any, over_list("Appliances"), inner),
    );
    check_in_town(nested, Value::Boolean(true));
    // Two rooms of one type: only the same one.
    let same = eq(room(1, "RoomType"), room(2, "RoomType"));
    let differ = ne(room(1, "RoomKey"), room(2, "RoomKey"));
    let twins = quantified(
        Quantity::Any,
        over_link("Rooms"),
        quantified(Quantity::Any, over_link("Rooms"), Expr::And(vec![same, differ])),
    );
    check_in_town(twins, Value::Boolean(false));
    // A scope that is not there, and an element that is a record.
    check_in_town(Expr::Element(3), None);
    check_in_town(Expr::Element(0), None);
}

#[test]
fn reso_021_counts() {
    check_in_town(Expr::Count(over_link("Rooms")), integer(2));
    check_in_town(Expr::Count(over_link("Media")), integer(0));
    check_in_town(Expr::Count(over_list("Appliances")), integer(2));
    check_in_town(Expr::Count(over_list("Flooring")), integer(0));
    check_in_town(Expr::Count(over_list("Heating")), integer(0));
}

#[test]
fn paths_follow_links_to_one() {
    let (agent, office) = (link("Property", "ListAgent"), link("Member", "Office"));
    check_in_town(via(&[agent], "Member", "MemberKey"), text("M1"));
    check_in_town(via(&[agent], "Member", "MemberFullName"), None);
    check_in_town(via(&[agent, office], "Office", "OfficeName"), text("Lake"));
    // RESO-023: a path that leads nowhere is null.
    let buyer = link("Property", "BuyerAgent");
    check_in_town(via(&[buyer, office], "Office", "OfficeName"), None);
    check_in_town(eq(via(&[buyer], "Member", "MemberKey"), null()), Value::Boolean(true));
    let far = Over::Link(LinkRef { scope: 0, via: [buyer].into(), link: link("Member", "Media") });
    check_in_town(Expr::Count(far), integer(0));
}
