//! What is sent of an entry of the log, one case a line.

use std::sync::Arc;

use dictionary::{Dictionary, Record, Timestamp, Value, Version};
use outflow::Event;
use store::{Change, ChangeKind, Operation};

use super::Message;
use crate::{Security, Settings};

fn settings(dictionary: &Dictionary, resources: &[&str]) -> Settings {
    Settings {
        brokers: "127.0.0.1:9092".into(),
        security: Security::default(),
        prefix: "freehold".into(),
        resources: resources.iter().map(|name| dictionary.known(name).id).collect(),
    }
}

fn change(record: Record, dictionary: &Dictionary, kind: ChangeKind) -> Change {
    let key = dictionary.resource(record.resource()).key_of(&record).unwrap();
    Change {
        sequence: 7,
        at: "2026-11-25T10:00:00Z".parse().unwrap(),
        actor: "test".into(),
        resource: record.resource(),
        feed: "NWMLS".into(),
        key,
        kind,
        before: None,
        record: (kind != ChangeKind::Removed).then(|| Arc::new(record)),
    }
}

fn record(dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) -> Record {
    let resource = dictionary.known(resource);
    let mut record = Record::new(resource.id);
    for (name, value) in fields {
        record.set(resource.find(name).unwrap(), value.clone());
    }
    record
}

fn header<'m>(message: &'m Message, name: &str) -> Vec<&'m str> {
    message.headers.iter().filter(|(one, _)| *one == name).map(|(_, value)| value.as_str()).collect()
}

#[test]
fn a_listing_is_sent_by_its_key_and_a_removal_without_a_value() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let settings = settings(&dictionary, &["Property"]);
    let listing = || {
        let fields = [("ListingKey", Value::Text("K1".into())), ("City", Value::Text("Kent".into()))];
        record(&dictionary, "Property", &fields)
    };
    let check = |kind, told: &str, value: Option<&[u8]>| {
        let message = Message::of(&change(listing(), &dictionary, kind), &dictionary, &settings).unwrap();
        assert_eq!((message.topic.as_str(), message.key.as_str()), ("freehold.Property", "K1"));
        assert_eq!(message.value.as_deref(), value, "{kind:?}");
        assert_eq!(header(&message, "change"), [told]);
        assert_eq!(header(&message, "EntityEventSequence"), ["7"]);
        assert_eq!(header(&message, "ResourceRecordKey"), ["K1"]);
        assert_eq!(header(&message, "Feed"), ["NWMLS"]);
    };
    check(ChangeKind::Created, "created", Some(br#"{"City":"Kent","ListingKey":"K1"}"#));
    check(ChangeKind::Changed, "changed", Some(br#"{"City":"Kent","ListingKey":"K1"}"#));
    check(ChangeKind::Removed, "removed", None);
}

#[test]
fn only_what_the_settings_name_is_sent_and_never_what_is_freeholds_own() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let check = |resource: &str, named: &[&str], sent: bool| {
        let key = dictionary.known(resource).key.clone();
        let mut own = Record::new(dictionary.known(resource).id);
        for field in key.iter() {
            own.set(*field, Value::Text("K".into()));
        }
        let change = change(own, &dictionary, ChangeKind::Created);
        let message = Message::of(&change, &dictionary, &settings(&dictionary, named));
        assert_eq!(message.is_some(), sent, "{resource} where {named:?} is named");
    };
    check("Member", &["Property", "Member"], true);
    check("Office", &["Property", "Member"], false);
    check("Client", &["Client"], false);
    check("ClientKey", &["ClientKey"], false);
    check("Grant", &["Grant"], false);
}

/// The envelope of the transaction seed, and CloudEvents' (EVT-097), stand in the headers.
#[test]
fn an_event_is_sent_once_by_its_ordering_key_with_its_envelope_in_the_headers() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let settings = settings(&dictionary, &[]);
    let at: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
    let event = |ordering_key: Option<&str>| Event {
        id: "E1".into(),
        uri: "https://x/publish/E1".into(),
        topic: "realestate/franchise#transactionreport".into(),
        time: at,
        instrument: "https://app/profile/card#me".into(),
        original_recipients: vec!["https://a/profile/card#me".into()],
        sources: vec!["https://b/profile/card#me".into()],
        ordering_key: ordering_key.map(Into::into),
        subject: Some("TX-9".into()),
        context: Some(r#"{"ip":"10.0.0.1"}"#.into()),
        data: r#"{"type":"UpdateAction"}"#.into(),
    };
    let message = |event: Event, kind| {
        let Operation::Put { record, .. } = event.operation(&dictionary, at).unwrap() else {
            panic!("a put")
        };
        Message::of(&change(record, &dictionary, kind), &dictionary, &settings)
    };
    let sent = message(event(Some("TX-9")), ChangeKind::Created).unwrap();
    assert_eq!((sent.topic.as_str(), sent.key.as_str()), ("freehold.events", "TX-9"));
    assert_eq!(sent.value.as_deref(), Some(br#"{"type":"UpdateAction"}"#.as_slice()));
    for (name, expect) in [
        ("id", vec!["https://x/publish/E1"]),
        ("topic", vec!["realestate/franchise#transactionreport"]),
        ("time", vec!["2026-11-25T10:00:00Z"]),
        ("instrument", vec!["https://app/profile/card#me"]),
        ("agent", vec!["https://a/profile/card#me", "https://b/profile/card#me"]),
        ("originalRecipient", vec!["https://a/profile/card#me"]),
        ("source", vec!["https://b/profile/card#me"]),
        ("ce_id", vec!["https://x/publish/E1"]),
        ("ce_type", vec!["realestate/franchise#transactionreport"]),
        ("ce_source", vec!["https://app/profile/card#me"]),
        ("ce_subject", vec!["TX-9"]),
        ("ce_specversion", vec!["1.0"]),
    ] {
        assert_eq!(header(&sent, name), expect, "{name}");
    }
    // The context of a request stays in the house (EVT-074).
    assert!(sent.headers.iter().all(|(_, value)| !value.contains("10.0.0.1")));
    assert_eq!(message(event(None), ChangeKind::Created).unwrap().key, "E1");
    // An event is not told again where its record is pruned or touched.
    assert_eq!(message(event(None), ChangeKind::Removed), None);
    assert_eq!(message(event(None), ChangeKind::Changed), None);
}
