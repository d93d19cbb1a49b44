//! Tokens there and back, and damaged ones.

use dictionary::{Type, Value};
use query::PageMark;

use super::*;
use crate::text;

fn values() -> Vec<Option<Value>> {
    let decimal = Type::Decimal { precision: None, scale: None };
    let read = |ty, text| Some(text::read_value(ty, text).unwrap());
    vec![
        None,
        Some(Value::Boolean(true)),
        Some(Value::Boolean(false)),
        Some(Value::Integer(i64::MIN)),
        Some(Value::Integer(i64::MAX)),
        Some(Value::Integer(-1)),
        read(decimal, "-0.0000000000000000000000000001"),
        read(decimal, "7922816251426433759354395033"),
        read(decimal, "525000.00"),
        Some(Value::Double(-122.335)),
        Some(Value::Double(f64::MAX)),
        read(Type::Date, "0001-01-01"),
        read(Type::Timestamp, "2026-11-23T09:49:52.123456Z"),
        read(Type::Timestamp, "0001-01-01T00:00:00Z"),
        read(Type::Timestamp, "9999-12-30T00:00:00Z"),
        read(Type::Time, "23:59:59.999999"),
        Some(Value::from("d'Arc, 5 é🏡")),
        Some(Value::from("")),
        read(Type::TextList { max_chars: None }, r#"["a","","é"]"#),
        read(Type::Point, "POINT(-122.335 47.608)"),
    ]
}

fn token(values: Vec<Option<Value>>, key: &str, left: Option<u64>) -> PageToken {
    let question = fingerprint(&["Property", "ListPrice gt 1", ""]);
    PageToken { mark: PageMark { values, key: key.into() }, left, question }
}

#[test]
fn a_token_says_the_same_when_it_is_read() {
    let check = |token: PageToken| {
        let text = write(&token);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
        assert_eq!(read(&text, token.question), Ok(token));
    };
    for value in values() {
        check(token(vec![value], "K", None));
    }
    check(token(values(), "NWM|12345|é", Some(0)));
    check(token(Vec::new(), "", Some(u64::MAX - 1)));
    check(token(vec![Some(Value::from("x".repeat(9_000)))], "K", Some(10)));
}

/// RESO-041: links outlive restarts and versions, so the form of a token may only be added to.
#[test]
fn a_token_of_the_first_form_is_read_for_ever() {
    let at = text::read_value(Type::Timestamp, "2026-11-23T09:49:52.5Z").unwrap();
    let question = fingerprint(&["Property", "", ""]);
    let expect =
        PageToken { mark: PageMark { values: vec![Some(at)], key: "NWM-1".into() }, left: Some(9), question };
    const KEPT: &str = "AVOjk0WT1XwfCgEHgJS_3-3s0eoxBU5XTS0xYsUlFw";
    assert_eq!(write(&expect), KEPT);
    assert_eq!(read(KEPT, question), Ok(expect));
}

#[test]
fn a_damaged_token_is_refused() {
    let good = write(&token(values(), "K1", Some(5)));
    let question = token(Vec::new(), "", None).question;
    let check = |text: &str| {
        let fault = read(text, question).expect_err(text);
        assert_eq!((fault.status, fault.code), (400, "bad_page_token"), "{text}");
        assert!(!fault.hint.is_empty());
    };
    check("");
    check("AAAA");
    check("not a token!");
    check(&"A".repeat(100_000));
    check(&format!("{good}A"));
    check(&format!("{good}="));
    for at in 0..good.len() {
        check(&good[..at]);
        let mut other = good.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        check(std::str::from_utf8(&other).unwrap());
    }
}

#[test]
fn bytes_with_a_right_checksum_and_nonsense_inside_are_refused() {
    for seed in 0..20_000_u64 {
        let noise: Vec<u8> =
            (0..seed % 40).map(|at| (steady(&[&(seed * 64 + at).to_le_bytes()]) >> 20) as u8).collect();
        let mut bytes = vec![FORM];
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend(noise);
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        // Whatever it holds, it is read or refused; it never panics.
        let _ = read(&URL_SAFE_NO_PAD.encode(bytes), 0);
    }
}

#[test]
fn a_token_belongs_to_its_question() {
    let good = write(&token(values(), "K1", None));
    for parts in [
        ["Property", "ListPrice gt 2", ""],
        ["Property", "", "ListPrice gt 1"],
        ["Media", "ListPrice gt 1", ""],
    ] {
        assert_eq!(read(&good, fingerprint(&parts)).unwrap_err().code, "other_question");
    }
    assert_ne!(fingerprint(&["ab", ""]), fingerprint(&["a", "b"]));
}
