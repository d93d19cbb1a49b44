//! Several requests in one (RESO-028).

use console::operate::NewGrant;
use gate::Class;
use serde_json::{Value as Json, json};

use crate::town::{Answer, Town};

/// A town with a client that writes feed A; its key.
async fn town() -> (Town, String) {
    let town = Town::build().await;
    let grant =
        NewGrant { write: true, every_record: true, ..NewGrant::read("writer", "A", Class::Participant) };
    let key = town.client("writer", &[grant]).await;
    (town, key)
}

async fn sent(town: &Town, key: &str, wishes: &[(&str, &str)], requests: Json) -> Answer {
    town.put(key, "POST", "/odata/$batch", wishes, &json!({ "requests": requests }).to_string()).await
}

/// The answers of a JSON batch: id and status of each.
fn statuses(answer: &Answer) -> Vec<(String, u64)> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    let one = |one: &Json| (one["id"].as_str().unwrap().to_owned(), one["status"].as_u64().unwrap());
    told["responses"].as_array().unwrap().iter().map(one).collect()
}

fn pairs(expect: &[(&str, u64)]) -> Vec<(String, u64)> {
    expect.iter().map(|(id, status)| ((*id).to_owned(), *status)).collect()
}

/// RESO-028: JSON, with every form of address.
#[tokio::test]
async fn reso_028_requests_are_answered_like_requests_of_their_own() {
    let (town, key) = town().await;
    let requests = json!([
        { "id": "1", "method": "get", "url": "Property?$top=1&$orderby=ListingKey&$select=ListingKey" },
        { "id": "2", "method": "GET", "url": "/odata/Property/$count" },
        { "id": "3", "method": "get", "url": "https://elsewhere.example/odata/Property('K001')?$select=City", "headers": { "accept": "application/json;odata.metadata=none" } },
        { "id": "4", "method": "get", "url": "$metadata" },
    ]);
    let answer = sent(&town, &key, &[], requests).await;
    assert_eq!(statuses(&answer), pairs(&[("1", 200), ("2", 200), ("3", 200), ("4", 200)]));
    let told = answer.json();
    let body = |at: usize| &told["responses"][at]["body"];
    assert_eq!(body(0)["value"][0]["ListingKey"], "K000");
    assert_eq!(body(1), "50");
    assert_eq!(body(2), &json!({ "City": "Kent" }));
    assert!(body(3).as_str().unwrap().contains("<edmx:Edmx"));
    assert!(
        told["responses"][0]["headers"]["content-type"].as_str().unwrap().starts_with("application/json")
    );
    let refused = town.ask("POST", "/odata/$batch", &[]).await;
    assert_eq!(refused.status, 401, "a batch needs a credential as its requests do");
    assert_eq!(town.get("/odata/$batch").await.status, 405);
    let other = town.put(&key, "POST", "/odata/$batch", &[("content-type", "text/plain")], "x").await;
    assert_eq!(other.status, 415, "{}", other.body);
}

/// RESO-028: the first that fails ends it, unless the client wishes to go on; what depends on it is not done.
#[tokio::test]
async fn reso_028_a_failure_ends_a_batch_unless_it_is_to_go_on() {
    let (town, key) = town().await;
    let requests = json!([
        { "id": "a", "method": "get", "url": "Property('K000')?$select=City" },
        { "id": "b", "method": "get", "url": "Nothing" },
        { "id": "c", "method": "get", "url": "Property/$count", "dependsOn": ["a"] },
        { "id": "d", "method": "get", "url": "Property/$count", "dependsOn": ["b"] },
    ]);
    let ended = sent(&town, &key, &[], requests.clone()).await;
    assert_eq!(statuses(&ended), pairs(&[("a", 200), ("b", 404)]));
    for wish in ["continue-on-error", "odata.continue-on-error=true"] {
        let all = sent(&town, &key, &[("prefer", wish)], requests.clone()).await;
        assert_eq!(statuses(&all), pairs(&[("a", 200), ("b", 404), ("c", 200), ("d", 424)]));
    }
    let wish = [("prefer", "continue-on-error=false")];
    assert_eq!(statuses(&sent(&town, &key, &wish, requests).await).len(), 2);
    let lost = json!([{ "id": "a", "method": "get", "url": "Property", "dependsOn": ["z"] }]);
    assert_eq!(sent(&town, &key, &[], lost).await.status, 400);
}

/// RESO-028: a change set happens whole or not at all.
#[tokio::test]
async fn reso_028_a_change_set_is_done_whole_or_not_at_all() {
    let (town, key) = town().await;
    let price = async |key: &str| {
        let answer = town.get(&format!("/odata/Property('{key}')?$select=ListPrice")).await;
        answer.json()["ListPrice"].as_f64()
    };
    let change = |id: &str, key: &str, price: i64| json!({ "id": id, "atomicityGroup": "g", "method": "patch", "url": format!("Property('{key}')"), "body": { "ListPrice": price } });
    let whole = sent(&town, &key, &[], json!([
        change("1", "K000", 1),
        change("2", "K001", 2),
        { "id": "3", "atomicityGroup": "g", "method": "post", "url": "Property", "body": { "ListingKey": "NEW", "City": "Kent" } },
        { "id": "4", "method": "get", "url": "$3/City/$value", "dependsOn": ["g"] },
    ]))
    .await;
    assert_eq!(statuses(&whole), pairs(&[("1", 204), ("2", 204), ("3", 201), ("4", 200)]));
    assert_eq!((price("K000").await, price("K001").await), (Some(1.0), Some(2.0)));
    assert_eq!(whole.json()["responses"][3]["body"], "Kent");
    let head = town.store.head().await.unwrap();
    let refused = sent(&town, &key, &[("prefer", "continue-on-error")], json!([
        change("1", "K000", 7),
        { "id": "2", "atomicityGroup": "g", "method": "patch", "url": "Property('K001')", "body": { "ListPrice": "much" } },
        change("3", "K002", 7),
        { "id": "4", "method": "get", "url": "Property/$count", "dependsOn": ["g"] },
    ]))
    .await;
    assert_eq!(statuses(&refused), pairs(&[("1", 424), ("2", 400), ("3", 424), ("4", 424)]));
    assert_eq!((price("K000").await, price("K002").await), (Some(1.0), Some(120_000.0)));
    assert_eq!(town.store.head().await.unwrap(), head, "nothing was written");
    let check = async |second: Json, status: u64| {
        let answer = sent(&town, &key, &[], json!([change("1", "K000", 8), second])).await;
        assert_eq!(statuses(&answer)[1].1, status, "{}", answer.body);
        assert_eq!(price("K000").await, Some(1.0));
    };
    check(json!({ "id": "2", "atomicityGroup": "g", "method": "get", "url": "Property" }), 400).await;
    // Feed B is not the writer's.
    check(change("2", "K055", 9), 404).await;
}

/// RESO-028: what a change set creates, others of it refer to: a listing, and its pictures.
#[tokio::test]
async fn reso_028_a_change_set_refers_to_what_it_creates() {
    let (town, key) = town().await;
    let write = |id: &str, url: &str, body: Json| json!({ "id": id, "atomicityGroup": "g", "method": "post", "url": url, "body": body });
    let listing = |key: &str| write("1", "Property", json!({ "ListingKey": key, "City": "Kent" }));
    let picture = |id: &str, key: &str| {
        write(id, "$1/Media", json!({ "MediaKey": key, "MediaCategory": "Photo", "Order": 1 }))
    };
    let made = sent(&town, &key, &[], json!([listing("NEW"), picture("2", "P1"), picture("3", "P2")])).await;
    assert_eq!(statuses(&made), pairs(&[("1", 201), ("2", 201), ("3", 201)]), "{}", made.body);
    let told = town
        .get("/odata/Property('NEW')?$select=PhotosCount&$expand=Media($select=MediaKey;$orderby=MediaKey)")
        .await
        .json();
    assert_eq!(told["PhotosCount"], 2, "{told}");
    assert_eq!(told["Media"].as_array().map(Vec::len), Some(2), "{told}");
    // A key that is made here is known to what comes after it.
    let nameless = write("1", "Property", json!({ "City": "Kent" }));
    let made = sent(&town, &key, &[], json!([nameless, picture("2", "P3")])).await;
    assert_eq!(statuses(&made), pairs(&[("1", 201), ("2", 201)]), "{}", made.body);
    let listing_key = &made.json()["responses"][0]["body"]["ListingKey"];
    assert_eq!(&made.json()["responses"][1]["body"]["ResourceRecordKey"], listing_key);
    let refused = async |requests: Json, expect: &[(&str, u64)]| {
        let head = town.store.head().await.unwrap();
        let answer = sent(&town, &key, &[], requests).await;
        assert_eq!(statuses(&answer), pairs(expect), "{}", answer.body);
        assert_eq!(town.store.head().await.unwrap(), head, "nothing was written");
    };
    // What refers is wrong, and so nothing is created.
    let wrong = write("2", "$1/Media", json!({ "Order": "first" }));
    refused(json!([listing("L2"), wrong]), &[("1", 424), ("2", 400)]).await;
    refused(json!([picture("2", "P4"), listing("L2")]), &[("2", 400), ("1", 424)]).await;
    let changed = json!({ "id": "1", "atomicityGroup": "g", "method": "patch", "url": "Property('K000')", "body": { "City": "Kent" } });
    refused(json!([changed, picture("2", "P5")]), &[("1", 424), ("2", 400)]).await;
}

/// RESO-028: each request of a change set is done to what those before it leave, and all of them are one change.
#[tokio::test]
async fn reso_028_what_comes_later_in_a_change_set_sees_what_came_before() {
    let (town, key) = town().await;
    let number = std::cell::Cell::new(0);
    let write = |method: &str, url: &str, body: Json| {
        number.set(number.get() + 1);
        json!({ "id": number.get().to_string(), "atomicityGroup": "g", "method": method, "url": url, "body": body })
    };
    let with = |mut request: Json, name: &str, value: &str| {
        request["headers"] = json!({ name: value });
        request
    };
    // What was written, as key and kind, and what each request was answered.
    let check = async |requests: Json, statuses_expect: &[u64], log_expect: &[(&str, store::ChangeKind)]| {
        let head = town.store.head().await.unwrap();
        let answer = sent(&town, &key, &[], requests).await;
        let told: Vec<u64> = statuses(&answer).into_iter().map(|(_, status)| status).collect();
        assert_eq!(told, statuses_expect, "{}", answer.body);
        let log = town.store.follow(head, 100).await.unwrap();
        let log: Vec<_> = log.iter().map(|change| (change.key.as_str(), change.kind)).collect();
        assert_eq!(log, log_expect, "{}", answer.body);
    };
    use store::ChangeKind::{Changed, Created, Removed};
    let listing = async |key: &str, field: &str| {
        let told = town.get(&format!("/odata/Property('{key}')")).await;
        if told.status == 404 { Json::Null } else { told.json()[field].clone() }
    };
    let k000 = "Property('K000')";
    let twice = json!([
        write("patch", k000, json!({ "ListPrice": 1, "City": "Kent" })),
        write("patch", k000, json!({ "ListPrice": 2 })),
    ]);
    check(twice, &[204, 204], &[("K000", Changed)]).await;
    assert_eq!(
        (listing("K000", "ListPrice").await, listing("K000", "City").await),
        (json!(2), json!("Kent"))
    );
    let made = json!([
        write("post", "Property", json!({ "ListingKey": "NEW", "City": "Kent" })),
        write("patch", "Property('NEW')", json!({ "ListPrice": 5 })),
        write("post", "Property('NEW')/Media", json!({ "MediaKey": "NM", "MediaCategory": "Photo" })),
        write("patch", "Media('NM')", json!({ "Order": 3 })),
    ]);
    check(made, &[201, 204, 201, 204], &[("NEW", Created), ("NM", Created)]).await;
    assert_eq!(
        (listing("NEW", "ListPrice").await, listing("NEW", "PhotosCount").await),
        (json!(5), json!(1))
    );
    assert_eq!(town.get("/odata/Media('NM')/Order/$value").await.body, "3");
    let never = json!([
        write("post", "Property", json!({ "ListingKey": "N2" })),
        write("post", "Property('N2')/Media", json!({ "MediaKey": "N2M" })),
        write("delete", "Property('N2')", Json::Null),
    ]);
    check(never, &[204, 204, 204], &[]).await;
    let anew = json!([
        write("delete", "Property('K003')", Json::Null),
        write("put", "Property('K003')", json!({ "City": "Kent" })),
    ]);
    let gone = [("K003-0", Removed), ("K003-1", Removed), ("K003-2", Removed), ("K003", Changed)];
    check(anew, &[204, 201], &gone).await;
    assert_eq!(
        (listing("K003", "City").await, listing("K003", "ListPrice").await),
        (json!("Kent"), Json::Null)
    );
    let with_parts = json!([
        write("post", "Property('K004')/Media", json!({ "MediaKey": "P9", "MediaCategory": "Photo" })),
        write("delete", "Media('K004-1')", Json::Null),
        write("delete", "Property('K004')", Json::Null),
    ]);
    let gone = [("K004-1", Removed), ("K004-0", Removed), ("K004-2", Removed), ("K004", Removed)];
    check(with_parts, &[204, 204, 204], &gone).await;
    // What does not hold at its turn: nothing is done.
    let removed = json!([
        write("delete", "Property('K005')", Json::Null),
        write("patch", "Property('K005')", json!({ "City": "Kent" }))
    ]);
    check(removed, &[424, 404], &[]).await;
    let again = json!([
        write("post", "Property", json!({ "ListingKey": "X" })),
        write("post", "Property", json!({ "ListingKey": "X" }))
    ]);
    check(again, &[424, 409], &[]).await;
    let etag = town.get("/odata/Property('K006')").await.header("etag").to_owned();
    let price = |price: i64| json!({ "ListPrice": price });
    let stale = json!([
        with(write("patch", "Property('K006')", price(1)), "if-match", &etag),
        with(write("patch", "Property('K006')", price(2)), "if-match", &etag),
    ]);
    check(stale, &[424, 412], &[]).await;
    let there = json!([
        write("post", "Property", json!({ "ListingKey": "Y" })),
        with(write("put", "Property('Y')", price(2)), "if-none-match", "*"),
    ]);
    check(there, &[424, 412], &[]).await;
    let held = json!([
        with(write("patch", "Property('K006')", price(1)), "if-match", &etag),
        with(write("patch", "Property('K006')", price(2)), "if-match", "*"),
    ]);
    check(held, &[204, 204], &[("K006", Changed)]).await;
    // Nothing differed the first time: the version is what it was.
    let etag = town.get("/odata/Property('K006')").await.header("etag").to_owned();
    let same = json!([
        write("patch", "Property('K006')", price(2)),
        with(write("patch", "Property('K006')", price(3)), "if-match", &etag),
    ]);
    check(same, &[204, 204], &[("K006", Changed)]).await;
}

/// RESO-028: the same in multipart, as older clients send it.
#[tokio::test]
async fn reso_028_multipart_batches_are_answered_in_kind() {
    let (town, key) = town().await;
    let body = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET Property('K000')?$select=City HTTP/1.1\r\nAccept: application/json;odata.metadata=none\r\n\r\n\r\n\
        --b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
        --c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST Property HTTP/1.1\r\nContent-Type: application/json\r\nPrefer: return=minimal\r\n\r\n{\"ListingKey\":\"M1\",\"City\":\"Kent\"}\r\n\
        --c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\nPATCH /odata/Property('K001') HTTP/1.1\r\n\r\n{\"City\":\"Seattle\"}\r\n--c--\r\n\
        --b\r\nContent-Type: application/http\r\n\r\nGET $1?$select=City HTTP/1.1\r\nAccept: application/json;odata.metadata=none\r\n\r\n\r\n--b--\r\n";
    let answer = town
        .put(&key, "POST", "/odata/$batch", &[("content-type", "multipart/mixed; boundary=b")], body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "multipart/mixed; boundary=batchresponse_0");
    let lines: Vec<&str> =
        answer.body.lines().filter(|line| line.starts_with("HTTP/1.1") || line.starts_with('{')).collect();
    assert_eq!(
        lines,
        [
            "HTTP/1.1 200 OK",
            "{\"City\":\"Seattle\"}",
            "HTTP/1.1 204 No Content",
            "HTTP/1.1 204 No Content",
            "HTTP/1.1 200 OK",
            "{\"City\":\"Kent\"}",
        ]
    );
    assert!(answer.body.contains("location: http://127.0.0.1:8700/odata/Property('M1')"), "{}", answer.body);
    assert_eq!(town.get("/odata/Property('K001')/City/$value").await.body, "Seattle");
}

/// RESO-028: bounds. Batch bombs are refused before anything is done.
#[tokio::test]
async fn reso_028_batches_have_bounds() {
    let (town, key) = town().await;
    let many: Vec<Json> =
        (0..201).map(|n| json!({ "id": n.to_string(), "method": "get", "url": "Property/$count" })).collect();
    assert_eq!(sent(&town, &key, &[], json!(many)).await.status, 413);
    let check = async |url: &str, code: &str| {
        let answer =
            sent(&town, &key, &[], json!([{ "id": "1", "method": "post", "url": url, "body": {} }])).await;
        assert_eq!(answer.json()["responses"][0]["body"]["error"]["code"], code, "{}", answer.body);
    };
    check("$batch", "nested_batch").await;
    check("/odata/%24batch", "nested_batch").await;
    check("/admin/clients", "other_service").await;
    check("http://127.0.0.1:8700/services/partner", "other_service").await;
    check("$9/Media", "unknown_request").await;
    let odd = json!([{ "id": "1", "method": "brew", "url": "Property" }]);
    assert_eq!(statuses(&sent(&town, &key, &[], odd).await), pairs(&[("1", 405)]));
    // A credential of a part's own changes nothing of who asks.
    let own = json!([{ "id": "1", "method": "get", "url": "Property/$count", "headers": { "authorization": format!("Bearer {}", town.nobody) } }]);
    assert_eq!(sent(&town, &key, &[], own).await.json()["responses"][0]["body"], "50");
}
