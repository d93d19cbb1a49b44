//! The market moves, and stays whole.

use std::collections::{HashMap, HashSet};

use dictionary::{Dictionary, Record, Text, Timestamp, Version, check};
use store::Operation;

use super::*;

fn setting() -> Setting {
    Setting {
        now: "2026-11-23T10:00:00Z".parse().unwrap(),
        media_base_url: "http://127.0.0.1:8700".into(),
        seed: 7,
    }
}

#[test]
fn a_living_market_stays_whole() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let setting = setting();
    let market = KingCounty::new(&dictionary, &setting);
    let from = market.len() - 4_000;
    let listings: Vec<Record> = (from..market.len()).map(|at| market.property(&market.sold(at))).collect();
    let property = dictionary.known("Property");
    let mut standing: HashMap<Text, Record> =
        listings.iter().map(|record| (property.key_of(record).unwrap(), record.clone())).collect();
    let mut live = Live::new(&dictionary, &setting, listings);
    let opened = live.open();
    assert!(opened > 2_000, "{opened}");
    let mut dice = Dice::new(1);
    let (mut changes, mut new, mut keys) = (HashSet::new(), 0, HashSet::new());
    for step in 0..2_000 {
        let now = Timestamp::from_second(setting.now.as_second() + step).unwrap();
        let operations = live.step(now, &mut dice);
        assert!((1..=16).contains(&operations.len()), "{}", operations.len());
        for operation in operations {
            let Operation::Put { feed, record, .. } = operation else { panic!("{operation:?}") };
            assert_eq!(feed, FEED);
            assert_eq!(check(&dictionary, &record), [], "{record:?}");
            let resource = dictionary.resource(record.resource());
            let key = resource.key_of(&record).unwrap();
            assert!(resource.timestamp_of(&record).unwrap() <= now);
            if resource.name == "Property" {
                assert_eq!(resource.timestamp_of(&record), Some(now));
                let status = record.get(resource.find("StandardStatus").unwrap()).unwrap().as_text().unwrap();
                changes.insert(status.to_owned());
                new += usize::from(standing.insert(key, record).is_none());
            } else {
                // Everything else is new: nothing that was there is written over.
                assert!(keys.insert((resource.name.clone(), key.clone())), "{key} twice");
            }
        }
    }
    for status in ["Active", "Active Under Contract", "Pending", "Closed"] {
        assert!(changes.contains(status), "nothing became {status}");
    }
    assert!(new > 100, "only {new} new listings");
}

#[test]
fn an_empty_market_fills() {
    let dictionary = Dictionary::standard(Version::V2_0);
    let mut live = Live::new(&dictionary, &setting(), []);
    assert!(!live.step(setting().now, &mut Dice::new(3)).is_empty());
    assert_eq!(live.open(), 1);
}
