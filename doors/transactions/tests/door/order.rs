//! The reports of one transaction: current, history, and what is refused.

use serde_json::{Value as Json, json};

use crate::town::{Town, report_of};

async fn told(town: &Town, id: &str) -> (u64, Vec<u64>) {
    let answer = town.get(&town.bms, &format!("/transactions/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = answer.json();
    let sequence = |report: &Json| report["transactionSequence"].as_u64().unwrap();
    (sequence(&said["current"]), said["history"].as_array().unwrap().iter().map(sequence).collect())
}

/// EVT-041
#[tokio::test]
async fn evt_041_the_highest_sequence_is_current() {
    let town = Town::build().await;
    let send = async |sequence: u64| town.publish(&report_of("T1", sequence)).await;
    assert_eq!(send(5).await.status, 201);
    let first = send(7).await;
    assert_eq!(first.status, 201);
    // A lower one is history and changes nothing that is current.
    assert_eq!(send(6).await.status, 201);
    assert_eq!(told(&town, "T1").await, (7, vec![5, 6, 7]));
    // The same again is nothing, however its members are ordered or spelled.
    let again = send(7).await;
    assert_eq!((again.status.as_u16(), again.json()["id"].as_str()), (200, first.json()["id"].as_str()));
    assert_eq!(again.header("location"), first.header("location"));
    let spaced = serde_json::to_string_pretty(&report_of("T1", 7)).unwrap();
    assert_eq!(town.ask("POST", "/publish/", &[("x-api-key", &town.bms)], spaced).await.status, 200);
    let mut other = report_of("T1", 7);
    other["data"]["object"]["closePrice"]["value"] = json!(1);
    let answer = town.publish(&other).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (409, Some("sequence_taken")));
    // So does another recipient: it would not be reached by the first.
    let mut elsewhere = report_of("T1", 7);
    elsewhere["recipient"] = json!(crate::town::OFFICE);
    assert_eq!(town.publish(&elsewhere).await.status, 409);
    assert_eq!(town.events().await.len(), 3);
    // Another producer's transaction of the same id is another transaction.
    assert_eq!(town.publish_as(&town.other, &report_of("T1", 1), &[]).await.status, 201);
    assert_eq!(told(&town, "T1").await, (7, vec![5, 6, 7]));
}

/// EVT-041 within one array, too.
#[tokio::test]
async fn evt_041_an_array_is_put_in_order_as_it_stands() {
    let town = Town::build().await;
    let body = json!([report_of("T1", 2), report_of("T1", 1), report_of("T1", 2), report_of("T2", 1)]);
    let answer = town.publish(&body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let ids = answer.json();
    assert_eq!(ids[0]["id"], ids[2]["id"]);
    assert_eq!(told(&town, "T1").await, (2, vec![1, 2]));
    let mut other = report_of("T1", 2);
    other["data"]["object"]["transactionType"] = json!("LS");
    assert_eq!(town.publish(&json!([report_of("T3", 1), other])).await.status, 409);
    assert_eq!(town.get(&town.bms, "/transactions/T3").await.status, 404);
    // Nothing new in it: nothing is written.
    let before = town.store.head().await.unwrap();
    assert_eq!(town.publish(&body).await.status, 200);
    assert_eq!(town.store.head().await.unwrap(), before);
}

/// EVT-041 with many at once: whoever is slower is put in order anew.
#[tokio::test(flavor = "multi_thread")]
async fn evt_041_reports_at_the_same_time_lose_none() {
    let town = Town::build().await;
    let sent: Vec<_> = (0..12_u64)
        .map(|sequence| {
            let (router, key) = (town.router.clone(), town.bms.clone());
            tokio::spawn(async move {
                let body = report_of("T1", sequence).to_string();
                let request = http::Request::post("/publish/").header("x-api-key", key);
                let request = request.body(axum::body::Body::from(body)).unwrap();
                tower::ServiceExt::oneshot(router, request).await.unwrap().status()
            })
        })
        .collect();
    for one in sent {
        assert_eq!(one.await.unwrap(), 201);
    }
    assert_eq!(told(&town, "T1").await, (11, (0..12).collect()));
}

/// EVT-044
#[tokio::test]
async fn evt_044_a_transaction_is_told_with_its_history() {
    let town = Town::build().await;
    let mut second = report_of("T1", 2);
    second["data"]["object"]["totalSalesProductionGCI"]["value"] = json!(4200.5);
    for payload in [report_of("T1", 1), second] {
        assert_eq!(town.publish(&payload).await.status, 201);
    }
    let said = town.get(&town.bms, "/transactions/T1").await.json();
    assert_eq!(said["bmsTransactionId"], "T1");
    assert_eq!(said["instrument"], "https://app-bms.hub.example/profile/card#me");
    assert_eq!(said["current"]["data"]["object"]["totalSalesProductionGCI"]["value"], json!(4200.5));
    assert_eq!(said["history"][0]["data"]["object"]["totalSalesProductionGCI"]["value"], json!(123456.78));
    assert_eq!(said["history"][1], said["current"]);
    assert_eq!(said["current"]["received"], "2026-11-23T12:00:00Z");
    // Whoever receives the reports may read them; to everyone else they are not there.
    let path = "/transactions/T1?instrument=bms";
    assert_eq!(town.get(&town.hub, path).await.status, 200);
    for (key, path) in [
        (&town.hub, "/transactions/T1"),
        (&town.other, path),
        (&town.nobody, path),
        (&town.bms, "/transactions/T9"),
    ] {
        assert_eq!(town.get(key, path).await.status, 404, "{path}");
    }
}
