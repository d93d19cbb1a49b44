//! Linked rows, and the values in use.

use std::collections::BTreeMap;

use dictionary::{LinkId, Text, Timestamp, Value};
use query::{Expr, Query, Rows, Scope};

use super::dice::{Dice, seed};
use super::questions::lived;
use super::town::FEEDS;

#[test]
fn links_lead_to_what_may_be_seen_in_the_order_of_keys() {
    let mut dice = Dice::of(seed("links_lead_to_what_may_be_seen_in_the_order_of_keys"), 0);
    let (mut town, search) = lived(&mut dice, 40);
    for _ in 0..8 {
        let (house, picture) = (town.dictionary.known("House"), town.dictionary.known("Picture"));
        let link = house.find_link("Pictures").expect("a house has pictures");
        let field = |name: &str| picture.find(name).expect("a picture has it");
        let seen = Text::new(*dice.pick(&FEEDS));
        let mut scope = Scope::nothing();
        let rows = vec![query::FeedRows { feed: seen.clone(), filter: None }];
        scope.allow(picture.id, Rows::Of(rows));
        let reader = search.read();
        let now = Timestamp::UNIX_EPOCH;
        for stored in town.records(house.id) {
            let row = reader.row(house.id, &stored.key).expect("it has a row");
            let expect: Vec<&str> = town
                .records(picture.id)
                .filter(|one| one.feed == seen)
                .filter(|one| one.record.get(field("Of")).and_then(Value::as_text) == Some(&stored.key))
                .filter(|one| one.record.get(field("Kind")).and_then(Value::as_text) == Some("House"))
                .map(|one| one.key.as_str())
                .collect();
            let keys = |rows: &[crate::Row]| -> Vec<String> {
                rows.iter().map(|row| reader.view(picture.id, *row).key().to_owned()).collect()
            };
            assert_eq!(keys(&reader.linked(house.id, row, link, &scope, now)), expect);
            let mut query = Query { count: true, page_size: 1, ..Query::all(picture.id) };
            query.order = vec![query::Order::ascending(Expr::field(field("PictureKey")))];
            let page = reader.linked_page(house.id, row, link, &query, &scope, now).expect("a page");
            assert_eq!(page.count.unwrap_or(0), expect.len() as u64);
            assert_eq!(page.rows.len(), expect.len().min(1));
        }
        drop(reader);
        let changes: Vec<_> = (0..40).map(|_| town.change(&mut dice)).collect();
        search.apply(&changes);
    }
}

#[test]
fn a_linked_version_is_another_when_what_is_linked_is() {
    let mut dice = Dice::of(seed("a_linked_version_is_another_when_what_is_linked_is"), 0);
    let (mut town, search) = lived(&mut dice, 12);
    // The versions of each house's links, and the records they were of.
    let mut before = BTreeMap::new();
    let (mut same, mut other) = (0, 0);
    for _ in 0..400 {
        let (house, reader) = (town.dictionary.known("House"), search.read());
        for stored in town.records(house.id) {
            let row = reader.row(house.id, &stored.key).expect("it has a row");
            for (at, link) in house.links.iter().enumerate() {
                let joins = |one: &&store::Stored| {
                    let constant = link.join.constant.as_ref();
                    let value = |field| one.record.get(field).and_then(Value::as_text);
                    value(link.join.target).is_some()
                        && value(link.join.target)
                            == stored.record.get(link.join.source).and_then(Value::as_text)
                        && constant.is_none_or(|(field, text)| value(*field) == Some(text))
                };
                let linked: Vec<_> = town.records(link.target).filter(joins).collect();
                let linked: Vec<_> = linked.iter().map(|one| (one.key.clone(), one.sequence)).collect();
                let version = reader.linked_version(house.id, row, LinkId(u16::try_from(at).expect("few")));
                let newest = linked.iter().map(|(_, sequence)| *sequence).max().unwrap_or(0);
                assert_eq!((version.count as usize, version.newest), (linked.len(), newest));
                let now = (version, linked);
                if let Some(then) = before.insert((stored.key.clone(), at), now.clone()) {
                    assert_eq!(then.0 == now.0, then.1 == now.1, "{then:?} {now:?}");
                    if then.1 == now.1 { same += 1 } else { other += 1 }
                }
            }
        }
        drop(reader);
        let changes: Vec<_> = (0..3).map(|_| town.change(&mut dice)).collect();
        search.apply(&changes);
    }
    assert!(same > 500 && other > 100, "{same} and {other} are no test");
}

#[test]
fn values_in_use_are_those_of_live_records() {
    // RESO-048: exactly the values in use.
    let mut dice = Dice::of(seed("values_in_use_are_those_of_live_records"), 0);
    let (mut town, search) = lived(&mut dice, 40);
    for _ in 0..10 {
        let house = town.dictionary.known("House");
        for name in ["Status", "Features", "HouseKey", "Address"] {
            let field = house.find(name).expect("a house has it");
            let mut expect: BTreeMap<Text, u64> = BTreeMap::new();
            for stored in town.records(house.id) {
                let words: Vec<Text> = match stored.record.get(field) {
                    Some(Value::Text(text)) => vec![text.clone()],
                    Some(Value::TextList(list)) => list.to_vec(),
                    _ => Vec::new(),
                };
                words.into_iter().for_each(|word| *expect.entry(word).or_default() += 1);
            }
            let found = search.read().lookups_in_use(house.id, field);
            assert_eq!(found, expect.into_iter().collect::<Vec<_>>(), "{name}");
        }
        let changes: Vec<_> = (0..60).map(|_| town.change(&mut dice)).collect();
        search.apply(&changes);
    }
}
