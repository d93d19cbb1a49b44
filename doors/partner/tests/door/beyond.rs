//! What the API's document does not have: sums, maps, suggestions and keys.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::town::{Answer, Town};

/// The listings that a search finds, as their objects.
async fn found(town: &Town, body: &Json) -> Vec<Json> {
    town.search("GetListings", body.clone()).await.json().as_array().unwrap().clone()
}

fn counted<'a>(all: impl Iterator<Item = &'a Json>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    all.filter(|value| !value.is_null() && *value != "").for_each(|value| {
        *counts.entry(value.to_string()).or_default() += 1;
    });
    counts
}

fn told(answer: &Answer, facet: &str) -> BTreeMap<String, u64> {
    let json = answer.json();
    let values = json[facet]["Values"].as_array().unwrap_or_else(|| panic!("{facet}: {}", answer.body));
    values.iter().map(|one| (one["Value"].to_string(), one["Count"].as_u64().unwrap())).collect()
}

/// SRCH-001: facets are what counting the listings of the same search gives.
#[tokio::test]
async fn srch_001_facets_are_what_counting_gives() {
    let town = Town::build().await;
    town.change("G1", &[("PropertyType", "Residential"), ("PropertySubType", "Condominium")]).await;
    town.change("G2", &[("PropertyType", "Residential"), ("PropertySubType", "Single Family Residence")])
        .await;
    town.change("G5", &[("PropertyType", "Land")]).await;
    for body in [
        json!({}),
        json!({ "StatusList": ["Active", "Sold"] }),
        json!({ "Beds": 3 }),
        json!({ "FeedIdList": ["NWMLS", "XMLS"] }),
    ] {
        let answer = town.search("GetListingFacets", body.clone()).await;
        let all = found(&town, &body).await;
        for (facet, member) in [("City", "City"), ("Zip", "Zip"), ("Beds", "Beds")] {
            assert_eq!(
                told(&answer, facet),
                counted(all.iter().map(|one| &one[member])),
                "{facet} of {body}"
            );
        }
        assert_eq!(answer.json()["Total"], all.len());
        let prices: Vec<i64> = all.iter().filter_map(|one| one["Price"].as_i64()).collect();
        let upper = |edge: i64| {
            prices.iter().filter(|price| **price >= edge && **price < edge + 100_000).count() as u64
        };
        let bands = told(&answer, "Price");
        for edge in [300_000_i64, 400_000] {
            assert_eq!(bands[&format!("{edge}.0")], upper(edge), "{edge} of {body}: {}", answer.body);
        }
        assert_eq!(bands.values().sum::<u64>(), prices.len() as u64, "each price is in one band");
        for (facet, list) in [("PropertyType", "PropertyTypeList"), ("Status", "StatusList")] {
            for (word, count) in told(&answer, facet) {
                let mut narrowed = body.clone();
                narrowed[list] = json!([serde_json::from_str::<String>(&word).unwrap()]);
                assert_eq!(found(&town, &narrowed).await.len() as u64, count, "{facet} {word} of {body}");
            }
        }
        assert_eq!(told(&answer, "PropertyType").is_empty(), body["FeedIdList"] == json!(["NWMLS", "XMLS"]));
    }
    let answer = town
        .search("GetListingFacets", json!({ "StatusList": ["Active", "Pending", "Contingent", "Sold"] }))
        .await;
    let expect = [("\"Active\"", 5), ("\"Contingent\"", 1), ("\"Pending\"", 1), ("\"Sold\"", 2)];
    assert_eq!(told(&answer, "Status"), expect.map(|(word, count)| (word.to_owned(), count)).into());
    assert!(
        town.search("GetListingFacets", json!({ "PriceBands": ["x"] }))
            .await
            .errors()
            .contains_key("PriceBands")
    );
    let nothing = town.search_as("nobody", "GetListingFacets", json!({})).await;
    assert_eq!((nothing.status.as_u16(), &nothing.json()["Total"]), (200, &json!(0)));
    for facet in ["City", "Zip", "Beds", "Price", "PropertyType", "Status"] {
        assert_eq!(told(&nothing, facet), BTreeMap::new(), "{facet}");
    }
}

/// SRCH-002: clusters add up to the listings in the box, and each one's box holds its centre.
#[tokio::test]
async fn srch_002_clusters_add_up() {
    let town = Town::build().await;
    town.change("N2", &[("InternetAddressDisplayYN", "false")]).await;
    let mut all = found(&town, &json!({})).await;
    all.retain(|listing| listing["ListingId"] != "N2");
    assert_eq!(all.len(), 6);
    for precision in [0, 5, 10, 16] {
        let body = json!({ "West": -123, "South": 47, "East": -122, "North": 48, "Precision": precision });
        let clusters = town.search("GetListingClusters", body).await.json();
        let clusters = clusters.as_array().unwrap();
        let sum: u64 = clusters.iter().map(|one| one["Count"].as_u64().unwrap()).sum();
        assert_eq!(sum, 6, "N2 is shown on no map: {clusters:?}");
        for one in clusters {
            let number = |name: &str| one[name].as_f64().unwrap();
            let inside = number("West") <= number("Longitude") && number("Longitude") <= number("East");
            assert!(
                inside && number("South") <= number("Latitude") && number("Latitude") <= number("North"),
                "{one}"
            );
            let members = all.iter().filter(|listing| {
                let at = |name: &str| listing[name].as_f64().unwrap();
                (number("West")..=number("East")).contains(&at("Longitude"))
                    && (number("South")..=number("North")).contains(&at("Latitude"))
            });
            assert_eq!(
                members.count() as u64,
                one["Count"].as_u64().unwrap(),
                "its box holds its members: {one}"
            );
        }
        assert!(precision < 16 || clusters.len() == 6, "in small squares each stands alone: {clusters:?}");
    }
    let wrong =
        town.search("GetListingClusters", json!({ "West": -200, "South": 48, "East": 0, "North": 47 })).await;
    assert_eq!(wrong.errors().keys().map(String::as_str).collect::<Vec<_>>(), ["South", "West"]);
}

/// SRCH-003: figures are those of the listings themselves.
#[tokio::test]
async fn srch_003_statistics_are_those_of_the_listings() {
    let town = Town::build().await;
    let groups = town.search("GetListingStatistics", json!({})).await.json();
    assert_eq!(groups[0]["Count"], 7);
    let price = &groups[0]["Price"];
    assert_eq!(
        (&price["Count"], &price["Min"], &price["Max"]),
        (&json!(6), &json!(350_000.0), &json!(750_000.0))
    );
    assert_eq!(price["Median"], 525_000.0);
    assert_eq!((&price["Sum"], &price["Average"]), (&json!(3_200_000.0), &json!(3_200_000.0 / 6.0)));
    assert_eq!(groups[0]["PricePerSqft"]["Max"], 500.0, "750,000 for 1,500 square feet");
    assert_eq!(groups[0]["DaysOnMarket"], json!({ "Count": 0 }));
    town.change("G1", &[("DaysOnMarket", "10")]).await;
    town.change("N1", &[("DaysOnMarket", "13")]).await;
    let days = town.search("GetListingStatistics", json!({})).await.json()[0]["DaysOnMarket"].clone();
    assert_eq!(
        days,
        json!({ "Count": 2, "Sum": 23.0, "Average": 11.5, "Median": 11.5, "Min": 10.0, "Max": 13.0 })
    );
    town.change("G5", &[("CloseDate", "2026-08-23"), ("ClosePrice", "440000")]).await;
    town.change("N3", &[("CloseDate", "2026-09-01"), ("ClosePrice", "380000")]).await;
    let sold =
        town.search("GetListingStatistics", json!({ "StatusList": ["Sold"], "ByMonth": true })).await.json();
    assert_eq!((&sold[0]["Month"], &sold[0]["SaleToListRatio"]["Average"]), (&json!("2026-08"), &json!(1.1)));
    assert_eq!((&sold[1]["Month"], &sold[1]["Absorption"]), (&json!("2026-09"), &json!(7.0)));
}

/// SRCH-004: what is typed begins a word of a city, a ZIP code, an id or an address that is shown.
#[tokio::test]
async fn srch_004_what_is_typed_is_completed() {
    let town = Town::build().await;
    town.change("G1", &[("UnparsedAddress", "12 Seaview Road")]).await;
    town.change("G2", &[("UnparsedAddress", "9 Seaside Lane"), ("InternetAddressDisplayYN", "false")]).await;
    let suggested = async |client: &str, text: &str| {
        let answer = town.get_as(client, &format!("GetSuggestions?Text={text}")).await;
        let of = |one: &Json| format!("{} {}", one["Type"].as_str().unwrap(), one["Value"].as_str().unwrap());
        answer.json().as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(suggested("KW", "se").await, ["City Seattle", "Address 12 Seaview Road"]);
    assert_eq!(suggested("KW", "9840").await, ["Zip 98402"]);
    for (id, changes) in [
        (
            "G3",
            [("SubdivisionName", "Seward Park"), ("HighSchool", "Garfield"), ("HighSchoolDistrict", "Kent")],
        ),
        (
            "G4",
            [("SubdivisionName", "Bow Lake"), ("HighSchool", "Garfield"), ("HighSchoolDistrict", "Sequim")],
        ),
    ] {
        town.change(id, &changes).await;
    }
    let all = suggested("KW", "se").await;
    assert_eq!(all[0], "City Seattle", "what most listings have comes first");
    let mut all = all;
    all.sort();
    let expect =
        ["Address 12 Seaview Road", "City Seattle", "SchoolDistrict Sequim", "Subdivision Seward Park"];
    assert_eq!(all, expect);
    assert_eq!(suggested("KW", "ga").await, ["School Garfield"]);
    assert_eq!(suggested("KW", "n2").await, ["ListingId N2"]);
    assert_eq!(suggested("KW", "ke").await, ["City Kent", "SchoolDistrict Kent"]);
    assert_eq!(suggested("KW", "x1").await, [""; 0], "a feed that is not granted suggests nothing");
    assert_eq!(suggested("vow", "taco").await, [""; 0]);
    assert_eq!(suggested("nobody", "se").await, [""; 0]);
    assert_eq!(town.get("GetSuggestions?Text=g&Top=2").await.json().as_array().unwrap().len(), 2);
}

/// SRCH-005: the nearest come first.
#[tokio::test]
async fn srch_005_the_nearest_come_first() {
    let town = Town::build().await;
    let near = json!({ "SortBy": "Distance", "WktLocation": "POINT(-122.44 47.25)", "Distance": 25 });
    assert_eq!(town.search("GetListingsByLocation", near).await.ids(), ["N2", "G3", "G4", "G1"]);
}

/// SRCH-012: the keys of everything that may be seen, and of nothing else.
#[tokio::test]
async fn srch_012_keys_of_all_that_is_seen() {
    let town = Town::build().await;
    town.remove("GAMLS:G1").await;
    let keys = async |client: &str, query: &str| {
        let mut ids = town.get_as(client, &format!("GetListingKeys{query}")).await.ids();
        ids.sort();
        ids.join(" ")
    };
    assert_eq!(keys("KW", "").await, "G2 G3 G4 G5 G6 G7 G8 N1 N2 N3");
    assert_eq!(keys("idx", "?FeedIdList=GAMLS").await, "G2 G3 G4 G5 G8");
    assert_eq!(keys("nobody", "").await, "");
    let page = town.get("GetListingKeys?PageSize=4&Page=3").await.json();
    assert_eq!((&page["Total"], &page["Count"], &page["NextPage"]), (&json!(10), &json!(2), &Json::Null));
}

/// SRCH-009: the listings of one home are linked, by parcel or by address, within what the client may see; its
/// days on the market are counted over all of them.
#[tokio::test]
async fn srch_009_listings_of_one_home_are_linked() {
    let town = Town::build().await;
    let parcel = ("ParcelNumber", "1234-5678");
    let house = [("UnparsedAddress", "12 North Bow Street"), ("PostalCode", "98101")];
    let on = |from: &'static str, days: &'static str| [("OnMarketDate", from), ("DaysOnMarket", days)];
    // Failed in one feed for 20 days, then in the other for 10, 5 of them the same; for sale again for 3 days.
    town.change("G7", &[&[parcel][..], &on("2026-06-01", "20")].concat()).await;
    town.change("N3", &[&[parcel, ("StandardStatus", "Expired")][..], &on("2026-06-16", "10")].concat())
        .await;
    town.change("G1", &[&[parcel][..], &house, &on("2026-11-20", "0")].concat()).await;
    // The same house without a number of its parcel; another one; one in a feed that is not granted.
    town.change(
        "N1",
        &[("UnparsedAddress", "12 N Bow St"), ("PostalCode", "98101"), on("2026-11-21", "0")[0]],
    )
    .await;
    town.change("G2", &[("UnparsedAddress", "12 N Bow St, Apt 3"), ("PostalCode", "98101")]).await;
    town.change("G3", &[("ParcelNumber", "9876-5432")]).await;
    town.change("X1", &[parcel]).await;
    let related = async |client: &str, feed: &str, id: &str| {
        let path = format!("GetRelatedListings?FeedId={feed}&ListingId={id}");
        let answer = town.get_as(client, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let json = answer.json();
        assert_eq!(json["Count"], answer.ids().len());
        format!("{}: {}", answer.ids().join(" "), json["CumulativeDaysOnMarket"])
    };
    assert_eq!(related("KW", "GAMLS", "G1").await, "G7 N3 G1 N1: 28");
    assert_eq!(related("KW", "NWMLS", "N3").await, "G7 N3 G1: 28");
    assert_eq!(related("KW", "NWMLS", "N1").await, "G1 N1: 3", "by its address alone");
    assert_eq!(related("KW", "GAMLS", "G2").await, "G2: 0", "another part of the building");
    assert_eq!(related("KW", "GAMLS", "G3").await, "G3: 0");
    assert_eq!(related("vow", "GAMLS", "G1").await, "G7 G1: 23", "of its own feed");
    assert_eq!(related("idx", "GAMLS", "G1").await, "G1 N1: 3", "what is withdrawn or expired is not shown");
    // A day later there is one day more.
    crate::town::sleep(86_400);
    assert_eq!(related("KW", "GAMLS", "G1").await, "G7 N3 G1 N1: 29");
    // An address that is kept from display is linked neither from nor to.
    let hidden = ("InternetAddressDisplayYN", "false");
    town.change("G1", &[&[parcel, hidden][..], &house, &on("2026-11-20", "0")].concat()).await;
    assert_eq!(related("KW", "GAMLS", "G1").await, "G1: 4");
    assert_eq!(related("KW", "NWMLS", "N1").await, "N1: 3");
    assert_eq!(related("KW", "GAMLS", "G7").await, "G7 N3: 25");
    for query in ["FeedId=XMLS&ListingId=X1", "FeedId=GAMLS&ListingId=N1", "FeedId=GAMLS&ListingId=none"] {
        assert_eq!(town.get(&format!("GetRelatedListings?{query}")).await.status, 404, "{query}");
    }
    let errors = town.get("GetRelatedListings?Fields=Nonsense").await.errors();
    assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), ["FeedId", "Fields", "ListingId"]);
}
