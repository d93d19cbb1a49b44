//! Every write is told of: who, when, what, from what, to what.

use serde_json::json;

use super::house::House;

/// HUB-005: all writes are audited with actor, before and after.
#[tokio::test]
async fn every_write_has_its_actor_its_before_and_its_after() {
    let house = House::open().await;
    let head = house.desk.store.head().await.unwrap();
    house.ask("POST", "/admin/Client", r#"{"ClientId":"p","ClientName":"One"}"#).await;
    house.clock.pass(jiff::SignedDuration::from_secs(60));
    house.ask("PATCH", "/admin/Client/p", r#"{"ClientName":"Two"}"#).await;
    house.ask("DELETE", "/admin/Client/p", "").await;
    let said = house.ask("GET", &format!("/admin/changes?after={head}"), "").await;
    let entries = said.body["value"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(said.body.get("next"), None);
    let name = |entry: &serde_json::Value| {
        let altered = entry["altered"].as_array().unwrap();
        let one = altered.iter().find(|one| one["field"] == "ClientName").unwrap().clone();
        (one["before"].clone(), one["after"].clone())
    };
    for (entry, kind, before, after) in [
        (&entries[0], "created", json!(null), json!("One")),
        (&entries[1], "changed", json!("One"), json!("Two")),
        (&entries[2], "removed", json!("Two"), json!(null)),
    ] {
        assert_eq!(entry["kind"], json!(kind));
        assert_eq!(entry["actor"], json!("operator/root"));
        assert_eq!((&entry["resource"], &entry["key"]), (&json!("Client"), &json!("p")));
        assert_eq!(name(entry), (before, after), "{kind}");
    }
    assert_eq!(entries[1]["at"], json!(house.clock.now().to_string()));
    let history = house.ask("GET", "/admin/Client/p/history", "").await;
    let newest: Vec<_> = history.body["value"].as_array().unwrap().iter().rev().cloned().collect();
    assert_eq!(&newest, entries, "a record's history is the same, the newest first");
}

#[tokio::test]
async fn the_trail_is_read_in_parts_and_by_actor_resource_and_key() {
    let house = House::open().await;
    for number in 0..7 {
        house.ask("POST", "/admin/Feed", &format!(r#"{{"FeedId":"F{number}"}}"#)).await;
    }
    house.partner("p").await;
    let mut address = "/admin/changes?limit=2&actor=operator%2Froot&resource=Feed".to_owned();
    let mut keys = Vec::new();
    loop {
        let said = house.ask("GET", &address, "").await;
        assert_eq!(said.status, 200, "{address}");
        let part = said.body["value"].as_array().unwrap();
        keys.extend(part.iter().map(|entry| entry["key"].as_str().unwrap().to_owned()));
        let Some(next) = said.body["next"].as_str() else { break };
        next.clone_into(&mut address);
    }
    assert_eq!(keys, ["F0", "F1", "F2", "F3", "F4", "F5", "F6"]);
    let one = house.ask("GET", "/admin/changes?key=F3", "").await;
    assert_eq!(one.body["value"].as_array().unwrap().len(), 1);
}
