//! What a store is known to hold, from its log, and whether the rest agrees.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Decimal, Dictionary, Key, Record, ResourceId, Value};
use search::Search;
use store::{Change, ChangeKind, Scan, Sequence, Store};

/// Entries read at a time.
const PART: usize = 5_000;

/// The price of a row in the file of a run; no two have the same.
pub(crate) fn price(run: u64, row: u64) -> u64 {
    run * 1_000_000 + row
}

/// What has been seen of one store over many openings.
pub(crate) struct Town {
    dictionary: Arc<Dictionary>,
    log: Vec<Change>,
    live: HashMap<(ResourceId, Key), (Sequence, Arc<Record>)>,
}

impl Town {
    pub(crate) fn new(dictionary: Arc<Dictionary>) -> Self {
        Self { dictionary, log: Vec::new(), live: HashMap::new() }
    }

    /// The newest sequence seen.
    pub(crate) fn head(&self) -> Sequence {
        self.log.len() as Sequence
    }

    /// Takes in what the log has gained: no gap, and each entry says which version it replaced.
    pub(crate) async fn follow(&mut self, store: &Store) {
        let head = store.head().await.unwrap();
        assert!(head >= self.head(), "the log went back from {} to {head}", self.head());
        loop {
            let part = store.follow(self.head(), PART).await.unwrap();
            if part.is_empty() {
                break;
            }
            for change in part {
                assert_eq!(change.sequence, self.head() + 1, "a gap, or an entry twice");
                self.take(change);
            }
        }
        assert_eq!(self.head(), head);
        self.same_records(store).await;
    }

    fn take(&mut self, change: Change) {
        let name = (change.resource, change.key.clone());
        let old = self.live.get(&name).map(|(sequence, _)| *sequence);
        assert_eq!(change.before, old, "{name:?} at {}", change.sequence);
        assert_eq!(change.kind == ChangeKind::Created, old.is_none(), "{name:?} at {}", change.sequence);
        match &change.record {
            Some(record) => drop(self.live.insert(name, (change.sequence, Arc::clone(record)))),
            None => drop(self.live.remove(&name)),
        }
        self.log.push(change);
    }

    /// What is there is what the log says, each record once.
    async fn same_records(&self, store: &Store) {
        let (mut after, mut found) = (0, 0);
        loop {
            let part = store.current(after, PART).await.unwrap();
            let Some(last) = part.last() else { break };
            after = last.sequence;
            for one in part {
                let known = self.live.get(&(one.resource, one.key.clone()));
                assert_eq!(known, Some(&(one.sequence, one.record)), "{}", one.key);
                found += 1;
            }
        }
        assert_eq!(found, self.live.len(), "records are missing, or there twice");
    }

    /// Every row of a run that said that it was done is there, and was written once, however often the
    /// run was begun.
    pub(crate) fn holds(&self, run: u64, rows: u64) {
        let property = self.dictionary.known("Property");
        let field = property.find("ListPrice").unwrap();
        let mut written: HashMap<Decimal, usize> = HashMap::new();
        for record in self.log.iter().filter_map(|change| change.record.as_ref()) {
            if record.resource() == property.id
                && let Some(Value::Decimal(price)) = record.get(field)
            {
                *written.entry(*price).or_default() += 1;
            }
        }
        for row in 0..rows {
            let key = Key::from(format!("TOWN-{row}"));
            let (_, record) =
                self.live.get(&(property.id, key)).unwrap_or_else(|| panic!("row {row} is missing"));
            let price = Decimal::from(price(run, row));
            assert_eq!(record.get(field), Some(&Value::Decimal(price)), "row {row}");
            assert_eq!(written.get(&price), Some(&1), "row {row} was written more than once");
        }
    }

    /// The whole log is still what was seen, and an index loaded from the store has what a scan of it has.
    pub(crate) async fn agrees(&self, store: &Store) {
        let mut at = 0;
        while at < self.log.len() {
            let part = store.follow(at as Sequence, PART).await.unwrap();
            assert!(!part.is_empty(), "the log ends at {at}");
            assert!(self.log[at..].starts_with(&part), "history changed after {at}");
            at += part.len();
        }
        let search = Search::new(Arc::clone(&self.dictionary));
        let (mut loading, mut after) = (search.loading(), 0);
        loop {
            let part = store.current(after, PART).await.unwrap();
            let Some(last) = part.last() else { break };
            after = last.sequence;
            loading.load_stored(&part);
        }
        search.finish(loading, store.head().await.unwrap());
        let reader = search.read();
        let mut found = 0;
        for resource in self.dictionary.resources().iter().map(|resource| resource.id) {
            let (mut scanned, mut mark) = (0, None);
            loop {
                let scan = Scan { resource, feed: None, after: mark.clone(), limit: PART };
                let part = store.scan(scan).await.unwrap();
                let Some(last) = part.last() else { break };
                mark =
                    Some((self.dictionary.resource(resource).timestamp_of(&last.record), last.key.clone()));
                scanned += part.len();
                for one in &part {
                    let row =
                        reader.row(resource, &one.key).unwrap_or_else(|| panic!("{} not found", one.key));
                    assert_eq!(reader.view(resource, row).sequence(), one.sequence);
                    // When it was written and came into being, the log says and no record does.
                    let hub = self.dictionary.resource(resource).hub_fields();
                    let mut found = reader.record(resource, row);
                    if let Some(written) = hub.modification.and_then(|field| found.clear(field)) {
                        assert_eq!(written, Value::Timestamp(one.at));
                    }
                    hub.entry.and_then(|field| found.clear(field));
                    assert_eq!(found, *one.record);
                }
            }
            assert_eq!(reader.len(resource), scanned);
            found += scanned;
        }
        assert_eq!(found, self.live.len());
    }
}
