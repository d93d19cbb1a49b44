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
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "3000"));
    // The document's sample, with what it leaves out: who asked, and the members of ours.
    let json = answer.json();
    let request = &json["ActionArguments"]["request"];
    let sample = json!({ "FeedIdList": null, "FromUpdatedDate": null, "ToUpdatedDate": null, "Status": 0,
        "Page": 2, "PageSize": 200 });
    for (name, expect) in sample.as_object().unwrap() {
        assert_eq!(request.get(name), Some(expect), "{name}");
    }
    let expect = json!({
        "ExceptionType": "TooManyRequests",
        "Message": "Too many requests. Api will be available in 3000 seconds",
        "ErrorCode": 0,
        "ActionArguments": { "request": request, "client": "KW" },
        "Data": { "Errors": null },
    });
    assert_eq!(json, expect);
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

/// PAR-117: every parameter of every endpoint with a value of another type, beyond its bounds, too long or too
/// much of it: 400, naming the parameter and no other that was right.
#[tokio::test]
async fn par_117_every_parameter_is_refused_by_its_name() {
    let town = Town::build().await;
    let right = json!({ "FeedIdList": ["GAMLS"], "FeedId": "GAMLS", "ListingId": "G1", "LookupType": "FeedId",
        "WktLocation": "POINT(-122.33 47.60)", "City": "a", "State": "b", "Zip": "c", "Address": "d", "Text": "se",
        "West": -123, "East": -122, "South": 47, "North": 48 });
    let mut tried = 0;
    for endpoint in partner_door::described() {
        for parameter in &endpoint.parameters {
            let schema = &parameter.schema;
            let number = |name: &str| schema[name].as_i64().unwrap_or(0);
            let long = |name: &str| "x".repeat(usize::try_from(number(name)).unwrap() + 1);
            let wrong = match schema["type"].as_str().unwrap() {
                "integer" => vec![
                    json!("abc"),
                    json!("3.5"),
                    json!("\u{200b}3"),
                    json!("NaN"),
                    json!("0x10"),
                    json!(number("minimum") - 1),
                    json!(number("maximum") + 1),
                    json!("9".repeat(40)),
                ],
                "number" => vec![
                    json!("abc"),
                    json!("1,5"),
                    json!("NaN"),
                    json!("Infinity"),
                    json!(number("minimum") - 1),
                    json!(number("maximum") + 1),
                    json!("9".repeat(40)),
                ],
                "boolean" => vec![json!("yes"), json!("2"), json!("\u{201c}true\u{201d}"), json!("tru e")],
                "array" => vec![json!(["x".repeat(256)])],
                _ if schema["format"] == "date-time" => vec![
                    json!("yesterday"),
                    json!("2026-02-30"),
                    json!("05/01/2026"),
                    json!("1795000000"),
                    json!("2026-11-23T25:00:00"),
                    json!("2026-11-23T12:00:00+99:00"),
                ],
                // A query of a hundred thousand characters does not arrive.
                _ if number("maxLength") > 60_000 && endpoint.method == "GET" => vec![],
                _ => vec![json!(long("maxLength"))],
            };
            let more = match (endpoint.method, schema["type"].as_str()) {
                ("POST", Some("array")) => vec![json!([["a"]]), json!({ "a": 1 })],
                ("POST", _) => vec![json!({}), json!([[1]]), json!([{}])],
                _ => vec![],
            };
            for value in wrong.into_iter().chain(more) {
                let mut body = right.clone();
                body[parameter.name] = value.clone();
                let answer = if endpoint.method == "POST" {
                    town.post("KW", endpoint.name, &body.to_string()).await
                } else {
                    let text = |value: &serde_json::Value| {
                        let one = value.as_array().map_or(value, |list| &list[0]);
                        one.as_str().map_or(one.to_string(), ToOwned::to_owned)
                    };
                    let members = body.as_object().unwrap();
                    let asked = members.iter().filter(|(name, _)| {
                        endpoint.parameters.iter().any(|known| known.name == name.as_str())
                    });
                    let query: String = form_urlencoded::Serializer::new(String::new())
                        .extend_pairs(asked.map(|(name, value)| (name, text(value))))
                        .finish();
                    town.get(&format!("{}?{query}", endpoint.name)).await
                };
                let what = format!("{} {}={value}: {}", endpoint.name, parameter.name, answer.body);
                assert_eq!(answer.status, 400, "{what}");
                assert_eq!(answer.errors().into_keys().collect::<Vec<_>>(), [parameter.name], "{what}");
                tried += 1;
            }
        }
    }
    assert!(tried > 1_500, "{tried}");
}

/// PAR-101: thousands of feeds are passed over, and more than ten thousand refused.
#[tokio::test]
async fn par_101_thousands_of_feeds() {
    let town = Town::build().await;
    let feeds = |count: usize| {
        let strange = (1..count).map(|n| format!("FEED'/\"{n}"));
        std::iter::once("GAMLS".to_owned()).chain(strange).collect::<Vec<_>>()
    };
    let body = |count: usize| json!({ "FeedIdList": feeds(count), "Beds": 4 });
    assert_eq!(town.search("GetListings", body(10_000)).await.ids(), ["G2"]);
    let answer = town.search("GetListings", body(10_001)).await;
    assert!(answer.errors()["FeedIdList"].contains("maximum length of 10000"), "{}", answer.body);
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(feeds(2_000).iter().map(|feed| ("FeedIdList", feed)))
        .finish();
    let ids = town.get(&format!("SyncListings?{query}")).await.ids();
    assert_eq!(ids.len(), 8, "the granted feed's alone");
}

/// PAR-131: an id may hold whatever it likes: it is compared, and nothing else is done with it.
#[tokio::test]
async fn par_131_ids_hold_quotes_slashes_and_worse() {
    let town = Town::build().await;
    for id in [
        "A/1",
        "A'1",
        "A\"1",
        "A\\1",
        "A%1",
        "A%2F1",
        "A&1=2",
        "A?1",
        "A#1",
        "' or 1 eq 1",
        "Ä1",
        "A+1 B",
        "../../x",
    ] {
        town.change("G1", &[("ListingId", id), ("ListAgentMlsId", id)]).await;
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("FeedId", "GAMLS")
            .append_pair("ListingId", id)
            .finish();
        let answer = town.get(&format!("GetListingDetail?{query}")).await;
        assert_eq!(answer.status, 200, "{id}: {}", answer.body);
        assert_eq!(answer.json()["ListingId"], id);
        assert_eq!(town.search("GetListings", json!({ "AgentId": id })).await.ids(), [id]);
        assert_eq!(town.search("GetListings", json!({ "AgentId": format!("{id}x") })).await.ids(), [""; 0]);
    }
}

/// PAR-206: what is not UTF-8 is not guessed at: no part of a name or a word is found by it.
#[tokio::test]
async fn par_206_other_encodings_are_no_json() {
    let town = Town::build().await;
    let signed = town.signed("KW");
    let ask = async |body: Vec<u8>| {
        let pairs = [
            ("ml-auth", signed[0].1.as_str()),
            ("x-ml-timestamp", signed[1].1.as_str()),
            ("content-type", "application/json"),
        ];
        town.ask("POST", "/services/partner/GetListings", &pairs, body).await.status.as_u16()
    };
    let text = r#"{"FeedIdList":["GAMLS"],"SchoolDistrict":"Peñasco"}"#;
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    assert_eq!(ask(text.as_bytes().to_vec()).await, 200);
    assert_eq!(ask([b"\xef\xbb\xbf", text.as_bytes()].concat()).await, 200, "a mark before UTF-8");
    for body in
        [latin, utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes), b"{\"a\":\"\xed\xa0\x80\"}".to_vec()]
    {
        assert_eq!(ask(body.clone()).await, 400, "{body:?}");
    }
    let strange = town.get("GetListingDetail?FeedId=GAMLS&ListingId=%FF%FEG1").await;
    assert_eq!(strange.status, 404, "{}", strange.body);
}
