//! The memory of what stands, and who is to get an event.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dictionary::{Dictionary, Key, Record, ResourceId, Text, Timestamp};
use store::Sequence;

use super::read::Words;
use super::{Direction, Endpoint, EndpointStatus, Format, Subscription, TopicGrant};
use crate::operator::is_operators;
use crate::settings::{Profile, Who};
use crate::topic::TopicPattern;
use crate::{DataPolicy, Event};

/// The resources that the book holds.
pub(crate) const READ: [&str; 5] = ["Client", "Subscription", "Endpoint", "TopicGrant", "DataPolicy"];

/// The group of topics that changes of records are subscribed to under.
const ENTITY_EVENTS: &str = "reso/entityevent";

/// That an event goes to an endpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Where to.
    pub endpoint: Text,
    /// For which subscription.
    pub subscription: Text,
    /// As a copy of which agent.
    pub agent: Text,
    /// Whether the endpoint wants events of one key one after the other.
    pub ordered: bool,
}

/// What stands, by its keys.
pub struct Book {
    dictionary: Arc<Dictionary>,
    profile: Profile,
    active_clients: HashMap<Key, bool>,
    subscriptions: BTreeMap<Key, Subscription>,
    endpoints: BTreeMap<Key, Arc<Endpoint>>,
    grants: BTreeMap<Key, TopicGrant>,
    policies: BTreeMap<Key, DataPolicy>,
    /// The subscriptions of each agent.
    by_agent: HashMap<Text, Vec<Key>>,
}

impl Book {
    pub(crate) fn new(dictionary: Arc<Dictionary>, profile: Profile) -> Self {
        Self {
            dictionary,
            profile,
            active_clients: HashMap::new(),
            subscriptions: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            grants: BTreeMap::new(),
            policies: BTreeMap::new(),
            by_agent: HashMap::new(),
        }
    }

    /// Takes what the log says of one record; none is a removal.
    pub(crate) fn take(
        &mut self,
        resource: ResourceId,
        key: &Key,
        version: Sequence,
        record: Option<&Record>,
    ) {
        let dictionary = Arc::clone(&self.dictionary);
        let words = record.map(|record| Words::new(&dictionary, record));
        let words = words.as_ref();
        match dictionary.resource(resource).name.as_str() {
            "Client" => {
                let active =
                    words.is_some_and(|words| words.text("ClientStatus").is_none_or(|is| is == "Active"));
                self.active_clients.insert(key.clone(), active);
            }
            "Subscription" => {
                set(&mut self.subscriptions, key, words.and_then(Words::subscription));
                self.by_agent.clear();
                for (key, subscription) in &self.subscriptions {
                    self.by_agent.entry(subscription.agent.clone()).or_default().push(key.clone());
                }
            }
            "Endpoint" => {
                set(&mut self.endpoints, key, words.and_then(|words| words.endpoint(version)).map(Arc::new));
            }
            "TopicGrant" => set(&mut self.grants, key, words.and_then(Words::grant)),
            "DataPolicy" => set(&mut self.policies, key, words.and_then(Words::policy)),
            _ => {}
        }
    }

    /// The endpoint of this key.
    #[must_use]
    pub fn endpoint(&self, id: &str) -> Option<&Arc<Endpoint>> {
        self.endpoints.get(id)
    }

    /// Every endpoint.
    pub fn endpoints(&self) -> impl Iterator<Item = &Arc<Endpoint>> {
        self.endpoints.values()
    }

    /// The subscription of this key.
    #[must_use]
    pub fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions.get(id)
    }

    /// Every subscription.
    pub fn subscriptions(&self) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.values()
    }

    /// Every data policy.
    #[must_use]
    pub fn policies(&self) -> Vec<DataPolicy> {
        self.policies.values().cloned().collect()
    }

    /// Whether a client is granted something at `now` (EVT-034): what no grant says is refused. What an
    /// operator is told of a client's own endpoints and subscriptions is its own to receive.
    #[must_use]
    pub fn is_granted(
        &self,
        client: &str,
        agent: &str,
        topic: &str,
        direction: Direction,
        now: Timestamp,
    ) -> bool {
        if !self.active_clients.get(client).copied().unwrap_or(false) {
            return false;
        }
        let own = direction == Direction::Subscribe
            && is_operators(topic)
            && agent == (self.profile)(Who::App, client);
        own || self.grants.values().any(|grant| {
            grant.client == client
                && grant.direction == direction
                && (grant.agent == "*" || grant.agent == agent)
                && TopicPattern(&grant.pattern).matches(topic)
                && grant.expires.is_none_or(|end| end > now)
        })
    }

    /// Whether a client acts for an agent on all that a pattern means at `now` (EVT-072): as a grant says, and
    /// for its own app always.
    #[must_use]
    pub fn may_authorize(&self, client: &str, agent: &str, pattern: &str, now: Timestamp) -> bool {
        if !self.active_clients.get(client).copied().unwrap_or(false) {
            return false;
        }
        agent == (self.profile)(Who::App, client)
            || self.grants.values().any(|grant| {
                grant.client == client
                    && grant.direction == Direction::Authorize
                    && (grant.agent == "*" || grant.agent == agent)
                    && TopicPattern(&grant.pattern).covers(pattern)
                    && grant.expires.is_none_or(|end| end > now)
            })
    }

    /// Whether anybody could receive events of a topic at `now`.
    #[must_use]
    pub fn is_awaited(&self, topic: &str, now: Timestamp) -> bool {
        self.grants.values().any(|grant| {
            grant.direction == Direction::Subscribe
                && TopicPattern(&grant.pattern).matches(topic)
                && grant.expires.is_none_or(|end| end > now)
        })
    }

    /// Whether a subscription wants an event, as a copy of which agent (EVT-070, EVT-071).
    #[must_use]
    pub fn wants(&self, subscription: &Subscription, event: &Event, agent: &str, now: Timestamp) -> bool {
        subscription.active
            && (subscription.agent == "*" || subscription.agent == agent)
            && subscription.topics.iter().any(|pattern| TopicPattern(pattern).matches(&event.topic))
            && self.is_granted(&subscription.client, agent, &event.topic, Direction::Subscribe, now)
            && match &subscription.filter {
                None => true,
                Some(Ok(filter)) => filter.matches(&self.dictionary, &event.data, now),
                Some(Err(_)) => false,
            }
    }

    /// Whether an endpoint of EntityEvents is subscribed to the changes of a resource in a feed (RESO-047): to
    /// `reso/entityevent`, or `reso/entityevent#Property` and the like. Whether it may be told of them is for
    /// the grants of records to say.
    #[must_use]
    pub fn wants_changes(&self, endpoint: &Endpoint, resource: &str, feed: &str) -> bool {
        let topic = format!("{ENTITY_EVENTS}#{resource}");
        let feed = (self.profile)(Who::Feed, feed);
        self.subscriptions.values().any(|subscription| {
            subscription.active
                && subscription.client == endpoint.client
                && subscription.endpoint.as_ref() == Some(&endpoint.id)
                && (subscription.agent == "*" || subscription.agent == feed)
                && subscription.topics.iter().any(|pattern| TopicPattern(pattern).matches(&topic))
        })
    }

    /// Where an event goes: each endpoint that is active once, for the first subscription that wants it.
    #[must_use]
    pub fn matching(&self, event: &Event, now: Timestamp) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        for agent in event.recipients() {
            let of = |agent: &str| self.by_agent.get(agent).into_iter().flatten();
            for subscription in of(&agent).chain(of("*")).filter_map(|key| self.subscriptions.get(key)) {
                let Some(endpoint) = subscription.endpoint.as_ref().and_then(|id| self.endpoints.get(id))
                else {
                    continue;
                };
                if endpoint.status == EndpointStatus::Active
                    && endpoint.format != Format::EntityEvent
                    && endpoint.client == subscription.client
                    && !found.iter().any(|other| other.endpoint == endpoint.id)
                    && self.wants(subscription, event, &agent, now)
                {
                    found.push(Match {
                        endpoint: endpoint.id.clone(),
                        subscription: subscription.id.clone(),
                        agent: agent.clone(),
                        ordered: endpoint.ordered,
                    });
                }
            }
        }
        found
    }
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").field("endpoints", &self.endpoints.len()).finish_non_exhaustive()
    }
}

fn set<T>(map: &mut BTreeMap<Key, T>, key: &Key, value: Option<T>) {
    match value {
        Some(value) => drop(map.insert(key.clone(), value)),
        None => drop(map.remove(key)),
    }
}
