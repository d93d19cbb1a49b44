//! The documented example: real sales, checked and previewed.

mod given;

use std::sync::Arc;

use dictionary::Timestamp;
use intake::{Clock, Format, Job, Limits, Mapping, Silent, Source, propose};

use given::words;

fn job() -> Job {
    let mapping = Mapping::read(include_str!("data/king_county.toml")).expect("the mapping is sound");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/king_county.csv");
    Job::open(words(), &mapping, Source::file(file), Limits::default()).expect("the mapping fits the file")
}

/// A clock that stands still.
fn clock() -> Clock {
    Arc::new(|| Timestamp::constant(1_700_000_000, 0))
}

#[test]
fn real_sales_are_checked_without_a_fault() {
    let report = job().check(&clock(), &Silent).unwrap();
    assert_eq!((report.rows, report.refused()), (50, 0), "{report}");
    assert_eq!(report.format, Some(Format::Csv));
    let property = report.of("Property").unwrap();
    assert_eq!((property.read, property.repeated), (50, 0));
    assert!(report.notes.is_empty(), "{report}");
}

#[test]
fn a_preview_shows_the_first_rows_as_records() {
    let preview = job().preview(1).unwrap();
    assert_eq!(preview.rows.len(), 1);
    let record = &preview.rows[0].records[0];
    assert_eq!(record.key.as_deref(), Some("NWMLS-6021501535-2014-07-25"));
    let check = |field: &str, expect: Option<&str>| {
        let found = record.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
        assert_eq!(found, expect, "{field}");
    };
    check("ClosePrice", Some("430000"));
    check("CloseDate", Some("2014-07-25"));
    check("BathroomsTotalInteger", Some("2"));
    check("WaterfrontYN", Some("false"));
    check("YearBuilt", Some("1939"));
    check("YearBuiltEffective", None);
    check("Longitude", Some("-122.386"));
    // Midnight in Seattle.
    check("ModificationTimestamp", Some("2014-07-25T07:00:00Z"));
    check("StandardStatus", Some("Closed"));
}

#[test]
fn a_proposal_can_be_used_as_it_is() {
    let file = Source::bytes("sales.csv", include_bytes!("data/king_county.csv").as_slice());
    let headings = Job::headings(&file, &Limits::default()).unwrap();
    let proposal = propose(&words(), "Property", &headings, "first", "NWMLS").unwrap();
    let check = |heading: &str, field: &str| {
        let pair = (heading.to_owned(), field.to_owned());
        assert!(proposal.found.contains(&pair), "{pair:?} in {:?}", proposal.found);
    };
    check("price", "ListPrice");
    check("bedrooms", "BedroomsTotal");
    check("sqft_living", "LivingArea");
    check("zipcode", "PostalCode");
    check("lat", "Latitude");
    check("long", "Longitude");
    check("floors", "Stories");
    assert!(proposal.unfound.contains(&"grade".to_owned()));
    let mapping = Mapping::read(&proposal.mapping).unwrap();
    Job::open(words(), &mapping, file, Limits::default()).unwrap();
}
