//! Versions, headers, errors, tokens, metadata.

use axum::body::Body;
use base64::Engine as _;
use http::Request;

use crate::town::Town;

/// RESO-001
#[tokio::test]
async fn reso_001_tokens_are_bought_with_the_basic_header_and_with_the_form() {
    let town = Town::build().await;
    let basic =
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("all:{}", town.key)));
    let buy = async |authorization: Option<&str>, form: String| {
        let mut request =
            Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        town.send(request.body(Body::from(form)).unwrap()).await
    };
    let in_form = format!("grant_type=client_credentials&client_id=all&client_secret={}", town.key);
    for answer in [buy(Some(&basic), "grant_type=client_credentials".into()).await, buy(None, in_form).await]
    {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = format!("Bearer {}", answer.json()["access_token"].as_str().unwrap());
        let page = town.ask("GET", "/odata/Property?$top=1", &[("authorization", &token)]).await;
        assert_eq!(page.keys().len(), 1);
    }
    let check = async |form: &str, status: u16, error: &str| {
        let answer = buy(None, form.into()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"].as_str()),
            (status, Some(error)),
            "{form}"
        );
    };
    check("grant_type=client_credentials&client_id=all&client_secret=wrong", 401, "invalid_client").await;
    check("grant_type=password&client_id=all&client_secret=x", 400, "unsupported_grant_type").await;
    check("client_id=all", 400, "invalid_request").await;
}

/// RESO-002
#[tokio::test]
async fn reso_002_every_answer_says_its_version_and_unknown_ones_are_refused() {
    let town = Town::build().await;
    let bearer = format!("Bearer {}", town.key);
    let check = async |headers: &[(&str, &str)], status: u16, version: &str| {
        let headers: Vec<_> = headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        let answer = town.ask("GET", "/odata/Property?$top=1", &headers).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("odata-version")),
            (status, version),
            "{headers:?}"
        );
    };
    check(&[], 200, "4.01").await;
    check(&[("odata-version", "4.0")], 200, "4.0").await;
    check(&[("odata-maxversion", "4.0")], 200, "4.0").await;
    check(&[("odata-maxversion", "4.01")], 200, "4.01").await;
    check(&[("odata-version", "5.0")], 400, "4.01").await;
    check(&[("odata-version", "3.0")], 400, "4.01").await;
    check(&[("odata-maxversion", "3.0")], 400, "4.01").await;
    let refused = town.ask("GET", "/odata/Property", &[]).await;
    assert_eq!(refused.header("odata-version"), "4.01");
}

/// RESO-003, RESO-004
#[tokio::test]
async fn reso_003_and_004_every_error_is_odata_json_with_its_place() {
    let town = Town::build().await;
    let check = async |path: &str, status: u16, code: &str| {
        let answer = town.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.header("content-type").starts_with("application/json"), "{path}");
        let error = &answer.json()["error"];
        assert!(error["message"].as_str().is_some_and(|m| m.len() > 10), "{path}");
        assert!(error["code"].as_str().is_some_and(|c| code.is_empty() || c == code), "{path}: {error}");
    };
    check("/odata/Nothing", 404, "").await;
    check("/odata/Property('NONE')", 404, "record_unknown").await;
    check("/odata/Property?$filter=Nope eq 1", 400, "").await;
    check("/odata/Property?$filter=ListPrice zz 1", 400, "").await;
    check("/odata/Property?$filter=ListPrice eq 'text'", 400, "").await;
    check("/odata/Property?$bogus=1", 400, "").await;
    check("/odata/Property?$select=Nope", 400, "").await;
    check("/odata/Property?$orderby=Nope", 400, "").await;
    check("/odata/Property?$top=-1", 400, "").await;
    check("/odata/Property?$top=many", 400, "").await;
    check("/odata/Property?$skip=-1", 400, "").await;
    check("/odata/Property?$count=perhaps", 400, "").await;
    check("/odata/Property?$expand=Nope", 400, "").await;
    check("/odata/Property?$skiptoken=AAAA", 400, "bad_page_token").await;
    check("/odata/Property?$apply=nest(identity as All)", 501, "").await;
    let misplaced = town.get("/odata/Property?$filter=ListPrice eq 1 and Nope eq 2").await.json();
    // `Nope` stands after `Property?$filter=ListPrice%20eq%201%20and%20`, counted from the service root.
    let place = misplaced["error"]["@freehold.position"].as_u64().unwrap();
    assert!(place > 20, "{misplaced}");
    let refused = town.ask("GET", "/odata/Property", &[]).await;
    assert_eq!(refused.status, 401);
    assert!(refused.json()["error"]["code"].is_string());
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
}

/// RESO-005
#[tokio::test]
async fn reso_005_metadata_is_xml_unless_json_is_asked_for_by_format() {
    let town = Town::build().await;
    let bearer = format!("Bearer {}", town.key);
    let accept = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let xml = town.ask("GET", "/odata/$metadata", &accept).await;
    assert!(xml.header("content-type").starts_with("application/xml"));
    assert!(xml.body.starts_with("<?xml"), "{}", &xml.body[..60]);
    assert!(xml.header("etag").starts_with("W/\""));
    let json = town.get("/odata/$metadata?$format=json").await;
    assert!(json.header("content-type").starts_with("application/json"));
    assert!(json.json()["org.reso.metadata"]["Property"].is_object());
}

/// RESO-006, RESO-007
#[tokio::test]
async fn reso_006_and_007_one_root_answers_the_service_document() {
    let town = Town::build().await;
    for path in ["/odata", "/odata/"] {
        let document = town.get(path).await.json();
        let names: Vec<&str> =
            document["value"].as_array().unwrap().iter().filter_map(|e| e["name"].as_str()).collect();
        for name in [
            "Property",
            "Member",
            "Office",
            "Media",
            "OpenHouse",
            "Teams",
            "TeamMembers",
            "Lookup",
            "Field",
            "EntityEvent",
        ] {
            assert!(names.contains(&name), "{name} is missing from {names:?}");
        }
        assert!(!names.contains(&"ClientKey"), "Freehold's own resources are the operators'");
    }
    assert_eq!(town.get("/odata/Property/?$top=1").await.keys().len(), 1);
    for resource in ["Member", "Office", "Lookup", "Field", "EntityEvent", "OpenHouse"] {
        let answer = town.get(&format!("/odata/{resource}?$top=2")).await;
        assert_eq!(answer.status, 200, "{resource}: {}", answer.body);
    }
}

/// RESO-029
#[tokio::test]
async fn reso_029_preferences_are_honoured_and_echoed() {
    let town = Town::build().await;
    let bearer = format!("Bearer {}", town.key);
    let ask = async |path: &str, prefer: &str| {
        town.ask("GET", path, &[("authorization", &bearer), ("prefer", prefer)]).await
    };
    let page = ask("/odata/Property", "odata.maxpagesize=7").await;
    assert_eq!(page.keys().len(), 7);
    assert!(page.header("preference-applied").contains("maxpagesize=7"));
    // A wish beyond the largest page is cut, and the answer says to what.
    let page = ask("/odata/Property", "maxpagesize=100000").await;
    assert!(page.header("preference-applied").contains("maxpagesize=100"));
    let path = "/odata/Property('K000')?$select=ListingKey,BedroomsTotal";
    assert!(ask(path, "").await.json()["BedroomsTotal"].is_null());
    assert!(ask(path, "").await.body.contains("BedroomsTotal\":null"));
    let omitted = ask(path, "omit-values=nulls").await;
    assert!(!omitted.body.contains("\"BedroomsTotal\":"), "{}", omitted.body);
    assert!(omitted.header("preference-applied").contains("omit-values=nulls"));
}
