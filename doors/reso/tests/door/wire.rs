//! How answers go over the wire: compressed on request, not at all where the client has them, and kept
//! between requests without anybody seeing what was written for another.

use std::io::Read;

use axum::body::Body;
use dictionary::Decimal;
use http::{HeaderMap, Request, StatusCode};

use crate::town::{Answer, Town};

async fn ask(
    town: &Town,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let path = path.replace(' ', "%20");
    let mut request = Request::builder().method(method).uri(&path);
    request = request.header("authorization", format!("Bearer {}", town.key));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    town.bytes(request.body(Body::empty()).unwrap()).await
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::bufread::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn every_answer_is_compressed_for_who_asks_and_says_the_same() {
    let town = Town::build().await;
    for path in [
        "/odata",
        "/odata/$metadata",
        "/odata/$metadata?$format=json",
        "/odata/Property",
        "/odata/Property?$top=0",
        "/odata/Property?$select=ListingKey,City&$orderby=City",
        "/odata/Property?$expand=Media,ListAgent($select=MemberFirstName)&$top=12",
        "/odata/Property('K001')?$expand=Media",
        "/odata/Property/$count",
        "/odata/Lookup",
        "/odata/EntityEvent",
        "/odata/Property?$filter=Nope eq 1",
    ] {
        let (status, plain_headers, plain) = ask(&town, "GET", path, &[]).await;
        assert!(plain_headers.get("content-encoding").is_none(), "{path}");
        // Twice: the second answer is made of what was kept of the first.
        for round in 0..2 {
            let (packed_status, headers, packed) =
                ask(&town, "GET", path, &[("accept-encoding", "deflate, gzip;q=0.8")]).await;
            assert_eq!(packed_status, status, "{path}");
            assert!(headers["vary"].to_str().unwrap().contains("accept-encoding"), "{path}");
            if headers.get("content-encoding").is_some_and(|coding| coding == "gzip") {
                assert_eq!(unpacked(&packed), String::from_utf8_lossy(&plain), "{path}, round {round}");
                assert!(packed.len() < plain.len() || plain.len() < 200, "{path}: {} bytes", packed.len());
            } else {
                assert!(plain.len() < 512 && packed == plain, "{path} is not compressed");
            }
            assert_eq!(headers.get("etag"), plain_headers.get("etag"), "{path}: a weak ETag is every form's");
        }
        let (_, headers, refused) =
            ask(&town, "GET", path, &[("accept-encoding", "gzip;q=0, *;q=0.5")]).await;
        assert!(headers.get("content-encoding").is_none(), "{path}");
        assert_eq!(refused, plain, "{path}");
    }
}

#[tokio::test]
async fn who_holds_a_version_already_is_sent_nothing() {
    let town = Town::build().await;
    for path in ["/odata/Property('K001')", "/odata/$metadata"] {
        let (_, headers, _) = ask(&town, "GET", path, &[]).await;
        let etag = headers["etag"].to_str().unwrap().to_owned();
        assert!(etag.starts_with("W/\""), "{path}");
        let strong = etag.trim_start_matches("W/").to_owned();
        let check = async |held: &str, status: u16| {
            for coding in ["identity", "gzip"] {
                let headers = [("if-none-match", held), ("accept-encoding", coding)];
                let (given, headers, found) = ask(&town, "GET", path, &headers).await;
                assert_eq!(given, status, "{path} with {held}");
                assert_eq!(headers["etag"], etag, "{path} with {held}");
                assert_eq!(found.is_empty(), status == 304, "{path} with {held}");
                assert_eq!(headers.contains_key("content-type"), status != 304, "{path} with {held}");
                assert!(headers["vary"].to_str().unwrap().contains("accept-encoding"), "{path}");
            }
        };
        check(&etag, 304).await;
        check(&strong, 304).await;
        check(&format!("\"other\", {etag}"), 304).await;
        check("*", 304).await;
        check("\"other\"", 200).await;
        let (status, headers, _) = ask(&town, "HEAD", path, &[]).await;
        assert_eq!((status.as_u16(), headers["etag"].to_str().unwrap()), (200, &*etag), "HEAD {path}");
    }
    // What changes is sent again.
    let (_, headers, _) = ask(&town, "GET", "/odata/Property('K001')", &[]).await;
    let etag = headers["etag"].to_str().unwrap();
    reprice(&town, 1, 7).await;
    let (status, _, body) = ask(&town, "GET", "/odata/Property('K001')", &[("if-none-match", etag)]).await;
    assert_eq!(status, 200);
    assert!(String::from_utf8_lossy(&body).contains("\"ListPrice\":7,"));
}

async fn reprice(town: &Town, n: usize, price: i64) {
    let mut listing = town.listing(n).remove(0);
    listing.set(town.dictionary.known("Property").find("ListPrice").unwrap(), Decimal::from(price));
    town.write("A", vec![listing]).await;
}

#[tokio::test]
async fn what_is_kept_is_of_this_version_this_caller_and_this_wish() {
    let town = Town::build().await;
    let path = "/odata/Property?$top=3&$orderby=ListingKey";
    let ask = async |key: &str, path: &str, more: &[(&str, &str)]| -> Answer {
        let bearer = format!("Bearer {key}");
        let headers: Vec<_> = more.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        town.ask("GET", path, &headers).await
    };
    let mut firsts = Vec::new();
    // Each of these is another writing of the same rows; asked in turn and again, each says what it said.
    for round in 0..2 {
        for (at, (key, path, headers)) in [
            (&town.key, path.to_owned(), vec![]),
            (&town.idx, path.to_owned(), vec![]),
            (&town.key, format!("{path}&$select=ListingKey,PrivateRemarks,BedroomsTotal"), vec![]),
            (&town.key, format!("{path}&$select=ListingKey,BedroomsTotal"), vec![]),
            (
                &town.key,
                format!("{path}&$select=ListingKey,BedroomsTotal"),
                vec![("prefer", "omit-values=nulls")],
            ),
            (&town.key, path.to_owned(), vec![("accept", "application/json;odata.metadata=none")]),
            (&town.key, path.to_owned(), vec![("accept", "application/json;odata.metadata=full")]),
            (&town.key, path.to_owned(), vec![("accept", "application/json;IEEE754Compatible=true")]),
        ]
        .into_iter()
        .enumerate()
        {
            let said = ask(key, &path, &headers).await.body;
            if round == 0 {
                assert!(!firsts.contains(&said), "{path} {headers:?} says what another one says");
                firsts.push(said);
            } else {
                assert_eq!(said, firsts[at], "{path} {headers:?}");
            }
        }
    }
    assert!(firsts[0].contains("under the mat") && firsts[2].contains("under the mat"));
    assert!(!firsts[1].contains("under the mat"), "IDX is told what was written for a participant");
    reprice(&town, 1, 4_711).await;
    let after = ask(&town.key, path, &[]).await.body;
    assert!(after.contains("\"ListPrice\":4711,") && !firsts[0].contains("4711"));
}
