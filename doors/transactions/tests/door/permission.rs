//! Denied by default: every route without a credential, with a wrong one, and with one that grants nothing.

use crate::town::{Town, report_of};

#[tokio::test]
async fn every_route_refuses_whoever_may_not() {
    let town = Town::build().await;
    assert_eq!(town.publish(&report_of("T1", 1)).await.status, 201);
    let before = town.store.head().await.unwrap();
    assert!(transactions_door::every_route().len() > 5);
    for (method, path) in transactions_door::every_route() {
        let path = path.replace("{id}", "T1").replace("{*name}", "Thing");
        for (headers, what) in [
            (vec![], "no credential"),
            (vec![("x-api-key", "nonsense")], "a wrong key"),
            (vec![("x-api-key", "")], "an empty key"),
            (vec![("x-api-key", town.bms.as_str()), ("x-api-key", town.bms.as_str())], "two keys"),
            (vec![("x-api-key", town.bms.as_str()), ("authorization", "Bearer x")], "two credentials"),
            (vec![("authorization", "Digest x")], "another scheme"),
        ] {
            let answer = town.ask(method.as_str(), &path, &headers, "{}".into()).await;
            assert_eq!(answer.status, 401, "{method} {path} with {what}: {}", answer.body);
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{method} {path} with {what}");
            assert!(answer.json()["hint"].is_string());
        }
        // A stream does not end by itself; what it tells is an inbox's, which is tried here too.
        if path == "/events/stream" {
            continue;
        }
        let answer = town.ask(method.as_str(), &path, &[("x-api-key", &town.nobody)], "{}".into()).await;
        for word in ["123456.78", "Gotham", "franchise.hub.example"] {
            assert!(!answer.body.contains(word), "{method} {path} tells {word} to whom nothing is granted");
        }
    }
    assert_eq!(town.store.head().await.unwrap(), before, "a refused request changed something");
}

/// A token that was bought for reading alone publishes nothing.
#[tokio::test]
async fn a_reading_token_publishes_nothing() {
    let town = Town::build().await;
    let form = format!("grant_type=client_credentials&scope=read&client_id=bms&client_secret={}", town.bms);
    let request = gate::TokenRequest::read(None, &form).unwrap();
    let gate = town.desk.gate.clone().unwrap();
    let token = gate.token(&request, crate::town::now()).unwrap().token;
    let bearer = format!("Bearer {}", token.reveal());
    let body = report_of("T1", 1).to_string();
    let answer = town.ask("POST", "/publish/", &[("authorization", &bearer)], body).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (403, Some("read_only")));
}
