//! EVT-096: what the mock makes, the validator takes, for every topic.

use serde_json::{Value as Json, json};

use crate::town::Town;

async fn valid(town: &Town, object: &Json) -> Json {
    let asked = json!({ "object": object }).to_string();
    let answer = town.ask("POST", "/api/schema/validate", &[("x-api-key", &town.nobody)], asked).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn evt_096_every_topic_has_an_instance() {
    let town = Town::build().await;
    let seed = testkit::rng("evt_096").u32(..);
    for topic in transactions_door::every_topic() {
        let name = topic.name.replace('#', "%23");
        for query in ["", "&requiredOnly", "&randomOptionals=true", "&requiredOnly=true&sortProperties=1"] {
            let path = format!("/api/schema/mock/{name}?seed={seed}{query}");
            let answer = town.get(&town.nobody, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert_eq!(answer.header("x-mock-seed"), seed.to_string());
            let mock = answer.json();
            assert_eq!(mock["topic"], topic.name);
            let verdict = valid(&town, &mock).await;
            assert_eq!(verdict["isValid"], true, "{path}: {verdict}\n{mock}");
        }
    }
}

#[tokio::test]
async fn evt_096_what_is_asked_of_an_instance_is_met() {
    let town = Town::build().await;
    let mock = async |path: &str| town.get(&town.nobody, &format!("/api/schema/mock/{path}")).await.body;
    let required = mock("MonetaryAmount?requiredOnly=true&seed=1").await;
    assert!(required.starts_with(r#"{"type":"MonetaryAmount","value":"#), "{required}");
    assert!(!required.contains("minValue"), "{required}");
    let sorted = mock("MonetaryAmount?requiredOnly=true&sortProperties=true&seed=1").await;
    assert!(sorted.starts_with(r#"{"currency":"#), "{sorted}");
    assert!(mock("MonetaryAmount?seed=1").await.contains("minValue"));
    let random =
        async |seed: u32| mock(&format!("RealEstateProperty?randomOptionals=true&seed={seed}")).await;
    assert_eq!(random(1).await, random(1).await);
    assert_ne!(random(1).await, random(2).await);
    assert_eq!(
        mock("franchise%23transactionreport?seed=3").await,
        mock("realestate/franchise%23transactionreport?seed=3").await
    );
    for (path, status) in [
        ("Nothing", 404),
        ("MonetaryAmount?seed=x", 400),
        ("MonetaryAmount?requiredOnly=maybe", 400),
        ("MonetaryAmount?other=1", 400),
    ] {
        assert_eq!(
            town.get(&town.nobody, &format!("/api/schema/mock/{path}")).await.status,
            status,
            "{path}"
        );
    }
    // The validator does find fault with one.
    let wrong = json!({ "type": "MonetaryAmount", "value": "1", "currency": "USD" });
    assert_eq!(valid(&town, &wrong).await["isValid"], false);
}
