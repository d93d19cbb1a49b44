//! Every route, tried by everyone who may not use it.

use axum::body::Body;
use gate::TokenRequest;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::house::House;
use crate::{every_route, operate};

/// Deny by default: whoever is no operator is refused at every route, told so in JSON, and changes
/// nothing. The list of routes is the one that is served, so a new route is tried without being named
/// here.
#[tokio::test]
async fn nobody_but_an_operator_passes_any_route() {
    let house = House::open().await;
    let partner = house.partner("partner").await;
    let revoked =
        operate::issue_key(&house.desk, &house.act(), "root", operate::NewKey::default()).await.unwrap();
    operate::revoke_key(&house.desk, &house.act(), &revoked.kept.key).await.unwrap();
    let gate = house.desk.gate.clone().unwrap();
    let form = format!("grant_type=client_credentials&client_id=root&client_secret={}", house.key.reveal());
    let request = TokenRequest::read(None, &form).unwrap();
    let before = house.clock.now();
    let expired = gate.token(&request, before).unwrap();
    let read_only = TokenRequest::read(None, &format!("{form}&scope=read")).unwrap();
    house.clock.pass(jiff::SignedDuration::from_hours(2));
    let read_only = gate.token(&read_only, house.clock.now()).unwrap();
    let good = house.key.reveal();
    let wrong = format!("{}{}", &good[..good.len() - 1], if good.ends_with('0') { '1' } else { '0' });
    let visitors = [
        ("nobody", None, 401),
        ("an empty header", Some(String::new()), 401),
        ("a malformed header", Some("Bearer".into()), 401),
        ("another scheme", Some("Digest x".into()), 401),
        ("two tokens in one header", Some(format!("Bearer {good}, Bearer {good}")), 401),
        ("a wrong key", Some(format!("Bearer {wrong}")), 401),
        ("a key without its last letter", Some(format!("Bearer {}", &good[..good.len() - 1])), 401),
        ("a revoked key", Some(format!("Bearer {}", revoked.secret.reveal())), 401),
        ("an expired token", Some(format!("Bearer {}", expired.token.reveal())), 401),
        ("a client that is no operator", Some(format!("Bearer {}", partner.secret.reveal())), 403),
    ];
    let head = house.desk.store.head().await.unwrap();
    let routes = every_route();
    assert!(routes.len() >= 12);
    for (method, path) in routes {
        for resource in ["Client", "Grant"] {
            let address = path.replace("{resource}", resource).replace("{key}", "root");
            for (who, header, status) in &visitors {
                let mut request = Request::builder().method(&method).uri(&address);
                request = request.header(CONTENT_TYPE, "application/json");
                if let Some(header) = header {
                    request = request.header(AUTHORIZATION, header);
                }
                let body = Body::from(r#"{"ClientId":"new","FeedId":"new","ClientName":"changed"}"#);
                let said = house.send(request.body(body).unwrap()).await;
                assert_eq!(said.status, *status, "{who}: {method} {address}");
                assert!(!said.code().is_empty(), "{who}: {method} {address}");
                let challenged = said.headers.contains_key("www-authenticate");
                assert_eq!(challenged, *status == 401, "{who}: {method} {address}");
            }
            // A token that was bought for reading passes where nothing is done.
            if method != http::Method::GET {
                let request = Request::builder()
                    .method(&method)
                    .uri(&address)
                    .header(AUTHORIZATION, format!("Bearer {}", read_only.token.reveal()))
                    .body(Body::empty());
                let said = house.send(request.unwrap()).await;
                assert_eq!((said.status, said.code()), (403, "read_only"), "{method} {address}");
            }
        }
    }
    assert_eq!(house.desk.store.head().await.unwrap(), head, "something was written");
}

#[tokio::test]
async fn what_is_not_there_is_not_told_to_strangers_either() {
    let house = House::open().await;
    for address in ["/admin/nothing/at/all", "/admin/Client/root/nothing"] {
        let request = Request::builder().uri(address).body(Body::empty()).unwrap();
        assert_eq!(house.send(request).await.status, 401, "{address}");
        assert_eq!(house.ask("GET", address, "").await.status, 404, "{address}");
    }
    let request = Request::builder().method("PUT").uri("/admin/Client").body(Body::empty()).unwrap();
    assert_eq!(house.send(request).await.status, 401);
    assert_eq!(house.ask("PUT", "/admin/Client", "").await.status, 405);
}

#[tokio::test]
async fn an_operators_quota_counts_too() {
    let house = House::open().await;
    let quota = r#"{"QuotaId":"default","RequestsPerHour":2}"#;
    assert_eq!(house.ask("POST", "/admin/Quota", quota).await.status, 201);
    assert_eq!(house.ask("GET", "/admin/status", "").await.status, 200);
    let said = house.ask("GET", "/admin/status", "").await;
    assert_eq!((said.status, said.code()), (429, "quota_exceeded"));
    assert!(said.headers.contains_key("retry-after"));
    assert_eq!(said.headers["ratelimit"], r#""hour";r=0;t=3600"#);
    assert_eq!(said.headers["ratelimit-policy"], r#""hour";q=2;w=3600"#);
}

#[test]
fn every_route_is_told_of() {
    let page = include_str!("../../../../docs/admin.md");
    for (method, path) in every_route() {
        assert!(page.contains(&format!("| {method} | `{path}` |")), "docs/admin.md lacks {method} {path}");
    }
}
