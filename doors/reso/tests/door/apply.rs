//! What records come to, what is computed of them, and words in their text (RESO-027).

use crate::town::{LISTINGS, OF_A, Town};

/// RESO-027: groups, what they come to, and the form of the answer (Data Aggregation 4.0, 3.2).
#[tokio::test]
async fn reso_027_groups_are_told_with_their_types() {
    let town = Town::build().await;
    let url = "/odata/Property?$apply=groupby((City),aggregate($count as Listings,ListPrice with sum as Total,ListPrice with average as Mean,ListPrice with max as Most,ListAgentKey with countdistinct as Agents))";
    let page = town.get(url).await.json();
    assert_eq!(
        page["@odata.context"],
        "http://127.0.0.1:8700/odata/$metadata#Property(City,Listings,Total,Mean,Most,Agents)"
    );
    let rows = page["value"].as_array().unwrap();
    let cities: Vec<&str> = rows.iter().filter_map(|row| row["City"].as_str()).collect();
    assert_eq!(cities, ["Kent", "O'Brien", "Seattle"]);
    for (at, row) in rows.iter().enumerate() {
        let of: Vec<i64> = (0..LISTINGS)
            .filter(|n| n % 3 == [1, 2, 0][at])
            .map(|n| 100_000 + 10_000 * i64::try_from(n).unwrap())
            .collect();
        let total: i64 = of.iter().sum();
        assert_eq!(row["Listings"], of.len());
        assert_eq!(row["Total"].as_f64(), Some(total as f64), "{row}");
        assert_eq!(row["Mean"].as_f64(), Some(total as f64 / of.len() as f64), "{row}");
        assert_eq!(row["Most"].as_f64(), Some(*of.last().unwrap() as f64), "{row}");
        assert_eq!(row["Agents"], 4);
        assert_eq!(row["Listings@odata.type"], "#Decimal");
        assert_eq!(row["Total@odata.type"], "#Decimal");
        assert!(row.get("City@odata.type").is_none(), "what the metadata declares needs no type");
    }
    let bare = town.get_with(url, ("accept", "application/json;odata.metadata=none")).await.json();
    assert!(bare.get("@odata.context").is_none() && bare["value"][0].get("Total@odata.type").is_none());
    let old = town.get_with(url, ("odata-maxversion", "4.0")).await.json();
    assert!(old["value"][0]["@odata.id"].is_null() && old["value"][0].get("@odata.id").is_some());
}

/// RESO-027: transformations in turn, linked fields, and the options after them.
#[tokio::test]
async fn reso_027_transformations_follow_each_other() {
    let town = Town::build().await;
    let check = async |query: &str, expect: &str| {
        let answer = town
            .get_with(&format!("/odata/Property?{query}"), ("accept", "application/json;odata.metadata=none"))
            .await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!(answer.body, expect, "{query}");
    };
    check(
        "$apply=groupby((StandardStatus,City),aggregate($count as N))/groupby((City),aggregate(N with max as Most))&$top=1",
        r#"{"value":[{"City":"Kent","Most":20}]}"#,
    )
    .await;
    check(
        "$apply=filter(ListPrice le 120000)/aggregate(ListPrice with sum as Total)",
        r#"{"value":[{"Total":330000}]}"#,
    )
    .await;
    check(
        "$apply=filter(ListPrice lt 0)/aggregate(ListPrice with sum as Total,$count as N)",
        r#"{"value":[{"Total":null,"N":0}]}"#,
    )
    .await;
    check("$apply=filter(ListPrice lt 0)/groupby((City))", r#"{"value":[]}"#).await;
    check(
        "$apply=groupby((ListAgent/MemberFirstName),aggregate($count as N))/filter(ListAgent/MemberFirstName eq 'Ada')",
        r#"{"value":[{"ListAgent":{"MemberFirstName":"Ada"},"N":15}]}"#,
    )
    .await;
    check(
        "$apply=groupby((City),aggregate(ListPrice with min as Least))&$orderby=Least desc&$skip=1&$top=1&$count=true&$select=Least",
        r#"{"@odata.count":3,"value":[{"Least":110000}]}"#,
    )
    .await;
    check(
        "$apply=compute(ListPrice div 2 as Half)/filter(Half le 60000)/aggregate(Half with sum as Halves)",
        r#"{"value":[{"Halves":165000}]}"#,
    )
    .await;
    check("$apply=filter(ListPrice eq 100000)&$select=ListingKey", r#"{"value":[{"ListingKey":"K000"}]}"#)
        .await;
}

/// RESO-027, RESO-041: a walk over rows tells each once.
#[tokio::test]
async fn reso_027_rows_come_in_pages() {
    let town = Town::build().await;
    let mut url = "/odata/Property?$apply=groupby((ListPrice))&$orderby=ListPrice desc&$skip=5".to_owned();
    let mut told = Vec::new();
    loop {
        let page = town.get_with(&url, ("prefer", "odata.maxpagesize=7")).await.json();
        let rows = page["value"].as_array().unwrap();
        assert!(rows.len() <= 7 && !rows.is_empty());
        told.extend(rows.iter().map(|row| row["ListPrice"].as_f64().unwrap()));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        url = next.strip_prefix("http://127.0.0.1:8700").unwrap().to_owned();
    }
    let all: Vec<f64> = (0..LISTINGS - 5).rev().map(|n| 100_000.0 + 10_000.0 * n as f64).collect();
    assert_eq!(told, all);
}

/// RESO-027, RESO-008: what may not be seen counts nowhere, and what is not granted has no name.
#[tokio::test]
async fn reso_027_the_scope_goes_before_the_groups() {
    let town = Town::build().await;
    let count = "/odata/Property?$apply=aggregate($count as N)";
    assert_eq!(town.get(count).await.json()["value"][0]["N"], LISTINGS);
    let of_a = town.get_as(&town.idx, count).await.json()["value"][0]["N"].as_u64().unwrap();
    assert!(of_a <= OF_A as u64 && of_a > 0, "{of_a}");
    let hidden = "/odata/Property?$apply=groupby((PrivateRemarks))";
    assert_eq!(town.get(hidden).await.status, 200);
    let answer = town.get_as(&town.idx, hidden).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["error"]["code"].as_str()),
        (400, Some("unknown_field"))
    );
    assert_eq!(town.get_as(&town.nobody, count).await.status, 404);
    let told = town.get("/odata/EntityEvent?$apply=aggregate($count as N)").await;
    assert_eq!(told.status, 501, "{}", told.body);
}

/// RESO-027: `$compute`, in what is shown, filtered and ordered by.
#[tokio::test]
async fn reso_027_computed_values_are_shown() {
    let town = Town::build().await;
    let url = "/odata/Property?$compute=ListPrice div 2 as Half,year(OnMarketDate) as Year&$filter=Half lt 60000&$orderby=Half desc&$select=ListingKey,Half,Year";
    let page = town.get(url).await.json();
    let first = &page["value"][0];
    assert_eq!(first["ListingKey"], "K001");
    assert_eq!(first["Half"].as_f64(), Some(55_000.0));
    assert_eq!((&first["Half@odata.type"], &first["Year"]), (&"#Decimal".into(), &2026.into()));
    assert_eq!(page["value"].as_array().unwrap().len(), 2);
    let only = town.get("/odata/Property?$compute=ListPrice div 2 as Half&$select=City&$top=1").await.json();
    assert!(only["value"][0].get("Half").is_none(), "{only}");
    let all = town.get("/odata/Property?$compute=ListPrice div 2 as Half&$top=1").await.json();
    assert!(all["value"][0].get("Half").is_some());
}

/// RESO-027: `$compute` of one record, of linked records, and at each level of `$expand`.
#[tokio::test]
async fn reso_027_computed_values_are_shown_at_each_level() {
    let town = Town::build().await;
    let check = async |url: &str, expect: &str| {
        let answer =
            town.get_with(&format!("/odata/{url}"), ("accept", "application/json;odata.metadata=none")).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (200, expect), "{url}");
    };
    check(
        "Property('K003')?$compute=ListPrice div 2 as Half,concat(City,'!') as Loud&$select=ListingKey,Half",
        r#"{"Half":65000,"ListingKey":"K003"}"#,
    )
    .await;
    check(
        "Property('K003')/ListAgent?$compute=length(MemberFirstName) as Letters&$select=Letters",
        r#"{"Letters":3}"#,
    )
    .await;
    check(
        "Property('K003')/Media?$compute=Order mul 10 as Ten&$filter=Ten gt 0&$orderby=Ten desc&$select=Ten",
        r#"{"value":[{"Ten":20},{"Ten":10}]}"#,
    )
    .await;
    check(
        "Property('K003')?$select=ListingKey&$expand=Media($select=Ten;$filter=Ten ge 10;$compute=Order mul 10 as Ten),ListAgent($compute=MemberFirstName as Name;$select=Name)",
        r#"{"ListingKey":"K003","Media":[{"Ten":10},{"Ten":20}],"ListAgent":{"Name":"Dan"}}"#,
    )
    .await;
    check(
        "Property?$filter=ListingKey le 'K001'&$orderby=ListingKey&$select=One&$compute=1 as One&$expand=ListAgent($compute=2 as Two;$select=Two)",
        r#"{"value":[{"One":1,"ListAgent":{"Two":2}},{"One":1,"ListAgent":{"Two":2}}]}"#,
    )
    .await;
    let typed =
        town.get("/odata/Property('K003')?$compute=ListPrice div 2 as Half&$select=Half").await.json();
    assert_eq!(typed["Half@odata.type"], "#Decimal", "{typed}");
    let hidden = "/odata/Property('K003')?$compute=PrivateRemarks as Words";
    assert_eq!(town.get(hidden).await.json()["Words"], "the key is under the mat");
    let answer = town.get_as(&town.idx, hidden).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["error"]["code"]), (400, &"unknown_field".into()));
    let told = town.get("/odata/Lookup('x')?$compute=LookupName as Name").await;
    assert_eq!(told.status, 501, "{}", told.body);
}

/// RESO-027: `$search`.
#[tokio::test]
async fn reso_027_search_looks_in_the_text_of_a_record() {
    let town = Town::build().await;
    let count = async |search: &str| {
        let answer = town.get(&format!("/odata/Property/$count?$search={search}")).await;
        assert_eq!(answer.status, 200, "{search}: {}", answer.body);
        answer.body.parse::<usize>().unwrap()
    };
    assert_eq!(count("kent").await, LISTINGS / 3);
    assert_eq!(count("kent OR seattle").await, 2 * LISTINGS / 3);
    assert_eq!(count("kent seattle").await, 0);
    assert_eq!(count("NOT kent").await, 2 * LISTINGS / 3);
    assert_eq!(count("(kent OR seattle) NOT seattle").await, LISTINGS / 3);
    assert_eq!(count("nowhere").await, 0);
}
