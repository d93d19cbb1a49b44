//! What is kept is what was accepted.

use dictionary::Version;
use serde_json::{Value as Json, json};
use store::Operation;

use super::*;

fn event() -> Event {
    Event {
        id: "01ARYZ6S41TSV4RRFFQ69G5FAV".into(),
        uri: "https://hub.example/publish/01ARYZ6S41TSV4RRFFQ69G5FAV".into(),
        topic: "realestate/franchise#transactionreport".into(),
        time: "2026-03-01T10:00:00Z".parse().unwrap(),
        instrument: "https://bms.hub.example/profile/card#me".into(),
        original_recipients: vec!["https://franchise.hub.example/profile/card#me".into()],
        sources: vec!["https://office.hub.example/profile/card#me".into()],
        ordering_key: Some("bms|T-1".into()),
        subject: Some("T-1".into()),
        context: Some(r#"{"client":"bms"}"#.into()),
        data: r#"{"type":"UpdateAction","price":1234567890123456.10,"b":1,"a":2}"#.into(),
    }
}

fn words() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

#[test]
fn an_event_is_read_as_it_was_written() {
    let (words, event) = (words(), event());
    let now = "2026-03-01T10:00:01Z".parse().unwrap();
    let Operation::Put { feed, record, expect, .. } = event.operation(&words, now).unwrap() else { panic!() };
    assert_eq!((feed.as_str(), expect), ("freehold", Expect::Absent));
    assert_eq!(dictionary::check(&words, &record), Vec::new());
    assert_eq!(Event::read(&words, &record).unwrap(), event);
}

/// EVT-035, EVT-037, EVT-038: the same id for everyone, an agent and a copy of one's own for each.
#[test]
fn evt_035_evt_037_evt_038_a_copy_for_each_and_one_id() {
    let event = event();
    let [recipient, source] = &event.recipients()[..] else { panic!() };
    let told =
        |agent: &str| -> Json { serde_json::from_str(&event.envelope(agent, &event.data, false)).unwrap() };
    let (first, second) = (told(recipient), told(source));
    assert_eq!(first["id"], second["id"]);
    assert_eq!(
        (&first["agent"], &first["originalRecipient"]),
        (&json!(recipient.as_str()), &json!(recipient.as_str()))
    );
    assert_eq!(
        (&second["agent"], &second["originalRecipient"]),
        (&json!(source.as_str()), &json!(recipient.as_str()))
    );
    assert_eq!(first["@id"], "https://franchise.hub.example/inbox/01ARYZ6S41TSV4RRFFQ69G5FAV");
    assert_eq!(second["@id"], "https://office.hub.example/inbox/01ARYZ6S41TSV4RRFFQ69G5FAV");
    assert_eq!(first["topic"], "realestate/franchise#transactionreport");
    assert_eq!(first["time"], "2026-03-01T10:00:00Z");
    assert_eq!(first["source"], json!(source.as_str()));
    assert_eq!(first["instrument"], "https://bms.hub.example/profile/card#me");
}

/// EVT-074: the context is told only to those who need it.
#[test]
fn evt_074_the_context_is_left_out() {
    let event = event();
    let told = |with| event.envelope("https://x.example/profile/card#me", &event.data, with);
    assert!(told(true).contains(r#""context":{"client":"bms"}"#));
    assert!(!told(false).contains("context"));
}

/// EVT-022: the payload is told to the byte.
#[test]
fn data_keep_their_digits_and_their_order() {
    let event = event();
    let told = event.envelope("x", &event.data, false);
    assert!(told.ends_with(&format!(r#","data":{}}}"#, event.data)), "{told}");
    assert!(told.contains(&format!(r#""@id":"{}""#, event.uri)), "{told}");
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let now = "2026-03-01T10:00:01Z".parse().unwrap();
    let check = |change: &dyn Fn(&mut Event), code: &str| {
        let mut event = event();
        change(&mut event);
        assert_eq!(event.operation(&words(), now).map(drop).map_err(|fault| fault.code), Err(code));
    };
    check(&|event| event.id = "".into(), "event_id_wrong");
    check(&|event| event.id = "a.b".into(), "event_id_wrong");
    check(&|event| event.topic = "realestate/lead".into(), "event_topic_wrong");
    check(&|event| event.original_recipients.clear(), "event_recipients_wrong");
    check(&|event| event.sources = vec!["https://x.example".into(); 1_000], "event_recipients_wrong");
    check(&|event| event.instrument = "".into(), "event_uri_wrong");
    check(&|event| event.sources.push("x".repeat(2_049).into()), "event_uri_wrong");
    check(&|event| event.ordering_key = Some("x".repeat(256).into()), "event_key_wrong");
    check(&|event| event.data = "[1]".into(), "event_data_wrong");
    check(&|event| event.data = r#"{"a":"#.into(), "event_data_wrong");
    check(
        &|event| event.data = format!(r#"{{"a":"{}"}}"#, "x".repeat(LARGEST_DATA)).into(),
        "event_data_too_large",
    );
}

/// EVT-097: both forms, and what is sent in headers survives them.
#[test]
fn evt_097_cloudevents() {
    let event = Event { subject: Some("T 1 ü".into()), ..event() };
    let told: Json =
        serde_json::from_str(&event.cloud_structured("https://a.example/", &event.data)).unwrap();
    let expect = [
        ("specversion", "1.0"),
        ("id", &event.uri),
        ("type", "realestate/franchise#transactionreport"),
        ("source", "https://bms.hub.example/profile/card#me"),
        ("time", "2026-03-01T10:00:00Z"),
        ("subject", "T 1 ü"),
        ("datacontenttype", "application/json"),
    ];
    for (name, value) in expect {
        assert_eq!(told[name], value, "{name}");
    }
    assert_eq!(told["data"]["type"], "UpdateAction");
    let headers = event.cloud_headers("https://a.example/");
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(header("ce-id"), event.uri);
    assert_eq!(header("ce-source"), event.instrument);
    assert_eq!(header("ce-type"), event.topic);
    assert_eq!((header("ce-specversion"), header("ce-time")), ("1.0", "2026-03-01T10:00:00Z"));
    assert_eq!(header("ce-subject"), "T%201%20%C3%BC");
}
