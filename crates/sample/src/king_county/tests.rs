//! The demo market is whole: every record fits the dictionary, every tie leads somewhere, every status
//! is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use dictionary::{Dictionary, Record, Timestamp, Value, Version, check};

use super::*;

const NOW: &str = "2026-11-23T10:00:00Z";

fn setting(now: &str) -> Setting {
    Setting { now: now.parse().unwrap(), media_base_url: "http://127.0.0.1:8700".into(), seed: 7 }
}

/// The newest version of every record, by resource name and key.
struct Shown {
    dictionary: Dictionary,
    records: BTreeMap<String, HashMap<Text, Record>>,
    versions: usize,
}

impl Shown {
    fn new(version: Version, now: &str) -> Self {
        let dictionary = Dictionary::standard(version);
        let market = KingCounty::new(&dictionary, &setting(now));
        let mut records: BTreeMap<String, HashMap<Text, Record>> = BTreeMap::new();
        let mut versions = 0;
        for batch in market.batches() {
            assert!(batch.len() <= 5_000, "a batch of {}", batch.len());
            for record in batch {
                let faults = check(&dictionary, &record);
                assert_eq!(faults, [], "{record:?}");
                let resource = dictionary.resource(record.resource());
                let key = resource.key_of(&record).unwrap();
                records.entry(resource.name.to_string()).or_default().insert(key, record);
                versions += 1;
            }
        }
        Self { dictionary, records, versions }
    }

    fn all(&self, resource: &str) -> impl Iterator<Item = &Record> {
        self.records[resource].values()
    }

    fn value<'a>(&self, record: &'a Record, field: &str) -> Option<&'a Value> {
        record.get(self.dictionary.resource(record.resource()).find(field).unwrap())
    }

    fn text<'a>(&self, record: &'a Record, field: &str) -> &'a str {
        self.value(record, field).and_then(Value::as_text).unwrap_or("")
    }

    fn time(&self, record: &Record, field: &str) -> Option<Timestamp> {
        self.value(record, field).and_then(Value::as_timestamp)
    }
}

#[test]
fn every_record_fits_every_version_of_the_dictionary() {
    let shown = Shown::new(Version::V2_0, NOW);
    assert_eq!(shown.records["Property"].len(), 21_613);
}

#[test]
fn the_market_is_whole() {
    let shown = Shown::new(Version::V2_1, NOW);
    let counts: Vec<(&String, usize)> = shown.records.iter().map(|(name, all)| (name, all.len())).collect();
    println!("{counts:?}, {} versions", shown.versions);
    assert_eq!(shown.records["Property"].len(), 21_613);
    statuses(&shown);
    resales(&shown);
    ties(&shown);
    nothing_is_in_the_future(&shown);
    open_houses_are_to_come(&shown);
    names_are_said_as_the_member_says_them(&shown);
    pictures_are_those_that_listings_count(&shown);
    let fields: usize = shown.all("Property").map(Record::len).sum();
    println!("{} fields a listing", fields / 21_613);
    assert!(fields / 21_613 >= 100);
}

fn statuses(shown: &Shown) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for record in shown.all("Property") {
        *count.entry(shown.text(record, "StandardStatus")).or_default() += 1;
    }
    println!("{count:?}");
    let (_, lookup) = shown.dictionary.find_lookup("StandardStatus").unwrap();
    for value in &lookup.values {
        assert!(count.contains_key(value.value.as_str()), "no listing is {}", value.value);
    }
    assert!(count["Closed"] > 15_000 && count["Active"] > 1_000 && count["Pending"] > 500, "{count:?}");
}

fn resales(shown: &Shown) {
    let mut by_parcel: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in shown.all("Property") {
        by_parcel.entry(shown.text(record, "ParcelNumber")).or_default().push(record);
    }
    let again: usize = by_parcel.values().map(|listings| listings.len() - 1).sum();
    assert_eq!(again, 177);
    for listings in by_parcel.values().filter(|listings| listings.len() > 1) {
        for field in ["UnparsedAddress", "YearBuilt", "Heating", "SubdivisionName"] {
            let first = shown.value(listings[0], field);
            assert!(
                listings.iter().all(|one| shown.value(one, field) == first),
                "{field} of a house differs"
            );
        }
    }
}

fn ties(shown: &Shown) {
    let check = |resource: &str, field: &str, target: &str| {
        let mut tied = 0;
        for record in shown.all(resource) {
            let key = shown.text(record, field);
            if !key.is_empty() {
                assert!(shown.records[target].contains_key(key), "{resource}.{field} {key} leads nowhere");
                tied += 1;
            }
        }
        assert!(tied > 0, "no {resource} has {field}");
    };
    for side in ["List", "CoList", "Buyer", "CoBuyer"] {
        check("Property", &format!("{side}AgentKey"), "Member");
        check("Property", &format!("{side}OfficeKey"), "Office");
    }
    check("Property", "ListTeamKey", "Teams");
    check("Member", "OfficeKey", "Office");
    check("Office", "OfficeBrokerKey", "Member");
    check("Office", "MainOfficeKey", "Office");
    check("MemberAssociation", "MemberKey", "Member");
    check("MemberAssociation", "AssociationKey", "Association");
    check("Teams", "TeamLeadKey", "Member");
    check("TeamMembers", "TeamKey", "Teams");
    check("TeamMembers", "MemberKey", "Member");
    check("OpenHouse", "ListingKey", "Property");
    check("OpenHouse", "ShowingAgentKey", "Member");
    check("PropertyRooms", "ListingKey", "Property");
    check("Media", "ResourceRecordKey", "Property");
    check("HistoryTransactional", "ResourceRecordKey", "Property");
    check("HistoryTransactional", "ChangedByMemberKey", "Member");
}

fn names_are_said_as_the_member_says_them(shown: &Shown) {
    for listing in shown.all("Property") {
        let member = &shown.records["Member"][shown.text(listing, "ListAgentKey")];
        for (said, own) in [
            ("ListAgentFullName", "MemberFullName"),
            ("ListAgentMlsId", "MemberMlsId"),
            ("ListAgentNationalAssociationId", "MemberNationalAssociationId"),
            ("ListOfficeKey", "OfficeKey"),
            ("ListOfficeName", "OfficeName"),
        ] {
            assert_eq!(shown.text(listing, said), shown.text(member, own), "{said}");
        }
        assert_eq!(shown.text(member, "MemberStatus"), "Active");
    }
    for member in shown.all("Member") {
        let number = shown.text(member, "MemberNationalAssociationId");
        assert!(number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit()), "{number}");
        assert!(shown.text(member, "MemberEmail").ends_with(".example"));
        assert!(shown.text(member, "MemberDirectPhone").contains("-555-01"));
    }
}

fn nothing_is_in_the_future(shown: &Shown) {
    let now = NOW.parse::<Timestamp>().unwrap();
    let mut stamps = HashSet::new();
    for record in shown.all("Property") {
        let changed = shown.time(record, "ModificationTimestamp").unwrap();
        stamps.insert(changed);
        assert!(changed <= now, "{record:?}");
        for field in [
            "OriginalEntryTimestamp",
            "StatusChangeTimestamp",
            "MajorChangeTimestamp",
            "PriceChangeTimestamp",
        ] {
            assert!(shown.time(record, field).is_none_or(|at| at <= changed), "{field}: {record:?}");
        }
        let closed = shown.text(record, "StandardStatus") == "Closed";
        for field in ["ClosePrice", "CloseDate", "PendingTimestamp", "BuyerAgentKey"] {
            let pending = shown.text(record, "StandardStatus") == "Pending";
            let expected =
                closed || (pending && field.ends_with("Timestamp")) || (pending && field.ends_with("Key"));
            assert_eq!(shown.value(record, field).is_some(), expected, "{field}: {record:?}");
        }
        assert!(shown.value(record, "OriginalListPrice").is_some());
    }
    assert!(stamps.len() > 21_000, "only {} different stamps", stamps.len());
    let history = shown.all("HistoryTransactional").map(|h| shown.time(h, "ModificationTimestamp").unwrap());
    assert!(history.max().unwrap() <= now);
}

/// HUB-004: the hours are those of the house, whichever side of a change of the clocks they lie on.
fn open_houses_are_to_come(shown: &Shown) {
    let zone = pacific();
    let now = NOW.parse::<Timestamp>().unwrap();
    assert!(shown.records["OpenHouse"].len() > 300);
    for record in shown.all("OpenHouse") {
        let start = shown.time(record, "OpenHouseStartTime").unwrap();
        let end = shown.time(record, "OpenHouseEndTime").unwrap();
        assert!(start > now && end > start);
        let local = start.to_zoned(zone.clone());
        assert_eq!(shown.value(record, "OpenHouseDate"), Some(&Value::Date(local.date())));
        assert!((10..=15).contains(&local.hour()), "{local}");
        let listing = &shown.records["Property"][shown.text(record, "ListingKey")];
        assert!(shown.text(listing, "StandardStatus").starts_with("Active"));
        assert_eq!(shown.text(listing, "PropertyTimeZoneName"), "America/Los_Angeles");
    }
}

/// What a listing says of its pictures is there.
fn pictures_are_those_that_listings_count(shown: &Shown) {
    let mut count: HashMap<&str, i64> = HashMap::new();
    for media in shown.all("Media") {
        *count.entry(shown.text(media, "ResourceRecordKey")).or_default() += 1;
        let key = shown.text(media, "MediaKey");
        assert_eq!(shown.text(media, "MediaURL"), format!("http://127.0.0.1:8700/media/{key}"));
        assert!(crate::picture::is_key(key), "{key}");
    }
    for listing in shown.all("Property") {
        let said = shown.value(listing, "PhotosCount").and_then(Value::as_integer).unwrap();
        assert_eq!(Some(&said), count.get(shown.text(listing, "ListingKey")));
    }
}

#[test]
fn daylight_saving_is_kept() {
    let zone = pacific();
    let check = |day: &str, hour: i64, expect: &str| {
        let at = crate::calendar::instant(&zone, day.parse().unwrap(), hour * 3600);
        assert_eq!(at.to_string(), expect);
    };
    check("2026-07-04", 12, "2026-07-04T19:00:00Z");
    check("2026-12-04", 12, "2026-12-04T20:00:00Z");
    check("2026-03-08", 12, "2026-03-08T19:00:00Z");
    check("2026-11-01", 12, "2026-11-01T20:00:00Z");
}

#[test]
fn the_same_setting_gives_the_same_market() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let some = |now: &str| -> Vec<Record> {
        let market = KingCounty::new(&dictionary, &setting(now));
        (0..market.len()).step_by(97).map(|at| market.property(&market.sold(at))).collect()
    };
    assert_eq!(some(NOW), some(NOW));
    // On another day the same houses stand in the same streets under the same keys.
    let shape = Shape::new(&dictionary, "Property");
    for (one, other) in some(NOW).iter().zip(&some("2027-05-02T03:00:00Z")) {
        for field in ["ListingKey", "UnparsedAddress", "ParcelNumber", "ListAgentKey", "PublicRemarks"] {
            assert_eq!(shape.text(one, field), shape.text(other, field));
        }
    }
}

#[test]
fn days_move_by_whole_weeks() {
    let dictionary = Dictionary::standard(Version::V2_1);
    for now in [NOW, "2026-11-24T10:00:00Z", "2026-11-29T10:00:00Z", "2030-02-28T23:00:00Z"] {
        let market = KingCounty::new(&dictionary, &setting(now));
        assert_eq!(market.shift % 7, 0);
        let last = plus_days("2015-05-27".parse().unwrap(), market.shift);
        assert!((77..=83).contains(&days_between(market.today, last)), "{now}: {last}");
    }
}

#[test]
fn a_past_is_told_in_order() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let market = KingCounty::new(&dictionary, &setting(NOW));
    let shape = &market.shapes.property;
    let mut told: HashMap<String, Vec<Timestamp>> = HashMap::new();
    for record in market.batches().flatten().filter(|record| record.resource() == shape.resource()) {
        let at = record.get(shape.field("ModificationTimestamp").unwrap()).unwrap().as_timestamp().unwrap();
        told.entry(shape.text(&record, "ListingKey").to_owned()).or_default().push(at);
    }
    let several: Vec<_> = told.values().filter(|stamps| stamps.len() > 1).collect();
    println!("{} listings with a past", several.len());
    assert!(several.len() > 100);
    assert!(several.iter().all(|stamps| stamps.is_sorted()));
}
