//! What a filter wants and what it does not.

use dictionary::Version;

use super::*;

const DATA: &str = r#"{
    "type": "UpdateAction", "price": 500000.10, "count": 3, "big": 12345678901234567890.12, "flag": true, "none": null,
    "object": {"status": "Closed", "date": "2026-03-01T10:00:00Z", "a\"b": 1},
    "participants": [{"name": "Ann", "share": 0.5}, {"name": "Bob", "share": 0.25}], "tags": ["x", "y"], "empty": []
}"#;

/// EVT-071: what does not match is stopped.
#[test]
fn evt_071_operators_over_members() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let check = |filter: &str, expect: bool| {
        let read = PayloadFilter::read(filter).unwrap_or_else(|fault| panic!("{filter}: {fault}"));
        assert_eq!(read.matches(&dictionary, DATA, Timestamp::UNIX_EPOCH), expect, "{filter}");
    };
    check("{}", true);
    check(r#"{"type": "UpdateAction"}"#, true);
    check(r#"{"type": "updateAction"}"#, false);
    check(r#"{"type": {"$eq": "UpdateAction"}, "flag": true}"#, true);
    check(r#"{"type": {"$eq": "UpdateAction"}, "flag": false}"#, false);
    check(r#"{"type": {"$neq": "UpdateAction"}}"#, false);
    check(r#"{"missing": {"$neq": 1}}"#, true);
    check(r#"{"missing": {"$eq": null}, "none": null}"#, true);
    // Numbers by their digits: a double cannot tell these apart.
    check(r#"{"price": 500000.1}"#, true);
    check(r#"{"price": 5000001e-1}"#, true);
    check(r#"{"price": {"$gt": 500000.0999999999999}}"#, true);
    check(r#"{"big": {"$gt": 12345678901234567890.11}}"#, true);
    check(r#"{"big": {"$gt": 12345678901234567890.12}}"#, false);
    check(r#"{"count": {"$gte": 3, "$lte": 3}}"#, true);
    check(r#"{"count": {"$gte": 3, "$lt": 3}}"#, false);
    check(r#"{"count": "3"}"#, false);
    check(r#"{"missing": {"$lt": 5}}"#, false);
    check(r#"{"type": {"$in": ["AddAction", "UpdateAction"]}}"#, true);
    check(r#"{"type": ["AddAction", "UpdateAction"]}"#, true);
    check(r#"{"type": {"$in": []}}"#, false);
    check(r#"{"type": {"$nin": ["AddAction", "UpdateAction"]}}"#, false);
    check(r#"{"missing": {"$nin": ["AddAction"]}}"#, true);
    check(r#"{"type": {"$startsWith": "Upd"}}"#, true);
    check(r#"{"type": {"$startsWith": "upd"}}"#, false);
    check(r#"{"missing": {"$startsWith": ""}}"#, false);
    check(r#"{"object": {"status": {"$exist": true}}, "missing": {"$exist": false}}"#, true);
    check(r#"{"object": {"status": {"$exist": false}}}"#, false);
    check(r#"{"object": {"a\"b": 1}}"#, true);
    check(r#"{"object": {"date": "2026-03-01T12:00:00+02:00"}}"#, true);
    check(
        r#"{"object": {"date": {"$gt": "2026-03-01T11:30:00+02:00", "$lt": "2026-03-02T00:00:00Z"}}}"#,
        true,
    );
    check(r#"{"$or": [{"count": 4}, {"object": {"status": "Closed"}}]}"#, true);
    check(r#"{"$or": [{"count": 4}, {"object": {"status": "Open"}}]}"#, false);
    check(r#"{"$and": [{"count": 3}, {"$or": [{"flag": false}, {"flag": true}]}]}"#, true);
    check(r#"{"object": {"$or": [{"status": "Open"}, {"status": "Closed"}]}}"#, true);
    // One item of an array is enough; of "not", all must differ.
    check(r#"{"participants": {"name": "Bob"}}"#, true);
    check(r#"{"participants": {"share": {"$gt": 0.5}}}"#, false);
    check(r#"{"participants": {"name": {"$neq": "Bob"}}}"#, false);
    check(r#"{"tags": "y"}"#, true);
    check(r#"{"tags": {"$nin": ["z"]}}"#, true);
    check(r#"{"empty": {"$exist": true}}"#, false);
}

#[test]
fn what_is_no_filter_is_refused() {
    let check = |filter: &str, part: &str| {
        let fault = PayloadFilter::read(filter).expect_err(filter);
        assert!(fault.message.contains(part) && !fault.hint.is_empty(), "{filter}: {fault}");
    };
    check("", "no JSON object");
    check("[]", "no JSON object");
    check("{", "no JSON object");
    check(r#"{"a": {"$like": 1}}"#, "$like");
    check(r#"{"$eq": 1}"#, "at the top");
    check(r#"{"$or": []}"#, "not empty");
    check(r#"{"$or": {"a": 1}}"#, "array");
    check(r#"{"a": {"$gt": {"b": 1}}}"#, "compared with");
    check(r#"{"a": {"$in": 1}}"#, "array");
    check(r#"{"a": {"$exist": 1}}"#, "true or false");
    check(&format!("{}1{}", r#"{"a":"#.repeat(40), "}".repeat(40)), "32 levels");
    check(&format!("{{{}}}", vec![r#""a": 1"#; 101].join(",")), "100 conditions");
    check(&format!(r#"{{"a": "{}"}}"#, "x".repeat(4_000)), "4,000");
}
