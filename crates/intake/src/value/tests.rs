//! What is typed, and what is read.

use dictionary::{Type, Value};

use super::{Parse, ParseSettings, elements, read};
use crate::source::Cell;

const MONEY: Type = Type::Decimal { precision: Some(14), scale: Some(2) };

fn settings(text: &str) -> Parse {
    toml::from_str::<ParseSettings>(text).unwrap().ready().unwrap()
}

/// The value as it is written, or the code of what is wrong.
fn read_as(ty: Type, text: &str, parse: &Parse) -> String {
    match read(ty, text, false, parse) {
        Err(bad) => {
            assert!(!bad.message.is_empty() && !bad.hint.is_empty(), "{bad:?}");
            bad.code.to_owned()
        }
        Ok(value) => {
            let mut out = Vec::new();
            odata::text::write_value(&mut out, value.view());
            String::from_utf8(out).unwrap()
        }
    }
}

#[test]
fn numbers() {
    let parse = settings("");
    let check = |text: &str, expect: &str| assert_eq!(read_as(MONEY, text, &parse), expect, "{text}");
    check("1250000", "1250000");
    check("1,250,000", "1250000");
    check("$525,000", "525000");
    check("$ 525,000.50", "525000.50");
    check("525000 USD", "525000");
    check("US$525,000", "525000");
    check("-$5", "-5");
    check("$-5", "-5");
    check("($1,200.00)", "-1200.00");
    check("+5", "5");
    check("1 250 000", "1250000");
    check("1\u{a0}250\u{a0}000", "1250000");
    check(".5", "0.5");
    check("5.", "5");
    check("1.5E+6", "1500000");
    check("1,25", "wrong_value");
    check("12,34,567", "wrong_value");
    check(",125", "wrong_value");
    check("1.2.3", "wrong_value");
    check("--5", "wrong_value");
    check("five", "wrong_value");
    check("$", "wrong_value");
    check(".", "wrong_value");
    check("1,250,000,x", "wrong_value");

    let european = settings("decimal = ','");
    let check = |text: &str, expect: &str| assert_eq!(read_as(MONEY, text, &european), expect, "{text}");
    check("1.250.000,50", "1250000.50");
    check("1,5", "1.5");
    check("€ 1.250", "1250");
    check("1.5", "wrong_value");

    let none = settings("thousands = ''");
    assert_eq!(read_as(MONEY, "1,250", &none), "wrong_value");
    assert_eq!(read_as(MONEY, "1 250", &none), "wrong_value");
}

#[test]
fn whole_numbers() {
    let (parse, round) = (settings(""), settings("round = true"));
    let check = |text: &str, plain: &str, rounded: &str| {
        assert_eq!(read_as(Type::Int64, text, &parse), plain, "{text}");
        assert_eq!(read_as(Type::Int64, text, &round), rounded, "{text}, rounded");
    };
    check("3", "3", "3");
    check("3.0", "3", "3");
    check("1,234", "1234", "1234");
    check("2.25", "not_whole", "2");
    check("2.5", "not_whole", "3");
    check("-2.5", "not_whole", "-3");
    check("99999999999999999999", "wrong_value", "wrong_value");
    assert_eq!(read_as(Type::Int16, "40000", &parse), "wrong_value");
    assert_eq!(read_as(MONEY, "1.005", &round), "1.01");
}

#[test]
fn truths() {
    let parse = settings("");
    let check = |text: &str, expect: &str| {
        assert_eq!(read_as(Type::Boolean, text, &parse), expect, "{text}");
    };
    for yes in ["Y", "yes", "TRUE", "t", "1", "x"] {
        check(yes, "true");
    }
    for no in ["N", "No", "False", "f", "0"] {
        check(no, "false");
    }
    check("maybe", "wrong_value");
    let own = settings("yes = ['ja']\nno = ['nein']");
    assert_eq!(read_as(Type::Boolean, "Ja", &own), "true");
    assert_eq!(read_as(Type::Boolean, "true", &own), "true");
    assert_eq!(read_as(Type::Boolean, "y", &own), "wrong_value");
}

#[test]
fn dates() {
    let parse = settings("");
    let check = |text: &str, expect: &str| assert_eq!(read_as(Type::Date, text, &parse), expect, "{text}");
    check("2014-10-13", "2014-10-13");
    check("10/13/2014", "2014-10-13");
    check("1/2/2014", "2014-01-02");
    check("10-13-2014", "2014-10-13");
    check("20141013T000000", "2014-10-13");
    check("2014-10-13 09:30:00", "2014-10-13");
    check("2014-10-13T23:30:00-08:00", "2014-10-13");
    check("13/10/2014", "wrong_value");
    check("10/13/14", "wrong_value");
    check("2014-02-30", "wrong_value");
    check("yesterday", "wrong_value");
    let own = settings("date_formats = ['%d.%m.%Y', '%d %b %Y']");
    assert_eq!(read_as(Type::Date, "13.10.2014", &own), "2014-10-13");
    assert_eq!(read_as(Type::Date, "13 Oct 2014", &own), "2014-10-13");
    assert_eq!(read_as(Type::Date, "2014-10-13", &own), "2014-10-13");
    assert_eq!(read_as(Type::Date, "10/13/2014", &own), "wrong_value");
}

#[test]
fn instants_and_times_of_day() {
    let parse = settings("time_zone = 'America/Los_Angeles'");
    let check = |text: &str, expect: &str| {
        assert_eq!(read_as(Type::Timestamp, text, &parse), expect, "{text}");
    };
    check("2014-10-13T09:30:00Z", "2014-10-13T09:30:00Z");
    check("2014-10-13T09:30:00-04:00", "2014-10-13T13:30:00Z");
    check("2014-10-13T09:30:00", "2014-10-13T16:30:00Z");
    check("2014-10-13 09:30", "2014-10-13T16:30:00Z");
    check("10/13/2014 9:30 AM", "2014-10-13T16:30:00Z");
    check("10/13/2014 09:30:15 pm", "2014-10-14T04:30:15Z");
    check("10/13/2014", "2014-10-13T07:00:00Z");
    check("2014-12-13", "2014-12-13T08:00:00Z");
    // Twice on that night: the first of the two. Left out on that night: moved forward.
    check("2014-11-02 01:30", "2014-11-02T08:30:00Z");
    check("2014-03-09 02:30", "2014-03-09T10:30:00Z");
    check("2014-10-13 25:00", "wrong_value");
    check("soon", "wrong_value");
    assert_eq!(read_as(Type::Timestamp, "2014-10-13 09:30", &settings("")), "time_zone_missing");
    let own = settings("time_zone = 'UTC'\ndate_formats = ['%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M %z']");
    assert_eq!(read_as(Type::Timestamp, "13.10.2014 09:30", &own), "2014-10-13T09:30:00Z");
    assert_eq!(read_as(Type::Timestamp, "13.10.2014 09:30 +0200", &own), "2014-10-13T07:30:00Z");

    let check = |text: &str, expect: &str| assert_eq!(read_as(Type::Time, text, &parse), expect, "{text}");
    check("09:30", "09:30:00");
    check("9:30 AM", "09:30:00");
    check("9:30pm", "21:30:00");
    check("25:00", "wrong_value");
}

#[test]
fn lists() {
    let parse = settings("null_words = ['None']");
    let check = |cell: Cell<'_>, expect: &[&str]| assert_eq!(elements(&cell, &parse), expect, "{cell:?}");
    check(Cell::Text("Deck, Patio ,,Deck".into()), &["Deck", "Patio"]);
    check(Cell::List(vec!["Deck, large".into(), "None".into()]), &["Deck, large"]);
    check(Cell::Text("None".into()), &[]);
    check(Cell::Empty, &[]);
    let bars = settings("list_separator = '|'");
    assert_eq!(elements(&Cell::Text("a,b|c".into()), &bars), ["a,b", "c"]);
}

#[test]
fn text_and_points() {
    let parse = settings("");
    let text = Type::Text { max_chars: None };
    assert_eq!(read(text, "00123", false, &parse), Ok(Value::from("00123")));
    assert_eq!(read_as(Type::Point, "POINT(-122.3 47.6)", &parse), "POINT(-122.3 47.6)");
    assert_eq!(read_as(Type::Point, "47.6,-122.3", &parse), "wrong_value");
}

#[test]
fn settings_that_cannot_be() {
    let check = |text: &str, code: &str| {
        let bad = toml::from_str::<ParseSettings>(text).unwrap().ready().unwrap_err();
        assert_eq!(bad.code, code, "{text}");
    };
    check("decimal = 'x'", "setting_wrong");
    check("thousands = '.'", "setting_wrong");
    check("date_formats = ['mm/dd']", "setting_wrong");
    check("list_separator = ''", "setting_wrong");
    check("time_zone = 'Mars/Olympus'", "time_zone_unknown");
}
