//! Arithmetic, rounding and casts.

use super::Arithmetic::{Add, Divide, DivideBy, Modulo, Multiply, Subtract};
use super::*;
use dictionary::Type;

#[test]
fn reso_021_arithmetic_keeps_to_its_type() {
    check(op(v(7), Add, v(2)), integer(9));
    check(op(v(7), Subtract, v(9)), integer(-2));
    check(op(v(7), Multiply, v(-2)), integer(-14));
    check(op(v(7), Divide, v(2)), integer(3));
    check(op(v(-7), Divide, v(2)), integer(-3));
    check(op(v(7), DivideBy, v(2)), decimal("3.5"));
    check(op(v(7), Modulo, v(2)), integer(1));
    check(op(v(-7), Modulo, v(2)), integer(-1));
    check(op(v(7), Modulo, v(-2)), integer(1));
    check(op(f("ListPrice"), Divide, v(2)), decimal("262500"));
    check(op(f("ListPrice"), Add, d("0.1")), decimal("525000.10"));
    check(op(d("5.5"), Modulo, v(2)), decimal("1.5"));
    check(op(d("1"), Divide, d("3")), decimal("0.3333333333333333333333333333"));
    check(op(v(1), Divide, double(4.0)), Value::Double(0.25));
    check(op(d("0.5"), Add, double(0.25)), Value::Double(0.75));
    check(Expr::Negate(Box::new(f("BedroomsTotal"))), integer(-4));
    check(Expr::Negate(Box::new(d("1.50"))), decimal("-1.50"));
    // 0.1 and 0.2 make 0.3 where they are decimals.
    check_truth(eq(op(d("0.1"), Add, d("0.2")), d("0.3")), true);
}

#[test]
fn what_has_no_result_is_null() {
    for operator in [Divide, DivideBy, Modulo] {
        check(op(v(1), operator, v(0)), None);
        check(op(d("1"), operator, d("0.00")), None);
        check(op(double(1.0), operator, double(0.0)), None);
    }
    check(op(double(0.0), Divide, double(0.0)), None);
    check(op(v(i64::MAX), Add, v(1)), None);
    check(op(v(i64::MIN), Subtract, v(1)), None);
    check(op(v(i64::MAX), Multiply, v(2)), None);
    check(op(v(i64::MIN), Divide, v(-1)), None);
    check(op(v(i64::MIN), Modulo, v(-1)), integer(0));
    check(Expr::Negate(Box::new(v(i64::MIN))), None);
    check(op(v(Decimal::MAX), Add, v(Decimal::MAX)), None);
    check(op(double(f64::MAX), Multiply, v(2)), None);
    // RESO-023: an operand that is null makes null, which is neither more nor less than anything.
    check(op(f("BathroomsTotalInteger"), Add, v(1)), None);
    check(op(v(1), Add, null()), None);
    check(Expr::Negate(Box::new(null())), None);
    check_truth(gt(op(f("BathroomsTotalInteger"), Add, v(1)), v(0)), false);
    check(op(v("1"), Add, v(1)), None);
}

#[test]
fn reso_022_rounding_takes_the_midpoint_away_from_zero() {
    let table = [
        ("0.5", "1", "0", "1"),
        ("-0.5", "-1", "-1", "0"),
        ("1.5", "2", "1", "2"),
        ("2.5", "3", "2", "3"),
        ("-2.5", "-3", "-3", "-2"),
        ("2.4999", "2", "2", "3"),
        ("7", "7", "7", "7"),
    ];
    for (number, round, floor, ceiling) in table {
        check(call(Function::Round, [d(number)]), decimal(round));
        check(call(Function::Floor, [d(number)]), decimal(floor));
        check(call(Function::Ceiling, [d(number)]), decimal(ceiling));
        let as_double = |text: &str| Value::Double(text.parse().unwrap());
        check(call(Function::Round, [Expr::Value(as_double(number))]), as_double(round));
        check(call(Function::Floor, [Expr::Value(as_double(number))]), as_double(floor));
    }
    check(call(Function::Round, [f("BedroomsTotal")]), integer(4));
    check(call(Function::Round, [null()]), None);
}

const MONEY: Type = Type::Decimal { precision: Some(5), scale: Some(2) };
const SHORT: Type = Type::Text { max_chars: Some(4) };
const LONG: Type = Type::Text { max_chars: None };

fn cast(value: impl Into<Value>, ty: Type) -> Expr {
    call(Function::Cast(ty), [v(value)])
}

#[test]
fn reso_022_casts_between_numbers_round_and_fit() {
    check(cast(300, Type::Int16), integer(300));
    check(cast(40_000, Type::Int16), None);
    check(cast(3_000_000_000, Type::Int32), None);
    check(cast(3_000_000_000, Type::Int64), integer(3_000_000_000));
    check(cast(decimal("2.5"), Type::Int32), integer(3));
    check(cast(Value::Double(-2.5), Type::Int32), integer(-3));
    check(cast(Value::Double(1e19), Type::Int64), None);
    check(cast(Value::Double(0.1), Type::Decimal { precision: None, scale: None }), decimal("0.1"));
    check(cast(decimal("1.005"), MONEY), decimal("1.01"));
    check(cast(999, MONEY), decimal("999"));
    check(cast(1_000, MONEY), None);
    check(cast(decimal("999.995"), MONEY), None);
    check(cast(decimal("0.1"), Type::Double), Value::Double(0.1));
    check(cast(Value::Double(1e300), MONEY), None);
}

#[test]
fn reso_022_casts_from_and_to_text() {
    check(cast("42", Type::Int32), integer(42));
    check(cast(" 42", Type::Int32), None);
    check(cast("4.2", Type::Int32), None);
    check(cast("1.5e3", Type::Decimal { precision: None, scale: None }), decimal("1500"));
    check(cast("1_000", MONEY), None);
    check(cast("1.5e3", Type::Double), Value::Double(1_500.0));
    check(cast("1e999", Type::Double), None);
    check(cast("TRUE", Type::Boolean), Value::Boolean(true));
    check(cast("yes", Type::Boolean), None);
    check(cast("2024-02-29", Type::Date), Value::Date("2024-02-29".parse().unwrap()));
    check(cast("2023-02-29", Type::Date), None);
    check(cast("2024-2-9", Type::Date), None);
    check(cast("09:30", Type::Time), Value::Time("09:30:00".parse().unwrap()));
    check(cast("09:30:00.2500009", Type::Time), Value::Time("09:30:00.25".parse().unwrap()));
    check(cast("24:00:00", Type::Time), None);
    let at = |text: &str| Value::Timestamp(text.parse().unwrap());
    check(cast("2024-03-01T04:34:56.5-08:00", Type::Timestamp), at("2024-03-01T12:34:56.5Z"));
    check(cast("2024-03-01T04:34:56", Type::Timestamp), at("2024-03-01T04:34:56Z"));
    check(cast("2024-03-01", Type::Timestamp), None);
    check(cast("2024-03-01T04:34:56+99:00", Type::Timestamp), None);
    let seattle = dictionary::Point { longitude: -122.5, latitude: 47.25 };
    check(cast("POINT(-122.5 47.25)", Type::Point), Value::Point(seattle));
    check(cast("POINT(47.25 -122.5)", Type::Point), None);
    check(cast(Value::Point(seattle), LONG), text("SRID=4326;Point(-122.5 47.25)"));
    check(cast(decimal("1.50"), SHORT), text("1.50"));
    check(cast(12_345, SHORT), None);
    check(cast(true, LONG), text("true"));
    check(cast(at("2024-03-01T12:34:56.789Z"), LONG), text("2024-03-01T12:34:56.789Z"));
    check(cast(Value::Time("09:30:00.000001".parse().unwrap()), LONG), text("09:30:00.000001"));
    check(cast(Value::Date("0007-01-02".parse().unwrap()), LONG), text("0007-01-02"));
    check(cast(Value::Double(1e300), LONG), text("1e300"));
    check(cast(list(&["a"]), LONG), None);
    check(cast(list(&["a"]), Type::TextList { max_chars: Some(1) }), list(&["a"]));
    check(cast(list(&["ab"]), Type::TextList { max_chars: Some(1) }), None);
    check(call(Function::Cast(Type::Int32), [null()]), None);
    check(call(Function::IsOf(Type::Int32), [v("42")]), Value::Boolean(true));
    check(call(Function::IsOf(Type::Int16), [v(40_000)]), Value::Boolean(false));
    check(call(Function::IsOf(Type::Int16), [null()]), None);
}
