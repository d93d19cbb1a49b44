//! Who may publish or receive which topics of which agents (EVT-034): what no grant names is denied.

use std::collections::HashMap;

use dictionary::{Key, Text, Timestamp};
use outflow::TopicPattern;

use crate::record::Read;

/// Which way events go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    /// To the agent.
    Publish,
    /// From the agent.
    Subscribe,
}

struct Granted {
    agent: Text,
    topics: Text,
    direction: Direction,
    expires: Option<Timestamp>,
}

/// The grants by client.
#[derive(Default)]
pub(crate) struct Grants {
    by_client: HashMap<Text, HashMap<Key, Granted>>,
    clients: HashMap<Key, Text>,
}

impl Grants {
    pub(super) fn take(&mut self, key: &Key, read: Option<Read<'_>>) {
        if let Some(client) = self.clients.remove(key)
            && let Some(grants) = self.by_client.get_mut(&client)
        {
            grants.remove(key);
        }
        let Some((client, granted)) = read.and_then(granted) else { return };
        self.clients.insert(key.clone(), client.clone());
        self.by_client.entry(client).or_default().insert(key.clone(), granted);
    }

    /// Whether a client is granted a topic of an agent, in this direction.
    pub(crate) fn allow(
        &self,
        client: &str,
        direction: Direction,
        agent: &str,
        topic: &str,
        now: Timestamp,
    ) -> bool {
        self.by_client.get(client).into_iter().flat_map(HashMap::values).any(|granted| {
            granted.direction == direction
                && (granted.agent == agent || granted.agent == "*")
                && TopicPattern(&granted.topics).matches(topic)
                && granted.expires.is_none_or(|end| now < end)
        })
    }
}

/// A grant that says all that a grant must say; one that does not grants nothing.
fn granted(read: Read<'_>) -> Option<(Text, Granted)> {
    let direction = match read.text("TopicDirection")?.as_str() {
        "Publish" => Direction::Publish,
        "Subscribe" => Direction::Subscribe,
        _ => return None,
    };
    let granted = Granted {
        agent: read.text("AgentUri")?,
        topics: read.text("TopicPattern")?,
        direction,
        expires: read.instant("ExpirationTimestamp"),
    };
    Some((read.text("ClientId")?, granted))
}
