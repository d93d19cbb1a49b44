//! The crowd fits the dictionary, ties together and is the same at every call.

use std::collections::{BTreeMap, HashSet};

use dictionary::{Dictionary, Value, Version, check};

use super::*;

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

#[test]
fn the_crowd_fits_the_dictionary() {
    for version in [Version::V2_0, Version::V2_1] {
        let dictionary = Dictionary::standard(version);
        let crowd = Crowd::new(&dictionary, 11, now());
        let listings = (0..300).chain((300..20_000_000).step_by(60_013)).map(|index| crowd.listing(index));
        for record in listings.chain(crowd_people(&dictionary, 11, now(), 5_000)) {
            assert_eq!(check(&dictionary, &record), [], "{record:?}");
        }
    }
}

#[test]
fn a_record_is_a_function_of_seed_and_number() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let (one, other) = (Crowd::new(&dictionary, 5, now()), Crowd::new(&dictionary, 5, now()));
    let forwards: Vec<Record> = (0..200).map(|index| one.listing(index)).collect();
    let mut backwards: Vec<Record> = (0..200).rev().map(|index| other.listing(index)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    assert_eq!(forwards, crowd(&dictionary, 5, now(), 200).collect::<Vec<_>>());
    assert_ne!(forwards[0], Crowd::new(&dictionary, 6, now()).listing(0));
}

#[test]
fn the_crowd_is_like_a_market() {
    const COUNT: u64 = 4_000;
    let dictionary = Dictionary::standard(Version::V2_1);
    let property = dictionary.known("Property");
    let text = |record: &Record, name: &str| -> String {
        record.get(property.find(name).unwrap()).and_then(Value::as_text).unwrap_or("").to_owned()
    };
    let people: HashSet<String> = crowd_people(&dictionary, 11, now(), COUNT)
        .map(|record| dictionary.resource(record.resource()).key_of(&record).unwrap().to_string())
        .collect();
    let (mut cities, mut statuses, mut words) = (HashSet::new(), BTreeMap::new(), HashSet::new());
    let mut fields = 0;
    for record in crowd(&dictionary, 11, now(), COUNT) {
        cities.insert((text(&record, "City"), text(&record, "StateOrProvince")));
        *statuses.entry(text(&record, "StandardStatus")).or_insert(0) += 1;
        let remarks = text(&record, "PublicRemarks");
        assert!((290..=620).contains(&remarks.len()), "{remarks}");
        words.extend(remarks.split([' ', '.']).map(str::to_lowercase));
        fields += record.len();
        for name in ["ListAgentKey", "ListOfficeKey", "BuyerAgentKey", "BuyerOfficeKey"] {
            let key = text(&record, name);
            assert!(key.is_empty() || people.contains(&key), "{name} {key} leads nowhere");
        }
        assert!(property.timestamp_of(&record).unwrap() <= now());
    }
    println!(
        "{} cities, {statuses:?}, {} words, {} fields",
        cities.len(),
        words.len(),
        fields as u64 / COUNT
    );
    assert!(cities.len() > 1_000 && words.len() > 3_000);
    assert!((COUNT * 15 / 100..COUNT * 25 / 100).contains(&statuses["Active"]));
    assert!((95..=115).contains(&(fields as u64 / COUNT)));
}
