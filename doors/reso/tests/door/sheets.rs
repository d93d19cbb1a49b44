//! What spreadsheets ask: the requests that Excel and Power BI send for a table, step by step (RESO-006, RESO-020,
//! RESO-027).

use crate::town::{LISTINGS, Town};

/// What both send with every request.
const ASKS: [(&str, &str); 3] = [
    (
        "accept",
        "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7",
    ),
    ("odata-maxversion", "4.0"),
    ("maxdataserviceversion", "3.0"),
];

/// RESO-006, RESO-020, RESO-027
#[tokio::test]
async fn reso_020_and_027_what_spreadsheets_ask_is_answered() {
    let town = Town::build().await;
    let ask = async |path: &str| {
        let bearer = format!("Bearer {}", town.key);
        let headers: Vec<(&str, &str)> =
            ASKS.into_iter().chain([("authorization", bearer.as_str())]).collect();
        let answer = town.ask("GET", path, &headers).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.header("odata-version"), "4.0", "{path}");
        answer
    };
    // The address that a person pastes, and what is there.
    let service = ask("/odata").await.json();
    assert!(service["value"].as_array().unwrap().iter().any(|set| set["url"] == "Property"), "{service}");
    assert!(ask("/odata/$metadata").await.body.contains("<EntityType Name=\"Property\""));
    // A preview, the count of the table, and all of it page by page.
    assert_eq!(ask("/odata/Property?$top=20").await.keys().len(), 20);
    assert_eq!(ask("/odata/Property/$count").await.body, LISTINGS.to_string());
    let (mut path, mut rows) = ("/odata/Property".to_owned(), 0);
    loop {
        let page = ask(&path).await.json();
        rows += page["value"].as_array().unwrap().len();
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix("http://127.0.0.1:8700").unwrap().to_owned();
    }
    assert_eq!(rows, LISTINGS);
    // Steps in the editor, folded into the request.
    let folded = ask("/odata/Property?$filter=City eq 'Kent' and ListPrice ge 300000 and ListPrice lt 500000&$orderby=ListPrice desc&$select=ListingKey,City,ListPrice&$top=1000").await;
    assert_eq!(folded.keys(), ["K037", "K034", "K031", "K028", "K025", "K022"]);
    assert_eq!(
        ask("/odata/Property?$filter=contains(tolower(City),'ken')&$top=4096").await.keys().len(),
        LISTINGS / 3
    );
    assert_eq!(ask("/odata/Property?$skip=58&$top=1000&$select=ListingKey").await.keys().len(), 2);
    let grouped = ask("/odata/Property?$apply=filter(StandardStatus ne null)/groupby((StandardStatus),aggregate(ListPrice with sum as SumOfListPrice,$count as Count))&$orderby=StandardStatus&$top=1001").await.json();
    assert_eq!(grouped["value"].as_array().unwrap().len(), 3);
    let distinct = ask("/odata/Property?$apply=groupby((City))&$top=1001").await.json();
    assert_eq!(distinct["value"].as_array().unwrap().len(), 3);
    let linked = ask("/odata/Property?$expand=ListAgent($select=MemberFirstName)&$select=ListingKey&$top=1")
        .await
        .json();
    assert!(linked["value"][0]["ListAgent"].is_object());
}
