//! Who may publish to whom, and who may read what was published (EVT-033, EVT-034): what no grant of topics
//! says is refused.

use dictionary::{Text, Timestamp};
use gate::Caller;
use outflow::Direction;

use crate::Door;
use crate::topic::TRANSACTION_REPORT;

impl Door {
    /// Whether a caller may publish a topic to an agent: by grant alone, an operator too, who could grant
    /// it.
    pub(crate) fn may_publish(&self, caller: &Caller, agent: &str, topic: &str, now: Timestamp) -> bool {
        self.outflow.book(|book| book.is_granted(caller.client(), agent, topic, Direction::Publish, now))
    }

    /// Whether a caller may read a report: its producer, an operator, and whoever may receive reports of
    /// one of those that it was sent to.
    pub(crate) fn may_read(
        &self,
        caller: &Caller,
        client: &Text,
        recipients: &[Text],
        now: Timestamp,
    ) -> bool {
        let receives = |agent: &Text| {
            let direction = Direction::Subscribe;
            let client = caller.client();
            self.outflow.book(|book| book.is_granted(client, agent, TRANSACTION_REPORT, direction, now))
        };
        caller.is_operator() || caller.client() == client || recipients.iter().any(receives)
    }
}
