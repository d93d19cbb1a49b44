//! Bodies of errors.

use super::*;

#[test]
fn a_fault_is_an_odata_error_body() {
    // RESO-003: code, message, target, details; the place of a bad field; always JSON.
    let check = |fault: Fault, expect: &str| {
        let mut out = Vec::new();
        write_error(&mut out, &fault);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, expect);
        serde_json::from_str::<serde_json::Value>(&out).unwrap();
    };
    check(
        Fault::new(404, "no_such_resource", "There is no \"Propertys\".", ""),
        r#"{"error":{"code":"no_such_resource","message":"There is no \"Propertys\"."}}"#,
    );
    check(
        Fault::bad("unknown_field", "Property has no field ListPrise.", "Did you mean ListPrice?")
            .about("$filter")
            .at(7),
        concat!(
            r#"{"error":{"code":"unknown_field","message":"Property has no field ListPrise. "#,
            r#"Did you mean ListPrice?","target":"$filter","@freehold.position":7}}"#
        ),
    );
    let mut fault = Fault::bad("refused", "Two fields are wrong.", "See the details.");
    fault.details = vec![Fault::bad("a", "A.", "B.").about("Media[1].Order"), Fault::bad("c", "C.", "")];
    check(
        fault,
        concat!(
            r#"{"error":{"code":"refused","message":"Two fields are wrong. See the details.","details":["#,
            r#"{"code":"a","message":"A. B.","target":"Media[1].Order"},{"code":"c","message":"C."}]}}"#
        ),
    );
    let both = vec![Fault::new(413, "a", "A.", "").about("x"), Fault::bad("b", "B.", "")];
    check(Fault::of_all(both.clone()[1..].to_vec()), r#"{"error":{"code":"b","message":"B."}}"#);
    check(
        Fault::of_all(both),
        concat!(
            r#"{"error":{"code":"several","message":"2 things are wrong. Each is told in details.","#,
            r#""details":[{"code":"a","message":"A.","target":"x"},{"code":"b","message":"B."}]}}"#
        ),
    );
}
