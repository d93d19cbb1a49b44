//! `$apply` beyond one grouping: sequences one after the other, the first by rank, levels rolled up, something done
//! with each group (RESO-027). The examples are those of Data Aggregation 4.0 (3.2.2, 3.2.3, 3.3.1, 6.2), asked of
//! listings.

use serde_json::Value as Json;

use crate::town::{LISTINGS, Town};

async fn rows(town: &Town, apply: &str) -> Vec<Json> {
    let url = format!("/odata/Property?$apply={apply}");
    let prefer = [("accept", "application/json;odata.metadata=none"), ("prefer", "odata.maxpagesize=100")];
    let key = format!("Bearer {}", town.key);
    let headers: Vec<_> = prefer.into_iter().chain([("authorization", key.as_str())]).collect();
    let answer = town.ask("GET", &url, &headers).await;
    assert_eq!(answer.status, 200, "{apply}: {}", answer.body);
    answer.json()["value"].as_array().unwrap().clone()
}

/// RESO-027: each line an example and its answer. What is not grouped by is not there; null is a value.
#[tokio::test]
async fn reso_027_examples_of_the_standard_are_answered() {
    let town = Town::build().await;
    let check = async |apply: &str, expect: &str| {
        let few = format!("filter(ListPrice le 140000)/{apply}");
        let found = Json::Array(rows(&town, &few).await).to_string();
        let expect: Json = serde_json::from_str(expect).unwrap();
        assert_eq!(found, expect.to_string(), "{apply}");
    };
    check(
        "concat(topcount(2,ListPrice),aggregate(ListPrice with sum as Total))&$select=ListingKey,Total",
        r#"[{"ListingKey":"K004"},{"ListingKey":"K003"},{"Total":600000}]"#,
    )
    .await;
    check(
        "concat(groupby((City),aggregate($count as N)),aggregate($count as N,ListPrice with max as Most))",
        r#"[{"City":"Kent","N":2},{"City":"O'Brien","N":1},{"City":"Seattle","N":2},{"N":5,"Most":140000}]"#,
    )
    .await;
    check(
        "groupby((rollup($all,City,BedroomsTotal)),aggregate(ListPrice with sum as Total))",
        r#"[{"City":"Kent","BedroomsTotal":null,"Total":140000},{"City":"Kent","BedroomsTotal":1,"Total":110000},
            {"City":"O'Brien","BedroomsTotal":2,"Total":120000},{"City":"Seattle","BedroomsTotal":null,"Total":100000},
            {"City":"Seattle","BedroomsTotal":3,"Total":130000},{"City":"Kent","Total":250000},
            {"City":"O'Brien","Total":120000},{"City":"Seattle","Total":230000},{"Total":600000}]"#,
    )
    .await;
    check(
        "groupby((rollup(City,BedroomsTotal)),aggregate(ListPrice with sum as Total))/filter(BedroomsTotal eq null)/topcount(2,Total)",
        r#"[{"City":"Kent","Total":250000},{"City":"Seattle","Total":230000}]"#,
    )
    .await;
    check(
        "groupby((rollup(ListAgent/MemberFirstName,City)),aggregate($count as N))/filter(N gt 1)",
        r#"[{"ListAgent":{"MemberFirstName":"Ada"},"N":2}]"#,
    )
    .await;
    check(
        "groupby((City),topcount(1,ListPrice))&$select=ListingKey",
        r#"[{"ListingKey":"K004"},{"ListingKey":"K002"},{"ListingKey":"K003"}]"#,
    )
    .await;
    check(
        "groupby((City,BedroomsTotal),aggregate(ListPrice with sum as Total))/groupby((City),bottomcount(1,Total))",
        r#"[{"City":"Kent","BedroomsTotal":1,"Total":110000},{"City":"O'Brien","BedroomsTotal":2,"Total":120000},
            {"City":"Seattle","BedroomsTotal":null,"Total":100000}]"#,
    )
    .await;
    check(
        "groupby((City),filter(ListPrice gt 105000)/aggregate(ListPrice with min as Least,$count as N))",
        r#"[{"City":"Kent","Least":110000,"N":2},{"City":"O'Brien","Least":120000,"N":1},
            {"City":"Seattle","Least":130000,"N":1}]"#,
    )
    .await;
    // 140,000 and 130,000 come to 270,000; 250,000 takes both.
    check("topsum(250000,ListPrice)&$select=ListingKey", r#"[{"ListingKey":"K004"},{"ListingKey":"K003"}]"#)
        .await;
    check("bottomsum(100000,ListPrice)&$select=ListingKey", r#"[{"ListingKey":"K000"}]"#).await;
    check("toppercent(45,ListPrice)&$select=ListingKey", r#"[{"ListingKey":"K004"},{"ListingKey":"K003"}]"#)
        .await;
    check("bottompercent(16,ListPrice)&$select=ListingKey", r#"[{"ListingKey":"K000"}]"#).await;
    check("orderby(ListPrice desc)/skip(1)/top(1)/aggregate(ListPrice with sum as T)", r#"[{"T":130000}]"#)
        .await;
    check(
        "aggregate(ListPrice with sum from City with average as Mean,$count from City with max as Most)",
        r#"[{"Mean":200000,"Most":2}]"#,
    )
    .await;
    check(
        "compute(ListPrice div 2 as Half)/topcount(1,Half)&$select=ListingKey,Half",
        r#"[{"Half":70000,"ListingKey":"K004"}]"#,
    )
    .await;
    check(
        "topcount(3,ListPrice)&$filter=City eq 'Kent'&$orderby=ListPrice&$select=ListingKey",
        r#"[{"ListingKey":"K004"}]"#,
    )
    .await;
    check(
        "topcount(1,ListPrice)&$select=ListingKey&$expand=ListAgent($select=MemberFirstName)",
        r#"[{"ListingKey":"K004","ListAgent":{"MemberFirstName":"Ada"}}]"#,
    )
    .await;
}

/// RESO-027: a rollup is its groupings one after the other, `concat` is its sequences, and `from` is two groupings.
#[tokio::test]
async fn reso_027_rollups_and_sequences_are_what_they_stand_for() {
    let town = Town::build().await;
    let same = async |apply: &str, parts: &[&str]| {
        let mut expect = Vec::new();
        for part in parts {
            expect.extend(rows(&town, part).await);
        }
        assert!(!expect.is_empty());
        assert_eq!(rows(&town, apply).await, expect, "{apply}");
    };
    let of = "aggregate(ListPrice with average as Mean,$count as N)";
    for (a, b) in
        [("City", "BedroomsTotal"), ("ListAgentKey", "City"), ("ListAgent/MemberFirstName", "OnMarketDate")]
    {
        let (fine, coarse) = (format!("groupby(({a},{b}),{of})"), format!("groupby(({a}),{of})"));
        same(&format!("groupby((rollup({a},{b})),{of})"), &[&fine, &coarse]).await;
        same(&format!("groupby((rollup($all,{a},{b})),{of})"), &[&fine, &coarse, of]).await;
        same(&format!("concat({fine},{coarse}/top(2),{of})"), &[&fine, &format!("{coarse}/top(2)"), of])
            .await;
        same(&format!("concat(topcount(3,ListPrice),{fine})"), &["topcount(3,ListPrice)", &fine]).await;
        same(
            &format!("groupby(({a}),aggregate(ListPrice with sum from {b} with max as M))"),
            &[&format!("groupby(({a},{b}),aggregate(ListPrice with sum as S))/groupby(({a}),aggregate(S with max as M))")],
        )
        .await;
    }
    for n in [1, 7, LISTINGS, 1_000] {
        let ranked = rows(&town, &format!("topcount({n},BedroomsTotal)")).await;
        let page = town
            .get_with(
                &format!("/odata/Property?$orderby=BedroomsTotal desc&$top={n}"),
                ("prefer", "odata.maxpagesize=100"),
            )
            .await;
        let keys: Vec<&str> = ranked.iter().map(|record| record["ListingKey"].as_str().unwrap()).collect();
        assert_eq!(keys, page.keys(), "{n}");
    }
}

/// RESO-027: records side by side with those that they link to (Data Aggregation 4.0, 3.4). K000 to K009 have three
/// pictures each, of order 0 to 2.
#[tokio::test]
async fn reso_027_joins_bring_linked_records_together() {
    let town = Town::build().await;
    let check = async |apply: &str, expect: &str| {
        let found = Json::Array(rows(&town, apply).await).to_string();
        let expect: Json = serde_json::from_str(expect).unwrap();
        assert_eq!(found, expect.to_string(), "{apply}");
    };
    check(
        "join(Media as M)/groupby((City),aggregate($count as N,M/Order with sum as S))",
        r#"[{"City":"Kent","N":9,"S":9},{"City":"O'Brien","N":9,"S":9},{"City":"Seattle","N":12,"S":12}]"#,
    )
    .await;
    check(
        "filter(ListPrice lt 120000)/join(Media as M,filter(Order gt 0))/groupby((M/Order,ListingKey))",
        r#"[{"M":{"Order":1},"ListingKey":"K000"},{"M":{"Order":1},"ListingKey":"K001"},
            {"M":{"Order":2},"ListingKey":"K000"},{"M":{"Order":2},"ListingKey":"K001"}]"#,
    )
    .await;
    check(
        "filter(ListPrice ge 180000 and ListPrice lt 210000)/outerjoin(Media as M,topcount(1,Order))/groupby((ListingKey),aggregate(M/Order with max as Last,$count as N))",
        r#"[{"ListingKey":"K008","Last":2,"N":1},{"ListingKey":"K009","Last":2,"N":1},{"ListingKey":"K010","Last":null,"N":1}]"#,
    )
    .await;
    check("join(Media as M)/filter(M/Order eq 2)/aggregate($count as N)", r#"[{"N":10}]"#).await;
    check("join(Media as M)/aggregate($count as N)", r#"[{"N":30}]"#).await;
    check("outerjoin(Media as M)/aggregate($count as N)", r#"[{"N":80}]"#).await;
    // What may not be seen is joined with nothing.
    let count = "/odata/Property?$apply=join(Media as M)/aggregate($count as N)";
    town.limit("idx", "Media:ResourceRecordKey=K001").await;
    assert_eq!(town.get_as(&town.idx, count).await.json()["value"][0]["N"], 3);
    let hidden = "/odata/Property?$apply=join(Media as M)/groupby((PrivateRemarks))";
    assert_eq!(town.get_as(&town.idx, hidden).await.status, 400);
}

/// RESO-027: `$apply` of the records that one links to.
#[tokio::test]
async fn reso_027_linked_records_are_aggregated() {
    let town = Town::build().await;
    let check = async |url: &str, expect: &str| {
        let answer =
            town.get_with(&format!("/odata/{url}"), ("accept", "application/json;odata.metadata=none")).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (200, expect), "{url}");
    };
    check(
        "Property('K003')/Media?$apply=aggregate(Order with sum as S,$count as N)",
        r#"{"value":[{"S":3,"N":3}]}"#,
    )
    .await;
    check(
        "Property('K003')/Media?$apply=filter(Order gt 0)/aggregate($count as N)",
        r#"{"value":[{"N":2}]}"#,
    )
    .await;
    check(
        "Property('K003')/Media?$apply=topcount(1,Order)&$select=MediaKey",
        r#"{"value":[{"MediaKey":"K003-2"}]}"#,
    )
    .await;
    check("Property('K030')/Media?$apply=aggregate($count as N)", r#"{"value":[{"N":0}]}"#).await;
    let gone = town.get("/odata/Property('K999')/Media?$apply=aggregate($count as N)").await;
    assert_eq!(gone.status, 404, "{}", gone.body);
    // Of feed B IDX sees nothing.
    let unseen = "/odata/Property('K055')/Media?$apply=aggregate($count as N)";
    assert_eq!(town.get_as(&town.idx, unseen).await.status, 404);
}

/// RESO-041: a walk over records and rows together tells each once, in both forms of a body.
#[tokio::test]
async fn reso_027_records_and_rows_come_in_pages() {
    let town = Town::build().await;
    let apply = "concat(topcount(10,ListPrice),groupby((City),aggregate($count as N)),identity/bottomcount(4,ListPrice))";
    let whole = rows(&town, &format!("{apply}&$select=ListingKey,City,N&$skip=1&$top=15")).await;
    assert_eq!(whole.len(), 15);
    let mut url =
        format!("/odata/Property?$apply={apply}&$select=ListingKey,City,N&$skip=1&$top=15&$count=true");
    let mut told = Vec::new();
    loop {
        let page = town.get_with(&url, ("prefer", "odata.maxpagesize=4")).await.json();
        assert_eq!(page["@odata.count"], 17);
        let context = "http://127.0.0.1:8700/odata/$metadata#Property(City,ListingKey)";
        assert_eq!(page["@odata.context"], context);
        let some = page["value"].as_array().unwrap();
        assert!(some.len() <= 4 && !some.is_empty());
        let bare = |row: &Json| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().retain(|name, _| !name.contains('@'));
            row
        };
        told.extend(some.iter().map(bare));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        url = next.strip_prefix("http://127.0.0.1:8700").unwrap().to_owned();
    }
    assert_eq!(told, whole);
}

/// RESO-008: ranks, groups and levels look at nothing that the caller may not see.
#[tokio::test]
async fn reso_027_ranks_and_levels_keep_to_the_scope() {
    let town = Town::build().await;
    let of_a =
        town.get_as(&town.idx, "/odata/Property?$apply=topcount(1,ListPrice)&$select=ListingKey").await;
    let all = town.get("/odata/Property?$apply=topcount(1,ListPrice)&$select=ListingKey").await;
    assert_eq!((of_a.keys(), all.keys()), (vec!["K049".to_owned()], vec!["K059".to_owned()]));
    for hidden in [
        "topcount(1,PrivateRemarks)",
        "concat(identity,groupby((PrivateRemarks)))",
        "groupby((rollup(City,PrivateRemarks)))",
        "aggregate($count from PrivateRemarks with max as N)",
        "groupby((City),filter(PrivateRemarks eq 'x'))",
    ] {
        let url = format!("/odata/Property?$apply={hidden}");
        assert_eq!(town.get(&url).await.status, 200, "{hidden}");
        let answer = town.get_as(&town.idx, &url).await;
        assert_eq!(answer.status, 400, "{hidden}");
        assert_eq!(answer.json()["error"]["code"], "unknown_field", "{hidden}");
    }
    let shown = town.get_as(&town.idx, "/odata/Property?$apply=topcount(1,ListPrice)").await.json();
    assert!(shown["value"][0].get("PrivateRemarks").is_none(), "{shown}");
}
