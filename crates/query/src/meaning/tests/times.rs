//! Parts of dates and times.

use super::Function::*;
use super::*;

#[test]
fn reso_022_parts_of_dates_and_times_are_in_utc() {
    let at = || f("ModificationTimestamp");
    check(call(Year, [at()]), integer(2024));
    check(call(Month, [at()]), integer(3));
    check(call(Day, [at()]), integer(1));
    check(call(Hour, [at()]), integer(12));
    check(call(Minute, [at()]), integer(34));
    check(call(Second, [at()]), integer(56));
    check(call(FractionalSeconds, [at()]), decimal("0.789"));
    check(call(Date, [at()]), Value::Date("2024-03-01".parse().unwrap()));
    check(call(Time, [at()]), Value::Time("12:34:56.789".parse().unwrap()));
    check(call(TotalOffsetMinutes, [at()]), integer(0));
    check(call(Year, [f("ListingContractDate")]), integer(2024));
    check(call(Day, [f("ListingContractDate")]), integer(29));
    let time = || Expr::Value(Value::Time("23:59:58.000001".parse().unwrap()));
    check(call(Hour, [time()]), integer(23));
    check(call(FractionalSeconds, [time()]), decimal("0.000001"));
    // Before 1970 too, where a second is not cut towards zero.
    let old = || v("1969-12-31T23:59:59.25Z".parse::<Timestamp>().unwrap());
    check(call(Year, [old()]), integer(1969));
    check(call(Second, [old()]), integer(59));
    check(call(FractionalSeconds, [old()]), decimal("0.25"));
    check(call(Hour, [f("ListingContractDate")]), None);
    check(call(Date, [f("ListingContractDate")]), None);
    check(call(Year, [f("CloseDate")]), None);
    check(call(TotalOffsetMinutes, [null()]), None);
}

#[test]
fn reso_022_now_and_the_ends_of_time() {
    check(call(Now, []), Value::Timestamp(NOW));
    check(call(MinDateTime, []), Value::Timestamp("0001-01-01T00:00:00Z".parse().unwrap()));
    check(call(MaxDateTime, []), Value::Timestamp("9999-12-30T22:00:00.999999Z".parse().unwrap()));
    check_truth(lt(f("ModificationTimestamp"), call(Now, [])), true);
    check_truth(gt(f("ModificationTimestamp"), call(MinDateTime, [])), true);
}

#[test]
fn now_is_bound_everywhere() {
    let expr = Expr::And(vec![
        not(lt(call(Now, []), null())),
        eq(call(Year, [call(Now, [])]), v(2025)),
        Expr::In(Box::new(null()), vec![call(Now, [])]),
    ]);
    let bound = expr.clone().bind(NOW);
    let mut calls = 0;
    bound.walk(&mut |e| calls += usize::from(matches!(e, Expr::Call(Now, _))));
    assert_eq!(calls, 0);
    check_truth(bound, false);
    check_truth(expr, false);
}
