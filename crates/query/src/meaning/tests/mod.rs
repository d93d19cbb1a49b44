//! What each operator and function means, a line each.

mod links;
mod logic;
mod numbers;
mod places;
mod texts;
mod times;

use std::sync::LazyLock;

use dictionary::{Decimal, Dictionary, Record, Timestamp, Value, Version};

use crate::{Arithmetic, Comparison, Context, Expr, Function, NoLinks, evaluate};

static WORDS: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::standard(Version::V2_1));

const NOW: Timestamp = Timestamp::constant(1_748_779_200, 0);

/// The listing that is asked about. It has no BathroomsTotalInteger, no CloseDate and no UnparsedAddress.
fn listing() -> Record {
    let property = WORDS.known("Property");
    let mut record = Record::new(property.id);
    let mut set = |name: &str, value: Value| record.set(property.find(name).unwrap(), value);
    set("ListingKey", "L1".into());
    set("ListPrice", decimal("525000.00"));
    set("BedroomsTotal", Value::Integer(4));
    set("City", "São Paulo".into());
    set("PoolPrivateYN", true.into());
    set("ListingContractDate", Value::Date("2024-02-29".parse().unwrap()));
    set("ModificationTimestamp", Value::Timestamp("2024-03-01T12:34:56.789Z".parse().unwrap()));
    set("PublicRemarks", "A lake view, new roof; the ROOF is new.".into());
    set("Appliances", list(&["Dishwasher", "Range"]));
    set("Flooring", list(&[]));
    record
}

/// Whether the expression has this value on the listing; none is null.
#[track_caller]
fn check(expr: Expr, expect: impl Into<Option<Value>>) {
    let context = Context { dictionary: &WORDS, links: &NoLinks, now: NOW };
    assert_eq!(evaluate(&expr, &listing(), context), expect.into(), "{expr:?}");
}

/// Whether the condition is true, false or (none) unknown of the listing.
#[track_caller]
fn check_truth(expr: Expr, expect: impl Into<Option<bool>>) {
    check(expr, expect.into().map(Value::Boolean));
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

fn list(items: &[&str]) -> Value {
    Value::TextList(items.iter().map(|item| (*item).into()).collect())
}

fn integer(number: i64) -> Value {
    Value::Integer(number)
}

fn text(text: &str) -> Value {
    text.into()
}

/// A field of the listing.
fn f(name: &str) -> Expr {
    Expr::field(WORDS.known("Property").find(name).unwrap())
}

/// A literal.
fn v(value: impl Into<Value>) -> Expr {
    Expr::Value(value.into())
}

/// A literal decimal.
fn d(text: &str) -> Expr {
    v(text.parse::<Decimal>().unwrap())
}

/// A literal double.
fn double(number: f64) -> Expr {
    Expr::Value(Value::Double(number))
}

fn null() -> Expr {
    Expr::Null
}

fn compare(comparison: Comparison, a: Expr, b: Expr) -> Expr {
    Expr::Compare(comparison, Box::new(a), Box::new(b))
}

fn eq(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Equal, a, b)
}

fn ne(a: Expr, b: Expr) -> Expr {
    compare(Comparison::NotEqual, a, b)
}

fn gt(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Greater, a, b)
}

fn ge(a: Expr, b: Expr) -> Expr {
    compare(Comparison::GreaterOrEqual, a, b)
}

fn lt(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Less, a, b)
}

fn le(a: Expr, b: Expr) -> Expr {
    compare(Comparison::LessOrEqual, a, b)
}

fn not(a: Expr) -> Expr {
    Expr::Not(Box::new(a))
}

fn op(a: Expr, operator: Arithmetic, b: Expr) -> Expr {
    Expr::Arithmetic(operator, Box::new(a), Box::new(b))
}

fn call(function: Function, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(function, arguments.into_iter().collect())
}
