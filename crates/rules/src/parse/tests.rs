use crate::{Expression, Limits};

#[test]
fn what_is_no_expression_is_refused_at_its_place() {
    let check = |text: &str, position: usize| {
        let fault = Expression::parse(text).expect_err(text);
        assert_eq!(fault.position, position, "{text}: {fault}");
        assert!(!fault.message.is_empty() && !fault.hint.is_empty());
    };
    check("", 0);
    check("  ", 2);
    check("1 +", 3);
    check("1 2", 2);
    check("1 = 2 = 3", 6);
    check("1 < 2 < 3", 6);
    check("(1", 2);
    check("(1,)", 3);
    check("[City", 5);
    check("[1]", 1);
    check("LAST", 4);
    check("- City", 2);
    check(".AND. 1", 0);
    check("1 .AND. .OR. 1", 8);
    check("1 . 2", 2);
    check(".EMPTY", 0);
    check("'open", 0);
    check("1 /* open", 2);
    check("#2023-13-01#", 0);
    check("#2023-01-01", 0);
    check("City ~ 1", 5);
    check("FOO(1)", 0);
    check("IIF(1, 2)", 0);
    check("LENGTH()", 0);
    check("99999999999999999999999999999999", 0);
}

#[test]
fn no_expression_is_deeper_longer_or_slower_than_its_bounds() {
    let refused = |text: String| assert!(Expression::parse(&text).is_err(), "{text:.60}");
    let taken = |text: String| assert!(Expression::parse(&text).is_ok(), "{text:.60}");
    taken("(".repeat(60) + "1" + &")".repeat(60));
    refused("(".repeat(70) + "1" + &")".repeat(70));
    refused("(".repeat(Limits::BYTES));
    refused(".NOT.".repeat(70) + "1");
    taken("1".to_owned() + &"+1".repeat(60));
    refused("1".to_owned() + &"+1".repeat(70));
    taken("T".to_owned() + &" .OR. T".repeat(4_000));
    refused(" ".repeat(Limits::BYTES + 1));
    refused("LIST(".repeat(100) + &")".repeat(100));
}
