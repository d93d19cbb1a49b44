//! Contacts of an environment by the admin's short way.

use serde_json::{Value as Json, json};

use crate::town::{Answer, TENANT, Town};

impl Town {
    async fn contact(&self, client: &str, method: &str, path: &str, body: Option<Json>) -> Answer {
        self.send(client, method, &format!("{TENANT}/environments/{path}"), body).await
    }
}

/// AMS-039: what is written in staging is not there in production, by any route; the resources are RESO's, and are
/// held to the dictionary.
#[tokio::test]
async fn ams_039_contacts_are_written_in_one_environment() {
    let town = Town::build().await;
    let ann = json!({ "MemberFirstName": "Ann", "MemberStatus": "Active", "MemberMlsId": "1" });
    let path = "staging/contacts/Member/s-1";
    let put =
        |client: &'static str, path: &'static str, body: Json| town.contact(client, "PUT", path, Some(body));
    let made = put("staff-staging", path, ann.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["MemberKey"], "s-1");
    assert!(made.json()["ModificationTimestamp"].is_string());
    assert_eq!(town.contact("vendor-staging", "GET", path, None).await.good()["MemberFirstName"], "Ann");
    let elsewhere = "production/contacts/Member/s-1";
    assert_eq!(town.contact("staff", "GET", elsewhere, None).await.code(), "contact_unknown");
    assert_eq!(town.contact("staff", "DELETE", elsewhere, None).await.code(), "contact_unknown");
    assert_eq!(town.contact("staff", "PATCH", elsewhere, Some(json!({}))).await.code(), "contact_unknown");
    let taken = put("staff", elsewhere, ann).await;
    assert_eq!(taken.status, 409, "a key belongs to one feed: {}", taken.body);
    let feed = town.contact("staff", "GET", "production/contacts/Member", None).await.good();
    assert_eq!(feed["value"], json!([]));
    for (method, path, body, expect) in [
        ("PUT", "staging/contacts/Property/1", json!({}), "resource_unknown"),
        ("PUT", path, json!({ "Nonsense": 1 }), "unknown_field"),
        ("PUT", path, json!({ "MemberStatus": "x".repeat(26) }), "too_long"),
        ("PUT", path, json!({ "MemberKey": "other" }), "key_fixed"),
        ("PUT", "staging/contacts/MemberAssociation/one", json!({}), "key_wrong"),
        ("PATCH", "staging/contacts/Member/none", json!({}), "contact_unknown"),
    ] {
        let answer = town.contact("staff", method, path, Some(body.clone())).await;
        assert_eq!(answer.code(), expect, "{method} {path} {body}");
    }
    let patched = json!({ "MemberLastName": "One", "MemberMlsId": null });
    let patched = town.contact("staff", "PATCH", path, Some(patched)).await.good();
    assert_eq!((&patched["MemberFirstName"], &patched["MemberLastName"]), (&json!("Ann"), &json!("One")));
    assert!(patched.get("MemberMlsId").is_none());
    let replaced = put("staff", path, json!({ "MemberStatus": "Inactive" })).await.good();
    assert!(replaced.get("MemberFirstName").is_none(), "PUT puts another in its place");
    let tie = "staging/contacts/MemberAssociation/east-polk%7Cs-1";
    let made = put("staff", tie, json!({ "MemberAssociationStatus": "Active" })).await.good();
    assert_eq!((&made["AssociationKey"], &made["MemberKey"]), (&json!("east-polk"), &json!("s-1")));
    let version = replaced["@version"].as_u64().unwrap() - 1;
    let bearer = format!("Bearer {}", town.key("staff"));
    let stale = version.to_string();
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", stale.as_str()),
    ];
    let late =
        town.ask("PATCH", &format!("{TENANT}/environments/{path}"), &headers, "{\"MemberCity\":\"x\"}").await;
    assert_eq!(late.code(), "changed_meanwhile");
    town.contact("staff", "DELETE", path, None).await.good();
    assert_eq!(town.contact("staff", "GET", path, None).await.code(), "contact_unknown");
}

#[tokio::test]
async fn contacts_are_listed_part_by_part() {
    let town = Town::build().await;
    for number in 1..=5 {
        let path = format!("staging/contacts/Office/o-{number}");
        town.contact("staff", "PUT", &path, Some(json!({ "OfficeStatus": "Active" }))).await.good();
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("staging/contacts/Office?limit=2{after}");
        let told = town.contact("vendor-staging", "GET", &path, None).await.good();
        seen.extend(told["value"].as_array().unwrap().iter().map(|one| one["OfficeKey"].clone()));
        let Some(next) = told["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["o-1", "o-2", "o-3", "o-4", "o-5"]);
    for query in ["limit=0", "limit=1001", "after=x", "colour=red"] {
        let path = format!("staging/contacts/Office?{query}");
        let answer = town.contact("staff", "GET", &path, None).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

/// AMS-044: the nine associations of the source document, dated, their region codes to be filled.
#[tokio::test]
async fn ams_044_nine_associations_are_sample_data() {
    let town = Town::bare().await;
    let all: Vec<_> = association_door::sample_associations().collect();
    assert_eq!(all.len(), 9);
    for one in &all {
        let body = json!({ "TenantId": one.id, "TenantName": one.name, "TenantAsOfDate": association_door::SAMPLE_AS_OF });
        town.post("operator", "/association/tenants", body).await.good();
    }
    let told = town.get("operator", "/association/tenants").await.good();
    let list = told["value"].as_array().unwrap();
    assert_eq!(list.len(), 9);
    for one in list {
        assert_eq!(one["TenantAsOfDate"], "2024-06-04");
        assert!(one.get("TenantRegionCode").is_none(), "it is to be filled: {one}");
    }
    for name in [
        "East Polk County Association of REALTORS®",
        "Englewood Area Board of REALTORS®",
        "Gainesville Alachua County Association of REALTORS®",
        "Pinellas REALTORS® Organization",
        "REALTORS® Association of Lake & Sumter Counties",
        "Lakeland Association of REALTORS®",
        "New Smyrna Beach Board Of Realtors",
        "Ocala Marion County Association of Realtors",
        "West Volusia Association of REALTORS®",
    ] {
        assert!(list.iter().any(|one| one["TenantName"] == name), "{name}");
    }
}
