//! Reports that were refused, noted for the report of their batch (EVT-045). Nothing else of them is kept.

use dictionary::{Text, Timestamp, Value, named};
use gate::Caller;
use serde_json::{Value as Json, json};
use store::{Batch, Expect, Operation};

use super::posted::Posted;
use crate::Door;
use crate::hash::sha256;
use crate::reply::Refused;
use crate::schema::Item;
use crate::topic::TRANSACTION_REPORT;

/// Characters of an id that are noted: the id itself may be what is wrong.
const LONGEST_ID: usize = 64;
/// Faults of one report that are noted.
const MOST_FAULTS: usize = 20;

/// Notes each report that has faults and says which batch it belongs to. A report that is refused again
/// takes the place of its former note, so that there are no more notes than reports.
pub(super) async fn note(
    door: &Door,
    caller: &Caller,
    events: &[Posted],
    faults: &[Vec<Item>],
    status: i64,
    now: Timestamp,
) -> Result<(), Refused> {
    let mut batch = Batch::new(caller.actor(), now);
    let own = door.dictionary.known("ReportRejection");
    for (posted, faults) in events.iter().zip(faults).filter(|(_, faults)| !faults.is_empty()) {
        let object = &posted.judged.payload["data"]["object"];
        let additional = &object["additionalProperty"];
        if posted.topic != TRANSACTION_REPORT || !additional["batchId"].is_i64() {
            continue;
        }
        let batch_id = shown(&additional["batchId"]);
        let transaction = shown(&object["identifier"]["bmsTransactionId"]);
        let sequence = shown(&additional["transactionSequence"]);
        let client = caller.client();
        let id = sha256(format!("{client}\n{batch_id}\n{transaction}\n{sequence}").as_bytes());
        let noted = json!(faults.iter().take(MOST_FAULTS).collect::<Vec<_>>());
        let fields = [
            ("ReportRejectionId", Some(id.into())),
            ("ClientId", Some(client.clone().into())),
            ("BatchId", Some(batch_id.into())),
            ("BmsTransactionId", Some(transaction.into())),
            ("TransactionSequence", Some(sequence.into())),
            ("RejectionStatus", Some(Value::Integer(status))),
            ("RejectionText", Some(noted.to_string().into())),
            ("ModificationTimestamp", Some(now.into())),
        ];
        batch.operations.push(Operation::put_own(named(own, fields), Expect::Any));
    }
    if !batch.operations.is_empty() {
        door.store.write(batch).await?;
    }
    Ok(())
}

fn shown(value: &Json) -> Text {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(LONGEST_ID).collect::<String>().into()
}
