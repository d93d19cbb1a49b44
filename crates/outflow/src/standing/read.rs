//! Records as what they say.

use dictionary::{Dictionary, Record, Resource, Text, Timestamp, Value};
use store::Sequence;

use super::{Direction, Endpoint, EndpointStatus, Format, Subscription, TopicGrant};
use crate::{DataPolicy, PayloadFilter, PolicyAction, Scheme};

/// Requests at a time where an endpoint says nothing: a receiver of one process keeps up, and many do.
const USUAL_CONCURRENCY: usize = 8;
/// And at most.
const MOST_CONCURRENCY: usize = 64;

/// The `DeliveryFormat` of an endpoint that is sent the log.
pub(crate) const ENTITY_EVENT: &str = "RESO EntityEvent";

/// The fields of a record by their names.
pub(crate) struct Words<'a> {
    own: &'a Resource,
    record: &'a Record,
}

impl<'a> Words<'a> {
    pub(crate) fn new(dictionary: &'a Dictionary, record: &'a Record) -> Self {
        Self { own: dictionary.resource(record.resource()), record }
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.record.get(self.own.find(name)?)
    }

    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        match self.value(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    pub(crate) fn list(&self, name: &str) -> Vec<Text> {
        match self.value(name) {
            Some(Value::TextList(list)) => list.to_vec(),
            _ => Vec::new(),
        }
    }

    fn instant(&self, name: &str) -> Option<Timestamp> {
        self.value(name)?.as_timestamp()
    }

    fn truth(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_boolean).unwrap_or(false)
    }

    fn number(&self, name: &str) -> Option<u32> {
        u32::try_from(self.value(name)?.as_integer()?).ok().filter(|number| *number > 0)
    }

    pub(crate) fn subscription(&self) -> Option<Subscription> {
        Some(Subscription {
            id: self.text("SubscriptionId")?,
            client: self.text("ClientId")?,
            agent: self.text("AgentUri")?,
            endpoint: self.text("EndpointId"),
            topics: self.list("SubscribedTopics"),
            filter: self.text("PayloadFilter").map(|text| PayloadFilter::read(&text)),
            need_context: self.truth("NeedContextYN"),
            active: self.text("SubscriptionStatus")? == "Active",
        })
    }

    pub(crate) fn endpoint(&self, version: Sequence) -> Option<Endpoint> {
        let concurrency = self.number("ConcurrentRequests").and_then(|number| usize::try_from(number).ok());
        Some(Endpoint {
            id: self.text("EndpointId")?,
            version,
            client: self.text("ClientId")?,
            name: self.text("EndpointName"),
            url: self.text("EndpointUrl")?,
            status: match self.text("EndpointStatus")?.as_str() {
                "Active" => EndpointStatus::Active,
                "Unverified" => EndpointStatus::Unverified,
                _ => EndpointStatus::Disabled,
            },
            changed: self.instant("ModificationTimestamp").unwrap_or(Timestamp::UNIX_EPOCH),
            disabled: self.instant("DisabledTimestamp"),
            scheme: match self.text("SignatureScheme").as_deref() {
                Some("Ed25519") => Scheme::Ed25519,
                _ => Scheme::Hmac,
            },
            nonce: self.text("SecretNonce")?,
            previous: self.text("PreviousSecretNonce").zip(self.instant("PreviousSecretEndTimestamp")),
            sealed: self.text("SealedSettings"),
            format: match self.text("DeliveryFormat").as_deref() {
                Some("CloudEvents Structured") => Format::CloudStructured,
                Some("CloudEvents Binary") => Format::CloudBinary,
                Some(ENTITY_EVENT) => Format::EntityEvent,
                _ => Format::Envelope,
            },
            ordered: self.truth("OrderedYN"),
            rate: self.number("RequestsPerSecond"),
            concurrency: concurrency.unwrap_or(USUAL_CONCURRENCY).min(MOST_CONCURRENCY),
        })
    }

    pub(crate) fn grant(&self) -> Option<TopicGrant> {
        Some(TopicGrant {
            client: self.text("ClientId")?,
            agent: self.text("AgentUri")?,
            pattern: self.text("TopicPattern")?,
            direction: match self.text("TopicDirection")?.as_str() {
                "Publish" => Direction::Publish,
                "Subscribe" => Direction::Subscribe,
                "Authorize" => Direction::Authorize,
                _ => return None,
            },
            expires: self.instant("ExpirationTimestamp"),
        })
    }

    pub(crate) fn policy(&self) -> Option<DataPolicy> {
        Some(DataPolicy {
            owner: self.text("AgentUri")?,
            topics: self.text("TopicPattern").unwrap_or_else(|| "*".into()),
            covered: self.list("CoveredAgentUris"),
            path: DataPolicy::path(&self.text("DataPath")?)?,
            action: match self.text("DataPolicyAction")?.as_str() {
                "Hash" => PolicyAction::Hash,
                "Remove" => PolicyAction::Remove,
                // What is not understood hides.
                _ => PolicyAction::Redact,
            },
        })
    }
}
