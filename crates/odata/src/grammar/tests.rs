//! The grammar as data: what each rule takes, and where it stops.

use std::collections::BTreeSet;

use super::*;

const CASES: &str = include_str!("cases.tsv");

/// The names of a small service, by rule; of rules that are not here every name is one.
const NAMES: [(&str, &[&str]); 38] = [
    ("entitySetName", &["Property", "Member"]),
    ("singletonEntity", &["Single"]),
    ("entityTypeName", &["Kind"]),
    ("complexTypeName", &["Place"]),
    ("typeDefinitionName", &["Own"]),
    ("enumerationTypeName", &["Kinds"]),
    ("enumerationMember", &["Range"]),
    ("namespacePart", &["Custom", "Model", "Note"]),
    ("primitiveKeyProperty", &["ListingKey", "ListingId"]),
    ("keyPropertyAlias", &["OriginatingSystemName"]),
    (
        "primitiveNonKeyProperty",
        &[
            "City",
            "ListPrice",
            "LivingArea",
            "ModificationTimestamp",
            "Latitude",
            "Order",
            "Line",
            "PostalCode",
            "Coordinates",
            "Twice",
        ],
    ),
    ("primitiveColProperty", &["Appliances"]),
    ("complexProperty", &["Street"]),
    ("complexColProperty", &["Streets"]),
    ("streamProperty", &["Photo"]),
    ("entityNavigationProperty", &["ListAgent"]),
    ("entityColNavigationProperty", &["Media"]),
    ("action", &["Act"]),
    ("actionImport", &["Activation"]),
    ("entityFunction", &["one"]),
    ("entityColFunction", &["near"]),
    ("complexFunction", &["place"]),
    ("complexColFunction", &["places"]),
    ("primitiveFunction", &["word"]),
    ("primitiveColFunction", &["words"]),
    ("entityFunctionImport", &["One"]),
    ("entityColFunctionImport", &["Many"]),
    ("complexFunctionImport", &["Place"]),
    ("complexColFunctionImport", &["Places"]),
    ("primitiveFunctionImport", &["Word"]),
    ("primitiveColFunctionImport", &["Words"]),
    ("keyPathLiteral", &["K1"]),
    ("customAggregate", &["Forecast"]),
    ("complexAnnotationInQuery", &["@Note.Complex"]),
    ("entityAnnotationInQuery", &["@Note.Entity"]),
    ("primitiveAnnotationInQuery", &["@Note.Word"]),
    ("primitiveColAnnotationInQuery", &["@Note.Words"]),
    ("complexAnnotationInFragment", &["@Note.Complex"]),
];

fn is_name(kind: &str, name: &str) -> bool {
    NAMES.iter().find(|(rule, _)| *rule == kind).is_none_or(|(_, names)| names.contains(&name))
}

fn cases() -> impl Iterator<Item = (&'static str, Option<usize>, &'static str)> {
    CASES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut parts = line.split('\t');
        let mut part = || parts.next().unwrap_or_else(|| panic!("{line}"));
        let (rule, at, text) = (part(), part(), part());
        (rule, (!at.is_empty()).then(|| at.parse().unwrap()), text)
    })
}

#[test]
fn each_case_matches_or_stops_where_it_says() {
    // RESO-003
    let wrong: Vec<String> = cases()
        .filter_map(|(rule, at, text)| {
            let found = parse(rule, text, &is_name).map_err(|stopped| stopped.at).err();
            (found != at).then(|| format!("{rule} {text}: stops at {found:?}, not at {at:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_has_a_case() {
    // What is only looked ahead at is in no tree.
    let mut left: BTreeSet<&str> = rules().filter(|rule| *rule != "identifierChar").collect();
    for (rule, at, text) in cases() {
        if let (None, Ok(tree)) = (at, parse(rule, text, &is_name)) {
            left.retain(|rule| tree.each().all(|node| node.rule != *rule));
        }
    }
    assert!(left.is_empty(), "no case matches {left:?}");
}

#[test]
fn what_takes_too_long_is_given_up() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse("commonExpr", &nested(50), &is_name).is_ok());
    // Without memory each parenthesis doubles the work.
    assert!(parse("commonExpr", &nested(50)[1..], &is_name).is_err_and(|stopped| !stopped.gave_up));
    assert!(parse("commonExpr", &nested(10_000), &is_name).is_err_and(|stopped| stopped.gave_up));
    assert!(parse("no such rule", "", &is_name).is_err());
}

#[test]
fn what_is_odata_and_not_offered_has_a_name() {
    // RESO-003
    let check = |text: &str, expect: &str| {
        let (text, at) = (text.replacen('^', "", 1), text.find('^').unwrap());
        let tree = parse("odataRelativeUri", &text, &is_name).unwrap();
        assert_eq!(construct(&tree, at), Some(expect), "{text}");
    };
    check("Property?$filter=^$root/Single/City eq 'x'", "$root");
    check("Property?$filter=City in ^['x']", "A JSON array");
    check("Property?$at=^2026-01-01", "An option of the temporal extension");
    check("Property/^$each/Custom.Act", "/$each");
    check("Property?$apply=concat(^identity,top(1))", "concat as a transformation");
}
