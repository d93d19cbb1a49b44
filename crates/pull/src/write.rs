//! Pages into the store: their records, what is kept beside them, and the place that covers them, in one
//! transaction each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Key, Resource, ResourceId, Text};
use intake::{Clock, IntakeError, OWN_FEED};
use store::{Batch, ErrorKind, Expect, Operation, Outcome, Patience, Store, Stored};

use crate::local::{Aside, LocalValues};
use crate::page::{Page, Pulled};
use crate::place::Place;
use crate::puller::CopyPictures;
use crate::tally::{Tally, Why};

/// Operations that are written together; the store takes ten thousand, and a record of a page may bring others.
const MOST_OPERATIONS: usize = 4_000;
/// Keys that are looked up together.
const MOST_KEYS: usize = 1_000;
/// How long a store that does not answer is waited for: a database that is started again is back by then.
const PATIENCE: Duration = Duration::from_secs(60);
/// Who waits for the store.
const WHO: &str = "a pull";

/// Writes what one source sends.
pub(crate) struct Writer {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) clock: Clock,
    pub(crate) source: Text,
    pub(crate) feed: Text,
    pub(crate) actor: Text,
    pub(crate) tally: Tally,
    /// Who copies the pictures whose records were written; none where they are referred to.
    pub(crate) copy: Option<CopyPictures>,
    /// How many were copied.
    pub(crate) copied: u64,
}

/// What is told of an operation once it is done.
#[derive(Clone, Debug)]
struct Told {
    resource: ResourceId,
    key: Key,
    /// A record of the source, and not what is kept beside it.
    counts: bool,
}

/// Operations that go together.
#[derive(Default)]
struct Ready {
    operations: Vec<Operation>,
    told: Vec<Told>,
}

impl Ready {
    fn add(&mut self, operation: Operation, resource: ResourceId, key: &Key, counts: bool) {
        self.operations.push(operation);
        self.told.push(Told { resource, key: key.clone(), counts });
    }
}

impl Writer {
    /// Keeps the records of a page; its place moves with the last of them.
    pub(crate) async fn page(
        &mut self,
        resource: ResourceId,
        page: Page,
        place: &mut Place,
    ) -> Result<(), IntakeError> {
        let dictionary = Arc::clone(&self.dictionary);
        let own = dictionary.resource(resource);
        let beside = self.beside(own, &page, place).await?;
        let ours = self.ours(own, page.records.iter().filter(|one| one.gone)).await?;
        let mut ready = Ready::default();
        for one in page.records {
            self.tally.read += 1;
            self.tally.of(&own.name).read += 1;
            for extra in &one.local {
                place.keeps_aside(&extra.name);
            }
            let Some(key) = one.key.clone() else {
                self.tally.of(&own.name).refused += 1;
                self.whys(own, &one);
                continue;
            };
            let kept = beside.get(&key);
            if one.gone {
                if ours.contains(&key) {
                    self.removal(&mut ready, own, &key, kept);
                }
            } else {
                self.whys(own, &one);
                self.record(&mut ready, own, key, one, kept);
            }
            if ready.operations.len() >= MOST_OPERATIONS {
                // The place stays until all of the page is here: after a kill it is read again.
                self.write(std::mem::take(&mut ready), None).await?;
            }
        }
        self.write(ready, Some((Place::name(&self.source, &own.name), place.write()))).await
    }

    /// Keeps a place by itself.
    pub(crate) async fn place(&mut self, resource: &str, place: &Place) -> Result<(), IntakeError> {
        self.cursor(Place::name(&self.source, resource), place.write()).await
    }

    /// Keeps a cursor by itself.
    pub(crate) async fn cursor(&mut self, name: Text, value: String) -> Result<(), IntakeError> {
        self.write(Ready::default(), Some((name, value))).await
    }

    /// Removes records of the feed that are gone at the source.
    pub(crate) async fn remove(
        &mut self,
        resource: ResourceId,
        keys: &[Key],
        cursor: Option<(Text, String)>,
    ) -> Result<(), IntakeError> {
        let dictionary = Arc::clone(&self.dictionary);
        let own = dictionary.resource(resource);
        for part in keys.chunks(MOST_KEYS) {
            let ours = self.kept(resource, part).await?;
            let names: Vec<Key> = part.iter().map(|key| LocalValues::key(&own.name, key)).collect();
            let local = self.kept(dictionary.known("LocalValues").id, &names).await?;
            let mut ready = Ready::default();
            let feed = self.feed.clone();
            for stored in ours.into_iter().flatten().filter(|stored| stored.feed == feed) {
                let beside =
                    local.iter().flatten().find(|kept| kept.key == LocalValues::key(&own.name, &stored.key));
                let beside = beside.map(|kept| LocalValues::read(&dictionary, kept));
                self.removal(&mut ready, own, &stored.key, beside.as_ref());
            }
            self.write(ready, None).await?;
        }
        if let Some((name, value)) = cursor {
            self.cursor(name, value).await?;
        }
        Ok(())
    }

    fn whys(&mut self, own: &Resource, one: &Pulled) {
        for why in &one.whys {
            self.tally.why(&own.name, one.key.as_deref().unwrap_or_default(), why);
        }
    }

    fn record(
        &mut self,
        ready: &mut Ready,
        own: &Resource,
        key: Key,
        one: Pulled,
        kept: Option<&LocalValues>,
    ) {
        let Pulled { record, local, linked, .. } = one;
        let now = (self.clock)();
        let stamp = own.timestamp.filter(|id| record.get(*id).is_none()).map(|_| now);
        let dictionary = Arc::clone(&self.dictionary);
        let mut aside = Aside::new(local);
        ready.add(self.put(record, stamp), own.id, &key, true);
        for link in linked {
            let Some(target) = own.find_link(&link.name).map(|id| dictionary.resource(own.link(id).target))
            else {
                continue;
            };
            let mut keys = Vec::new();
            for inner in link.records {
                self.tally.of(&target.name).read += 1;
                self.whys(target, &inner);
                let Some(inner_key) = inner.key.clone() else {
                    self.tally.of(&target.name).refused += 1;
                    continue;
                };
                keys.push(inner_key.clone());
                let stamp = target.timestamp.filter(|id| inner.record.get(*id).is_none()).map(|_| now);
                ready.add(self.put(inner.record, stamp), target.id, &inner_key, true);
                let inner_aside = Aside::new(inner.local);
                if !inner_aside.is_empty() {
                    self.keep_aside(ready, target, &inner_key, &inner_aside);
                }
            }
            if link.whole {
                let there: HashSet<&str> = keys.iter().map(Key::as_str).collect();
                let before = kept.map_or(&[][..], |kept| kept.linked(&link.name));
                for gone in before.iter().filter(|key| !there.contains(key.as_str())) {
                    let gone = Key::from(gone.as_str());
                    ready.add(Operation::remove(target.id, gone.clone()), target.id, &gone, true);
                }
                aside.link(&link.name, &keys);
            }
        }
        match (aside.is_empty(), kept) {
            (false, _) => self.keep_aside(ready, own, &key, &aside),
            (true, Some(_)) => self.forget_aside(ready, own, &key),
            (true, None) => {}
        }
    }

    fn put(&self, record: dictionary::Record, stamp: Option<dictionary::Timestamp>) -> Operation {
        Operation::Put { feed: self.feed.clone(), record, expect: Expect::Any, stamp }
    }

    /// A record goes, and with it what is kept beside it and what stood inside it.
    fn removal(&mut self, ready: &mut Ready, own: &Resource, key: &Key, kept: Option<&LocalValues>) {
        ready.add(Operation::remove(own.id, key.clone()), own.id, key, true);
        let Some(kept) = kept else { return };
        for (link, keys) in kept.links() {
            let Some(link) = own.find_link(link) else { continue };
            let target = own.link(link).target;
            for gone in keys {
                let gone = Key::from(gone.as_str());
                ready.add(Operation::remove(target, gone.clone()), target, &gone, true);
            }
        }
        self.forget_aside(ready, own, key);
    }

    fn keep_aside(&self, ready: &mut Ready, own: &Resource, key: &Key, aside: &Aside) {
        let resource = self.dictionary.known("LocalValues");
        let record = aside.record(resource, &own.name, key, &self.source);
        let stamp = Some((self.clock)());
        let operation = Operation::Put { feed: OWN_FEED.into(), record, expect: Expect::Any, stamp };
        ready.add(operation, resource.id, key, false);
    }

    fn forget_aside(&self, ready: &mut Ready, own: &Resource, key: &Key) {
        let resource = self.dictionary.known("LocalValues").id;
        ready.add(Operation::remove(resource, LocalValues::key(&own.name, key)), resource, key, false);
    }

    /// What is kept beside the records of a page, where anything may be.
    async fn beside(
        &self,
        own: &Resource,
        page: &Page,
        place: &Place,
    ) -> Result<HashMap<Key, LocalValues>, IntakeError> {
        let any = |one: &Pulled| one.gone || !one.local.is_empty() || !one.linked.is_empty();
        if place.aside.is_empty() && !page.records.iter().any(any) {
            return Ok(HashMap::new());
        }
        let keys: Vec<&Key> = page.records.iter().filter_map(|one| one.key.as_ref()).collect();
        let mut found = HashMap::new();
        for part in keys.chunks(MOST_KEYS) {
            let names: Vec<Key> = part.iter().map(|key| LocalValues::key(&own.name, key)).collect();
            let kept = self.kept(self.dictionary.known("LocalValues").id, &names).await?;
            for (key, kept) in part.iter().zip(kept) {
                if let Some(kept) = kept {
                    found.insert((*key).clone(), LocalValues::read(&self.dictionary, &kept));
                }
            }
        }
        Ok(found)
    }

    /// Which of these records are kept in the source's feed.
    async fn ours<'p>(
        &self,
        own: &Resource,
        records: impl Iterator<Item = &'p Pulled>,
    ) -> Result<HashSet<Key>, IntakeError> {
        let keys: Vec<Key> = records.filter_map(|one| one.key.clone()).collect();
        let mut ours = HashSet::new();
        for part in keys.chunks(MOST_KEYS) {
            let kept = self.kept(own.id, part).await?;
            let kept = kept.into_iter().flatten().filter(|stored| stored.feed == self.feed);
            ours.extend(kept.map(|stored| stored.key));
        }
        Ok(ours)
    }

    async fn kept(&self, resource: ResourceId, keys: &[Key]) -> Result<Vec<Option<Stored>>, IntakeError> {
        let ask = || self.store.get_many(resource, keys);
        Patience::of(PATIENCE).ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))
    }

    /// Writes, all of it but what the store refuses by itself; that is counted as refused.
    async fn write(&mut self, ready: Ready, cursor: Option<(Text, String)>) -> Result<(), IntakeError> {
        let mut patience = Patience::of(PATIENCE);
        let mut batch = Batch::new(self.actor.clone(), (self.clock)());
        (batch.operations, batch.cursors) = (ready.operations, cursor.into_iter().collect());
        let (mut batch, mut told) = (Arc::new(batch), ready.told);
        loop {
            if batch.operations.is_empty() && batch.cursors.is_empty() {
                return Ok(());
            }
            match self.store.write(Arc::clone(&batch)).await {
                Ok(receipt) => {
                    let pictures = self.count(&told, &receipt.outcomes);
                    if let Some(copy) = self.copy.as_ref().filter(|_| !pictures.is_empty()) {
                        self.copied += copy(pictures).await;
                    }
                    return Ok(());
                }
                Err(error) if error.kind == ErrorKind::Unavailable => {
                    patience.after(error, WHO).await.map_err(|e| IntakeError::store(&e))?;
                }
                Err(error) => {
                    let refuses = matches!(
                        error.kind,
                        ErrorKind::KeyInOtherFeed
                            | ErrorKind::TooLarge
                            | ErrorKind::NotKeepable
                            | ErrorKind::KeyMissing
                    );
                    let Some(at) = error.operation.filter(|at| refuses && *at < told.len()) else {
                        return Err(IntakeError::store(&error));
                    };
                    Arc::make_mut(&mut batch).operations.remove(at);
                    let left = told.remove(at);
                    let name = self.dictionary.resource(left.resource).name.clone();
                    let why = Why::refused(error.code(), None, error.message, error.hint);
                    self.tally.of(&name).refused += u64::from(left.counts);
                    self.tally.why(&name, &left.key, &why);
                }
            }
        }
    }

    /// Counts what became of them; the keys of Media that say something new.
    fn count(&mut self, told: &[Told], outcomes: &[Outcome]) -> Vec<Key> {
        let media = self.dictionary.known("Media").id;
        let mut pictures = Vec::new();
        for (told, outcome) in told.iter().zip(outcomes).filter(|(told, _)| told.counts) {
            let name = self.dictionary.resource(told.resource).name.clone();
            let counts = self.tally.of(&name);
            match outcome {
                Outcome::Created(_) => counts.new += 1,
                Outcome::Changed(_) => counts.changed += 1,
                Outcome::Unchanged(_) => counts.unchanged += 1,
                Outcome::Removed(_) => counts.removed += 1,
                Outcome::Absent => {}
            }
            if told.resource == media && matches!(outcome, Outcome::Created(_) | Outcome::Changed(_)) {
                pictures.push(told.key.clone());
            }
        }
        pictures
    }
}
