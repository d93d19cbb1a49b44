//! How answers go over the wire.

use std::io::Read as _;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::town::Town;

async fn ask(town: &Town, path: &str, coding: &str) -> (http::HeaderMap, Vec<u8>) {
    let mut request =
        Request::builder().uri(format!("/services/partner/{path}")).header("accept-encoding", coding);
    for (name, value) in town.signed("KW") {
        request = request.header(name, value);
    }
    let response = town.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    (head.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

/// PAR-212: who can read gzip is sent it, and it says the same; what was kept before and what is made anew.
#[tokio::test]
async fn par_212_answers_are_compressed_for_who_asks() {
    let town = Town::build().await;
    town.remove("GAMLS:G3").await;
    for path in [
        "SyncListings",
        "SyncListings?PageSize=2&Page=2",
        "SyncListings?FeedIdList=XMLS",
        "GetListingDetail?FeedId=GAMLS&ListingId=G1",
        "GetAgents?FeedId=GAMLS",
        "GetListingsOpenHouse?FeedIdList=GAMLS",
    ] {
        for _ in 0..2 {
            let (plain_headers, plain) = ask(&town, path, "identity").await;
            assert!(plain_headers.get("content-encoding").is_none());
            let (headers, packed) = ask(&town, path, "br, gzip;q=0.9").await;
            assert!(headers["vary"].to_str().unwrap().contains("accept-encoding"));
            assert_eq!(headers.get("etag"), plain_headers.get("etag"), "a tag is of what is said");
            let mut unpacked = Vec::new();
            if headers.get("content-encoding").is_some_and(|coding| coding == "gzip") {
                flate2::bufread::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
            } else {
                unpacked = packed;
            }
            assert_eq!(unpacked, plain, "{path}");
        }
    }
    let (headers, packed) = ask(&town, "SyncListings", "gzip").await;
    assert_eq!(headers["content-encoding"], "gzip");
    let (_, plain) = ask(&town, "SyncListings", "identity").await;
    assert!(packed.len() * 2 < plain.len(), "{} of {}", packed.len(), plain.len());
}
