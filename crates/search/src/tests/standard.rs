//! The same on the Data Dictionary's own resources, with the testkit's records and questions: every
//! operator and every function.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{Dictionary, Feed, Key, Record, ResourceId, Timestamp, Version};
use query::Scope;
use store::{Change, ChangeKind};
use testkit::{Rng, Shape};

use super::questions::same_answer;
use crate::Search;

const RESOURCES: [&str; 5] = ["Property", "Member", "Office", "Media", "MemberAssociation"];

struct Standard {
    dictionary: Arc<Dictionary>,
    shapes: Vec<Shape>,
    live: BTreeMap<(ResourceId, Key), (Feed, Record)>,
    sequence: u64,
}

impl Standard {
    fn new() -> Self {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let shape = |name: &&str| Shape::of(&dictionary, dictionary.known(name).id);
        let shapes = RESOURCES.iter().map(shape).collect();
        Self { dictionary, shapes, live: BTreeMap::new(), sequence: 0 }
    }

    fn change(&mut self, rng: &mut Rng) -> Change {
        let shape = &self.shapes[rng.usize(..self.shapes.len())];
        let number = rng.u64(..40);
        let record = testkit::record(rng, &self.dictionary, shape, number);
        let resource = self.dictionary.resource(shape.resource);
        let key = resource.key_of(&record).expect("it has a key");
        let held = self.live.remove(&(resource.id, key.clone()));
        self.sequence += 1;
        let feed =
            held.as_ref().map_or_else(|| ["A", "B", "C"][rng.usize(..3)].into(), |(feed, _)| feed.clone());
        let at = Timestamp::from_second(i64::try_from(self.sequence / 3).expect("few")).expect("in range");
        let hub = resource.hub_fields();
        let entered =
            held.as_ref().and_then(|(_, record)| record.get(hub.entry?)?.as_timestamp()).unwrap_or(at);
        let removed = held.is_some() && rng.u8(..4) == 0;
        let kind = match (removed, held.is_some()) {
            (true, _) => ChangeKind::Removed,
            (false, true) => ChangeKind::Changed,
            (false, false) => ChangeKind::Created,
        };
        if !removed {
            let mut told = record.clone();
            hub.values(at, entered).for_each(|(field, value)| drop(told.set(field, value)));
            self.live.insert((resource.id, key.clone()), (feed.clone(), told));
        }
        Change {
            sequence: self.sequence,
            at,
            actor: "test".into(),
            resource: resource.id,
            feed,
            key,
            kind,
            before: None,
            record: (!removed).then(|| Arc::new(record)),
        }
    }

    fn scope(&self, rng: &mut Rng) -> Scope {
        if rng.bool() {
            return Scope::everything();
        }
        let mut scope = Scope::nothing();
        for shape in &self.shapes {
            let feeds = ["A", "B"]
                .iter()
                .filter(|_| rng.u8(..4) > 0)
                .map(|feed| query::FeedRows { feed: (*feed).into(), filter: None });
            scope.allow(shape.resource, query::Rows::Of(feeds.collect()));
        }
        scope
    }
}

#[test]
fn answers_are_those_of_the_reference_on_standard_records() {
    let mut rng = testkit::rng("answers_are_those_of_the_reference_on_standard_records");
    let mut town = Standard::new();
    let search = Search::new(Arc::clone(&town.dictionary));
    let now = Timestamp::from_second(1_750_000_000).expect("in range");
    let mut answered = 0;
    for _ in 0..12 {
        let changes: Vec<_> = (0..rng.usize(..80)).map(|_| town.change(&mut rng)).collect();
        search.apply(&changes);
        let records: Vec<_> = town.live.values().cloned().collect();
        for _ in 0..40 {
            let scope = town.scope(&mut rng);
            let shape = &town.shapes[rng.usize(..town.shapes.len())];
            let mut query = testkit::query(&mut rng, &town.dictionary, shape);
            for _ in 0..3 {
                answered += same_answer(&search, &query, &scope, &records, &town.dictionary, now);
                let page = query::answer(&query, &scope, &records, &town.dictionary, now);
                let Some(mark) = page.next else { break };
                query = query.next(page.records.len() as u64, mark);
            }
        }
    }
    assert!(answered > 200, "{answered} records are no test");
}
