//! What an operator does: feeds, clients, keys, grants, quotas.

use axum::body::Body;
use gate::Credential;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use serde_json::json;

use super::house::House;
use crate::operate;

#[tokio::test]
async fn a_partner_is_let_in_from_nothing() {
    let house = House::open().await;
    let made = house.ask("POST", "/admin/Feed", r#"{"FeedId":"NWMLS","FeedName":"Northwest"}"#).await;
    assert_eq!((made.status, &made.body["FeedStatus"]), (201, &json!("Active")));
    let made = house.ask("POST", "/admin/Client", r#"{"ClientId":"site","ClientName":"A site"}"#).await;
    assert_eq!((made.status, &made.body["ClientStatus"]), (201, &json!("Active")));
    assert_eq!(made.body["ModificationTimestamp"], json!(house.clock.now().to_string()));
    let grant = r#"{"ClientId":"site","FeedId":"NWMLS","PermissionClass":"IDX"}"#;
    let made = house.ask("POST", "/admin/Grant", grant).await;
    assert_eq!((made.status, &made.body["AccessLevel"]), (201, &json!("Read")));
    let issued = house.ask("POST", "/admin/Client/site/keys", r#"{"ClientKeyName":"first"}"#).await;
    assert_eq!(issued.status, 201);
    assert_eq!(issued.headers["cache-control"], "no-store");
    let secret = issued.body["secret"].as_str().unwrap().to_owned();

    let gate = house.desk.gate.clone().unwrap();
    let credential = Credential::read(Some(&format!("Bearer {secret}"))).unwrap();
    let caller = gate.authenticate(&credential, house.clock.now()).unwrap();
    let property = house.desk.dictionary.known("Property").id;
    assert!(caller.may_read("NWMLS", property) && !caller.may_write("NWMLS", property));

    // What is granted can be changed and taken back, each at once.
    let write = house.ask("PATCH", "/admin/Grant/site%7CNWMLS", r#"{"AccessLevel":"Write"}"#).await;
    assert_eq!(write.status, 200);
    assert!(gate.authenticate(&credential, house.clock.now()).unwrap().may_write("NWMLS", property));
    assert_eq!(house.ask("DELETE", "/admin/Grant/site%7CNWMLS", "").await.status, 200);
    assert!(!gate.authenticate(&credential, house.clock.now()).unwrap().may_read("NWMLS", property));

    let id = issued.body["ClientKeyId"].as_str().unwrap();
    let revoked = house.ask("POST", &format!("/admin/ClientKey/{id}/revoke"), "").await;
    assert_eq!(revoked.body["RevokedTimestamp"], json!(house.clock.now().to_string()));
    let refused = gate.authenticate(&credential, house.clock.now()).unwrap_err();
    assert_eq!(refused.code, "key_revoked");
}

#[tokio::test]
async fn a_secret_is_shown_once_and_its_hash_never() {
    let house = House::open().await;
    house.partner("p").await;
    let issued = house.ask("POST", "/admin/Client/p/keys", "").await;
    let secret = issued.body["secret"].as_str().unwrap();
    let id = issued.body["ClientKeyId"].as_str().unwrap();
    let kept = house.desk.store.get(house.desk.dictionary.known("ClientKey").id, id).await.unwrap().unwrap();
    let field = house.desk.dictionary.known("ClientKey").find("ClientKeyHash").unwrap();
    let hash = kept.record.get(field).unwrap().as_text().unwrap().to_owned();
    for address in [
        "/admin/ClientKey".to_owned(),
        format!("/admin/ClientKey/{id}"),
        format!("/admin/ClientKey/{id}/history"),
        "/admin/changes".to_owned(),
        "/admin/resources".to_owned(),
    ] {
        let said = house.ask("GET", &address, "").await;
        let text = said.body.to_string();
        assert_eq!(said.status, 200, "{address}");
        assert!(!text.contains(&secret[20..]) && !text.contains(&hash), "{address}");
        assert!(!text.contains("ClientKeyHash"), "{address}");
    }
    let asked = house.ask("GET", &format!("/admin/ClientKey?ClientKeyHash={hash}"), "").await;
    assert_eq!(asked.code(), "parameter_unknown", "nor can it be asked for");
}

/// PAR-009, PAR-010: a partner's key is brought or made, and shown once; beside two that are good there
/// is no third, and one that was revoked makes room.
#[tokio::test]
async fn par_010_a_partner_has_two_keys_at_most() {
    let house = House::open().await;
    house.ask("POST", "/admin/Client", r#"{"ClientId":"kw"}"#).await;
    let given = "87df3ca4afe5ee4cf64a2c74edb35363sdfe2d2d3sd";
    let body = format!(r#"{{"ClientKeyUse":"Partner","systemaccesskey":"{given}"}}"#);
    let first = house.ask("POST", "/admin/Client/kw/keys", &body).await;
    assert_eq!((first.status, &first.body["secret"]), (201, &json!(given)));
    assert_eq!(first.body["ClientKeyEnvironment"], json!("Production"), "this installation's");
    let made = r#"{"ClientKeyUse":"Partner","ClientKeyEnvironment":"Test"}"#;
    let second = house.ask("POST", "/admin/Client/kw/keys", made).await;
    assert_eq!((second.status, &second.body["ClientKeyEnvironment"]), (201, &json!("Test")));
    assert!(second.body["secret"].as_str().unwrap().starts_with("fhp_"));
    assert_eq!(
        house.ask("POST", "/admin/Client/kw/keys", "").await.status,
        201,
        "bearer keys are not counted"
    );
    let head = house.desk.store.head().await.unwrap();
    let third = house.ask("POST", "/admin/Client/kw/keys", made).await;
    assert_eq!((third.status, third.code()), (409, "two_keys_already"));
    assert_eq!(house.desk.store.head().await.unwrap(), head);
    let id = first.body["ClientKeyId"].as_str().unwrap();
    house.ask("POST", &format!("/admin/ClientKey/{id}/revoke"), "").await;
    assert_eq!(house.ask("POST", "/admin/Client/kw/keys", made).await.status, 201);
    for address in ["/admin/ClientKey", "/admin/changes", &format!("/admin/ClientKey/{id}/history")] {
        let text = house.ask("GET", address, "").await.body.to_string();
        assert!(!text.contains(given) && !text.contains("fhp_"), "{address}");
        assert!(!text.contains("ClientKeySalt") && !text.contains("ClientKeySealed"), "{address}");
    }
    let gate = house.desk.gate.clone().unwrap();
    let key = gate::Secret::new(second.body["secret"].as_str().unwrap());
    let now = house.clock.now();
    let knock = gate::Knock { client: "kw", proof: gate::Proof::Key(&key), sent: now, from: None };
    assert_eq!(gate.knock(&knock, now).unwrap_err().code, "environment_wrong");
}

/// PAR-010: of many that are issued at once, by several operators, two are: none is counted before another
/// is there.
#[tokio::test(flavor = "multi_thread")]
async fn par_010_of_keys_that_are_issued_at_once_two_are() {
    for house in House::each().await {
        let (desk, act) = (&house.desk, house.act());
        operate::create_client(desk, &act, "kw", "A partner", false).await.unwrap();
        let at_once: Vec<_> = (0..8)
            .map(|_| {
                let (desk, act) = (desk.clone(), house.act());
                let opens = operate::KeyUse::Partner { given: None };
                let new = operate::NewKey { opens, ..operate::NewKey::default() };
                tokio::spawn(async move { operate::issue_key(&desk, &act, "kw", new).await })
            })
            .collect();
        let mut refused = Vec::new();
        for issued in at_once {
            refused.extend(issued.await.unwrap().err().map(|fault| fault.code));
        }
        assert_eq!(refused, ["two_keys_already"; 6]);
        let part = operate::Part { after: None, limit: 100, fields: Vec::new() };
        let kept = operate::list(desk, "ClientKey", &part).await.unwrap().records;
        assert_eq!(kept.len(), 1 + 2, "the operator's, and two");
    }
}

#[tokio::test]
async fn bad_input_is_refused_with_every_fault_and_changes_nothing() {
    let house = House::open().await;
    house.ask("POST", "/admin/Feed", r#"{"FeedId":"F"}"#).await;
    house.partner("p").await;
    let key = house.partner("q").await.kept.key;
    let key = format!("/admin/ClientKey/{key}");
    let long = format!(r#"{{"ClientId":"x","ClientName":"{}"}}"#, "n".repeat(256));
    let grant = |more: &str| format!(r#"{{"ClientId":"p","FeedId":"F","PermissionClass":"IDX"{more}}}"#);
    let (unmapped, hidden) = (grant(r#","ResourceNames":["Propety"]"#), grant(r#","HiddenFields":["x"]"#));
    let head = house.desk.store.head().await.unwrap();
    for (method, address, body, status, code) in [
        ("POST", "/admin/Client", "", 415, "media_type_wrong"),
        ("POST", "/admin/Client", "{", 400, "not_json"),
        ("POST", "/admin/Client", "[]", 400, "not_an_object"),
        ("POST", "/admin/Client", "{}", 422, "key_missing"),
        ("POST", "/admin/Client", r#"{"ClientId":"x","Nmae":1}"#, 400, "unknown_field"),
        ("POST", "/admin/Client", r#"{"ClientId":7}"#, 400, "wrong_type"),
        ("POST", "/admin/Client", r#"{"ClientId":"a|b"}"#, 422, "id_wrong"),
        ("POST", "/admin/Client", r#"{"ClientId":"a/b"}"#, 422, "id_wrong"),
        ("POST", "/admin/Client", r#"{"ClientId":"p"}"#, 409, "already_there"),
        ("POST", "/admin/Client", r#"{"ClientId":"x","ClientStatus":"On"}"#, 422, "not_in_lookup"),
        ("POST", "/admin/Client", r#"{"ClientId":"x","QuotaId":"none"}"#, 422, "reference_missing"),
        ("POST", "/admin/Client", &long, 422, "too_long"),
        ("POST", "/admin/ClientKey", r#"{"ClientKeyId":"x"}"#, 405, "key_is_issued"),
        ("POST", "/admin/Grant", r#"{"ClientId":"p","FeedId":"F"}"#, 422, "grant_wrong"),
        ("POST", "/admin/Grant", &unmapped, 422, "grant_wrong"),
        ("POST", "/admin/Grant", &hidden, 422, "grant_wrong"),
        ("POST", "/admin/Grant", r#"{"ClientId":"x","FeedId":"y"}"#, 422, "record_wrong"),
        ("POST", "/admin/Property", r#"{"ListingKey":"1"}"#, 404, "resource_unknown"),
        ("POST", "/admin/Clinet", r#"{"ClientId":"x"}"#, 404, "resource_unknown"),
        ("PATCH", "/admin/Client/none", "{}", 404, "not_found"),
        ("PATCH", "/admin/Client/p", r#"{"ClientId":"r"}"#, 422, "field_fixed"),
        ("PATCH", &key, r#"{"ClientId":"p"}"#, 422, "field_fixed"),
        ("PATCH", &key, r#"{"ClientKeyHash":"00"}"#, 422, "field_fixed"),
        ("DELETE", "/admin/Client/none", "", 404, "not_found"),
        ("DELETE", "/admin/Client/p", "", 409, "still_referred_to"),
        ("POST", "/admin/Client/none/keys", "", 404, "not_found"),
        ("POST", "/admin/Client/p/keys", r#"{"ClientId":"q"}"#, 422, "field_fixed"),
        ("POST", "/admin/Client/p/keys", r#"{"ClientKeySalt":"00"}"#, 422, "field_fixed"),
        ("POST", "/admin/Client/p/keys", r#"{"ClientKeyUse":"Master"}"#, 422, "not_in_lookup"),
        ("POST", "/admin/Client/p/keys", r#"{"ClientKeyEnvironment":"x"}"#, 422, "not_in_lookup"),
        ("POST", "/admin/Client/p/keys", r#"{"systemaccesskey":"0123456789abcdef"}"#, 422, "key_wrong"),
        (
            "POST",
            "/admin/Client/p/keys",
            r#"{"ClientKeyUse":"Partner","systemaccesskey":"x"}"#,
            422,
            "key_wrong",
        ),
        (
            "POST",
            "/admin/Client/p/keys",
            r#"{"ClientKeyUse":"Partner","systemaccesskey":7}"#,
            422,
            "key_wrong",
        ),
        ("PATCH", "/admin/Client/p", r#"{"ClockToleranceMinutes":61}"#, 422, "client_wrong"),
        ("PATCH", "/admin/Client/p", r#"{"AllowedNetworks":["x"]}"#, 422, "client_wrong"),
        ("PATCH", "/admin/Client/p", r#"{"PartnerDeviations":["x"]}"#, 422, "not_in_lookup"),
        (
            "POST",
            "/admin/Client/p/keys",
            r#"{"ExpirationTimestamp":"2020-01-01T00:00:00Z"}"#,
            422,
            "expired_already",
        ),
        ("POST", "/admin/ClientKey/none/revoke", "", 404, "not_found"),
        ("GET", "/admin/Client?limit=0", "", 400, "limit_wrong"),
        ("GET", "/admin/Client?limit=x", "", 400, "parameter_wrong"),
        ("GET", "/admin/Client?after=x", "", 400, "place_wrong"),
        ("GET", "/admin/Client?Nmae=x", "", 400, "parameter_unknown"),
        ("GET", "/admin/Client?limit=1&limit=1", "", 400, "parameter_twice"),
        ("GET", "/admin/Property", "", 404, "resource_unknown"),
        ("GET", "/admin/changes?resource=Clinet", "", 400, "resource_unknown"),
        ("GET", "/admin/changes?who=x", "", 400, "parameter_unknown"),
        ("GET", "/admin/status?x=1", "", 400, "parameter_unknown"),
    ] {
        let said = house.ask(method, address, body).await;
        assert_eq!((said.status, said.code()), (status, code), "{method} {address} {body}: {}", said.body);
        let error = &said.body["error"];
        assert!(error["message"].as_str().is_some_and(|text| text.ends_with('.')), "{error}");
        assert!(error["hint"].is_string(), "{error}");
    }
    assert_eq!(house.desk.store.head().await.unwrap(), head);
}

#[tokio::test]
async fn a_body_past_its_bound_is_refused() {
    let house = House::open().await;
    let body = format!(r#"{{"ClientId":"x","ClientRemarks":"{}"}}"#, "r".repeat(2 << 20));
    let said = house.ask("POST", "/admin/Client", &body).await;
    assert_eq!((said.status, said.code()), (413, "too_large"));
}

#[tokio::test]
async fn two_operators_do_not_overwrite_one_another() {
    let house = House::open().await;
    house.partner("p").await;
    let version = house.ask("GET", "/admin/Client/p", "").await.body["@version"].as_u64().unwrap();
    let patch = |match_: String, name: &str| {
        Request::builder()
            .method("PATCH")
            .uri("/admin/Client/p")
            .header(AUTHORIZATION, format!("Bearer {}", house.key.reveal()))
            .header(CONTENT_TYPE, "application/json")
            .header(IF_MATCH, match_)
            .body(Body::from(format!(r#"{{"ClientName":"{name}"}}"#)))
            .unwrap()
    };
    assert_eq!(house.send(patch(format!("\"{version}\""), "first")).await.status, 200);
    let late = house.send(patch(format!("W/\"{version}\""), "second")).await;
    assert_eq!((late.status, late.code()), (409, "version_conflict"));
    assert_eq!(house.send(patch("x".into(), "third")).await.code(), "version_wrong");
    assert_eq!(house.ask("GET", "/admin/Client/p", "").await.body["ClientName"], json!("first"));
}

#[tokio::test]
async fn a_client_is_removed_once_nothing_refers_to_it() {
    let house = House::open().await;
    let key = house.partner("p").await.kept.key;
    assert_eq!(house.ask("DELETE", "/admin/Client/p", "").await.status, 409);
    assert_eq!(house.ask("DELETE", &format!("/admin/ClientKey/{key}"), "").await.status, 200);
    assert_eq!(house.ask("DELETE", "/admin/Client/p", "").await.status, 200);
    assert_eq!(house.ask("GET", "/admin/Client/p", "").await.status, 404);
    let history = house.ask("GET", "/admin/Client/p/history", "").await;
    assert_eq!(history.body["value"][0]["kind"], json!("removed"));
}

#[tokio::test]
async fn null_takes_a_value_away_and_what_is_the_same_writes_nothing() {
    let house = House::open().await;
    let made = house.ask("POST", "/admin/Client", r#"{"ClientId":"p","ContactEmail":"a@b"}"#).await;
    let cleared = house.ask("PATCH", "/admin/Client/p", r#"{"ContactEmail":null}"#).await;
    assert_eq!(cleared.body.get("ContactEmail"), None);
    assert!(cleared.body["@version"].as_u64() > made.body["@version"].as_u64());
    house.clock.pass(jiff::SignedDuration::from_secs(60));
    let again = house.ask("PATCH", "/admin/Client/p", r#"{"ContactEmail":null}"#).await;
    assert_eq!(again.body, cleared.body);
}
