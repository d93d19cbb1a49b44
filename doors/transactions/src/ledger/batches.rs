//! What became of every batch (EVT-045).

use std::collections::BTreeMap;

use dictionary::{Named, Text, Timestamp};

/// A report that was received.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Received {
    pub(crate) uri: Text,
    pub(crate) recipients: Vec<Text>,
    pub(crate) at: Option<Timestamp>,
    /// Warnings, a JSON array; none where there are none.
    pub(crate) warnings: Option<Text>,
}

/// A report that was refused.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Rejected {
    /// The HTTP status that it was answered with.
    pub(crate) status: i64,
    /// What was wrong, a JSON array.
    pub(crate) faults: Text,
    pub(crate) at: Option<Timestamp>,
}

/// One batch; reports are named by transaction and sequence.
#[derive(Clone, Default, Debug)]
pub(crate) struct OneBatch {
    pub(crate) received: BTreeMap<(Text, u64), Received>,
    pub(crate) rejected: BTreeMap<(Text, Text), Rejected>,
}

/// Batches by client and id.
#[derive(Default)]
pub(crate) struct Batches(BTreeMap<(Text, Text), OneBatch>);

impl Batches {
    fn of(&mut self, read: Named<'_>) -> Option<&mut OneBatch> {
        Some(self.0.entry((read.text("ClientId")?, read.text("BatchId")?)).or_default())
    }

    pub(super) fn take_report(&mut self, read: Option<Named<'_>>) {
        let Some(read) = read else { return };
        let place = read.text("BmsTransactionId").zip(read.integer("TransactionSequence"));
        if let (Some(batch), Some((id, sequence)), Some(uri)) = (self.of(read), place, read.text("EventUri"))
        {
            let received = Received {
                uri,
                recipients: read.texts("RecipientUris"),
                at: read.instant("ReceivedTimestamp"),
                warnings: read.text("ReportWarnings"),
            };
            batch.received.insert((id, sequence.unsigned_abs()), received);
        }
    }

    pub(super) fn take_rejection(&mut self, read: Option<Named<'_>>) {
        let Some(read) = read else { return };
        let place = read.text("BmsTransactionId").zip(read.text("TransactionSequence"));
        if let (Some(batch), Some(place), Some(faults)) = (self.of(read), place, read.text("RejectionText")) {
            let status = read.integer("RejectionStatus").unwrap_or(400);
            let at = read.instant("ModificationTimestamp");
            batch.rejected.insert(place, Rejected { status, faults, at });
        }
    }

    /// A batch of a client.
    pub(crate) fn get(&self, client: &Text, batch: &Text) -> Option<&OneBatch> {
        self.0.get(&(client.clone(), batch.clone()))
    }
}
