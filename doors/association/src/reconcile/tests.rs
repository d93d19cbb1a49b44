use super::compare::{Difference, Entries, Entry, compare};

fn entries(all: &[(&str, &str, &str)]) -> Entries {
    let one = |(key, status, name): &(&str, &str, &str)| {
        let fields = vec![(*status).to_owned(), (*name).to_owned()];
        ((*key).to_owned(), Entry { status: (*status).to_owned(), fields })
    };
    all.iter().map(one).collect()
}

/// AMS-040: counts and fields are compared, and every difference is listed.
#[test]
fn ams_040_counts_and_fields_are_compared() {
    let here = entries(&[("1", "A", "Ann"), ("2", "A", "Ben"), ("3", "I", "Cyd"), ("5", "A", "Eve")]);
    let there = entries(&[("1", "A", "Ann"), ("2", "I", "Benn"), ("4", "A", "Dan"), ("5", "A", "Eva")]);
    let names = ["MemberStatus".to_owned(), "MemberFirstName".to_owned()];
    let found = compare(&here, &there, &names);
    assert_eq!((found.here, found.there, found.missing_there, found.missing_here), (4, 4, 1, 1));
    assert_eq!(found.by_status, [("A".to_owned(), (3, 3)), ("I".to_owned(), (1, 1))].into());
    assert_eq!(found.differing, [("MemberFirstName".to_owned(), 2), ("MemberStatus".to_owned(), 1)].into());
    assert_eq!(found.found(), 5);
    let differs = |key: &str, field: &str, here: &str, there: &str| Difference::Differs {
        key: key.into(),
        field: field.into(),
        here: here.into(),
        there: there.into(),
    };
    let expect = [
        differs("2", "MemberStatus", "A", "I"),
        differs("2", "MemberFirstName", "Ben", "Benn"),
        Difference::MissingThere { key: "3".into() },
        differs("5", "MemberFirstName", "Eve", "Eva"),
        Difference::MissingHere { key: "4".into() },
    ];
    assert_eq!(found.differences, expect);
    assert_eq!(compare(&here, &here, &names).found(), 0);
    // What is not listed is counted.
    let many: Vec<String> = (0..2_000).map(|number| format!("{number:04}")).collect();
    let many: Vec<(&str, &str, &str)> = many.iter().map(|key| (key.as_str(), "A", "x")).collect();
    let found = compare(&entries(&many), &Entries::new(), &names);
    assert_eq!((found.missing_there, found.differences.len()), (2_000, 500));
}

#[test]
fn a_key_is_compared_without_the_name_of_its_feed() {
    let check =
        |key: &str, feed: &str, expect: &str| assert_eq!(super::run::bare(key, feed), expect, "{key}");
    check("stellar-M1", "stellar", "M1");
    check("stellar:M1", "stellar", "M1");
    check("M1", "stellar", "M1");
    check("stellar-a|stellar-M1", "stellar", "a|M1");
    check("t.production.7", "t.production", "7");
}
