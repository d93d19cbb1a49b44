//! Comparisons, null, and three-valued logic.

use super::*;

/// A condition that is unknown: a function of a field without a value.
fn unknown() -> Expr {
    call(Function::Contains, [f("UnparsedAddress"), v("x")])
}

fn yes() -> Expr {
    v(true)
}

fn no() -> Expr {
    v(false)
}

#[test]
fn reso_021_comparisons_across_the_kinds() {
    check_truth(eq(f("BedroomsTotal"), v(4)), true);
    check_truth(ne(f("BedroomsTotal"), v(4)), false);
    check_truth(gt(f("BedroomsTotal"), v(3)), true);
    check_truth(gt(f("BedroomsTotal"), v(4)), false);
    check_truth(ge(f("BedroomsTotal"), v(4)), true);
    check_truth(lt(f("BedroomsTotal"), v(4)), false);
    check_truth(le(f("BedroomsTotal"), v(4)), true);
    check_truth(eq(f("ListPrice"), v(525_000)), true);
    check_truth(eq(f("ListPrice"), d("525000.0")), true);
    check_truth(eq(f("ListPrice"), double(525_000.0)), true);
    check_truth(lt(f("City"), v("Tacoma")), true);
    check_truth(lt(f("City"), v("são paulo")), true);
    check_truth(gt(v("é"), v("z")), true);
    check_truth(eq(f("PoolPrivateYN"), v(true)), true);
    check_truth(gt(v(true), v(false)), true);
    check_truth(eq(f("ListingContractDate"), v("2024-02-29".parse::<dictionary::Date>().unwrap())), true);
    // Any distance from UTC is the same instant.
    check_truth(
        eq(f("ModificationTimestamp"), v("2024-03-01T04:34:56.789-08:00".parse::<Timestamp>().unwrap())),
        true,
    );
    check_truth(eq(f("Appliances"), Expr::Value(list(&["Dishwasher", "Range"]))), true);
    check_truth(eq(f("Appliances"), Expr::Value(list(&["Range", "Dishwasher"]))), false);
    // What cannot be compared is unequal, and neither less nor greater.
    check_truth(eq(f("City"), v(4)), false);
    check_truth(ne(f("City"), v(4)), true);
    check_truth(lt(f("City"), v(4)), false);
    check_truth(ge(f("City"), v(4)), false);
}

#[test]
fn numbers_are_compared_exactly() {
    let big = 9_007_199_254_740_993; // 2^53 + 1, which no double is
    check_truth(eq(v(big), double(9_007_199_254_740_992.0)), false);
    check_truth(gt(v(big), double(9_007_199_254_740_992.0)), true);
    check_truth(eq(d("0.1"), double(0.1)), false);
    check_truth(lt(d("0.1"), double(0.1)), true);
    check_truth(eq(d("0.5"), double(0.5)), true);
    check_truth(eq(d("-0.375"), double(-0.375)), true);
    check_truth(lt(double(-0.1), d("-0.1")), true);
    check_truth(eq(d("0.00"), double(-0.0)), true);
    check_truth(gt(d("0.0000000000000000000000000001"), double(1e-29)), true);
    check_truth(lt(d("0.0000000000000000000000000001"), double(1.1e-28)), true);
    check_truth(gt(double(5e-324), v(0)), true);
    check_truth(lt(d("79228162514264337593543950335"), double(7.922_816_251_426_434e28)), true);
    check_truth(gt(double(f64::MAX), v(i64::MAX)), true);
    check_truth(lt(double(f64::MIN), v(i64::MIN)), true);
    check_truth(eq(double(-9_223_372_036_854_775_808.0), v(i64::MIN)), true);
    check_truth(lt(v(i64::MAX), double(9_223_372_036_854_775_808.0)), true);
    check_truth(gt(double(f64::INFINITY), v(1)), true);
    check_truth(lt(double(f64::NEG_INFINITY), d("-1")), true);
    check_truth(eq(double(f64::NAN), double(f64::NAN)), false);
    check_truth(ne(double(f64::NAN), v(1)), true);
}

#[test]
fn reso_023_null_equals_null_alone() {
    let nothing = || f("BathroomsTotalInteger");
    check_truth(gt(null(), v(1)), false);
    check_truth(ne(null(), v(1)), true);
    check_truth(eq(null(), null()), true);
    check_truth(ne(null(), null()), false);
    check_truth(eq(nothing(), null()), true);
    check_truth(ne(nothing(), null()), false);
    check_truth(eq(nothing(), v(1)), false);
    check_truth(ne(nothing(), v(1)), true);
    for comparison in [gt, ge, lt, le] {
        check_truth(comparison(nothing(), v(1)), false);
        check_truth(comparison(v(1), nothing()), false);
        check_truth(comparison(nothing(), null()), false);
        check_truth(comparison(null(), null()), false);
        // Not unknown, so that its opposite is true.
        check_truth(not(comparison(nothing(), v(1))), true);
    }
    check_truth(eq(f("Flooring"), null()), false);
    check_truth(eq(f("Heating"), null()), true);
}

#[test]
fn reso_023_and_or_not_know_unknown() {
    check_truth(unknown(), None);
    check_truth(not(unknown()), None);
    let table: [(Expr, Expr, Option<bool>, Option<bool>); 9] = [
        (yes(), yes(), Some(true), Some(true)),
        (yes(), no(), Some(false), Some(true)),
        (yes(), unknown(), None, Some(true)),
        (no(), yes(), Some(false), Some(true)),
        (no(), no(), Some(false), Some(false)),
        (no(), unknown(), Some(false), None),
        (unknown(), yes(), None, Some(true)),
        (unknown(), no(), Some(false), None),
        (unknown(), unknown(), None, None),
    ];
    for (a, b, and, or) in table {
        check_truth(Expr::And(vec![a.clone(), b.clone()]), and);
        check_truth(Expr::Or(vec![a, b]), or);
    }
    check_truth(Expr::And(vec![]), true);
    check_truth(Expr::Or(vec![]), false);
    check_truth(Expr::And(vec![yes(), null()]), None);
    check_truth(not(null()), None);
    // A comparison of conditions sees their null.
    check_truth(eq(unknown(), null()), true);
    check_truth(eq(unknown(), v(false)), false);
    // A number is no condition.
    check_truth(not(f("BedroomsTotal")), None);
}

#[test]
fn reso_021_in_is_an_or_of_eq() {
    let is_in = |a: Expr, list: Vec<Expr>| Expr::In(Box::new(a), list);
    check_truth(is_in(f("BedroomsTotal"), vec![v(3), v(4)]), true);
    check_truth(is_in(f("BedroomsTotal"), vec![v(3), d("4.0")]), true);
    check_truth(is_in(f("BedroomsTotal"), vec![v(3)]), false);
    check_truth(is_in(f("BedroomsTotal"), vec![]), false);
    check_truth(is_in(f("BedroomsTotal"), vec![v(3), null()]), false);
    // RESO-023: null is in a list that holds null, and in no other; never unknown.
    check_truth(is_in(f("BathroomsTotalInteger"), vec![v(1), null()]), true);
    check_truth(is_in(f("BathroomsTotalInteger"), vec![v(1)]), false);
    check_truth(not(is_in(f("BathroomsTotalInteger"), vec![v(1)])), true);
}

#[test]
fn reso_021_has_looks_into_lists_and_text() {
    let has = |a: Expr, b: Expr| Expr::Has(Box::new(a), Box::new(b));
    check_truth(has(f("Appliances"), v("Range")), true);
    check_truth(has(f("Appliances"), v("Ran")), false);
    check_truth(has(f("Flooring"), v("Range")), false);
    check_truth(has(f("Appliances"), Expr::Value(list(&["Range", "Dishwasher"]))), true);
    check_truth(has(f("Appliances"), Expr::Value(list(&["Range", "Oven"]))), false);
    check_truth(has(f("City"), v("São Paulo")), true);
    check_truth(has(f("City"), v("Paulo")), false);
    check_truth(has(f("Heating"), v("Range")), None);
    check_truth(has(f("Appliances"), null()), None);
}
