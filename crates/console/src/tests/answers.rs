//! Lists, pages and the status.

use serde_json::json;

use super::house::House;
use crate::operate::{self, Part};

#[tokio::test]
async fn a_walk_through_a_list_sees_each_record_once() {
    let house = House::open().await;
    // Equal timestamps: the key alone tells where a part ended.
    for number in 0..9 {
        let body = format!(r#"{{"FeedId":"F{number}","FeedName":"{}"}}"#, number % 2);
        assert_eq!(house.ask("POST", "/admin/Feed", &body).await.status, 201);
    }
    for (asked, expect) in [("limit=4", 9), ("limit=2&FeedName=1", 4), ("limit=100", 9), ("FeedName=x", 0)] {
        let mut address = format!("/admin/Feed?{asked}");
        let mut keys = Vec::new();
        loop {
            let said = house.ask("GET", &address, "").await;
            let part = said.body["value"].as_array().unwrap();
            keys.extend(part.iter().map(|record| record["@key"].as_str().unwrap().to_owned()));
            let Some(next) = said.body["next"].as_str() else { break };
            next.clone_into(&mut address);
        }
        assert_eq!(keys.len(), expect, "{asked}: {keys:?}");
        assert!(keys.is_sorted(), "{asked}: {keys:?}");
    }
}

#[tokio::test]
async fn the_resources_are_freeholds_own_with_their_fields_and_values() {
    let house = House::open().await;
    let said = house.ask("GET", "/admin/resources", "").await;
    let all = said.body["value"].as_array().unwrap();
    let names: Vec<&str> = all.iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in ["Client", "ClientKey", "Feed", "Grant", "Quota"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(!names.contains(&"Property"));
    let grant = all.iter().find(|one| one["name"] == "Grant").unwrap();
    let class = grant["fields"].as_array().unwrap().iter().find(|f| f["name"] == "PermissionClass").unwrap();
    assert_eq!(class["values"], json!(["IDX", "VOW", "BBO", "Participant", "Analytics"]));
}

#[tokio::test]
async fn the_status_says_how_far_everyone_has_read() {
    let house = House::open().await;
    let head = house.desk.store.head().await.unwrap();
    let said = house.ask("GET", "/admin/status", "").await;
    assert_eq!((&said.body["head"], &said.body["gate"]), (&json!(head), &json!(head)));
    let search = search::Search::new(house.desk.dictionary.clone());
    let changes = house.desk.store.follow(0, 1_000).await.unwrap();
    search.apply(&changes);
    let status = operate::status(&house.desk, Some(&search)).await.unwrap();
    assert_eq!(status.search, Some(head));
    let counted = status.counts.iter().find(|counted| counted.resource == "Client").unwrap();
    assert_eq!((counted.feed.as_str(), counted.records), (gate::OWN_FEED, 1));
}

#[tokio::test]
async fn commands_and_routes_do_the_same() {
    let house = House::open().await;
    let act = house.act();
    operate::create_feed(&house.desk, &act, "F", "One").await.unwrap();
    house.partner("p").await;
    let mut new = operate::NewGrant::read("p", "F", gate::Class::Vow);
    new.hidden = vec!["Property.City".into()];
    let granted = operate::grant(&house.desk, &act, &new).await.unwrap();
    let shown = house.ask("GET", "/admin/Grant/p%7CF", "").await;
    assert_eq!(shown.body["@version"], json!(granted.sequence));
    assert_eq!(shown.body["HiddenFields"], json!(["Property.City"]));
    operate::suspend_client(&house.desk, &act, "p").await.unwrap();
    assert_eq!(house.ask("GET", "/admin/Client/p", "").await.body["ClientStatus"], json!("Suspended"));
    let part = Part { after: None, limit: 10, fields: Vec::new() };
    assert_eq!(operate::list(&house.desk, "Client", &part).await.unwrap().records.len(), 2);
}
