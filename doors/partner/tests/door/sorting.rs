//! In which order.

use serde_json::json;

use crate::town::{Town, sleep};

/// PAR-119: unknown values come last in both directions.
#[tokio::test]
async fn par_119_unknown_values_come_last_in_both_directions() {
    let town = Town::build().await;
    let sorted = async |by: &str| town.search("GetListings", json!({ "SortBy": by })).await.ids().join(" ");
    assert_eq!(sorted("Price").await, "N2 G2 G1 N1 G4 G3 G8");
    for by in ["-Price", "Price desc", "price DESC", " -price "] {
        assert_eq!(sorted(by).await, "G3 G4 N1 G1 G2 N2 G8", "{by}");
    }
    assert_eq!(sorted("Price asc").await, sorted("Price").await);
    assert_eq!(sorted("YearBuilt").await, "G3 G8 N2 G1 N1 G2 G4");
    assert_eq!(sorted("-YearBuilt").await, "G2 N1 G1 N2 G8 G3 G4");
    assert_eq!(sorted("Acres").await, "G3 N2 N1 G1 G2 G4 G8");
}

/// PAR-119: unset is what changed last; one instant's are told apart by their keys.
#[tokio::test]
async fn par_119_unset_is_newest_first() {
    let town = Town::build().await;
    sleep(10);
    town.change("N2", &[("ListPrice", "1")]).await;
    sleep(10);
    town.change("G3", &[("ListPrice", "2")]).await;
    let ids = town.search("GetListings", json!({})).await.ids();
    assert_eq!(ids[..2], ["G3", "N2"]);
    assert_eq!(ids[2..], ["G1", "G2", "G4", "G8", "N1"]);
}

/// PAR-120: every sortable is taken, and nothing else is.
#[tokio::test]
async fn par_120_what_is_sorted_by() {
    let town = Town::build().await;
    for by in [
        "Price",
        "Beds",
        "Baths",
        "SquareFeet",
        "Acres",
        "YearBuilt",
        "DaysOnMarket",
        "ListDate",
        "MlsUpdateDate",
        "LastListingStatusChangeDate",
        "PricePerSqft",
        "SaleDate",
        "SalePrice",
        "City",
        "Zip",
    ] {
        for by in [by.to_owned(), format!("-{by}"), by.to_lowercase()] {
            let answer = town.search("GetListings", json!({ "SortBy": by })).await;
            assert_eq!((answer.status.as_u16(), answer.ids().len()), (200, 7), "{by}: {}", answer.body);
        }
    }
    for by in ["Distance", "Bathrooms", "Price up", "--Price", "Price,Beds"] {
        let answer = town.search("GetListings", json!({ "SortBy": by })).await;
        assert_eq!(answer.status, 400, "{by}");
        assert!(answer.errors()["SortBy"].contains("There are: Price, Beds,"), "{}", answer.body);
    }
    let near = json!({ "SortBy": "-Distance", "WktLocation": "POINT(-122.33 47.60)", "Distance": 25 });
    assert_eq!(
        town.search("GetListingsByLocation", near).await.ids(),
        ["N2", "G3", "G4", "N1", "G2", "G8", "G1"]
    );
}

/// PAR-130: where sold prices are not disclosed, an order by them would disclose them.
#[tokio::test]
async fn par_130_no_order_tells_a_sold_price_that_is_not_told() {
    let town = Town::build().await;
    town.change("N3", &[("ClosePrice", "1")]).await;
    town.change("G5", &[("ClosePrice", "2")]).await;
    let sorted = async || {
        town.search("GetListings", json!({ "StatusList": ["Sold"], "SortBy": "SalePrice" })).await.ids()
    };
    assert_eq!(sorted().await, ["N3", "G5"]);
    let feed =
        town.record("Feed", &[("FeedId", "NWMLS"), ("FeedStatus", "Active"), ("NonDisclosureYN", "true")]);
    town.write("freehold", vec![feed]).await;
    assert_eq!(sorted().await, ["G5"]);
}

/// PAR-119: a member that has several sources is sorted by what is written, whichever of them says it.
#[tokio::test]
async fn par_119_what_is_sorted_by_is_what_is_written() {
    let town = Town::build().await;
    // In square metres, by the building's area, and by the lot's in square feet.
    town.change("G1", &[("LivingArea", "200"), ("LivingAreaUnits", "Square Meters")]).await;
    town.change("G2", &[("LivingArea", "9"), ("LivingAreaUnits", "Acres"), ("BuildingAreaTotal", "1900")])
        .await;
    town.change("G4", &[("LotSizeSquareFeet", "6534"), ("City", ""), ("PostalCity", "Auburn")]).await;
    town.change("G3", &[("BathroomsFull", "1"), ("BathroomsHalf", "1"), ("BathroomsThreeQuarter", "1")])
        .await;
    town.change("N1", &[("BathroomsFull", "1"), ("BathroomsHalf", "5"), ("OnMarketDate", "2026-11-03")])
        .await;
    town.change("N2", &[("ListingContractDate", "2026-11-20"), ("DaysOnMarket", "400")]).await;
    let sorted = async |by: &str| town.search("GetListings", json!({ "SortBy": by })).await.ids().join(" ");
    for (by, expect) in [
        // 600, 1000, 1500, 1800, 1900, 2153, unknown
        ("SquareFeet", "G8 N2 G3 N1 G2 G1 G4"),
        ("-SquareFeet", "G1 G2 N1 G3 N2 G8 G4"),
        // 0.1, 0.15, 0.15, 0.2, 0.25, 0.5, unknown
        ("Acres", "G3 G4 N2 N1 G1 G2 G8"),
        // 1, 1, 2, 2.25, 3, 3.5, unknown
        ("Baths", "G8 N2 G1 G3 G2 N1 G4"),
        ("-Baths", "N1 G2 G3 G1 G8 N2 G4"),
        ("City", "G4 G3 G8 G1 G2 N1 N2"),
        // 232.23, 305.56, 350, 500, unknown: of the living area alone
        ("PricePerSqft", "G1 N1 N2 G3 G2 G4 G8"),
        // 0 five times, 3, 20
        ("DaysOnMarket", "G1 G2 G3 G4 G8 N2 N1"),
        ("-DaysOnMarket", "N1 N2 G1 G2 G3 G4 G8"),
        ("ListDate", "N1 N2 G1 G2 G3 G4 G8"),
    ] {
        assert_eq!(sorted(by).await, expect, "{by}");
        let mut paged = Vec::new();
        for page in 1..=7 {
            let one = json!({ "SortBy": by, "Page": page, "PageSize": 1 });
            let answer = town.search("GetListings", one).await;
            assert_eq!(answer.header("x-total-count"), "7");
            paged.extend(answer.ids());
        }
        assert_eq!(paged.join(" "), expect, "{by}, page by page");
        let rest = town.search("GetListings", json!({ "SortBy": by, "Page": 2, "PageSize": 5 })).await;
        assert_eq!(rest.ids().join(" "), expect[15..], "{by}, the last page");
    }
}

/// PAR-119: between equals the record's key decides, in both directions, on every page.
#[tokio::test]
async fn par_119_between_equals_the_key_decides() {
    let town = Town::build().await;
    for id in ["G1", "G2", "N1", "N2", "G8"] {
        town.change(id, &[("ListPrice", "7"), ("City", "Kent")]).await;
    }
    for by in ["Price", "-Price", "City", "-City", "Price desc"] {
        let mut paged = Vec::new();
        for page in 1..=7 {
            let one = json!({ "SortBy": by, "Page": page, "PageSize": 1 });
            paged.extend(town.search("GetListings", one).await.ids());
        }
        paged.retain(|id| !["G3", "G4"].contains(&id.as_str()));
        assert_eq!(paged.join(" "), "G1 G2 G8 N1 N2", "{by}");
    }
}
