//! The store's own changes.

use dictionary::Value;
use store::Operation;

use crate::town::{Town, now, settings};

const FEED: &str = "https://hub.example/pods/feed-A/profile/card#me";

async fn change(town: &Town) {
    let listing = |price: i64| {
        let fields = [
            ("ListingKey", Value::from("1")),
            ("ListAgentKey", "m1".into()),
            ("ListPrice", dictionary::Decimal::from(price).into()),
        ];
        Operation::put("A", town.record("Property", &fields))
    };
    town.write(vec![listing(1)]).await;
    town.write(vec![listing(2)]).await;
    town.write(vec![listing(2)]).await;
    town.write(vec![Operation::remove(town.dictionary.known("Property").id, "1")]).await;
    let member = |name: &str| {
        Operation::put(
            "A",
            town.record("Member", &[("MemberKey", "m1".into()), ("MemberFullName", name.into())]),
        )
    };
    town.write(vec![member("Ann")]).await;
    town.write(vec![member("Bob")]).await;
}

/// EVT-101: each change once, whatever was changed by whom; nothing for what did not change.
#[tokio::test(flavor = "multi_thread")]
async fn evt_101_own_changes_publish_by_themselves() {
    let mut town = Town::open().await;
    change(&town).await;
    town.until("all of the feed", async || town.inbox_topics(FEED).await.len() == 5).await;
    let expect = [
        "realestate/listing#update",
        "realestate/listing#update",
        "realestate/listing#delete",
        "realestate/profile#add",
        "realestate/profile#update",
    ];
    town.restart().await;
    assert_eq!(town.inbox_topics(FEED).await, expect, "a restart tells nothing twice");
    let agent = "https://hub.example/pods/agent-m1/profile/card#me";
    assert_eq!(town.inbox_topics(agent).await.len(), 4, "the agent of a listing gets a copy");
    let reader = outflow::Reader { client: "c", agent: FEED };
    let page = town.outflow.inbox(reader, 0, 1, now()).await.unwrap();
    let data: serde_json::Value = serde_json::from_str(&page.items[0].data).unwrap();
    assert_eq!((&data["type"], &data["object"]["resourceRecordKey"]), (&"UpdateAction".into(), &"1".into()));
    assert_eq!(data["object"]["id"], "https://hub.example/odata/Property('1')");
    assert!(!page.items[0].data.contains("ListPrice"), "what changed is read with the reader's own grants");
}

/// EVT-101: where nobody may receive them, nothing is written.
#[tokio::test(flavor = "multi_thread")]
async fn evt_101_nothing_is_written_for_nobody() {
    let town = Town::with(settings()).await;
    town.grant("c", "*", "realestate/lead").await;
    let own = town.dictionary.known("TopicGrant");
    town.write(vec![Operation::remove(own.id, "c-2")]).await;
    town.outflow.refresh().await.unwrap();
    change(&town).await;
    let head = town.store.head().await.unwrap();
    town.until("fanned out", async || town.outflow.figures().fanned_out >= head).await;
    assert_eq!(town.store.head().await.unwrap(), head);
}
