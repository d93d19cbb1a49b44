//! Every type's text, both ways, a line each.

use dictionary::Type;

use super::*;

const DECIMAL: Type = Type::Decimal { precision: None, scale: None };
const TEXT: Type = Type::Text { max_chars: None };
const LIST: Type = Type::TextList { max_chars: None };

fn written(value: &Value) -> String {
    let mut out = Vec::new();
    write_value(&mut out, value.view());
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_read_is_written_in_one_form() {
    let check = |ty: Type, text: &str, expect: &str| {
        let value = read_value(ty, text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(written(&value), expect, "{text}");
        assert_eq!(read_value(ty, expect), Ok(value), "{expect} again");
    };
    check(Type::Boolean, "true", "true");
    check(Type::Boolean, "FALSE", "false");
    check(Type::Int16, "-32768", "-32768");
    check(Type::Int32, "+7", "7");
    check(Type::Int64, "9223372036854775807", "9223372036854775807");
    check(Type::Int64, "-9223372036854775808", "-9223372036854775808");
    check(DECIMAL, "525000.00", "525000.00");
    check(DECIMAL, "1.50", "1.50");
    check(DECIMAL, "-0.005", "-0.005");
    check(DECIMAL, "0.00", "0.00");
    check(DECIMAL, "-12", "-12");
    check(DECIMAL, "1.5e3", "1500");
    check(DECIMAL, "15E-3", "0.015");
    check(DECIMAL, "0e99", "0");
    check(DECIMAL, "7922816251426433759354395033", "7922816251426433759354395033");
    check(DECIMAL, "-1234567890.123456789012345678", "-1234567890.123456789012345678");
    check(Type::Double, "-122.335", "-122.335");
    check(Type::Double, "1e300", "1e300");
    check(Type::Double, "5e-324", "5e-324");
    check(Type::Double, "100000", "100000");
    check(Type::Date, "2026-11-23", "2026-11-23");
    check(Type::Date, "0001-01-01", "0001-01-01");
    check(Type::Date, "2024-02-29", "2024-02-29");
    check(Type::Time, "09:30", "09:30:00");
    check(Type::Time, "23:59:59.5", "23:59:59.500");
    check(Type::Time, "00:00:00.000001", "00:00:00.000001");
    check(Type::Timestamp, "2026-11-23T09:49:52Z", "2026-11-23T09:49:52Z");
    check(Type::Timestamp, "2026-11-23t09:49z", "2026-11-23T09:49:00Z");
    check(Type::Timestamp, "2026-11-23T01:49:52-08:00", "2026-11-23T09:49:52Z");
    check(Type::Timestamp, "2026-11-23T15:19:52+05:30", "2026-11-23T09:49:52Z");
    check(Type::Timestamp, "2026-01-01T00:30:00+14:00", "2025-12-31T10:30:00Z");
    check(Type::Timestamp, "2026-11-23T09:49:52.120Z", "2026-11-23T09:49:52.120Z");
    check(Type::Timestamp, "2026-11-23T09:49:52.1234569Z", "2026-11-23T09:49:52.123456Z");
    check(Type::Timestamp, "2026-11-23T09:49:52.000000999999Z", "2026-11-23T09:49:52Z");
    check(Type::Timestamp, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
    check(Type::Timestamp, "1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z");
    check(TEXT, "", "");
    check(TEXT, " d'Arc \u{1F3E1} ", " d'Arc \u{1F3E1} ");
    check(LIST, "[]", "[]");
    check(LIST, r#"["Deck", "Wine \"Cellar\""]"#, r#"["Deck","Wine \"Cellar\""]"#);
    check(Type::Point, "POINT(-122.335 47.608)", "POINT(-122.335 47.608)");
    check(Type::Point, "geography'SRID=4326;Point(-122.335  47.608)'", "POINT(-122.335 47.608)");
    check(Type::Point, "SRID=4326;POINT (180 -90)", "POINT(180 -90)");
}

#[test]
fn what_cannot_be_read_says_why() {
    let check = |ty: Type, text: &str, expect: &str| {
        let fault = read_value(ty, text).expect_err(text);
        assert!(fault.message.contains(expect), "{text}: {fault}");
        assert!(!fault.hint.is_empty(), "{text}: {fault}");
    };
    check(Type::Boolean, "yes", "not true or false");
    check(Type::Boolean, "1", "not true or false");
    for text in ["", "-", "4.0", " 4", "4 ", "0x10", "four", "--4", "٤"] {
        check(Type::Int32, text, "not a whole number");
    }
    check(Type::Int16, "32768", "outside its type");
    check(Type::Int32, "-2147483649", "outside its type");
    check(Type::Int64, "9223372036854775808", "outside its type");
    for text in ["", ".5", "5.", "1,000", "1e", "e1", "INF", "NaN", "1.2.3", "$5", "1_000"] {
        check(DECIMAL, text, "not a decimal");
        check(Type::Double, text, "not a number");
    }
    check(DECIMAL, "123456789012345678901234567890", "more digits");
    check(DECIMAL, "0.12345678901234567890123456789", "more digits");
    check(DECIMAL, "1e29", "more digits");
    check(DECIMAL, "1e99999999999", "more digits");
    check(DECIMAL, "1e-29", "more digits");
    check(Type::Double, "1e999", "too large");
    for text in ["", "2026-1-1", "20261123", "2026/11/23", "2026-11-23T00:00:00Z", "26-11-23", "2026-11-2é"]
    {
        check(Type::Date, text, "not a date");
    }
    check(Type::Date, "2026-02-29", "calendar");
    check(Type::Date, "2026-00-10", "calendar");
    for text in ["", "9:30", "24:00", "09:60", "09:30:60", "09:30:00.", "09:30:00.1234567890123", "09:30Z"] {
        check(Type::Time, text, "not a time of day");
    }
    for text in ["", "2026-11-23", "2026-11-23 09:49:52Z", "2026-11-23T24:00:00Z", "2026-11-23T09:49:52+0800"]
    {
        check(Type::Timestamp, text, "not a date and time");
    }
    check(Type::Timestamp, "2026-11-23T09:49:52", "distance from UTC");
    check(Type::Timestamp, "2026-11-31T09:49:52Z", "calendar");
    check(Type::Timestamp, "2026-11-23T09:49:52+24:00", "not a date and time");
    check(Type::Timestamp, "9999-12-31T23:59:59-23:00", "too far");
    for text in ["", "Deck", "[1]", "[\"a\"", "[\"a\"] x", "[[\"a\"]]"] {
        check(LIST, text, "not a list");
    }
    for text in
        ["", "POINT(1)", "POINT(1 2 3)", "POINT 1 2", "(1 2)", "geography'POINT(1 2)", "SRID=4326 POINT(1 2)"]
    {
        check(Type::Point, text, "not a point");
    }
    check(Type::Point, "POINT(47.6 -122.3)", "not on the globe");
    check(Type::Point, "SRID=3857;POINT(1 2)", "reference system");
    check(Type::Point, "POINT(x 2)", "not a number");
}

#[test]
fn a_long_text_is_not_repeated_in_its_fault() {
    let fault = read_value(Type::Int32, &"é".repeat(100_000)).unwrap_err();
    assert!(fault.message.len() < 200, "{fault}");
}
