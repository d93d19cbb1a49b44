//! One run: open, read and write page by page, acknowledge.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Key, Resource, Text};
use intake::{Commission, Counts, IntakeError, Moved, Report, Stage};
use serde::Deserialize;
use serde_json::json;
use store::{Batch, ErrorKind, Expect, Operation, Outcome, Patience};

use crate::Membership;
use crate::client::Client;
use crate::page::{Item, Page, read};
use crate::source::Source;

/// The resources of a pull, in the order in which they are read: what others refer to goes first.
const CONTACTS: [&str; 4] = ["Office", "Member", "OfficeAssociation", "MemberAssociation"];
/// Pages of one resource at most: a walk without an end is none.
const MOST_PAGES: usize = 100_000;
/// Refusals that are reported.
const MOST_REFUSED: usize = 1_000;
/// A store that does not answer is waited for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open pull, as the association tells it.
#[derive(Deserialize)]
struct Pull {
    #[serde(rename = "SyncRunNumber")]
    number: u64,
    #[serde(rename = "ContactsHeld", default)]
    held: u64,
    #[serde(rename = "@pages")]
    pages: BTreeMap<String, String>,
    #[serde(rename = "@acknowledgement")]
    acknowledgement: String,
}

/// What is told of a run.
#[derive(Default)]
struct Tally {
    read: BTreeMap<&'static str, u64>,
    counts: Vec<Counts>,
    refused: Vec<(&'static str, String, String)>,
    rows: u64,
    bytes: u64,
}

/// Pulls what an association offers, and acknowledges it.
///
/// # Errors
/// The association refuses or does not answer, or the store does: nothing is acknowledged then.
pub(crate) async fn run(puller: &Membership, commission: Commission) -> Result<Report, IntakeError> {
    let source = Source::read(puller, &commission.source)?;
    let client = Client { http: &puller.http, source: &source };
    let opened = client.post(&format!("{}/pulls", source.path), "{}".into()).await?;
    let pull: Pull = serde_json::from_slice(&opened).map_err(|error| {
        let hint = "See to SourceLocation: it is the address of an integration's environment.";
        IntakeError::new("not_a_pull", format!("The source opens no pull: {error}."), hint)
    })?;
    let mut tally = Tally::default();
    for name in CONTACTS {
        let own = puller.dictionary.known(name);
        let mut next = pull.pages.get(name).cloned();
        let mut pages = 0;
        let mut counts = Counts { resource: name.to_owned(), ..Counts::default() };
        let mut read_of = 0;
        while let Some(path) = next {
            if commission.progress.canceled() {
                return Err(IntakeError::canceled());
            }
            pages += 1;
            if pages > MOST_PAGES {
                let hint = "Whoever runs the source should see to its page links.";
                return Err(IntakeError::new("source_never_ends", "The pages do not end.", hint));
            }
            let body = client.get(&path).await?;
            tally.bytes += body.len() as u64;
            let dictionary = Arc::clone(&puller.dictionary);
            let page = tokio::task::spawn_blocking(move || {
                let own = dictionary.known(name);
                read(&dictionary, own, &body)
            });
            let Page { items, next: further } = page.await.map_err(|_| stopped())??;
            read_of += items.len() as u64;
            tally.rows += items.len() as u64;
            let writing = Writing { puller, source: &source, actor: &commission.actor, own };
            writing.keep(items, &mut counts, &mut tally.refused, name).await?;
            commission.progress.moved(&Moved {
                stage: Stage::Write,
                bytes: tally.bytes,
                total_bytes: tally.bytes,
                rows: tally.rows,
                total_rows: None,
                refused: tally.refused.len() as u64,
            });
            next = further;
        }
        tally.read.insert(name, read_of);
        tally.counts.push(counts);
    }
    // Everything is on disk by now: only then is it acknowledged.
    client.post(&pull.acknowledgement, acknowledgement(&tally)).await?;
    Ok(report(&source, &pull, tally))
}

fn acknowledgement(tally: &Tally) -> String {
    let refused = tally.refused.iter().take(MOST_REFUSED).map(
        |(resource, key, why)| json!({ "ResourceName": resource, "ResourceRecordKey": key, "Reason": why }),
    );
    json!({ "counts": tally.read, "refused": refused.collect::<Vec<_>>() }).to_string()
}

fn report(source: &Source, pull: &Pull, tally: Tally) -> Report {
    let mut notes = vec![format!("Pull {} of the association was acknowledged.", pull.number)];
    if pull.held > 0 {
        notes
            .push(format!("{} contacts are held there: they have no mapping, or wait for a day.", pull.held));
    }
    let shown = tally.refused.iter().take(20);
    notes.extend(shown.map(|(resource, key, why)| format!("{resource} {key} was refused: {why}")));
    Report {
        stage: Stage::Write,
        mapping: String::new(),
        feed: source.feed.to_string(),
        file: format!("{}{}", source.origin, source.path),
        format: None,
        bytes: tally.bytes,
        rows: tally.rows,
        rows_refused: 0,
        rows_dropped: 0,
        resources: tally.counts,
        reasons: Vec::new(),
        drift: Vec::new(),
        differences: Vec::new(),
        notes,
        started: String::new(),
        seconds: 0.0,
        rows_per_second: None,
        run: None,
    }
}

/// Who writes a page.
struct Writing<'a> {
    puller: &'a Membership,
    source: &'a Source,
    actor: &'a Text,
    own: &'a Resource,
}

impl Writing<'_> {
    /// Keeps a page in one transaction, all of it but what the store refuses by itself.
    async fn keep(
        &self,
        items: Vec<Item>,
        counts: &mut Counts,
        refused: &mut Vec<(&'static str, String, String)>,
        name: &'static str,
    ) -> Result<(), IntakeError> {
        counts.read += items.len() as u64;
        let gone: Vec<Key> = items
            .iter()
            .filter_map(|item| match item {
                Item::Gone(key) => Some(key.clone()),
                _ => None,
            })
            .collect();
        // What another feed holds under the same key is not this source's to remove.
        let ask = || self.puller.store.get_many(self.own.id, &gone);
        let kept = Patience::of(PATIENCE).ask("a pull", ask).await.map_err(|e| IntakeError::store(&e))?;
        let ours: Vec<&Key> = kept
            .iter()
            .flatten()
            .filter(|kept| kept.feed == self.source.feed)
            .map(|kept| &kept.key)
            .collect();
        let mut operations = Vec::new();
        let mut keys = Vec::new();
        for item in items {
            match item {
                Item::There(key, record) => {
                    let feed = self.source.feed.clone();
                    operations.push(Operation::Put {
                        feed,
                        record: *record,
                        expect: Expect::Any,
                        stamp: None,
                    });
                    keys.push(key);
                }
                Item::Gone(key) if ours.contains(&&key) => {
                    operations.push(Operation::remove(self.own.id, key.clone()));
                    keys.push(key);
                }
                Item::Gone(_) => {}
                Item::Refused(key, why) => {
                    counts.refused += 1;
                    refused.push((name, key, why));
                }
            }
        }
        let mut patience = Patience::of(PATIENCE);
        while !operations.is_empty() {
            let mut batch = Batch::new(self.actor.clone(), (self.puller.clock)());
            batch.operations.clone_from(&operations);
            match self.puller.store.write(batch).await {
                Ok(receipt) => {
                    for outcome in receipt.outcomes {
                        match outcome {
                            Outcome::Created(_) => counts.new += 1,
                            Outcome::Changed(_) => counts.changed += 1,
                            Outcome::Unchanged(_) => counts.unchanged += 1,
                            Outcome::Removed(_) => counts.removed += 1,
                            Outcome::Absent => {}
                        }
                    }
                    return Ok(());
                }
                Err(error) if error.may_pass() => {
                    patience.after(error, "a pull").await.map_err(|e| IntakeError::store(&e))?;
                }
                Err(error) => {
                    let theirs = matches!(
                        error.kind,
                        ErrorKind::KeyInOtherFeed
                            | ErrorKind::TooLarge
                            | ErrorKind::NotKeepable
                            | ErrorKind::KeyMissing
                    );
                    let at = error.operation.filter(|at| theirs && *at < operations.len());
                    let Some(at) = at else { return Err(IntakeError::store(&error)) };
                    operations.remove(at);
                    counts.refused += 1;
                    refused.push((name, keys.remove(at).to_string(), error.message));
                }
            }
        }
        Ok(())
    }
}

fn stopped() -> IntakeError {
    let hint = "Please report it with what the source answers.";
    IntakeError::new("pull_stopped", "A page could not be read by a fault of Freehold's own.", hint)
}
