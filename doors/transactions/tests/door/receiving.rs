//! Receiving: pages, cursors, streams, and events by their addresses.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use crate::town::{Answer, FRANCHISE, OFFICE, Town, report, report_of};

const INBOX: &str = "/inbox/?agent=https://franchise.hub.example/profile/card%23me";

fn listing(n: usize) -> Json {
    json!({ "topic": "realestate/franchise#listingreport", "recipient": FRANCHISE,
        "data": { "type": "UpdateAction", "object": { "type": "ListingReport", "batchId": n } } })
}

/// Publishes so many events and waits until they lie in the inbox.
async fn filled(count: usize) -> Town {
    let town = Town::build().await;
    let events: Vec<Json> = (0..count).map(listing).collect();
    assert_eq!(town.publish(&json!(events)).await.status, 201);
    arrived(&town, count).await;
    town
}

/// Waits until so many events lie in the franchise's inbox.
async fn arrived(town: &Town, count: usize) {
    for _ in 0..2_000 {
        let rows = town.store.inbox(FRANCHISE, 0, 10_000).await.unwrap();
        if rows.len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the events did not arrive");
}

fn batches(page: &Answer) -> Vec<u64> {
    let page = page.json();
    let items = page["contains"].as_array().unwrap();
    items.iter().map(|event| event["data"]["object"]["batchId"].as_u64().unwrap()).collect()
}

/// EVT-060
#[tokio::test]
async fn evt_060_pages_go_on_without_gap_or_repeat() {
    let town = filled(230).await;
    let first = town.get(&town.hub, INBOX).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let links = first.json();
    assert_eq!(links["contains"].as_array().unwrap().len(), 100);
    let link = links["contains"][0].as_str().unwrap();
    assert!(link.starts_with("https://franchise.hub.example/inbox/"), "{link}");
    let (mut seen, mut from) = (Vec::new(), "0".to_owned());
    for page in 0..3 {
        let answer = town.get(&town.hub, &format!("{INBOX}&format=full&from={from}")).await;
        seen.extend(batches(&answer));
        let said = answer.json();
        assert_eq!(said.get("next").is_some(), page < 2, "next stands where more remain");
        from = said["cursor"].as_str().unwrap().to_owned();
        if page == 0 {
            // Events arrive meanwhile.
            assert_eq!(town.publish(&listing(230)).await.status, 201);
            arrived(&town, 231).await;
        }
    }
    assert_eq!(seen, (0..231).collect::<Vec<u64>>());
    let empty = town.get(&town.hub, &format!("{INBOX}&from={from}")).await.json();
    assert_eq!((empty["contains"].as_array().unwrap().len(), &empty["cursor"]), (0, &json!(from)));
    // By the host, and to nobody who is not granted it.
    let host = [("x-api-key", town.hub.as_str()), ("host", "franchise.hub.example")];
    assert_eq!(town.ask("GET", "/inbox/", &host, String::new()).await.body, first.body);
    for key in [&town.nobody, &town.other, &town.bms] {
        let answer = town.get(key, INBOX).await;
        assert_eq!(answer.json()["contains"], json!([]), "{}", answer.body);
    }
    for query in [
        "&from=x",
        "&by=age",
        "&format=xml",
        "&limit=x",
        "&limit=0",
        "&limit=101",
        "&limit=-1",
        &format!("&cursor={}", "x".repeat(2_049)),
        "&other=1",
        "&by=timestamp&from=soon",
        "&from=1&cursor=c",
    ] {
        assert_eq!(town.get(&town.hub, &format!("{INBOX}{query}")).await.status, 400, "{query}");
    }
}

/// EVT-061
#[tokio::test]
async fn evt_061_a_page_begins_at_an_instant_and_holds_whole_events() {
    let town = filled(3).await;
    let at = async |instant: &str| {
        let answer = town.get(&town.hub, &format!("{INBOX}&format=full&by=timestamp&from={instant}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        batches(&answer)
    };
    // All were accepted at noon.
    assert_eq!(at("2026-11-23T12:00:00Z").await, [0, 1, 2]);
    assert_eq!(at("2026-11-23T12:00:01Z").await, [0_u64; 0]);
    let full = town.get(&town.hub, &format!("{INBOX}&format=full&limit=1")).await.json();
    let event = &full["contains"][0];
    for member in ["topic", "time", "agent", "instrument", "originalRecipient", "id", "@id", "data"] {
        assert!(!event[member].is_null(), "{member}: {event}");
    }
}

/// EVT-062
#[tokio::test]
async fn evt_062_a_cursor_is_kept_for_its_client() {
    let town = filled(5).await;
    let page = town.get(&town.hub, &format!("{INBOX}&format=full&limit=2")).await;
    let at = page.json()["cursor"].clone();
    let cursor = INBOX.replace("/inbox/?", "/inbox/cursors/crm?");
    assert_eq!(town.get(&town.hub, &cursor).await.status, 404);
    let headers = [("x-api-key", town.hub.as_str())];
    let put = town.ask("PUT", &cursor, &headers, json!({ "at": at }).to_string()).await;
    assert_eq!(put.status, 200, "{}", put.body);
    assert_eq!(town.get(&town.hub, &cursor).await.json()["at"], at);
    let rest = town.get(&town.hub, &format!("{INBOX}&format=full&cursor=crm")).await;
    assert_eq!(batches(&rest), [2, 3, 4]);
    assert_eq!(town.get(&town.nobody, &cursor).await.status, 404, "it is another client's");
    for body in ["{}", "{\"at\":\"x\"}", "7"] {
        assert_eq!(town.ask("PUT", &cursor, &headers, body.into()).await.status, 400, "{body}");
    }
}

/// EVT-063
#[tokio::test]
async fn evt_063_a_stream_tells_what_comes_and_goes_on_where_it_broke_off() {
    let town = filled(2).await;
    let path = INBOX.replace("/inbox/", "/events/stream");
    let open = async |last: Option<&str>| {
        let mut request = Request::get(&path).header("x-api-key", &town.hub);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = town.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        response.into_body()
    };
    /// Reads until so many events are there: their ids, topics and payloads.
    async fn read(body: &mut Body, count: usize) -> Vec<(String, String, Json)> {
        let mut text = String::new();
        while text.matches("\n\n").count() - text.matches(":\n\n").count() < count {
            let frame = body.frame().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
        let blocks = text.split("\n\n").filter(|block| block.starts_with("id:"));
        blocks
            .map(|block| {
                let mut lines = block.lines();
                let mut line = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().to_owned();
                let (id, topic) = (line("id: "), line("event: "));
                (id, topic, serde_json::from_str(&line("data: ")).unwrap())
            })
            .collect()
    }
    let mut body = open(None).await;
    let first = read(&mut body, 2).await;
    assert_eq!(first[0].1, "realestate/franchise#listingreport");
    assert_eq!(town.publish(&listing(2)).await.status, 201);
    let more = read(&mut body, 1).await;
    assert_eq!(more[0].2["data"]["object"]["batchId"], 2);
    drop(body);
    assert_eq!(town.publish(&listing(3)).await.status, 201);
    let mut body = open(Some(&first[1].0)).await;
    let rest = read(&mut body, 2).await;
    let found: Vec<&Json> = rest.iter().map(|(.., event)| &event["data"]["object"]["batchId"]).collect();
    assert_eq!(found, [&json!(2), &json!(3)]);
    assert_eq!(town.get(&town.hub, &format!("{path}&from=x")).await.status, 400);
}

/// An event by its address: for its producer and those who may read it, and 410 once it is pruned (EVT-102).
#[tokio::test]
async fn an_event_is_told_by_its_address_to_those_who_may_read_it() {
    let town = Town::build().await;
    let mut payload = report();
    payload["source"] = json!(OFFICE);
    let id = town.publish(&payload).await.json()["id"].as_str().unwrap().to_owned();
    let path = id.strip_prefix("https://hub.example").unwrap();
    for key in [&town.bms, &town.hub] {
        let answer = town.get(key, path).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["id"]), (200, &json!(id)), "{}", answer.body);
    }
    for key in [&town.other, &town.nobody] {
        assert_eq!(town.get(key, path).await.status, 404);
    }
    let copy = path.replace("/publish/", "/inbox/");
    let host = [("x-api-key", town.hub.as_str()), ("host", "franchise.hub.example")];
    let told = town.ask("GET", &copy, &host, String::new()).await;
    assert_eq!(told.json()["@id"], format!("https://franchise.hub.example{copy}"));
    let elsewhere = [("x-api-key", town.hub.as_str()), ("host", "office-4136.hub.example")];
    assert_eq!(town.ask("GET", &copy, &elsewhere, String::new()).await.status, 404);
    assert_eq!(town.get(&town.hub, "/publish/01ARYZ6S41TSV4RRFFQ69G5FAV").await.status, 404);
    // EVT-102: what is pruned is gone, and said to be.
    let mut batch = store::Batch::new("test", crate::town::now());
    let own = town.dictionary.known("Event").id;
    batch.operations.push(store::Operation::remove(own, path.rsplit('/').next().unwrap()));
    town.store.write(batch).await.unwrap();
    assert_eq!(town.get(&town.bms, path).await.status, 410);
    let gone = town.ask("GET", &copy, &host, String::new()).await;
    assert_eq!((gone.status.as_u16(), gone.json()["code"].as_str()), (410, Some("event_pruned")));
    assert_eq!(town.publish(&report_of("after", 1)).await.status, 201);
}
