//! Refusals, in the document's own envelope.

use axum::body::Body;
use serde_json::json;

use crate::town::{Town, now, sleep};

/// PAR-206: the envelope of a request that is wrong.
#[tokio::test]
async fn par_206_a_wrong_request_is_told_in_the_envelope() {
    let town = Town::build().await;
    let answer =
        town.post("KW", "GetListings", r#"{"FeedIdList":["GAMLS"],"Beds":"many","HasPool":true}"#).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let json = answer.json();
    assert_eq!(json["ExceptionType"], "Validation");
    assert_eq!(json["Message"], "Invalid input parameters: Beds");
    assert_eq!(json["ErrorCode"], 0);
    assert_eq!(json["Data"]["Errors"], json!({ "Beds": "The value 'many' is not valid for Beds." }));
    let arguments = &json["ActionArguments"];
    assert_eq!(arguments["client"], "KW");
    assert_eq!(
        (&arguments["request"]["FeedIdList"], &arguments["request"]["HasPool"]),
        (&json!(["GAMLS"]), &json!(true))
    );
    assert!(arguments["request"]["MinPrice"].is_null() && arguments["request"].get("MinPrice").is_some());
}

/// PAR-015: a body is JSON; 413, 405 and 404 come in the same envelope (PAR-209).
#[tokio::test]
async fn par_015_and_209_methods_bodies_and_paths() {
    let town = Town::build().await;
    let signed = town.signed("KW");
    let ask = async |method: &str, path: &str, kind: &str, body: Body| {
        let mut pairs = vec![("ml-auth", signed[0].1.as_str()), ("x-ml-timestamp", signed[1].1.as_str())];
        if !kind.is_empty() {
            pairs.push(("content-type", kind));
        }
        town.ask(method, &format!("/services/partner/{path}"), &pairs, body).await
    };
    let body = || Body::from(r#"{"FeedIdList":["GAMLS"]}"#);
    for (kind, status) in [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/xml", 415),
        ("application/jsonp", 415),
    ] {
        assert_eq!(ask("POST", "GetListings", kind, body()).await.status, status, "{kind}");
    }
    assert_eq!(ask("GET", "GetFeeds", "text/plain", Body::empty()).await.status, 200, "a GET has no body");
    for (method, path, status, allow) in [
        ("GET", "GetListings", 405, "POST, OPTIONS"),
        ("POST", "SyncListings", 405, "GET, HEAD, OPTIONS"),
        ("PUT", "GetListings", 405, "POST, OPTIONS"),
        ("DELETE", "GetFeeds", 405, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "GetFeeds", 204, "GET, HEAD, OPTIONS"),
        ("HEAD", "GetFeeds", 200, ""),
        ("GET", "GetEverything", 404, ""),
    ] {
        let answer = ask(method, path, "application/json", Body::empty()).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (status, allow), "{method} {path}");
        if status > 400 && method != "HEAD" {
            assert_eq!(answer.json()["ActionArguments"]["client"], "KW", "{}", answer.body);
        }
    }
    let large = ask("POST", "GetListings", "application/json", Body::from(vec![b' '; 10 << 20])).await;
    assert_eq!((large.status.as_u16(), &large.json()["ExceptionType"]), (413, &json!("Validation")));
}

/// Bodies that are no JSON object: smart quotes, other encodings, depth without end.
#[tokio::test]
async fn par_206_a_payload_that_cannot_be_parsed_is_told_so() {
    let town = Town::build().await;
    for body in [
        "{\u{201c}FeedIdList\u{201d}: [\u{201c}GAMLS\u{201d}]}",
        "{'FeedIdList':['GAMLS']}",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{}}",
        "<a/>",
        "FeedIdList=GAMLS",
        "\u{0}",
        "{\"FeedIdList\":[\"GAMLS\"],}",
    ] {
        let answer = town.post("KW", "GetListings", body).await;
        assert_eq!(answer.status, 400, "{body}");
        let json = answer.json();
        assert!(json["Message"].as_str().unwrap().starts_with("Invalid input parameters: "), "{body}");
        assert!(json["Data"]["Errors"]["request"].as_str().unwrap().contains("can't be parsed"), "{body}");
    }
    let deep = format!("{{\"FeedIdList\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(town.post("KW", "GetListings", &deep).await.status, 400);
}

/// PAR-208, PAR-210: a client over its limit is told how long to wait, and is served after that.
#[tokio::test]
async fn par_208_and_210_a_client_over_its_limit_waits() {
    let town = Town::build().await;
    let quota = town.record("Quota", &[("QuotaId", "q"), ("RequestsPerHour", "3")]);
    let client = town.record("Client", &[("ClientId", "KW"), ("ClientStatus", "Active"), ("QuotaId", "q")]);
    town.write("freehold", vec![quota, client]).await;
    for _ in 0..3 {
        assert_eq!(town.get("GetFeeds").await.status, 200);
    }
    sleep(600);
    let answer = town.get("SyncListings?Page=2&PageSize=200").await;
    assert_eq!(answer.status, 429);
    let json = answer.json();
    assert_eq!(json["ExceptionType"], "TooManyRequests");
    assert_eq!(json["Message"], "Too many requests. Api will be available in 3000 seconds");
    assert_eq!(json["ErrorCode"], 0);
    assert!(json["Data"]["Errors"].is_null() && json["Data"].get("Errors").is_some());
    assert_eq!(json["ActionArguments"]["request"]["Page"], 2);
    assert_eq!((&json["ActionArguments"]["client"], answer.header("retry-after")), (&json!("KW"), "3000"));
    assert_eq!(town.get_as("idx", "GetFeeds").await.status, 200, "others are served");
    sleep(3_000);
    assert_eq!(town.get("GetFeeds").await.status, 200);
}

/// PAR-211: what breaks inside is told by a number, and by nothing else.
#[tokio::test]
async fn par_211_a_fault_of_the_doors_own_is_told_by_a_number() {
    let town = Town::build().await;
    let signed = town.signed("KW");
    let answer = town.broken(&signed).await;
    assert_eq!(answer.status, 500);
    let json = answer.json();
    assert_eq!(
        (&json["ExceptionType"], &json["ActionArguments"]["client"]),
        (&json!("Internal"), &json!("KW"))
    );
    let id = answer.header("x-request-id");
    assert!(!id.is_empty() && json["Message"].as_str().unwrap().ends_with(id), "{}", answer.body);
    for word in ["panic", ".rs", "the address finder broke"] {
        assert!(!answer.body.contains(word), "{}", answer.body);
    }
    assert!(now().as_second() > 0);
}

/// Every parameter of every endpoint with values of no use: never a fault of the server's own.
#[tokio::test]
async fn par_206_nothing_that_is_sent_breaks_the_server() {
    let town = Town::build().await;
    let strange = [
        json!("\u{0}"),
        json!("'\"/\\%00<>\u{202e}"),
        json!("x".repeat(100_000)),
        json!(-1),
        json!(1e300),
        json!(i64::MAX),
        json!(0.1),
        json!([[]]),
        json!({}),
        json!([null]),
        json!(true),
        json!("NaN"),
        json!("9999-12-31T23:59:59.9999999Z"),
        json!("0001-01-01"),
        json!("-009999-01-01"),
        json!([{}, 1, "x"]),
    ];
    for endpoint in partner_door::described() {
        for parameter in &endpoint.parameters {
            for value in &strange {
                let mut body = json!({ "FeedIdList": ["GAMLS"], "FeedId": "GAMLS", "ListingId": "G1", "LookupType": "FeedId",
                    "WktLocation": "POINT(1 2)", "City": "a", "State": "b", "Zip": "c", "Address": "d" });
                body[parameter.name] = value.clone();
                let answer = if endpoint.method == "POST" {
                    town.post("KW", endpoint.name, &body.to_string()).await
                } else {
                    let text = |value: &serde_json::Value| {
                        value.as_str().map_or(value.to_string(), ToOwned::to_owned)
                    };
                    let query: String = form_urlencoded::Serializer::new(String::new())
                        .extend_pairs(
                            body.as_object().unwrap().iter().map(|(name, value)| (name, text(value))),
                        )
                        .finish();
                    if query.len() > 60_000 {
                        continue;
                    }
                    town.get(&format!("{}?{query}", endpoint.name)).await
                };
                let status = answer.status.as_u16();
                assert!(
                    [200, 400, 404].contains(&status),
                    "{} {}={value}: {}",
                    endpoint.name,
                    parameter.name,
                    answer.body
                );
                if status != 200 {
                    assert!(answer.json()["ExceptionType"].is_string());
                }
            }
        }
    }
}
