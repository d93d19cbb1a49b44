//! Webhooks, as an operator orders them.

use super::house::House;

/// EVT-090, EVT-070: what would receive nothing, or reach where it must not, is refused before it is kept.
#[tokio::test]
async fn evt_090_what_cannot_be_right_is_refused() {
    let house = House::open().await;
    let refused = async |method: &str, address: &str, body: &str, status: u16, code: &str| {
        let head = house.desk.store.head().await.unwrap();
        let said = house.ask(method, address, body).await;
        assert_eq!((said.status, said.code()), (status, code), "{address} {body}: {:?}", said.body);
        assert_eq!(house.desk.store.head().await.unwrap(), head, "bad input changes nothing");
    };
    let endpoint = |url: &str| format!(r#"{{"EndpointId":"e","ClientId":"root","EndpointUrl":"{url}"}}"#);
    refused("POST", "/admin/Endpoint", &endpoint("http://127.0.0.1/hook"), 422, "address_refused").await;
    refused("POST", "/admin/Endpoint", &endpoint("http://[::1]/hook"), 422, "address_refused").await;
    refused("POST", "/admin/Endpoint", &endpoint("ftp://example.org/"), 422, "url_wrong").await;
    refused("POST", "/admin/Endpoint", r#"{"EndpointId":"e"}"#, 422, "field_wrong").await;
    let stranger = r#"{"EndpointId":"e","ClientId":"nobody","EndpointUrl":"https://example.org/"}"#;
    refused("POST", "/admin/Endpoint", stranger, 404, "not_found").await;
    for what in ["secret", "verify", "disable", "enable", "replay", "retry"] {
        refused("POST", &format!("/admin/Endpoint/e/{what}"), "", 404, "endpoint_unknown").await;
    }
    refused("GET", "/admin/Endpoint/e/deliveries", "", 404, "endpoint_unknown").await;
    refused("GET", "/admin/Endpoint/e/dead", "", 404, "endpoint_unknown").await;
    refused("POST", "/admin/Event", r#"{"EventId":"1"}"#, 405, "made_elsewhere").await;
    refused("POST", "/admin/Replay", r#"{"ReplayId":"1"}"#, 405, "made_elsewhere").await;
    let grant = r#"{"TopicGrantId":"g","ClientId":"root","AgentUri":"*","TopicPattern":"a b","TopicDirection":"Subscribe"}"#;
    refused("POST", "/admin/TopicGrant", grant, 422, "field_wrong").await;
    let filter = r#"{"SubscriptionId":"s","ClientId":"root","AgentUri":"*","PayloadFilter":"{"}"#;
    refused("POST", "/admin/Subscription", filter, 422, "field_wrong").await;
}

/// EVT-034, EVT-087: a grant and a subscription are kept; an endpoint is looked after, and its secret shown
/// only when it is made.
#[tokio::test]
async fn evt_034_evt_087_an_operator_looks_after_endpoints() {
    let house = House::open().await;
    let grant = r#"{"TopicGrantId":"g","ClientId":"root","AgentUri":"*","TopicPattern":"realestate/lead","TopicDirection":"Subscribe"}"#;
    assert_eq!(house.ask("POST", "/admin/TopicGrant", grant).await.status, 201);
    let subscription =
        r#"{"SubscriptionId":"s","ClientId":"root","AgentUri":"*","SubscribedTopics":["realestate/lead"]}"#;
    let said = house.ask("POST", "/admin/Subscription", subscription).await;
    assert_eq!((said.status, &said.body["SubscriptionStatus"]), (201, &"Active".into()));
    let outflow = house.desk.outflow.clone().unwrap();
    let granted = outflow.book(|book| {
        let direction = outflow::Direction::Subscribe;
        book.is_granted("root", "https://a.example/", "realestate/lead#add", direction, house.clock.now())
    });
    assert!(granted, "outflow knows at once");
    // An address that nobody answers at: registered, and unverified.
    let endpoint =
        r#"{"EndpointId":"e","ClientId":"root","EndpointUrl":"http://127.0.0.3:9/hook","OrderedYN":true}"#;
    let said = house.ask("POST", "/admin/Endpoint", endpoint).await;
    assert_eq!((said.status, &said.body["EndpointStatus"]), (201, &"Unverified".into()), "{:?}", said.body);
    let first = said.body["secret"].as_str().unwrap().to_owned();
    assert!(first.starts_with("whsec_"));
    let said = house.ask("POST", "/admin/Endpoint/e/secret", "").await;
    let second = said.body["secret"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let read = house.ask("GET", "/admin/Endpoint/e", "").await.body.to_string();
    assert!(!read.contains(&first) && !read.contains(&second) && !read.contains("whsec"), "{read}");
    assert_eq!(house.ask("POST", "/admin/Endpoint/e/enable", "").await.code(), "unverified");
    let said = house.ask("POST", "/admin/Endpoint/e/disable", "").await;
    assert_eq!(said.body["EndpointStatus"], "Disabled");
    let said = house.ask("POST", "/admin/Endpoint/e/replay", r#"{"topic":"realestate/lead"}"#).await;
    assert_eq!((said.status, &said.body["queued"]), (200, &0.into()));
    assert_eq!(
        house.ask("POST", "/admin/Endpoint/e/replay", r#"{"from":"soon"}"#).await.code(),
        "field_wrong"
    );
    assert_eq!(
        house.ask("PATCH", "/admin/Endpoint/e", r#"{"EndpointUrl":"https://x.example/"}"#).await.code(),
        "field_fixed"
    );
    let said = house.ask("PATCH", "/admin/Endpoint/e", r#"{"RequestsPerSecond":5}"#).await;
    assert_eq!(said.body["RequestsPerSecond"], 5);
    for list in ["deliveries", "dead"] {
        assert_eq!(
            house.ask("GET", &format!("/admin/Endpoint/e/{list}"), "").await.body["value"],
            serde_json::json!([])
        );
    }
}
