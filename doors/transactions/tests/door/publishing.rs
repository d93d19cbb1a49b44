//! Publishing: one or many, all or nothing, and the envelope that Freehold sets.

use serde_json::{Value as Json, json};

use crate::town::{FRANCHISE, Judged, OFFICE, REPORT, Town, now, report, report_of};

fn lead(name: &str) -> Json {
    json!({ "topic": "realestate/lead#add", "recipient": FRANCHISE,
        "data": { "type": "AddAction", "object": { "type": "Person", "id": format!("https://crm.example/{name}") } } })
}

/// EVT-030
#[tokio::test]
async fn evt_030_what_is_published_has_an_address() {
    let town = Town::build().await;
    let answer = town.publish(&report()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), id);
    assert!(id.starts_with("https://hub.example/publish/"), "{id}");
    let events = town.events().await;
    assert_eq!((events.len(), events[0].uri.as_str(), events[0].topic.as_str()), (1, id.as_str(), REPORT));
    // The same credential in the other header.
    let bearer = format!("Bearer {}", town.bms);
    let answer = town.ask("POST", "/publish/", &[("authorization", &bearer)], lead("a").to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

/// EVT-031
#[tokio::test]
async fn evt_031_an_array_is_kept_whole_or_not_at_all() {
    let town = Town::build().await;
    let many: Vec<Json> = (0..100).map(|n| lead(&format!("p{n:03}"))).collect();
    let answer = town.publish(&json!(many)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let ids: Vec<String> =
        answer.json().as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let events = town.events().await;
    assert_eq!(events.iter().map(|event| event.uri.to_string()).collect::<Vec<_>>(), ids);
    for (n, event) in events.iter().enumerate() {
        assert!(event.data.contains(&format!("p{n:03}")), "the ids are not in order");
    }
    // One of three is wrong: its place is said, and none is kept.
    let mut wrong = report_of("wrong", 1);
    wrong["data"]["object"]["transactionType"] = json!("XX");
    let answer = town.publish(&json!([report_of("right", 1), wrong, lead("b")])).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.faults(), [("/1/data/object/transactionType".to_owned(), "enum".to_owned())]);
    assert_eq!(town.events().await.len(), 100);
    assert_eq!(town.get(&town.bms, "/transactions/right").await.status, 404);
    for (body, status) in [(json!([]), 400), (json!(vec![lead("c"); 1_001]), 413)] {
        assert_eq!(town.publish(&body).await.status, status);
    }
    assert_eq!(town.publish(&json!([lead("one")])).await.json().as_array().unwrap().len(), 1);
}

/// EVT-032
#[tokio::test]
async fn evt_032_a_recipient_is_named() {
    let town = Town::build().await;
    for recipient in [Json::Null, json!(""), json!([])] {
        let mut payload = report();
        payload["recipient"] = recipient;
        let answer = town.publish(&payload).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (400, r#"{"error":"No recipient found"}"#)
        );
    }
    let mut payload = report();
    payload.as_object_mut().unwrap().remove("recipient");
    assert_eq!(town.publish(&payload).await.body, r#"{"error":"No recipient found"}"#);
    assert!(town.events().await.is_empty());
}

/// EVT-033
#[tokio::test]
async fn evt_033_who_may_not_reach_one_reaches_none() {
    let town = Town::build().await;
    let check = async |key: &str, payload: &Json, recipient: &str| {
        let answer = town.publish_as(key, payload, &[]).await;
        let expect =
            json!({ "error": format!("Not authorized to publish to {recipient} on topic {REPORT}") })
                .to_string();
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (403, expect.as_str()));
    };
    let mut both = report();
    both["recipient"] = json!([FRANCHISE, OFFICE]);
    check(&town.other, &both, OFFICE).await;
    let mut copied = report();
    copied["source"] = json!(OFFICE);
    check(&town.other, &copied, OFFICE).await;
    check(&town.nobody, &report(), FRANCHISE).await;
    // Of an array, the second alone: the first is not kept either.
    let answer = town.publish_as(&town.other, &json!([report_of("a", 1), copied]), &[]).await;
    assert_eq!(answer.status, 403);
    assert!(town.events().await.is_empty());
    assert_eq!(town.publish_as(&town.other, &report(), &[]).await.status, 201);
}

/// EVT-034
#[tokio::test]
async fn evt_034_a_grant_names_agent_topic_and_direction() {
    let town = Town::build().await;
    let refused = async |payload: &Json| town.publish_as(&town.nobody, payload, &[]).await.status == 403;
    assert!(refused(&report()).await, "nothing is granted");
    town.grant("g1", "nobody", FRANCHISE, REPORT, "Subscribe").await;
    assert!(refused(&report()).await, "the other direction is granted");
    town.grant("g2", "nobody", OFFICE, REPORT, "Publish").await;
    assert!(refused(&report()).await, "another agent is granted");
    town.grant("g3", "nobody", FRANCHISE, "realestate/lead", "Publish").await;
    assert!(refused(&report()).await, "another topic is granted");
    assert!(!refused(&lead("a")).await, "a group of topics is granted");
    town.grant("g4", "nobody", FRANCHISE, REPORT, "Publish").await;
    assert!(!refused(&report()).await, "it is granted");
    console::operate::remove(&town.desk, &crate::town::act(), "TopicGrant", "g4", None).await.unwrap();
    town.door.refresh().await.unwrap();
    assert!(refused(&report_of("b", 1)).await, "it is granted no more");
    let record = town.record(
        "TopicGrant",
        vec![
            ("TopicGrantId", "g5".into()),
            ("ClientId", "nobody".into()),
            ("AgentUri", FRANCHISE.into()),
            ("TopicPattern", REPORT.into()),
            ("TopicDirection", "Publish".into()),
            ("ExpirationTimestamp", now().into()),
        ],
    );
    console::operate::create(&town.desk, &crate::town::act(), "TopicGrant", record).await.unwrap();
    town.door.refresh().await.unwrap();
    assert!(refused(&report_of("c", 1)).await, "the grant has ended");
}

/// EVT-036 EVT-039
#[tokio::test]
async fn evt_036_evt_039_the_envelope_is_freeholds() {
    let town = Town::build().await;
    let mut payload = report();
    payload["instrument"] = json!("https://somebody-else.example/profile/card#me");
    payload["agent"] = json!("https://somebody-else.example/profile/card#me");
    payload["originalRecipient"] = json!("https://somebody-else.example/profile/card#me");
    payload["@id"] = json!("https://somebody-else.example/inbox/1");
    assert_eq!(town.publish(&payload).await.status, 201);
    let mut timed = report_of("timed", 1);
    timed["time"] = json!("2026-01-02T03:04:05+01:00");
    assert_eq!(town.publish(&timed).await.status, 201);
    let events = town.events().await;
    for event in &events {
        assert_eq!(event.instrument, "https://app-bms.hub.example/profile/card#me");
        let told = event.envelope(FRANCHISE, &event.data, false);
        assert!(!told.contains("somebody-else"), "{told}");
        assert_eq!(serde_json::from_str::<Json>(&told).unwrap()["agent"], FRANCHISE);
    }
    assert_eq!(events[0].time, now());
    assert_eq!(events[1].time.to_string(), "2026-01-02T02:04:05Z");
    assert_eq!(events[1].ordering_key.as_deref(), Some("bms|timed"));
    timed["time"] = json!("noon");
    assert_eq!(town.publish(&timed).await.faults(), [("/time".to_owned(), "format".to_owned())]);
}

/// EVT-038: a copy for each; EVT-035 and EVT-037 are outflow's, which writes the envelope.
#[tokio::test]
async fn evt_038_each_source_gets_a_copy() {
    let town = Town::build().await;
    let mut payload = report();
    payload["source"] = json!([OFFICE, "https://mls.hub.example/profile/card#me"]);
    assert_eq!(town.publish(&payload).await.status, 201);
    let event = &town.events().await[0];
    assert_eq!(event.original_recipients, [FRANCHISE]);
    assert_eq!(event.recipients(), [FRANCHISE, OFFICE, "https://mls.hub.example/profile/card#me"]);
}

/// EVT-043
#[tokio::test]
async fn evt_043_an_event_has_at_most_256_kib() {
    let town = Town::build().await;
    let sized = |bytes: usize| {
        let mut text = lead("x").to_string();
        let room = bytes - text.len() - r#""n":"","#.len();
        text.insert_str(1, &format!(r#""n":"{}","#, "x".repeat(room)));
        assert_eq!(text.len(), bytes);
        text
    };
    let send = async |text: String| town.ask("POST", "/publish/", &[("x-api-key", &town.bms)], text).await;
    assert_eq!(send(sized(256 << 10)).await.status, 201);
    let answer = send(sized((256 << 10) + 1)).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (413, Some("too_large")));
    // An array is bounded by what a request may hold, each of its events by itself.
    assert_eq!(send(format!("[{},{}]", sized(200 << 10), sized(200 << 10))).await.status, 201);
    assert_eq!(send(format!("[{},{}]", sized(1 << 10), sized((256 << 10) + 1))).await.status, 413);
    let answer = send("x".repeat(5 << 20)).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (413, Some("too_large")));
    assert_eq!(town.events().await.len(), 3);
}

/// What is no JSON, or JSON of another shape, is refused in words.
#[tokio::test]
async fn bodies_that_cannot_be_read_change_nothing() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for body in
        ["", "{", "7", "\"x\"", "[7]", "[[]]", "\u{feff}{}", "{\"topic\":1}", "null", &"[".repeat(10_000)]
    {
        let answer = town.ask("POST", "/publish/", &[("x-api-key", &town.bms)], body.to_owned()).await;
        assert_eq!(answer.status, 400, "{body:.20}: {}", answer.body);
        assert!(answer.json()["error"].is_string() || answer.json()["isValid"] == false, "{}", answer.body);
    }
    assert_eq!(town.store.head().await.unwrap(), before);
}
