//! Denied by default: nobody writes what no grant names.

use axum::body::Body;
use console::operate::NewGrant;
use dictionary::Origin;
use gate::Class;
use http::Request;
use serde_json::{Value as Json, json};

use super::{now_of, town, writes};
use crate::town::Town;

/// RESO-060: every resource and method, by every client that may not.
#[tokio::test]
async fn reso_060_every_resource_refuses_whoever_is_not_granted_to_write_it() {
    let town = Town::build().await;
    let clients = [
        ("a reader of everything", town.key.clone(), 403),
        ("a reader for the public", town.idx.clone(), 403),
        (
            "a writer of another feed",
            town.client("other", &[writes("other", "B"), media_reads("other")]).await,
            403,
        ),
        ("who is granted nothing", town.nobody.clone(), 404),
        ("who reads alone with a key that may write", read_only(&town).await, 403),
        ("nobody", "fh_0000000000000000_00".to_owned(), 401),
    ];
    let head = town.store.head().await.unwrap();
    for resource in town.dictionary.resources().iter().filter(|r| r.origin != Origin::Freehold) {
        if ["EntityEvent", "Lookup", "Field"].contains(&resource.name.as_str()) {
            continue;
        }
        let key: Vec<String> = resource
            .key
            .iter()
            .map(|id| format!("{}='{}'", resource.field(*id).name, key_of(&resource.name)))
            .collect();
        let record = format!("/odata/{}({})", resource.name, key.join(","));
        for (who, key, most) in &clients {
            for (method, path) in [
                ("POST", format!("/odata/{}", resource.name)),
                ("PATCH", record.clone()),
                ("DELETE", record.clone()),
            ] {
                let path = if *who == "a writer of another feed" && method == "POST" {
                    format!("{path}?feed=A")
                } else {
                    path
                };
                let answer = town.put(key, method, &path, &[], "{}").await;
                let status = answer.status.as_u16();
                let there = now_of(&town, &record).await != Json::Null;
                let expected = if method == "POST" || there { *most } else { 404 };
                // What a client does not see is not there.
                let allowed = [expected, if *most == 401 { 401 } else { 404 }];
                assert!(allowed.contains(&status), "{method} {path} by {who}: {status} {}", answer.body);
            }
        }
    }
    assert_eq!(town.store.head().await.unwrap(), head, "somebody wrote");
    let refused = town.put(&town.key, "PATCH", "/odata/Property('K001')", &[], "{}").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]["code"]),
        (403, &json!("writing_not_granted"))
    );
    let refused = town.put(&clients[4].1, "PATCH", "/odata/Property('K001')", &[], "{}").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]["code"]), (403, &json!("read_only")));
}

/// A key of the town where there is one.
fn key_of(resource: &str) -> &'static str {
    match resource {
        "Property" => "K001",
        "Member" => "M1",
        "Media" => "K001-0",
        _ => "NONE",
    }
}

fn media_reads(client: &str) -> NewGrant {
    NewGrant::read(client, "A", Class::Participant)
}

/// A token for reading alone, of a client that may write.
async fn read_only(town: &Town) -> String {
    let key = town.client("reading", &[writes("reading", "A")]).await;
    let form = format!("grant_type=client_credentials&client_id=reading&client_secret={key}&scope=read");
    let request = Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
    let bought = town.send(request.body(Body::from(form)).unwrap()).await;
    bought.json()["access_token"].as_str().unwrap().to_owned()
}

/// RESO-008, RESO-060
#[tokio::test]
async fn reso_008_fields_and_records_outside_a_grant_are_not_written() {
    let town = Town::build().await;
    let hidden = vec!["Property.PrivateRemarks".into()];
    let key = town.client("limited", &[NewGrant { hidden, ..writes("limited", "A") }]).await;
    town.limit("limited", "Property:City=Kent").await;
    let path = "/odata/Property('K001')";
    // A field that is not shown does not exist, and PUT leaves what it hides.
    let refused = town.put(&key, "PATCH", path, &[], r#"{"PrivateRemarks":"x"}"#).await;
    assert_eq!(refused.json()["error"]["details"][0]["code"], "unknown_field", "{}", refused.body);
    let refused = town.put(&key, "PATCH", path, &[], r#"{"PrivateRemarks":null}"#).await;
    assert_eq!(refused.status, 400);
    assert_eq!(town.put(&key, "PUT", path, &[], r#"{"City":"Kent"}"#).await.status, 204);
    let kept = town.get(path).await.json();
    assert_eq!(
        (&kept["PrivateRemarks"], &kept["ListPrice"]),
        (&json!("the key is under the mat"), &Json::Null)
    );
    // Records that the client would not see: neither changed nor made nor moved there.
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('K000')", &[], "{}").await.status, 404);
    assert_eq!(town.put(&key, "DELETE", "/odata/Property('K000')", &[], "").await.status, 404);
    let head = town.store.head().await.unwrap();
    for (method, path, body) in [
        ("POST", "/odata/Property", r#"{"City":"Seattle"}"#),
        ("POST", "/odata/Property", "{}"),
        ("PATCH", path, r#"{"City":"Seattle"}"#),
        ("PUT", path, "{}"),
        // Rooms are seen with what they belong to.
        ("POST", "/odata/PropertyRooms", r#"{"ListingKey":"K000"}"#),
    ] {
        let refused = town.put(&key, method, path, &[], body).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["error"]["code"]),
            (403, &json!("outside_grant")),
            "{body}"
        );
    }
    assert_eq!(town.store.head().await.unwrap(), head);
    let own = r#"{"ListingKey":"mine","City":"Kent","Rooms":[{"RoomKey":"mine-1"}]}"#;
    assert_eq!(town.put(&key, "POST", "/odata/Property", &[], own).await.status, 201);
    assert_eq!(town.put(&key, "POST", "/odata/Property('mine')/Rooms", &[], "{}").await.status, 201);
}

/// RESO-060: into which feed a new record goes.
#[tokio::test]
async fn reso_060_a_new_record_goes_where_its_writer_may_write() {
    let (town, one) = town().await;
    let both = town.client("both", &[writes("both", "A"), writes("both", "B")]).await;
    let check = async |key: &str, path: &str, expect: Result<&str, (u16, &str)>| {
        let answer = town.put(key, "POST", path, &[], "{}").await;
        let told = answer.json();
        match expect {
            Ok(feed) => {
                let own = town.dictionary.known("Property");
                let listing =
                    told["ListingKey"].as_str().unwrap_or_else(|| panic!("{path}: {}", answer.body));
                assert_eq!(town.store.get(own.id, listing).await.unwrap().unwrap().feed, feed, "{path}");
            }
            Err((status, code)) => {
                assert_eq!(
                    (answer.status.as_u16(), &told["error"]["code"]),
                    (status, &json!(code)),
                    "{path}"
                );
            }
        }
    };
    check(&one, "/odata/Property", Ok("A")).await;
    check(&one, "/odata/Property?feed=A", Ok("A")).await;
    check(&one, "/odata/Property?feed=B", Err((403, "writing_not_granted"))).await;
    check(&one, "/odata/Property?feed=Z", Err((403, "writing_not_granted"))).await;
    check(&both, "/odata/Property", Err((400, "feed_ambiguous"))).await;
    check(&both, "/odata/Property?feed=B", Ok("B")).await;
    // A part goes where its whole is.
    let part = town.put(&both, "POST", "/odata/Property('K055')/Media", &[], r#"{"MediaKey":"B1"}"#).await;
    assert_eq!(part.status, 201, "{}", part.body);
    let own = town.dictionary.known("Media");
    assert_eq!(town.store.get(own.id, "B1").await.unwrap().unwrap().feed, "B");
}
