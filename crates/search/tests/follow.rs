//! An index that follows a real store: it starts with what is there, hears what is written, and says so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Key, Record, ResourceId, Timestamp, Version};
use search::Search;
use store::{Batch, Operation, Settings, Store};
use testkit::{Rng, Scratch, Shape};

const RESOURCES: [&str; 3] = ["Property", "Member", "Media"];

struct Town {
    dictionary: Arc<Dictionary>,
    shapes: Vec<Shape>,
    live: BTreeMap<(ResourceId, Key), Record>,
    second: i64,
}

impl Town {
    fn batch(&mut self, rng: &mut Rng) -> Batch {
        self.second += 1;
        let mut batch = Batch::new("test", Timestamp::from_second(self.second).expect("in range"));
        for _ in 0..rng.usize(1..60) {
            let shape = &self.shapes[rng.usize(..self.shapes.len())];
            let number = rng.u64(..80);
            let record = testkit::record(rng, &self.dictionary, shape, number);
            let key = self.dictionary.resource(shape.resource).key_of(&record).expect("it has a key");
            // A key belongs to one feed for ever.
            let feed = ["A", "B", "C"][usize::try_from(number % 3).expect("small")];
            let place = (shape.resource, key.clone());
            if rng.u8(..5) == 0 {
                self.live.remove(&place);
                batch.operations.push(Operation::remove(shape.resource, key));
            } else {
                self.live.insert(place, record.clone());
                batch.operations.push(Operation::put(feed, record));
            }
        }
        batch
    }

    /// When each record was written and when it came into being, as the log says.
    async fn seen(store: &Store) -> BTreeMap<(ResourceId, Key), (Timestamp, Timestamp)> {
        let (mut seen, mut after) = (BTreeMap::new(), 0);
        loop {
            let changes = store.follow(after, 1_000).await.expect("a log");
            let Some(last) = changes.last() else { return seen };
            after = last.sequence;
            for change in changes {
                let entry = seen.entry((change.resource, change.key)).or_insert((change.at, change.at));
                let came = change.kind == store::ChangeKind::Created;
                *entry = (change.at, if came { change.at } else { entry.1 });
            }
        }
    }

    /// PAR-116: beside what a record brings, the index knows when it was written and first seen.
    async fn is_in(&self, search: &Search, store: &Store) {
        let seen = Self::seen(store).await;
        let reader = search.read();
        for shape in &self.shapes {
            let live = self.live.iter().filter(|((resource, _), _)| *resource == shape.resource);
            assert_eq!(reader.len(shape.resource), live.clone().count());
            for ((resource, key), record) in live {
                let (at, created) = seen[&(*resource, key.clone())];
                let row = reader.row(*resource, key).expect("the key has a row");
                let mut expect = record.clone();
                if let Some(derived) = self.dictionary.resource(*resource).derived() {
                    derived.complete(&mut expect);
                }
                let hub = self.dictionary.resource(*resource).hub_fields();
                hub.values(at, created).for_each(|(field, value)| drop(expect.set(field, value)));
                assert_eq!(reader.record(*resource, row), expect, "{key}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_holds_what_the_store_does() {
    let mut rng = testkit::rng("an_index_holds_what_the_store_does");
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let shapes = RESOURCES.iter().map(|name| Shape::of(&dictionary, dictionary.known(name).id)).collect();
    let mut town = Town { dictionary: Arc::clone(&dictionary), shapes, live: BTreeMap::new(), second: 0 };
    let scratch = Scratch::new();
    let settings = Settings::sqlite(scratch.file("follow.db"));
    let store = Store::open(settings, Arc::clone(&dictionary)).await.expect("a store");
    let mut head = 0;
    for _ in 0..60 {
        let batch = town.batch(&mut rng);
        head = store.write(batch).await.expect("it is written").head;
    }
    for round in 0..3 {
        let search = Search::new(Arc::clone(&dictionary));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let following = tokio::spawn({
            let (search, store) = (search.clone(), store.clone());
            async move {
                let stopped = async move {
                    let _ = stopped.await;
                };
                search.follow(store, stopped).await
            }
        });
        wait(&search, head).await;
        assert!(search.is_ready(), "it is ready once it holds what was there");
        town.is_in(&search, &store).await;
        for _ in 0..12 {
            let batch = town.batch(&mut rng);
            head = store.write(batch).await.expect("it is written").head;
            wait(&search, head).await;
            town.is_in(&search, &store).await;
        }
        stop.send(()).expect("it still follows");
        let ended = following.await.expect("it does not panic");
        assert_eq!(ended, Ok(()), "round {round}");
    }
}

/// Waits until the index has applied this change: RESO-064 asks that a write appears in search.
async fn wait(search: &Search, head: u64) {
    let mut applied = search.watch();
    let reached = applied.wait_for(|applied| *applied >= head);
    tokio::time::timeout(Duration::from_secs(30), reached)
        .await
        .expect("the index follows within half a minute")
        .expect("the index lives");
}
