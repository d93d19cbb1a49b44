//! The reports of one transaction in their order (EVT-041): the highest sequence is current, a lower one is
//! history, an equal one must be the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dictionary::{Dictionary, Key, Named, Record, Text, Timestamp, Value, named};
use outflow::Event;
use serde_json::json;
use store::{Batch, Expect, Operation, Sequence};

use super::posted::Posted;
use crate::Door;
use crate::hash::sha256;
use crate::reply::Refused;
use crate::report::Report;
use crate::schema::Item;
use crate::transaction::{key, report_key};

/// Reports of one transaction at most: each is read when its history is asked for.
const MOST_REPORTS: usize = 1_000;

/// Where an event comes to stand.
pub(super) enum Place {
    /// It is new.
    New,
    /// It was published before, under this address.
    Same(Text),
    /// Another report has its place.
    Other(Item),
}

/// What is known of one transaction.
#[derive(Default)]
struct Standing {
    version: Option<Sequence>,
    reported: BTreeSet<u64>,
    changed: bool,
}

/// A report that has its place.
struct Reported {
    hash: Text,
    uri: Text,
}

/// The transactions that a request reports on.
pub(super) struct Order {
    standings: BTreeMap<Text, Standing>,
    reports: HashMap<(Text, u64), Reported>,
    /// The records of those that are new.
    new: Vec<Record>,
    client: Text,
    dictionary: Arc<Dictionary>,
}

impl Order {
    /// Reads what is known of the transactions that `events` report on.
    pub(super) async fn read(door: &Door, client: &Text, events: &[Posted]) -> Result<Self, Refused> {
        let mut standings: BTreeMap<Text, Standing> = BTreeMap::new();
        let mut wanted: BTreeSet<(Text, u64)> = BTreeSet::new();
        for report in events.iter().filter_map(|posted| posted.judged.report.as_ref()) {
            standings.entry(report.transaction.clone()).or_default();
            wanted.insert((report.transaction.clone(), report.sequence));
        }
        let (client, dictionary) = (client.clone(), door.dictionary.clone());
        let mut order = Self { standings, reports: HashMap::new(), new: Vec::new(), client, dictionary };
        if !wanted.is_empty() {
            order.read_standings(door).await?;
            order.read_reports(door, wanted).await?;
        }
        Ok(order)
    }

    async fn read_standings(&mut self, door: &Door) -> Result<(), Refused> {
        let own = door.dictionary.known("Transaction");
        let keys: Vec<Key> = self.standings.keys().map(|id| key(id, &self.client)).collect();
        let found = door.store.get_many(own.id, &keys).await?;
        for (standing, stored) in self.standings.values_mut().zip(found) {
            if let Some(stored) = stored {
                let texts = Named { own, record: &stored.record }.texts("ReportedSequences");
                standing.version = Some(stored.sequence);
                standing.reported = texts.iter().filter_map(|text| text.parse().ok()).collect();
            }
        }
        Ok(())
    }

    /// The reports that have the places of those that come in.
    async fn read_reports(&mut self, door: &Door, mut wanted: BTreeSet<(Text, u64)>) -> Result<(), Refused> {
        wanted.retain(|(id, sequence)| self.standings[id].reported.contains(sequence));
        if wanted.is_empty() {
            return Ok(());
        }
        let own = door.dictionary.known("TransactionReport");
        let keys: Vec<Key> =
            wanted.iter().map(|(id, sequence)| report_key(id, &self.client, *sequence)).collect();
        let found = door.store.get_many(own.id, &keys).await?;
        for (place, stored) in wanted.into_iter().zip(found) {
            let Some(stored) = stored else { continue };
            let read = Named { own, record: &stored.record };
            if let (Some(hash), Some(uri)) = (read.text("ReportHash"), read.text("EventUri")) {
                self.reports.insert(place, Reported { hash, uri });
            }
        }
        Ok(())
    }

    /// Where an event comes to stand; what is no report is always new.
    pub(super) fn place(&mut self, posted: &Posted, event: &Event) -> Place {
        let Some(report) = &posted.judged.report else { return Place::New };
        let hash = hash(posted);
        let place = (report.transaction.clone(), report.sequence);
        let other = |message: String| {
            let path = "/data/object/additionalProperty/transactionSequence";
            Place::Other(Item::own("sequence", path, json!({ "sequence": report.sequence }), message))
        };
        if let Some(before) = self.reports.get(&place) {
            if before.hash == hash {
                return Place::Same(before.uri.clone());
            }
            let (id, sequence) = &place;
            return other(format!("Transaction {id} has another report with the sequence {sequence}."));
        }
        let standing = self.standings.entry(report.transaction.clone()).or_default();
        if standing.reported.len() >= MOST_REPORTS {
            let id = &report.transaction;
            return other(format!(
                "Transaction {id} has {MOST_REPORTS} reports, which is the most there are."
            ));
        }
        standing.reported.insert(report.sequence);
        standing.changed = true;
        self.new.push(self.record(posted, report, event, &hash));
        self.reports.insert(place, Reported { hash, uri: event.uri.clone() });
        Place::New
    }

    fn record(&self, posted: &Posted, report: &Report, event: &Event, hash: &Text) -> Record {
        let warnings = &posted.judged.warnings;
        let warnings = (!warnings.is_empty()).then(|| serde_json::to_string(warnings).unwrap_or_default());
        let fields = [
            ("ClientId", Some(self.client.clone().into())),
            ("BmsTransactionId", Some(report.transaction.clone().into())),
            ("TransactionSequence", Some(Value::Integer(report.sequence.cast_signed()))),
            ("BatchId", Some(report.batch.clone().into())),
            ("EventUri", Some(event.uri.clone().into())),
            ("RecipientUris", Some(Value::TextList(event.recipients().into()))),
            ("ReportHash", Some(hash.clone().into())),
            ("ReportText", Some(posted.data.as_str().into())),
            ("ReportWarnings", warnings.map(Into::into)),
        ];
        named(self.dictionary.known("TransactionReport"), fields)
    }

    /// Writes what has changed into the batch: each new report, and each transaction where it stands now.
    pub(super) fn write(self, now: Timestamp, batch: &mut Batch) {
        let own = self.dictionary.known("TransactionReport");
        let stamps = ["ReceivedTimestamp", "ModificationTimestamp"].map(|name| own.find(name));
        for mut report in self.new {
            for stamp in stamps.into_iter().flatten() {
                report.set(stamp, now);
            }
            batch.operations.push(Operation::put_own(report, Expect::Absent));
        }
        let own = self.dictionary.known("Transaction");
        for (id, standing) in self.standings.into_iter().filter(|(_, standing)| standing.changed) {
            let current = standing.reported.last().copied().unwrap_or_default();
            let all: Vec<Text> =
                standing.reported.iter().map(|sequence| Text::from(sequence.to_string())).collect();
            let fields = [
                ("ClientId", Some(self.client.clone().into())),
                ("BmsTransactionId", Some(id.into())),
                ("TransactionSequence", Some(Value::Integer(current.cast_signed()))),
                ("ReportedSequences", Some(Value::TextList(all.into()))),
                ("ModificationTimestamp", Some(now.into())),
            ];
            let expect = standing.version.map_or(Expect::Absent, Expect::At);
            batch.operations.push(Operation::put_own(named(own, fields), expect));
        }
    }
}

/// What tells a report from another: what it says and to whom, however its members are ordered.
fn hash(posted: &Posted) -> Text {
    let payload = &posted.judged.payload;
    let said = json!([payload["recipient"], payload["source"], payload["data"]]);
    sha256(said.to_string().as_bytes())
}
