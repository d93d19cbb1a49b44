//! Everything that is written has the shape of the API's C# classes.

use dictionary::Decimal;

use super::*;

/// Holds an object to the facts of its class: the members and their order, their types, and null only where
/// the type has one.
fn check(class: Class, object: &Json) {
    let facts = facts_of(class);
    let names: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut expect: Vec<&str> = facts.iter().map(|(member, ..)| *member).collect();
    expect.sort_unstable();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expect, "{}", class.name());
    for (member, ty, nullable) in facts {
        let value = &object[member];
        let about = || format!("{}.{member}: {value}", class.name());
        if value.is_null() {
            assert!(nullable && ty.ends_with('?'), "{}", about());
            continue;
        }
        match ty.trim_end_matches('?') {
            "string" => assert!(value.is_string(), "{}", about()),
            "bool" => assert!(value.is_boolean(), "{}", about()),
            "int" => assert!(value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()), "{}", about()),
            "short" => assert!(value.as_i64().is_some_and(|n| i16::try_from(n).is_ok()), "{}", about()),
            "double" | "float" => assert!(value.as_f64().is_some_and(f64::is_finite), "{}", about()),
            "decimal" => {
                let fits = value.to_string().parse::<Decimal>().is_ok();
                assert!(value.is_number() && fits, "{}", about());
            }
            "DateTime" => assert!(value.as_str().is_some_and(is_date_time), "{}", about()),
            "OpenHouse[]" => each(Class::OpenHouse, value),
            "Photo[]" => each(Class::Photo, value),
            "ListingMedia" => check(Class::ListingMedia, value),
            other => panic!("no such type: {other}"),
        }
    }
}

fn each(class: Class, list: &Json) {
    list.as_array().expect("a list").iter().for_each(|one| check(class, one));
}

/// What .NET's `DateTime.Parse` takes of ISO 8601: year 1 to 9999, up to seven digits of a second, Z or none.
fn is_date_time(text: &str) -> bool {
    let bare = text.strip_suffix('Z').unwrap_or(text);
    let fraction = bare.split_once('.').map_or(0, |(_, digits)| digits.len());
    let year = bare.get(..4).and_then(|year| year.parse::<i32>().ok());
    bare.parse::<jiff::civil::DateTime>().is_ok()
        && bare.as_bytes().get(10) == Some(&b'T')
        && fraction <= 7
        && year.is_some_and(|year| year >= 1)
}

/// The order of members is told by the text alone.
fn check_order(kind: Kind, text: &str) {
    let mut from = 0;
    for (member, ..) in facts_of(kind.into()) {
        let label = format!("\"{member}\":");
        let at = text[from..].find(&label).unwrap_or_else(|| panic!("{label} does not follow in {text}"));
        from += at + label.len();
    }
}

/// Every object of `town`, in every dress.
fn hold(town: &Town) -> usize {
    let full_dress = full(&town.dictionary);
    let hidden = without(&town.dictionary, &["Property.ListPrice", "Property.View", "Member.MemberEmail"]);
    let mut count = 0;
    let reader = town.search.read();
    let scope = Scope::everything();
    let look = Look { reader: &reader, scope: &scope, now: town.now };
    for kind in KINDS {
        let query = query::Query { page_size: 400, ..query::Query::all(town.members.resource(kind)) };
        for row in reader.page(&query, &scope, town.now).unwrap().rows {
            for dress in [&full_dress, &hidden] {
                let text =
                    String::from_utf8(town.members.render(kind, &look, row, dress).bytes.into()).unwrap();
                let object: Json =
                    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
                check(kind.into(), &object);
                check_order(kind, &text);
                count += 1;
            }
        }
    }
    count
}

/// PAR-200, PAR-201: of random records, whose values go to the ends of their types.
#[test]
fn par_201_random_records_fit_the_classes() {
    let mut rng = testkit::rng("random_records_fit_the_classes");
    let dictionary = standard();
    let mut records = Vec::new();
    for name in [
        "Property",
        "Member",
        "Office",
        "OpenHouse",
        "Media",
        "PropertyRooms",
        "PropertyUnitTypes",
        "SocialMedia",
    ] {
        let shape = testkit::Shape::full(&dictionary, dictionary.known(name).id);
        records.extend((0..60).map(|number| ("A", testkit::record(&mut rng, &dictionary, &shape, number))));
    }
    assert!(hold(&Town::of(dictionary, records)) > 400);
}

/// PAR-200, PAR-201: of the demo's market and of the crowd.
#[test]
fn par_200_the_sample_markets_fit_the_classes() {
    let dictionary = standard();
    let now: Timestamp = NOW.parse().unwrap();
    let setting = sample::king_county::Setting { now, media_base_url: "https://hub.example".into(), seed: 1 };
    let county = sample::king_county::KingCounty::new(&dictionary, &setting);
    let mut records: Vec<(&str, Record)> = Vec::new();
    for batch in county.batches().take(12) {
        records.extend(batch.into_iter().map(|record| ("NWMLS", record)));
    }
    let crowd = sample::crowd::Crowd::new(&dictionary, 1, now);
    records.extend((0..200).map(|at| ("CROWD", crowd.listing(at))));
    let town = Town::of(dictionary, records);
    assert!(hold(&town) > 400);
}

/// PAR-137: a listing that was removed is a `ListingDetails` like any other.
#[test]
fn par_137_a_deleted_listing_fits_its_class() {
    let members = Members::bind(&standard());
    let at = NOW.parse().unwrap();
    let text = String::from_utf8(members.deleted("NWMLS", "77", at)).unwrap();
    let object = serde_json::from_str(&text).unwrap();
    check(Class::Details, &object);
    check_order(Kind::Details, &text);
    assert_eq!((&object["FeedId"], &object["ListingId"]), (&"NWMLS".into(), &"77".into()));
    assert_eq!(
        (&object["ListingStatus"], &object["ListingStatusSearch"]),
        (&"Deleted".into(), &"Deleted".into())
    );
    assert_eq!(object["MlsUpdateDate"], NOW);
}
