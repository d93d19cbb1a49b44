//! EVT-050, EVT-051: everyone has one address.

use crate::town::Town;

/// EVT-050
#[tokio::test]
async fn evt_050_everyone_has_a_profile_and_an_inbox() {
    let town = Town::build().await;
    town.write("Member", vec![("MemberKey", "1657897".into()), ("MemberFullName", "Ada Lovelace".into())])
        .await;
    town.write("Office", vec![("OfficeKey", "4136".into()), ("OfficeName", "Gotham Realty".into())]).await;
    town.write(
        "OUID",
        vec![("OrganizationUniqueIdKey", "M001".into()), ("OrganizationUniqueId", "M001".into())],
    )
    .await;
    let check = async |id: &str, kind: &str, name: Option<&str>| {
        let by_path = town.get(&town.hub, &format!("/pods/{id}/profile/card")).await;
        assert_eq!(by_path.status, 200, "{id}: {}", by_path.body);
        let card = by_path.json();
        assert_eq!(card["type"], kind);
        assert_eq!(card["id"], format!("https://{id}.hub.example/profile/card#me"));
        assert_eq!(card["inbox"], format!("https://{id}.hub.example/inbox/"));
        assert_eq!(card.get("name").and_then(|name| name.as_str()), name, "{id}");
        let host = format!("{id}.hub.example");
        let headers = [("x-api-key", town.hub.as_str()), ("host", host.as_str())];
        assert_eq!(town.ask("GET", "/profile/card", &headers, String::new()).await.body, by_path.body);
        assert!(by_path.header("link").contains("json-ld#context"));
    };
    check("agent-1657897", "RealEstateAgent", Some("Ada Lovelace")).await;
    check("office-4136", "RealEstateOffice", Some("Gotham Realty")).await;
    check("company--9ko30c8", "RealEstateOrganization", None).await;
    check("app-bms", "SoftwareApplication", None).await;
    // A feed, whose listings are told of by its name, is in no DNS.
    let card = town.get(&town.hub, "/pods/feed-A/profile/card").await.json();
    assert_eq!(
        (&card["type"], &card["id"]),
        (&"DataFeed".into(), &"https://hub.example/pods/feed-A/profile/card#me".into())
    );
    assert_eq!(card["inbox"], "https://hub.example/pods/feed-A/inbox/");
    // A name is a field: who is not granted it learns that there is somebody, and no more.
    let card = town.get(&town.nobody, "/pods/agent-1657897/profile/card").await.json();
    assert_eq!((card["type"].as_str(), card.get("name")), (Some("RealEstateAgent"), None));
    for id in ["agent-9", "agent--x", "person-1", "agent"] {
        assert_eq!(town.get(&town.hub, &format!("/pods/{id}/profile/card")).await.status, 404, "{id}");
    }
    for host in ["hub.example", "agent-1657897.evil.example", "a.agent-1657897.hub.example"] {
        let headers = [("x-api-key", town.hub.as_str()), ("host", host)];
        assert_eq!(town.ask("GET", "/profile/card", &headers, String::new()).await.status, 404, "{host}");
    }
}

/// EVT-051
#[tokio::test]
async fn evt_051_an_address_survives_imports() {
    let town = Town::build().await;
    let mut seen = Vec::new();
    for name in ["Ada Byron", "Ada Lovelace"] {
        town.write("Member", vec![("MemberKey", "NWM42".into()), ("MemberFullName", name.into())]).await;
        let card = town.get(&town.hub, "/pods/agent--9pbkqd1i/profile/card").await.json();
        assert_eq!(card["name"], name);
        seen.push(card["id"].clone());
    }
    assert_eq!(seen[0], seen[1]);
}
