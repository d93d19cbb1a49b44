//! Who gets what.

use std::sync::Arc;

use dictionary::{Dictionary, Record, Timestamp, Value, Version};

use super::*;
use crate::Event;

const PUBLIC: &str = "https://hub.example";
const AGENT: &str = "https://agent.example/profile/card#me";

/// A book that is written by hand.
struct Desk {
    dictionary: Arc<Dictionary>,
    book: Book,
}

impl Desk {
    fn new() -> Self {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let book = Book::new(dictionary.clone(), crate::settings::plain_profiles(PUBLIC));
        let mut desk = Self { dictionary, book };
        desk.put("Client", "c", &[("ClientId", "c".into()), ("ClientStatus", "Active".into())]);
        desk
    }

    fn put(&mut self, resource: &str, key: &str, fields: &[(&str, Value)]) {
        let own = self.dictionary.known(resource);
        let mut record = Record::new(own.id);
        for (name, value) in fields {
            record.set(own.find(name).unwrap_or_else(|| panic!("no field {name}")), value.clone());
        }
        self.book.take(own.id, &key.into(), 1, Some(&record));
    }

    fn endpoint(&mut self, status: &str) {
        let fields = [
            ("EndpointId", "e".into()),
            ("ClientId", "c".into()),
            ("EndpointUrl", "https://receiver.example/".into()),
            ("EndpointStatus", status.into()),
            ("SecretNonce", "n".into()),
        ];
        self.put("Endpoint", "e", &fields);
    }

    fn subscribe(&mut self, topic: &str, more: &[(&str, Value)]) {
        let mut fields = vec![
            ("SubscriptionId", "s".into()),
            ("ClientId", "c".into()),
            ("AgentUri", AGENT.into()),
            ("EndpointId", "e".into()),
            ("SubscribedTopics", Value::TextList([topic.into()].into())),
            ("SubscriptionStatus", "Active".into()),
        ];
        fields.extend(more.iter().cloned());
        self.put("Subscription", "s", &fields);
    }

    fn grant(&mut self, agent: &str, pattern: &str, direction: &str) {
        let fields = [
            ("TopicGrantId", "g".into()),
            ("ClientId", "c".into()),
            ("AgentUri", agent.into()),
            ("TopicPattern", pattern.into()),
            ("TopicDirection", direction.into()),
        ];
        self.put("TopicGrant", "g", &fields);
    }

    fn gets(&self, topic: &str) -> bool {
        !self.book.matching(&event(topic), Timestamp::UNIX_EPOCH).is_empty()
    }
}

fn event(topic: &str) -> Event {
    Event {
        id: "1".into(),
        uri: "https://hub.example/publish/1".into(),
        topic: topic.into(),
        time: Timestamp::UNIX_EPOCH,
        instrument: "https://app.example/profile/card#me".into(),
        original_recipients: vec![AGENT.into()],
        sources: vec!["https://source.example/profile/card#me".into()],
        ordering_key: None,
        subject: None,
        context: None,
        data: r#"{"price": 5}"#.into(),
    }
}

const TOPIC: &str = "realestate/lead#add";

/// EVT-034: what no grant says is refused, whatever is subscribed.
#[test]
fn evt_034_without_a_grant_nothing_is_sent() {
    let check = |agent: &str, pattern: &str, direction: &str, expect: bool| {
        let mut desk = Desk::new();
        desk.endpoint("Active");
        desk.subscribe("*", &[]);
        assert!(!desk.gets(TOPIC), "there is no grant yet");
        desk.grant(agent, pattern, direction);
        assert_eq!(desk.gets(TOPIC), expect, "{agent} {pattern} {direction}");
    };
    check(AGENT, TOPIC, "Subscribe", true);
    check(AGENT, "realestate/lead", "Subscribe", true);
    check("*", "*", "Subscribe", true);
    check(AGENT, "realestate/listing", "Subscribe", false);
    check(AGENT, TOPIC, "Publish", false);
    check("https://other.example/profile/card#me", TOPIC, "Subscribe", false);
}

/// EVT-070, EVT-071, EVT-072: the topic, the payload, and whether the subscription is in force.
#[test]
fn evt_070_evt_071_evt_072_a_subscription_gets_what_it_asks_for() {
    let check = |topic: &str, more: &[(&str, Value)], status: &str, expect: bool| {
        let mut desk = Desk::new();
        desk.endpoint(status);
        desk.grant(AGENT, "*", "Subscribe");
        desk.subscribe(topic, more);
        assert_eq!(desk.gets(TOPIC), expect, "{topic} {more:?} {status}");
    };
    check("realestate/lead", &[], "Active", true);
    check(TOPIC, &[], "Active", true);
    check("realestate/listing", &[], "Active", false);
    check(TOPIC, &[], "Disabled", false);
    check(TOPIC, &[], "Unverified", false);
    check(TOPIC, &[("SubscriptionStatus", "Pending".into())], "Active", false);
    check(TOPIC, &[("SubscriptionStatus", "Rejected".into())], "Active", false);
    check(TOPIC, &[("PayloadFilter", r#"{"price": 5}"#.into())], "Active", true);
    check(TOPIC, &[("PayloadFilter", r#"{"price": 6}"#.into())], "Active", false);
    check(TOPIC, &[("PayloadFilter", "{".into())], "Active", false);
    check(TOPIC, &[("AgentUri", "https://source.example/profile/card#me".into())], "Active", false);
    check(TOPIC, &[("ClientId", "other".into())], "Active", false);
}

/// EVT-037: whoever subscribes to a source gets the source's copy, and each endpoint one.
#[test]
fn evt_037_a_source_has_its_copy() {
    let mut desk = Desk::new();
    desk.endpoint("Active");
    desk.grant("*", "*", "Subscribe");
    let source = "https://source.example/profile/card#me";
    desk.subscribe("*", &[("AgentUri", source.into())]);
    let found = desk.book.matching(&event(TOPIC), Timestamp::UNIX_EPOCH);
    assert_eq!((found.len(), found[0].agent.as_str()), (1, source));
    desk.subscribe("*", &[("AgentUri", "*".into())]);
    let found = desk.book.matching(&event(TOPIC), Timestamp::UNIX_EPOCH);
    assert_eq!((found.len(), found[0].agent.as_str()), (1, AGENT), "one copy to one endpoint");
}

#[test]
fn who_is_suspended_gets_nothing() {
    let mut desk = Desk::new();
    desk.endpoint("Active");
    desk.grant("*", "*", "Subscribe");
    desk.subscribe("*", &[]);
    assert!(desk.gets(TOPIC));
    desk.put("Client", "c", &[("ClientId", "c".into()), ("ClientStatus", "Suspended".into())]);
    assert!(!desk.gets(TOPIC));
}

/// EVT-093: what concerns a client's own endpoints is its own to receive.
#[test]
fn evt_093_operator_events_need_no_grant_of_ones_own() {
    let mut desk = Desk::new();
    let mut allowed = |client: &str, agent: &str, topic: &str| {
        desk.put("Client", client, &[("ClientStatus", "Active".into())]);
        desk.book.is_granted(client, agent, topic, Direction::Subscribe, Timestamp::UNIX_EPOCH)
    };
    let own = "https://hub.example/pods/app-c/profile/card#me";
    assert!(allowed("c", own, "freehold/operator#endpoint.disabled"));
    assert!(!allowed("d", own, "freehold/operator#endpoint.disabled"));
    assert!(!allowed("c", own, TOPIC));
    assert!(!allowed("c", own, "freehold/operators#x"));
}

#[test]
fn faults_are_found_before_a_record_is_kept() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let check = |resource: &str, fields: &[(&str, Value)], expect: &[&str]| {
        let own = dictionary.known(resource);
        let mut record = Record::new(own.id);
        for (name, value) in fields {
            record.set(own.find(name).unwrap(), value.clone());
        }
        let found: Vec<&str> =
            check_standing(&dictionary, &record).into_iter().map(|(field, _)| field).collect();
        assert_eq!(found, expect, "{resource} {fields:?}");
    };
    let topics = |one: &str| Value::TextList([one.into()].into());
    check("Subscription", &[], &["ClientId", "AgentUri", "SubscriptionStatus"]);
    let whole =
        [("ClientId", "c".into()), ("AgentUri", AGENT.into()), ("SubscriptionStatus", "Active".into())];
    check("Subscription", &whole, &[]);
    let with = |name, value| [&whole[..], &[(name, value)]].concat();
    check("Subscription", &with("SubscribedTopics", topics("lead add")), &["SubscribedTopics"]);
    check("Subscription", &with("PublishedTopics", topics("")), &["PublishedTopics"]);
    check("Subscription", &with("PayloadFilter", "{".into()), &["PayloadFilter"]);
    check("TopicGrant", &[], &["ClientId", "AgentUri", "TopicDirection", "TopicPattern"]);
    check("DataPolicy", &[], &["AgentUri", "DataPolicyAction", "DataPath"]);
    check("Feed", &[], &[]);
}
