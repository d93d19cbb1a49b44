//! Homes and their time on the market.

use dictionary::{Date, Record, Value, Version};

use super::*;

/// `from..to`, `from..to sold day`; of November 2026, by day.
fn span(text: &str) -> Span {
    let day = |day: &str| -> Date { format!("2026-11-{day:0>2}").parse().unwrap() };
    let (span, sold) = text.split_once(" sold ").map_or((text, None), |(span, sold)| (span, Some(sold)));
    let (from, to) = span.split_once("..").unwrap();
    Span { from: day(from), to: day(to), sold: sold.map(day) }
}

/// SRCH-009
#[test]
fn srch_009_days_are_counted_once_and_not_between_listings() {
    let check = |spans: &[&str], expect: i64| {
        let mut spans: Vec<Span> = spans.iter().map(|text| span(text)).collect();
        assert_eq!(cumulative(&spans), expect, "{spans:?}");
        spans.reverse();
        assert_eq!(cumulative(&spans), expect, "{spans:?}");
    };
    check(&[], 0);
    check(&["1..11"], 10);
    check(&["5..5"], 0);
    check(&["9..5"], 0);
    check(&["1..11", "21..26"], 15);
    check(&["1..11", "11..16"], 15);
    check(&["1..11", "6..16"], 15);
    check(&["1..21", "6..11"], 20);
    check(&["1..21", "6..11", "16..26"], 25);
    check(&["1..11", "1..11"], 10);
    // Sold in two feeds, and not come again: both tell of one attempt, with those that failed before it.
    check(&["1..6", "8..12 sold 14", "9..12 sold 14"], 9);
    // Come again after a sale: the count begins anew.
    check(&["1..6", "8..12 sold 14", "20..25"], 5);
    check(&["1..6 sold 7", "8..12 sold 14", "20..25", "27..30"], 8);
    check(&["1..6 sold 7", "8..12 sold 14"], 4);
}

fn record(fields: &str) -> (Dictionary, Record) {
    let dictionary = Dictionary::standard(Version::V2_1);
    let own = dictionary.known("Property");
    let mut record = Record::new(own.id);
    for field in fields.split("; ").filter(|field| !field.is_empty()) {
        let (name, text) = field.split_once('=').unwrap();
        let value = match text.parse::<Date>() {
            Ok(date) => Value::from(date),
            Err(_) if name == "DaysOnMarket" => Value::Integer(text.parse().unwrap()),
            Err(_) => Value::from(text),
        };
        record.set(own.find(name).unwrap(), value);
    }
    (dictionary, record)
}

#[test]
fn a_listing_was_on_the_market_until_it_left() {
    let check = |fields: &str, expect: &str| {
        let (dictionary, record) = record(fields);
        let today = "2026-11-25".parse().unwrap();
        let found = Related::new(&dictionary).market.span(&record, today);
        assert_eq!(found, (!expect.is_empty()).then(|| span(expect)), "{fields}");
    };
    check("StandardStatus=Active; OnMarketDate=2026-11-20; DaysOnMarket=1", "20..25");
    check("StandardStatus=Active; ListingContractDate=2026-11-20", "20..25");
    check("StandardStatus=Active; OnMarketDate=2026-11-28", "28..28");
    check("StandardStatus=Active", "");
    check("StandardStatus=Pending; OnMarketDate=2026-11-10; PurchaseContractDate=2026-11-15", "10..15");
    check(
        "StandardStatus=Withdrawn; OnMarketDate=2026-11-10; DaysOnMarket=3; WithdrawnDate=2026-11-19",
        "10..13",
    );
    check("StandardStatus=Expired; OnMarketDate=2026-11-10; DaysOnMarket=99", "10..25");
    check("StandardStatus=Canceled; DaysOnMarket=3; CancellationDate=2026-11-19", "16..19");
    check("StandardStatus=Expired; OnMarketDate=2026-11-10", "");
    check(
        "StandardStatus=Closed; OnMarketDate=2026-11-10; PurchaseContractDate=2026-11-15; CloseDate=2026-11-20",
        "10..15 sold 20",
    );
    // A day before it came is no day on which it left.
    check(
        "StandardStatus=Closed; OnMarketDate=2026-11-10; OffMarketDate=2026-11-01; CloseDate=2026-11-20",
        "10..20 sold 20",
    );
}

#[test]
fn a_home_is_told_by_its_parcel_else_by_its_address() {
    let check = |a: &str, b: &str, expect: bool| {
        let home = |fields: &str| {
            let (dictionary, record) = record(fields);
            Home::of(&record, &Related::new(&dictionary).home)
        };
        assert_eq!(home(a).is(&home(b)), expect, "{a} | {b}");
        assert_eq!(home(b).is(&home(a)), expect, "{b} | {a}");
    };
    let at = "UnparsedAddress=12 North Main Street, Seattle; PostalCode=98101-1234";
    check("ParcelNumber=123-456", "ParcelNumber=123456", true);
    check("ParcelNumber=123456", "ParcelNumber=123457", false);
    check("ParcelNumber=123456; CountyOrParish=King", "ParcelNumber=123456; CountyOrParish=Pierce", false);
    check("ParcelNumber=123456; CountyOrParish=King", "ParcelNumber=123456", true);
    check("ParcelNumber=123456; UnitNumber=1", "ParcelNumber=123456; UnitNumber=2", false);
    for none in ["0", "TBD", "N/A", "00000000", "999-999"] {
        check(&format!("ParcelNumber={none}"), &format!("ParcelNumber={none}"), false);
    }
    check(at, "StreetNumber=12; StreetDirPrefix=N; StreetName=Main; StreetSuffix=St; PostalCode=98101", true);
    check(at, "UnparsedAddress=12 N Main St; PostalCode=98102", false);
    check(at, "UnparsedAddress=14 N Main St; PostalCode=98101", false);
    check(at, "UnparsedAddress=12 N Main St #4; PostalCode=98101", false);
    check(
        "UnparsedAddress=12 N Main St #4; PostalCode=98101",
        "UnparsedAddress=12 N Main St; UnitNumber=Apt 4; PostalCode=98101",
        true,
    );
    check("UnparsedAddress=Main St; PostalCode=98101", "UnparsedAddress=Main St; PostalCode=98101", false);
    // Another parcel is another home, whatever the address says; one without a number is told by its address.
    check(&format!("ParcelNumber=123456; {at}"), &format!("ParcelNumber=123457; {at}"), false);
    check(&format!("ParcelNumber=123456; {at}"), at, true);
    check("", "", false);
}
