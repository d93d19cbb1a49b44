//! Random writes, held against a plain model in memory.

use std::collections::BTreeMap;

use dictionary::{Feed, Key, Record, ResourceId, Timestamp};
use store::{Batch, Change, ChangeKind, Expect, Operation, Outcome, Scan, Sequence, Store};
use testkit::{Rng, Shape};

use crate::on_each_engine;
use crate::town::{WORDS, resource, second, whole_log};

/// What the store should be, said as simply as it can be.
#[derive(Clone, Default)]
struct Model {
    log: Vec<Change>,
    live: BTreeMap<(ResourceId, Key), (Feed, Sequence, Record)>,
}

impl Model {
    /// What a batch should give; on a refusal the model is to be thrown away.
    fn write(&mut self, batch: &Batch) -> Result<Vec<Outcome>, &'static str> {
        batch.operations.iter().map(|operation| self.operation(batch, operation)).collect()
    }

    fn operation(&mut self, batch: &Batch, operation: &Operation) -> Result<Outcome, &'static str> {
        let (resource, key, expect) = match operation {
            Operation::Put { record, expect, .. } => {
                let resource = WORDS.resource(record.resource());
                (resource.id, resource.key_of(record).unwrap(), expect)
            }
            Operation::Remove { resource, key, expect } => (*resource, key.clone(), expect),
        };
        let place = (resource, key.clone());
        let kept = self.live.get(&place).cloned();
        let version = kept.as_ref().map(|(_, sequence, _)| *sequence);
        let met = match expect {
            Expect::Any => true,
            Expect::Absent => version.is_none(),
            Expect::At(at) => version == Some(*at),
        };
        if !met {
            return Err("version_conflict");
        }
        let sequence = self.log.len() as Sequence + 1;
        let (feed, kind, record) = match (operation, kept) {
            (Operation::Remove { .. }, None) => return Ok(Outcome::Absent),
            (Operation::Remove { .. }, Some((feed, ..))) => (feed, ChangeKind::Removed, None),
            (Operation::Put { feed, record, stamp, .. }, kept) => {
                let mut record = record.clone();
                let timestamp = WORDS.resource(resource).timestamp;
                if let Some((of, at, before)) = &kept {
                    if of != feed {
                        return Err("key_in_other_feed");
                    }
                    let mut differences = before.differences(&record);
                    if stamp.is_some() {
                        differences.retain(|field| Some(*field) != timestamp);
                    }
                    if differences.is_empty() {
                        return Ok(Outcome::Unchanged(*at));
                    }
                }
                if let (Some(stamp), Some(timestamp)) = (stamp, timestamp) {
                    record.set(timestamp, *stamp);
                }
                let kind = if kept.is_some() { ChangeKind::Changed } else { ChangeKind::Created };
                (feed.clone(), kind, Some(record))
            }
        };
        self.log.push(Change {
            sequence,
            at: batch.at,
            actor: batch.actor.clone(),
            resource,
            feed: feed.clone(),
            key,
            kind,
            before: version,
            record: record.clone().map(Into::into),
        });
        match record {
            Some(record) => self.live.insert(place, (feed, sequence, record)),
            None => self.live.remove(&place),
        };
        Ok(match kind {
            ChangeKind::Created => Outcome::Created(sequence),
            ChangeKind::Changed => Outcome::Changed(sequence),
            ChangeKind::Removed => Outcome::Removed(sequence),
        })
    }

    fn as_of(&self, resource: ResourceId, key: &str, sequence: Sequence) -> Option<Sequence> {
        let mut entries = self.log.iter().filter(|c| c.resource == resource && c.key == key);
        let last = entries.rfind(|change| change.sequence <= sequence)?;
        last.record.as_ref().map(|_| last.sequence)
    }
}

fn random_batch(rng: &mut Rng, shapes: &[Shape], model: &Model) -> Batch {
    let mut batch = Batch::new(["anna", "ben"][rng.usize(..2)], second(rng.i64(0..1_000)));
    for _ in 0..rng.usize(..8) {
        let shape = &shapes[rng.usize(..shapes.len())];
        let resource = WORDS.resource(shape.resource);
        let number = rng.u64(..12);
        let key = testkit::key(&WORDS, resource, number);
        let kept = model.live.get(&(resource.id, key.clone()));
        let expect = match rng.u8(..12) {
            0 => Expect::Absent,
            1 => Expect::At(rng.u64(..20)),
            2 => kept.map_or(Expect::Absent, |(_, sequence, _)| Expect::At(*sequence)),
            _ => Expect::Any,
        };
        if rng.u8(..5) == 0 {
            batch.operations.push(Operation::Remove { resource: resource.id, key, expect });
            continue;
        }
        let record = match kept {
            // The same again, or the same but for one field.
            Some((.., record)) if rng.bool() => {
                let mut record = record.clone();
                if rng.bool() {
                    let other = testkit::record(rng, &WORDS, shape, number);
                    let field = shape.fields[rng.usize(..shape.fields.len())];
                    match other.get(field) {
                        Some(value) => record.set(field, value.clone()),
                        None if resource.key.contains(&field) => None,
                        None => record.clear(field),
                    };
                }
                record
            }
            _ => testkit::record(rng, &WORDS, shape, number),
        };
        let usual = if number.is_multiple_of(2) { "A" } else { "B" };
        let feed = if rng.u8(..20) == 0 { "C" } else { usual };
        let stamp = rng.bool().then(|| second(rng.i64(0..1_000)));
        batch.operations.push(Operation::Put { feed: feed.into(), record, expect, stamp });
    }
    batch
}

async fn agree(store: &Store, model: &Model, rng: &mut Rng) {
    assert_eq!(whole_log(store, rng.usize(1..40)).await, model.log);
    let mut current = store.current(0, 10_000).await.unwrap();
    assert!(current.is_sorted_by(|a, b| a.sequence < b.sequence));
    current.sort_by(|a, b| (a.resource, &a.key).cmp(&(b.resource, &b.key)));
    let found = current.into_iter().map(|s| ((s.resource, s.key), (s.feed, s.sequence, (*s.record).clone())));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), model.live);
    for resource in WORDS.resources() {
        let scan = Scan { resource: resource.id, feed: None, after: None, limit: 10_000 };
        let found: Vec<Key> = store.scan(scan).await.unwrap().into_iter().map(|s| s.key).collect();
        let mut expect: Vec<(Option<Timestamp>, Key)> = model
            .live
            .iter()
            .filter(|((of, _), _)| *of == resource.id)
            .map(|((_, key), (_, _, record))| (resource.timestamp_of(record), key.clone()))
            .collect();
        expect.sort();
        assert_eq!(found, expect.into_iter().map(|(_, key)| key).collect::<Vec<_>>());
    }
}

on_each_engine! {
    async fn random_writes_do_what_the_model_says(home) {
        let mut rng = testkit::rng("random_writes_do_what_the_model_says");
        let names = ["Property", "Member", "MemberAssociation"];
        let shapes: Vec<Shape> = names.map(|name| Shape::of(&WORDS, resource(name))).into();
        let mut store = home.open().await;
        let mut model = Model::default();
        for round in 0..150 {
            let batch = random_batch(&mut rng, &shapes, &model);
            let mut next = model.clone();
            match (store.write(batch.clone()).await, next.write(&batch)) {
                (Ok(receipt), Ok(outcomes)) => {
                    assert_eq!(receipt.outcomes, outcomes, "round {round}");
                    model = next;
                }
                (Err(error), Err(code)) => assert_eq!(error.code(), code, "round {round}"),
                (found, expect) => panic!("round {round}: {found:?}, not {expect:?}"),
            }
            let resource = WORDS.known(names[rng.usize(..3)]);
            let (key, at) = (testkit::key(&WORDS, resource, rng.u64(..12)), rng.u64(..=model.log.len() as u64 + 1));
            let found = store.as_of(resource.id, &key, at).await.unwrap().map(|stored| stored.sequence);
            assert_eq!(found, model.as_of(resource.id, &key, at), "{key} as of {at}");
            if round % 50 == 49 {
                agree(&store, &model, &mut rng).await;
                drop(store);
                store = home.open().await;
            }
        }
        agree(&store, &model, &mut rng).await;
    }
}
