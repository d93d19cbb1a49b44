//! Parameters and places, read.

use dictionary::Text;
use serde_json::{Value as Json, json};

use super::value::{ReadAs, Value, moment};
use super::wkt::{self, Place};
use super::{Asked, Given};
use crate::endpoint::Endpoint;

fn asked(endpoint: Endpoint, body: &Json) -> Asked {
    Asked::read(endpoint, &Given::from_body(body.to_string().as_bytes()).expect("an object"))
}

fn read(read: ReadAs, given: Json) -> Result<Option<Value>, String> {
    read.read("X", &given)
}

/// PAR-117: numbers in quotes are numbers, "" is not set, and what is wrong names the field.
#[test]
fn par_117_values_are_read_as_clients_write_them() {
    let whole = ReadAs::Whole(0, 100);
    for (given, expect) in [
        (json!(3), Some(3)),
        (json!("3"), Some(3)),
        (json!(" 3 "), Some(3)),
        (json!(3.0), Some(3)),
        (json!("3.00"), Some(3)),
        (json!(""), None),
        (json!("  "), None),
        (Json::Null, None),
    ] {
        assert_eq!(read(whole, given.clone()), Ok(expect.map(Value::Whole)), "{given}");
    }
    for given in
        [json!("3.5"), json!(3.5), json!("abc"), json!(true), json!([]), json!({}), json!("0x3"), json!("³")]
    {
        let wrong = read(whole, given.clone()).expect_err("it is no whole number");
        assert!(
            wrong.starts_with("The value '") && wrong.ends_with("' is not valid for X."),
            "{given}: {wrong}"
        );
    }
    for given in [json!(-1), json!(101), json!("99999999999999999999")] {
        assert_eq!(read(whole, given), Err("The field X must be between 0 and 100.".into()));
    }
    assert_eq!(
        read(ReadAs::Number(0, 25), json!("2.5")),
        Ok(Some(Value::Number("2.5".parse().expect("2.5"))))
    );
    assert_eq!(read(ReadAs::Number(0, 25), json!(25.1)), Err("The field X must be between 0 and 25.".into()));
    assert!(read(ReadAs::Text(3), json!("abcd")).expect_err("too long").contains("maximum length of 3"));
    assert_eq!(read(ReadAs::Text(9), json!(98101)), Ok(Some(Value::Text(Text::new("98101")))));
}

#[test]
fn par_109_and_111_truth_has_two_states_or_three() {
    for (given, only, either) in [
        (json!(true), true, Some(true)),
        (json!(1), true, Some(true)),
        (json!("True"), true, Some(true)),
        (json!(false), false, Some(false)),
        (json!(0), false, Some(false)),
        (json!("false"), false, Some(false)),
        (json!(""), false, None),
        (Json::Null, false, None),
    ] {
        let expect = only.then_some(Value::Truth(true));
        assert_eq!(read(ReadAs::Only, given.clone()), Ok(expect), "{given}");
        assert_eq!(read(ReadAs::Either, given.clone()), Ok(either.map(Value::Truth)), "{given}");
    }
    assert!(read(ReadAs::Only, json!("yes")).is_err() && read(ReadAs::Either, json!(2)).is_err());
}

#[test]
fn lists_take_one_text_alone_and_pass_over_blanks() {
    let texts =
        |list: &[&str]| Ok((!list.is_empty()).then(|| Value::Texts(list.iter().map(Text::new).collect())));
    for (given, expect) in [
        (json!(["GAMLS", " NWMLS "]), texts(&["GAMLS", "NWMLS"])),
        (json!("GAMLS"), texts(&["GAMLS"])),
        (json!(["", null, "A"]), texts(&["A"])),
        (json!([1, true]), texts(&["1", "true"])),
        (json!([]), texts(&[])),
        (json!(""), texts(&[])),
    ] {
        assert_eq!(read(ReadAs::Texts(3), given.clone()), expect, "{given}");
    }
    for given in [
        json!([["A"]]),
        json!({"a": 1}),
        json!([{"a": 1}]),
        json!(["A", "B", "C", "D"]),
        json!(["x".repeat(256)]),
    ] {
        assert!(read(ReadAs::Texts(3), given.clone()).is_err(), "{given}");
    }
}

/// PAR-140: no offset is UTC, and a date alone is its beginning.
#[test]
fn par_140_instants_without_an_offset_are_in_utc() {
    for (text, expect) in [
        ("2019-05-01T12:00:00", "2019-05-01T12:00:00Z"),
        ("2019-05-01T11:15:39.837", "2019-05-01T11:15:39.837Z"),
        ("2019-05-01T11:15:39.8371234", "2019-05-01T11:15:39.8371234Z"),
        ("2019-05-01T12:00:00Z", "2019-05-01T12:00:00Z"),
        ("2019-05-01T12:00:00-07:00", "2019-05-01T19:00:00Z"),
        ("2019-05-01T12:00:00 02:00", "2019-05-01T10:00:00Z"),
        ("2019-05-01", "2019-05-01T00:00:00Z"),
        ("2019-05-01 12:00:00", "2019-05-01T12:00:00Z"),
    ] {
        assert_eq!(moment(text).map(|at| at.to_string()).as_deref(), Some(expect), "{text}");
    }
    for text in [
        "",
        "today",
        "2019-02-30",
        "2019-05-01T25:00:00",
        "05/01/2019",
        "-2019-05-01",
        "2019-05-01T12:00:00[UTC",
        "２０１９-05-01",
    ] {
        assert_eq!(moment(text), None, "{text}");
    }
}

/// PAR-117: everything that is wrong is told at once. PAR-118: what is not known is ignored.
#[test]
fn par_117_and_118_all_faults_are_told_together_and_strange_members_are_ignored() {
    let body =
        json!({"MinPrice": "abc", "Beds": 3.5, "PageSize": 5000, "Zzz": {"deep": []}, "HasPool": "maybe"});
    let names: Vec<&str> = asked(Endpoint::Listings, &body).errors.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["FeedIdList", "MinPrice", "Beds", "HasPool", "PageSize"]);
    let body = json!({"FEEDIDLIST": ["A"], "minprice": 5, "Zzz": 1});
    let asked = asked(Endpoint::Listings, &body);
    assert_eq!((asked.errors.len(), asked.whole("MinPrice")), (0, Some(5)), "names count in any case");
}

/// PAR-100: PAR-116 of .NET's wording: the field is named.
#[test]
fn par_100_a_search_needs_feeds() {
    for body in
        [json!({}), json!({"FeedIdList": null}), json!({"FeedIdList": []}), json!({"FeedIdList": [""]})]
    {
        let errors = asked(Endpoint::Listings, &body).errors;
        assert_eq!(errors, [("FeedIdList", "The FeedIdList field is required.".to_owned())], "{body}");
    }
    assert!(asked(Endpoint::SyncListings, &json!({})).errors.is_empty(), "a sync does not");
}

#[test]
fn a_query_repeats_names_for_a_list() {
    let given = Given::from_query(
        "FeedIdList=A&feedIdList=B&FeedIdList[2]=C&Page=2&Page=3&FromUpdatedDate=2019-05-01T12:00:00+02:00",
    );
    let asked = Asked::read(Endpoint::SyncListings, &given.expect("few names"));
    assert_eq!(asked.texts("FeedIdList"), ["A", "B", "C"].map(Text::new));
    assert_eq!(asked.page(), 2, "of a name that takes one value, the first counts");
    assert_eq!(
        asked.moment("FromUpdatedDate").map(|at| at.to_string()).as_deref(),
        Some("2019-05-01T10:00:00Z")
    );
}

#[test]
fn a_body_is_one_json_object() {
    for body in ["[]", "1", "\"a\"", "{", "{\u{201c}Beds\u{201d}: 3}", "{\"Beds\": 3,}", "\u{0}"] {
        assert_eq!(Given::from_body(body.as_bytes()), None, "{body}");
    }
    assert_eq!(Given::from_body(&[b"{\"a\":\"".as_slice(), &[0xff], b"\"}"].concat()), None, "not UTF-8");
    assert_eq!(Given::from_body(format!("{{\"a\":{}}}", "[".repeat(500)).as_bytes()), None, "too deep");
    assert!(Given::from_body(b"").is_some() && Given::from_body("\u{feff}{}".as_bytes()).is_some());
}

#[test]
fn a_question_is_the_same_whatever_its_page() {
    let of = |query: &str| Asked::read(Endpoint::SyncListings, &Given::from_query(query).expect("few"));
    let number = |query: &str| of(query).question("c", &["Page"]);
    assert_eq!(number("FeedIdList=A&Page=2"), number("Page=3&FeedIdList=A"));
    assert_ne!(number("FeedIdList=A"), number("FeedIdList=B"));
    assert_ne!(number("Status=1"), of("Status=1").question("d", &["Page"]));
}

/// PAR-127: the document's own strings, the line break in the second included.
#[test]
fn par_127_the_places_of_the_document_are_read() {
    assert_eq!(wkt::read("POINT (-77.03653, 38.897676)"), Ok(Place::Point(-77.03653, 38.897676)));
    let polygon = "POLYGON((-73.976269 40.765591,-73.978672 40.762341,-73.97644 40.759351\n\n,-73.971806 \
                   40.761593,-73.971934 40.764909,-73.976269 40.765591))";
    let Ok(Place::Polygons(polygons)) = wkt::read(polygon) else { panic!("no polygon") };
    assert_eq!((polygons.len(), polygons[0].len(), polygons[0][0].len()), (1, 1, 6));
    assert_eq!(polygons[0][0][2], (-73.97644, 40.759351));
}

#[test]
fn par_125_points_polygons_with_holes_and_many_polygons_are_read() {
    for text in [
        "POINT(-77 38)",
        "point ( -77.5e0\t38 )",
        "POLYGON((0 0,9 0,9 9,0 9,0 0))",
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1))",
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(0 0,2 1,1 2,0 0))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
        "POLYGON((0 0,0 0,9 0,9 9,0 9,0 0))",
    ] {
        assert!(wkt::read(text).is_ok(), "{text}: {:?}", wkt::read(text));
    }
    for text in [
        "",
        "POINT",
        "POINT()",
        "POINT(1)",
        "POINT(1 2",
        "POINT(1 2) x",
        "POINT(1 2 3)",
        "POINT EMPTY",
        "POINT Z (1 2 3)",
        "LINESTRING(0 0,1 1)",
        "SRID=4326;POINT(1 2)",
        "POLYGON",
        "POLYGON()",
        "POLYGON(())",
        "POLYGON((0 0,1 1",
        "POLYGON((a b,c d,e f,a b))",
        "POLYGON(0 0,1 0,1 1,0 0)",
        "POINT(nan nan)",
        "POINT(inf 1)",
        "GEOMETRYCOLLECTION(POINT(1 2))",
        "POINT(1,,2)",
    ] {
        assert!(wkt::read(text).is_err(), "{text}");
    }
}

#[test]
fn par_126_open_crossed_and_far_polygons_are_refused() {
    let many = |corners: u32| {
        let corner = |n: u32| {
            let angle = f64::from(n % corners) / f64::from(corners) * std::f64::consts::TAU;
            format!("{} {}", angle.cos(), angle.sin())
        };
        format!("POLYGON(({}))", (0..=corners).map(corner).collect::<Vec<_>>().join(","))
    };
    assert!(wkt::read(&many(999)).is_ok(), "a thousand vertices are taken");
    for (text, what) in [
        ("POLYGON((0 0,9 0,9 9,0 9))", "not closed"),
        ("POLYGON((0 0,9 0,0 0))", "fewer than three"),
        ("POLYGON((0 0,9 9,9 0,0 9,0 0))", "crosses itself"),
        ("POLYGON((0 0,9 0,9 9,5 0,0 9,0 0))", "crosses itself"),
        ("POLYGON((0 0,9 0,5 0,9 9,0 0))", "crosses itself"),
        ("POLYGON((0 0,9 0,9 9,0 9,0 0),(5 5,15 5,5 6,5 5))", "crosses itself"),
        ("POLYGON((0 0,9 0,9 9,0 9,0 0),(15 15,16 15,15 16,15 15))", "outside its polygon"),
        ("POLYGON((0 0,9 0,9 91,0 0))", "not on the globe"),
        ("POINT(-77 98)", "not on the globe"),
        ("POINT(38.897676 -177.03653)", "not on the globe"),
        (&many(1_001), "more than 1000 vertices"),
    ] {
        let wrong = wkt::read(text).expect_err(text);
        assert!(wrong.contains(what), "{text}: {wrong}");
    }
}
