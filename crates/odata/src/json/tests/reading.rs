//! What is read from JSON, and every way of it being wrong.

use super::*;

fn read(body: &str, options: &ReadOptions) -> Result<ReadRecord, Vec<crate::Fault>> {
    let dictionary = dictionary();
    read_record(body.as_bytes(), &dictionary, dictionary.known("Property").id, options)
}

fn keep() -> ReadOptions {
    ReadOptions { unknown: UnknownPolicy::Keep, links: LinkPolicy::Keep, ..ReadOptions::default() }
}

#[test]
fn values_take_the_type_of_their_field() {
    let dictionary = dictionary();
    let check = |field: &str, json: &str, expect: &str| {
        let body = format!("\u{FEFF} {{ \"{field}\" : {json} }} ");
        let found =
            read(&body, &ReadOptions::default()).unwrap_or_else(|faults| panic!("{body}: {faults:?}"));
        assert_eq!(found.record, record(&dictionary, "Property", &[(field, expect)]), "{body}");
    };
    check("ListPrice", "525000.00", "525000.00");
    check("ListPrice", "\"525000.00\"", "525000.00");
    check("ListPrice", "5.25e5", "525000");
    check("BedroomsTotal", "4", "4");
    check("BedroomsTotal", "4.0", "4");
    check("BedroomsTotal", "4e0", "4");
    check("Latitude", "47", "47");
    check("City", r#""a\u00e9\ud83c\udfe1\/\n""#, "aé🏡/\n");
    check("City", "\"\"", "");
    check("Appliances", "[ \"Range\" , \"Oven\" ]", r#"["Range","Oven"]"#);
    check("Appliances", "[]", "[]");
    check("WaterfrontYN", "false", "false");
    check("CloseDate", "\"2026-11-23\"", "2026-11-23");
    check("ModificationTimestamp", "\"2026-11-23T01:00:00-08:00\"", "2026-11-23T09:00:00Z");
}

#[test]
fn nulls_annotations_and_what_is_kept_aside() {
    let dictionary = dictionary();
    let words = dictionary.known("Property");
    let body = r##"{"@odata.id":"x","City@odata.type":"#String","City":null,"ListPrice":null,"X_Moorage":{"a":[1, 2]},
        "Media":[{"MediaKey":"M1","Y":1},{"MediaKey":"M2"}],"ListAgent":{"MemberKey":"A"},"ListOffice":null}"##;
    let found = read(body, &keep()).unwrap();
    assert!(found.record.is_empty());
    let mut nulls = ["City", "ListPrice"].map(|name| words.find(name).unwrap()).to_vec();
    nulls.sort_unstable();
    assert_eq!(found.nulls, nulls);
    assert_eq!(found.extra, [Extra { name: "X_Moorage".into(), json: r#"{"a":[1, 2]}"#.into() }]);
    let shown: Vec<(&str, usize)> =
        found.links.iter().map(|l| (words.link(l.link).name.as_str(), l.records.len())).collect();
    assert_eq!(shown, [("Media", 2), ("ListAgent", 1), ("ListOffice", 0)]);
    assert_eq!(found.links[0].records[0].extra[0].name, "Y");
    let ignore = ReadOptions { unknown: UnknownPolicy::Ignore, links: LinkPolicy::Ignore, ..keep() };
    let found = read(body, &ignore).unwrap();
    assert!(found.links.is_empty() && found.extra.is_empty());
}

#[test]
fn every_fault_names_code_target_place_and_hint() {
    let check = |options: &ReadOptions, body: &str, expect: &[(&str, Option<&str>, Option<usize>)]| {
        let faults = read(body, options).expect_err(body);
        let shown: Vec<_> = faults.iter().map(|f| (f.code, f.target.as_deref(), f.position)).collect();
        assert_eq!(shown, expect, "{body}");
        assert!(faults.iter().all(|f| !f.hint.is_empty() && !f.message.is_empty()), "{faults:?}");
    };
    let strict = ReadOptions::default();
    let wrong = |field: &str, json: &str| {
        let at = field.len() + 4;
        check(&strict, &format!("{{\"{field}\":{json}}}"), &[("wrong_type", Some(field), Some(at))]);
    };
    wrong("ListPrice", "true");
    wrong("ListPrice", "\"many\"");
    wrong("ListPrice", "1e99");
    wrong("BedroomsTotal", "4.5");
    wrong("BedroomsTotal", "\"four\"");
    wrong("BedroomsTotal", "99999999999999999999");
    wrong("City", "12");
    wrong("City", "[\"a\"]");
    wrong("City", "{\"a\":{}}");
    wrong("Appliances", "\"Range\"");
    wrong("Appliances", "[\"Range\",null]");
    wrong("Appliances", "[[]]");
    wrong("WaterfrontYN", "\"true\"");
    wrong("WaterfrontYN", "1");
    wrong("CloseDate", "\"23.11.2026\"");
    wrong("Latitude", "1e999");
    check(&strict, "{\"Citty\":1}", &[("unknown_field", Some("Citty"), Some(1))]);
    check(&strict, r#"{"City":"a","City":"b"}"#, &[("repeated_member", Some("City"), Some(12))]);
    check(&keep(), r#"{"X":1,"X":2}"#, &[("repeated_member", Some("X"), Some(7))]);
    check(&strict, r#"{"Media":[]}"#, &[("link_refused", Some("Media"), Some(1))]);
    check(&keep(), r#"{"Media":{}}"#, &[("wrong_type", Some("Media"), Some(9))]);
    check(&keep(), r#"{"ListAgent":[]}"#, &[("wrong_type", Some("ListAgent"), Some(13))]);
    check(&keep(), r#"{"ListAgent":7}"#, &[("wrong_type", Some("ListAgent"), Some(13))]);
    check(
        &keep(),
        r#"{"Media":[{},null,3]}"#,
        &[("not_an_object", Some("Media[1]"), Some(13)), ("not_an_object", Some("Media[2]"), Some(18))],
    );
    // The nested form of a target, and every fault rather than the first: the body side of RESO-061.
    check(
        &keep(),
        r#"{"City":1,"Media":[{},{"Order":"x","MediaCategory":2}]}"#,
        &[
            ("wrong_type", Some("City"), Some(8)),
            ("wrong_type", Some("Media[1].Order"), Some(31)),
            ("wrong_type", Some("Media[1].MediaCategory"), Some(51)),
        ],
    );
    for body in ["null", "[]", "true", "\"x\"", "12"] {
        check(&strict, body, &[("not_an_object", None, Some(0))]);
    }
}

#[test]
fn a_link_is_tied_by_address() {
    let check = |body: &str, expect: &[(&str, &str)]| {
        let found = read(body, &keep()).unwrap_or_else(|faults| panic!("{body}: {faults:?}"));
        assert_eq!(found.record, record(&dictionary(), "Property", expect), "{body}");
    };
    check(r#"{"ListAgent@odata.bind":"Member('A1')"}"#, &[("ListAgentKey", "A1")]);
    check(r#"{"ListAgent@bind":"/odata/Member('A1')"}"#, &[("ListAgentKey", "A1")]);
    check(
        r#"{"ListOffice@odata.bind":"https://x.test/odata/Office('d''Arc%201%2F2')"}"#,
        &[("ListOfficeKey", "d'Arc 1/2")],
    );
    let refuse = |body: &str, expect: (u16, &str, &str)| {
        let faults = read(body, &keep()).expect_err(body);
        let [fault] = &*faults else { panic!("{faults:?}") };
        assert_eq!((fault.status, fault.code, fault.target.as_deref().unwrap()), expect, "{body}");
    };
    let many = "Media@odata.bind";
    refuse(r#"{"Media@odata.bind":["Media('M')"]}"#, (501, "not_supported", many));
    refuse(r#"{"Agent@odata.bind":"Member('A')"}"#, (400, "unknown_field", "Agent@odata.bind"));
    for wrong in [
        r#""Office('A')""#,
        r#""Member('A'""#,
        r#""Member('A')('B')""#,
        r#""Member('')""#,
        "null",
        "7",
        "[1]",
        r#"{"a":1}"#,
    ] {
        let body = format!(r#"{{"ListAgent@odata.bind":{wrong}}}"#);
        refuse(&body, (400, "wrong_type", "ListAgent@odata.bind"));
    }
    let twice = r#"{"ListAgentKey":"B","ListAgent@odata.bind":"Member('A')"}"#;
    refuse(twice, (400, "repeated_member", "ListAgentKey"));
}

#[test]
fn what_is_no_json_says_where() {
    let check = |body: &[u8], at: usize| {
        let dictionary = dictionary();
        let id = dictionary.known("Property").id;
        let faults = read_record(body, &dictionary, id, &keep()).unwrap_err();
        let last = faults.last().unwrap();
        assert_eq!((last.code, last.position), ("not_json", Some(at)), "{faults:?}");
    };
    check(b"", 0);
    check(b"{", 1);
    check(b"{\"City\"}", 7);
    check(b"{\"City\":}", 8);
    check(b"{\"City\":\"a\"", 11);
    check(b"{\"City\":\"a}", 11);
    check(b"{\"City\":\"a\",}", 12);
    check(b"{\"City\":\"a\"} x", 13);
    check(b"{City:1}", 1);
    check(b"{\"City\":nul}", 8);
    check(b"{\"X\":01}", 5);
    check(b"{\"X\":-}", 6);
    check(b"{\"X\":1.}", 7);
    check(b"{\"X\":1e}", 7);
    check(b"{\"X\":+1}", 5);
    check(b"{\"X\":[1 2]}", 8);
    check(b"{\"City\":\"\xff\"}", 9);
    check(b"{\"City\":\"\x01\"}", 9);
    check(b"{\"City\":\"\\x\"}", 10);
    check(b"{\"City\":\"\\u12\"}", 10);
    check(b"{\"City\":\"\\ud800\"}", 15);
}

#[test]
fn every_bound_is_kept() {
    let small = |bytes, depth, members| ReadOptions {
        limits: ReadLimits { bytes, depth, members, faults: 3 },
        ..keep()
    };
    let check = |options: &ReadOptions, body: &str, expect: &str| {
        let faults = read(body, options).expect_err(body);
        assert!(faults.iter().any(|f| f.message.contains(expect)), "{faults:?}");
    };
    check(&small(10, 4, 9), "{\"City\":\"Seattle\"}", "18 bytes");
    check(&small(100, 4, 9), "{\"X\":[[[[1]]]]}", "too deep");
    check(&small(100, 4, 2), "{\"X\":1,\"Y\":2,\"Z\":3}", "more than 2 members");
    check(&small(100, 4, 2), "{\"X\":[1,2,3]}", "more than 2 elements");
    check(&ReadOptions::default(), &format!("{{\"X\":{}", "[".repeat(1_000_000)), "too deep");
    let many =
        read(r#"{"City":1,"CloseDate":1,"ListPrice":"","StreetName":1}"#, &small(999, 9, 99)).unwrap_err();
    assert_eq!(many.len(), 3);
}

#[test]
fn a_link_is_glimpsed_at_the_ends_of_a_page_and_nowhere_else() {
    let check = |body: &str, expect: Option<&str>| {
        assert_eq!(glimpse_next(body.as_bytes()).as_deref(), expect, "{body}");
    };
    check(r#"{"value":[],"@odata.nextLink":"https://x/p?$skiptoken=a"}"#, Some("https://x/p?$skiptoken=a"));
    check(r#"{"value":[],"@odata.nextLink" : "n\u0026m\/"} "#, Some("n&m/"));
    check(r#"{"@nextLink":"n","value":[{"City":"Kent"}]}"#, Some("n"));
    check(&format!(r#"{{"@odata.nextLink":"n","value":["{}"]}}"#, "x".repeat(9_000)), Some("n"));
    let within = format!(r#"{{"a":"{0}","@odata.nextLink":"n","b":"{0}"}}"#, "x".repeat(9_000));
    check(&within, None);
    // Text that a record holds, another member, and what is cut off or no text.
    check(r#"{"value":[{"Remarks":"\"@odata.nextLink\":\"n\""}]}"#, None);
    check(r#"{"value":[{"Media@odata.nextLink":"n"}]}"#, None);
    check(r#"{"value":["@odata.nextLink"]}"#, None);
    for body in
        [r#"{"@odata.nextLink":"n"#, r#"{"@odata.nextLink":"#, r#"{"@odata.nextLink":7}"#, "", "\u{1}"]
    {
        check(body, None);
    }
    assert_eq!(glimpse_next(b"{\"@odata.nextLink\":\"\xff\"}"), None);
}

#[test]
fn one_bad_record_does_not_spoil_a_page() {
    let dictionary = dictionary();
    let id = dictionary.known("Property").id;
    let page = |body: &str| read_page(body.as_bytes(), &dictionary, id, &keep());
    let found = page(
        r#"{"@odata.context":"c","@odata.count":3,"value":[{"City":"a"},{"City":1},7],"@odata.nextLink":"n"}"#,
    )
    .unwrap();
    assert_eq!((found.count, found.next.as_deref()), (Some(3), Some("n")));
    let shown: Vec<bool> = found.records.iter().map(Result::is_ok).collect();
    assert_eq!(shown, [true, false, false]);
    assert_eq!(page("[{}]").unwrap().records.len(), 1);
    assert_eq!(page("{\"@nextLink\":\"n\",\"value\":[]}").unwrap().next.as_deref(), Some("n"));
    for (body, code) in
        [("{}", "not_a_page"), ("12", "not_a_page"), ("{\"value\":[{}", "not_json"), ("", "not_json")]
    {
        assert_eq!(page(body).unwrap_err().code, code, "{body}");
    }
}

/// RESO-062: changes of linked records, in the forms of 4.0 and 4.01, with what is gone by key or address.
#[test]
fn reso_062_changes_of_linked_records_are_read_where_they_are_wanted() {
    let words = Dictionary::standard(Version::V2_1);
    let property = words.known("Property");
    let text = r#"{"Media@delta":[{"@removed":{"reason":"deleted"},"@id":"Media('A''1')"},
        {"MediaKey":"B","@removed":null},{"@odata.removed":{},"MediaKey":"C","@odata.id":"Media('D')"}],
        "Rooms@odata.delta":[]}"#;
    let change = ReadOptions { links: LinkPolicy::Change, ..ReadOptions::default() };
    let found = read_record(text.as_bytes(), &words, property.id, &change).unwrap();
    let media = words.known("Media");
    let [changes, rooms] = &*found.links else { panic!("{found:?}") };
    assert!(changes.delta && rooms.delta && rooms.records.is_empty());
    let told = changes.records.iter().map(|one| (media.key_of(&one.record).unwrap(), one.removed));
    let told: Vec<(dictionary::Key, bool)> = told.collect();
    assert_eq!(told, [("A'1".into(), true), ("B".into(), false), ("C".into(), true)]);
    // Elsewhere they are annotations.
    let keep = ReadOptions { links: LinkPolicy::Keep, ..ReadOptions::default() };
    assert!(read_record(text.as_bytes(), &words, property.id, &keep).unwrap().links.is_empty());
    let all = read_record(br#"{"Media":[{"@removed":{}}]}"#, &words, property.id, &change).unwrap();
    assert!(!all.links[0].delta && !all.links[0].records[0].removed);
}
