//! The people of an onboarding, and the mail to them.

use serde_json::{Value as Json, json};

use crate::town::{MLS, TENANT, Town};

fn contact(role: &str, name: &str, email: &str) -> Json {
    json!({ "TenantContactRole": role, "TenantContactName": name, "ContactEmail": email })
}

/// AMS-043: the mail that asks for the files is filled with the tenant and its contacts.
#[tokio::test]
async fn ams_043_the_mail_is_filled_in() {
    let town = Town::build().await;
    let put = |id: &str, body: Json| {
        let path = format!("{TENANT}/contacts/{id}");
        let town = &town;
        async move { town.send("staff", "PUT", &path, Some(body)).await }
    };
    let mail = format!("{MLS}/mail");
    assert_eq!(town.get("staff", &mail).await.code(), "contacts_missing");
    put("vera", contact("Vendor", "Vera Vendor", "vera@mls.example")).await.good();
    assert_eq!(town.get("staff", &mail).await.code(), "contacts_missing", "the association is in copy");
    put("viktor", contact("Vendor", "Viktor Vendor", "viktor@mls.example")).await.good();
    put("cleo", contact("Customer", "Cleo Customer", "cleo@polk.example")).await.good();
    put("olaf", contact("Onboarding", "Olaf", "olaf@ams.example")).await.good();
    put("sam", contact("Integration Specialist", "Sam Specialist", "sam@ams.example")).await.good();
    town.patch("staff", MLS, json!({ "TentativeGoLiveMonth": "2026-12" })).await.good();
    let told = town.get("vendor-staging", &mail).await.good();
    assert_eq!(told["to"], json!(["vera@mls.example", "viktor@mls.example"]));
    assert_eq!(told["cc"], json!(["cleo@polk.example", "olaf@ams.example"]));
    assert_eq!(told["subject"], "Data files for East Polk County Association");
    let text = told["text"].as_str().unwrap();
    for part in [
        "Dear Vera Vendor, Viktor Vendor,",
        "East Polk County Association",
        "2026-12",
        "Stellar MLS",
        "agents",
        "offices",
        "status",
        "user class",
        "Sam Specialist",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('{'), "nothing is left to be filled in: {text}");
}

#[tokio::test]
async fn what_is_no_contact_is_refused() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (id, body, expect) in [
        ("a", contact("Boss", "A", "a@b.example"), "field_wrong"),
        ("a", contact("Vendor", " ", "a@b.example"), "field_wrong"),
        ("a", contact("Vendor", "A", "a.b.example"), "field_wrong"),
        ("a", contact("Vendor", "A", "a@b.example\r\nBcc: all@b.example"), "field_wrong"),
        ("a", contact("Boss", "", "x"), "several"),
        ("A%20B", contact("Vendor", "A", "a@b.example"), "id_wrong"),
        ("a", json!({ "TenantId": "other" }), "field_fixed"),
    ] {
        let path = format!("{TENANT}/contacts/{id}");
        assert_eq!(town.send("staff", "PUT", &path, Some(body.clone())).await.code(), expect, "{body}");
    }
    assert_eq!(town.store.head().await.unwrap(), before);
    let path = format!("{TENANT}/contacts/a");
    town.send("staff", "PUT", &path, Some(contact("Vendor", "A", "a@b.example"))).await.good();
    town.send("staff", "DELETE", &path, None).await.good();
    assert_eq!(town.send("staff", "DELETE", &path, None).await.code(), "contact_unknown");
}
