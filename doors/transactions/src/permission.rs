//! Who may publish to whom, and who may read what was published (EVT-033, EVT-034).

use dictionary::{Text, Timestamp};
use gate::Caller;

use crate::Door;
use crate::ledger::{Direction, Grants};
use crate::topic::TRANSACTION_REPORT;

impl Door {
    /// Whether a caller may publish a topic to an agent: by grant alone, an operator too, who could grant
    /// it.
    pub(crate) fn may_publish(&self, caller: &Caller, agent: &str, topic: &str, now: Timestamp) -> bool {
        self.ledger.look(|book| book.grants.allow(caller.client(), Direction::Publish, agent, topic, now))
    }

    /// Whether a caller may read a report: its producer, an operator, and whoever may receive reports of
    /// one of those that it was sent to.
    pub(crate) fn may_read(
        &self,
        grants: &Grants,
        caller: &Caller,
        client: &Text,
        recipients: &[Text],
        now: Timestamp,
    ) -> bool {
        let receives = |agent: &Text| {
            grants.allow(caller.client(), Direction::Subscribe, agent, TRANSACTION_REPORT, now)
        };
        caller.is_operator() || caller.client() == client || recipients.iter().any(receives)
    }
}
