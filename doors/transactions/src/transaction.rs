//! `GET /transactions/{id}`: the current report and the reports before and beside it (EVT-044), and
//! `GET /batches/{id}`: what became of a batch (EVT-045).

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Key, Named, Text};
use gate::Caller;
use http::StatusCode;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::Door;
use crate::ledger::{Received, Rejected};
use crate::reply::{Answer, Refused, json as answer};
use parameters::Parameters;

/// A report as it is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    transaction_sequence: i64,
    batch_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<String>,
    data: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Box<RawValue>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    bms_transaction_id: String,
    instrument: String,
    current: Box<RawValue>,
    /// Every report, lowest sequence first; the last is the current one.
    history: Vec<Told>,
}

/// Whose reports are asked for: the caller's own, or those of the client that `instrument` names.
fn instrument(caller: &Caller, query: Option<&str>) -> Result<Text, Refused> {
    let mut given = Parameters::read(query)?;
    let client = given.take("instrument").map_or_else(|| caller.client().clone(), Text::from);
    given.done()?;
    Ok(client)
}

fn unknown(what: &str, id: &str) -> Refused {
    Refused::new(
        404,
        "not_found",
        format!("There is no {what} {id:?}."),
        "Another producer's is asked for with instrument= and the id of its client.",
    )
}

/// The key of a `Transaction`; the parts of a key stand in the order of their fields' names.
pub(crate) fn key(id: &str, client: &str) -> Key {
    Key::from(format!("{id}|{client}"))
}

/// The key of a `TransactionReport`.
pub(crate) fn report_key(id: &str, client: &str, sequence: impl std::fmt::Display) -> Key {
    Key::from(format!("{id}|{client}|{sequence}"))
}

/// The current report and the history of one transaction.
pub(crate) async fn transaction(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let client = instrument(&caller, query.as_deref())?;
    let missing = || unknown("transaction", &id);
    let own = door.dictionary.known("Transaction");
    let standing = door.store.get(own.id, &key(&id, &client)).await?.ok_or_else(missing)?;
    let sequences = Named { own, record: &standing.record }.texts("ReportedSequences");
    let keys: Vec<Key> = sequences.iter().map(|sequence| report_key(&id, &client, sequence)).collect();
    let own = door.dictionary.known("TransactionReport");
    let stored = door.store.get_many(own.id, &keys).await?;
    let now = (door.clock)();
    let mut history = Vec::new();
    for stored in stored.into_iter().flatten() {
        let read = Named { own, record: &stored.record };
        let seen = door.may_read(&caller, &client, &read.texts("RecipientUris"), now);
        if seen && let Some(told) = told(read) {
            history.push(told);
        }
    }
    let current = history.last().and_then(|last| to_raw_value(last).ok()).ok_or_else(missing)?;
    let instrument = crate::profile::of_app(&door.settings, &client);
    let told = Transaction { bms_transaction_id: id, instrument: instrument.into(), current, history };
    Ok(answer(StatusCode::OK, &told))
}

fn told(read: Named<'_>) -> Option<Told> {
    let raw = |text: Text| RawValue::from_string(text.into()).ok();
    Some(Told {
        id: read.text("EventUri")?.into(),
        transaction_sequence: read.integer("TransactionSequence")?,
        batch_id: read.text("BatchId")?.into(),
        received: read.instant("ReceivedTimestamp").map(|at| at.to_string()),
        data: raw(read.text("ReportText")?)?,
        warnings: read.text("ReportWarnings").and_then(raw),
    })
}

/// What was received of a batch, with which warnings, and what was refused.
pub(crate) async fn batch(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let client = instrument(&caller, query.as_deref())?;
    door.ledger.refresh().await?;
    let now = (door.clock)();
    let found = door.ledger.look(|book| {
        let batch = book.batches.get(&client, &Text::from(id.as_str()))?;
        let seen = |received: &Received| door.may_read(&caller, &client, &received.recipients, now);
        let received: Vec<Value> = batch.received.iter().filter(|(_, one)| seen(one)).map(received).collect();
        // What was refused reached nobody: it is its producer's alone.
        let own = door.may_read(&caller, &client, &[], now);
        let rejected: Vec<Value> = batch
            .rejected
            .iter()
            .filter(|_| own)
            .map(|((id, sequence), one)| {
                let place = (id.clone(), sequence.parse().unwrap_or(u64::MAX));
                rejected(id, sequence, one, batch.received.contains_key(&place))
            })
            .collect();
        (!received.is_empty() || !rejected.is_empty()).then_some((received, rejected))
    });
    let (received, rejected) = found.ok_or_else(|| unknown("batch", &id))?;
    let warned = received.iter().filter(|one| one.get("warnings").is_some()).count();
    let counts = json!({ "received": received.len(), "warned": warned, "rejected": rejected.len() });
    let told = json!({ "batchId": id, "counts": counts, "received": received, "rejected": rejected });
    Ok(answer(StatusCode::OK, &told))
}

fn received((place, one): (&(Text, u64), &Received)) -> Value {
    let (id, sequence) = place;
    let mut told =
        json!({ "id": one.uri.as_str(), "bmsTransactionId": id.as_str(), "transactionSequence": sequence });
    if let Some(at) = one.at {
        told["received"] = at.to_string().into();
    }
    if let Some(warnings) = one.warnings.as_ref().and_then(|text| serde_json::from_str::<Value>(text).ok()) {
        told["warnings"] = warnings;
    }
    told
}

/// `later` says whether the same report was received after all.
fn rejected(id: &Text, sequence: &Text, one: &Rejected, later: bool) -> Value {
    json!({
        "bmsTransactionId": id.as_str(),
        "transactionSequence": sequence.as_str(),
        "status": one.status,
        "at": one.at.map(|at| at.to_string()),
        "items": serde_json::from_str::<Value>(&one.faults).unwrap_or_default(),
        "receivedLater": later,
    })
}
