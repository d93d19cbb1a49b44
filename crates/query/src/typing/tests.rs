//! What makes sense, and what is said of what does not.

use std::sync::LazyLock;

use dictionary::{Dictionary, Type, Version};

use super::*;
use crate::{Arithmetic, Comparison, Function, Quantifier, Quantity};

static WORDS: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::standard(Version::V2_1));

fn f(name: &str) -> Expr {
    Expr::field(WORDS.known("Property").find(name).unwrap())
}

fn v(value: impl Into<Value>) -> Expr {
    Expr::Value(value.into())
}

fn compare(a: Expr, comparison: Comparison, b: Expr) -> Expr {
    Expr::Compare(comparison, Box::new(a), Box::new(b))
}

fn eq(a: Expr, b: Expr) -> Expr {
    compare(a, Comparison::Equal, b)
}

fn gt(a: Expr, b: Expr) -> Expr {
    compare(a, Comparison::Greater, b)
}

fn call<const N: usize>(function: Function, arguments: [Expr; N]) -> Expr {
    Expr::Call(function, arguments.into())
}

fn link(name: &str) -> Over {
    let link = WORDS.known("Property").find_link(name).unwrap();
    Over::Link(LinkRef { scope: 0, via: Box::default(), link })
}

fn list(name: &str) -> Over {
    Over::List(FieldRef::own(WORDS.known("Property").find(name).unwrap()))
}

fn any(over: Over, body: Expr) -> Expr {
    Expr::Quantified(Box::new(Quantifier { quantity: Quantity::Any, over, body: Some(body) }))
}

fn kind(expr: &Expr) -> Typed {
    kind_of(expr, &WORDS, WORDS.known("Property").id)
}

#[test]
fn what_makes_sense_has_a_kind() {
    let check = |expr: Expr, expect: Kind| assert_eq!(kind(&expr), Ok(expect), "{expr:?}");
    check(Expr::Null, Kind::Null);
    check(f("ListPrice"), Kind::Number);
    check(f("BedroomsTotal"), Kind::Number);
    check(f("City"), Kind::Text);
    check(f("Appliances"), Kind::TextList);
    check(f("ListingContractDate"), Kind::Date);
    check(f("ModificationTimestamp"), Kind::Timestamp);
    check(eq(f("ListPrice"), v(1)), Kind::Boolean);
    check(eq(f("City"), Expr::Null), Kind::Boolean);
    check(gt(Expr::Null, v(1)), Kind::Boolean);
    check(gt(Expr::Null, Expr::Null), Kind::Boolean);
    check(eq(f("Appliances"), f("Flooring")), Kind::Boolean);
    check(eq(f("Coordinates"), Expr::Null), Kind::Boolean);
    check(gt(v(true), v(false)), Kind::Boolean);
    check(Expr::Not(Box::new(Expr::Null)), Kind::Boolean);
    check(Expr::Arithmetic(Arithmetic::Add, Box::new(f("ListPrice")), Box::new(Expr::Null)), Kind::Number);
    check(Expr::In(Box::new(f("City")), vec![v("a"), Expr::Null]), Kind::Boolean);
    check(Expr::Has(Box::new(f("Appliances")), Box::new(v("Range"))), Kind::Boolean);
    check(Expr::Count(list("Appliances")), Kind::Number);
    check(Expr::Count(link("Media")), Kind::Number);
    check(any(list("Appliances"), eq(Expr::Element(1), v("Range"))), Kind::Boolean);
    check(call(Function::Cast(Type::Date), [f("City")]), Kind::Date);
    check(call(Function::Substring, [f("City"), v(1)]), Kind::Text);
    check(call(Function::Now, []), Kind::Timestamp);
    check(call(Function::Year, [f("ListingContractDate")]), Kind::Number);
    check(call(Function::GeoIntersects, [f("Coordinates"), Expr::Polygon(vec![])]), Kind::Boolean);
    check(call(Function::MatchesPattern, [f("City"), v("^S")]), Kind::Boolean);
}

#[test]
fn what_makes_none_is_refused_with_a_hint() {
    let check = |expr: Expr, message: &str, hint: &str| {
        let fault = kind(&expr).unwrap_err();
        assert!(fault.message.contains(message), "{fault}");
        assert!(fault.hint.contains(hint), "{fault}");
    };
    check(eq(f("ListPrice"), v("5")), "ListPrice is a number and '5' is text", "without quotes");
    check(eq(f("City"), v(5)), "City is text and 5 is a number", "single quotes");
    let day = v("2026-11-23".parse::<dictionary::Date>().unwrap());
    check(gt(f("ModificationTimestamp"), day), "2026-11-23 is a date", "Give both a time");
    check(eq(f("Appliances"), v("Range")), "a list of text", "Appliances/any(x:x eq 'Range')");
    check(gt(f("Appliances"), f("Flooring")), "cannot be compared with gt", "$count");
    check(eq(f("Coordinates"), f("Coordinates")), "Coordinates is a point", "geo.distance");
    check(gt(f("Coordinates"), Expr::Null), "cannot be compared with gt", "geo.distance");
    check(Expr::Not(Box::new(f("City"))), "What follows not", "Field eq value");
    check(Expr::And(vec![v(true), f("ListPrice")]), "ListPrice is a number", "Compare it");
    check(Expr::In(Box::new(f("City")), vec![v("a"), v(1)]), "City is text and 1", "quotes");
    check(Expr::Has(Box::new(f("ListPrice")), Box::new(v("a"))), "has takes lists", "eq");
    check(
        Expr::Arithmetic(Arithmetic::DivideBy, Box::new(f("City")), Box::new(v(1))),
        "divby takes numbers; City is text",
        "cast",
    );
    check(Expr::Negate(Box::new(f("City"))), "- takes numbers", "cast");
    check(call(Function::Contains, [f("City")]), "contains has 1 arguments", "takes 2");
    check(call(Function::Substring, [f("City")]), "substring has 1", "2 or 3");
    check(call(Function::Now, [v(1)]), "now has 1", "none");
    check(call(Function::Contains, [f("City"), v(1)]), "Argument 2 of contains is a number: 1", "takes text");
    check(
        call(Function::Year, [f("City")]),
        "Argument 1 of year is text: City",
        "a date or a date with time",
    );
    check(call(Function::Hour, [f("ListingContractDate")]), "is a date", "a time of day");
    check(call(Function::Substring, [f("City"), v(0), v(-1)]), "-1 is no place", "0 or more");
    check(
        call(Function::MatchesPattern, [f("City"), v("(")]),
        "'(' is no pattern: unclosed group",
        "JavaScript",
    );
    check(call(Function::MatchesPattern, [f("City"), v("(a)\\1")]), "backreferences", "linear");
    check(call(Function::GeoIntersects, [f("Coordinates"), v("POLYGON")]), "is text", "a polygon");
    check(any(list("City"), v(true)), "City is text, not a list", "City eq value");
    check(any(link("ListAgent"), v(true)), "ListAgent leads to one", "ListAgent/Field");
    check(any(list("Appliances"), Expr::Element(1)), "What any or all asks", "Field eq value");
    check(Expr::Element(1), "variable", "Inside any or all");
    let media = WORDS.known("Property").find_link("Media").unwrap();
    let through = FieldRef { scope: 0, via: [media].into(), field: dictionary::FieldId(0) };
    check(Expr::Field(through), "Media leads to many", "Media/any(x:");
    // A long literal is not said again in full.
    check(eq(f("ListPrice"), v("x".repeat(100))), &format!("'{}…'", "x".repeat(40)), "");
}

#[test]
fn filters_are_true_or_false_and_orders_have_an_order() {
    let property = WORDS.known("Property").id;
    let filter = |expr: Expr| check_filter(&expr, &WORDS, property);
    assert_eq!(filter(f("PoolPrivateYN")), Ok(()));
    assert_eq!(filter(Expr::Null), Ok(()));
    assert!(filter(f("City")).unwrap_err().message.contains("A filter must be true or false; City is text."));
    let order = |expr: Expr| check_order(&expr, &WORDS, property);
    assert_eq!(order(f("City")), Ok(()));
    assert_eq!(order(Expr::Count(list("Appliances"))), Ok(()));
    assert!(order(f("Appliances")).unwrap_err().hint.contains("$count"));
    assert!(order(f("Coordinates")).unwrap_err().hint.contains("geo.distance"));
}
