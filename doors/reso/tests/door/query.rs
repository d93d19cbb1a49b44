//! What may be asked of records, and what comes back.

use odata::metadata::EnumMode;

use crate::town::{LISTINGS, Town};

/// RESO-020 ($filter, /$count), RESO-021, RESO-022, RESO-023, RESO-024
#[tokio::test]
async fn reso_020_to_024_filters_find_what_they_mean() {
    let town = Town::build().await;
    let check = async |filter: &str, expect: &dyn Fn(usize) -> bool| {
        let answer = town
            .get(&format!("/odata/Property?$filter={filter}&$top=100&$orderby=ListingKey&$select=ListingKey"))
            .await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
        let mut found = answer.keys();
        let mut page = answer.json();
        while let Some(next) = page["@odata.nextLink"].as_str() {
            let more = town.get(next.strip_prefix("http://127.0.0.1:8700").unwrap()).await;
            found.extend(more.keys());
            page = more.json();
        }
        let wanted: Vec<String> = (0..LISTINGS).filter(|n| expect(*n)).map(|n| format!("K{n:03}")).collect();
        assert_eq!(found, wanted, "{filter}");
        let count = town.get(&format!("/odata/Property/$count?$filter={filter}")).await;
        assert_eq!(count.body, wanted.len().to_string(), "$count of {filter}");
        assert!(count.header("content-type").starts_with("text/plain"));
    };
    let beds = |n: usize| (!n.is_multiple_of(4)).then_some(n % 6);
    check("ListPrice eq 100000", &|n| n == 0).await;
    check("ListPrice gt 500000 and StandardStatus eq 'Active'", &|n| n > 40 && n % 3 == 0).await;
    check("StandardStatus eq 'Active' or City eq 'Kent'", &|n| n % 3 < 2).await;
    check("not (StandardStatus eq 'Active')", &|n| n % 3 != 0).await;
    check("City eq 'O''Brien'", &|n| n % 3 == 2).await;
    // RESO-023: a comparison with null is false (OData 4.01 part 2, 5.1.1.1.3), so its negation is true.
    check("BedroomsTotal eq null", &|n| beds(n).is_none()).await;
    check("BedroomsTotal ne null", &|n| beds(n).is_some()).await;
    check("BedroomsTotal gt 2", &|n| beds(n).is_some_and(|b| b > 2)).await;
    check("not (BedroomsTotal gt 2)", &|n| beds(n).is_none_or(|b| b <= 2)).await;
    check("BedroomsTotal ne 3", &|n| beds(n) != Some(3)).await;
    check("BedroomsTotal in (1,2,null)", &|n| matches!(beds(n), Some(1 | 2) | None)).await;
    check("BedroomsTotal add 1 eq 4", &|n| beds(n) == Some(3)).await;
    check("ListPrice div 2 ge 300000", &|n| 100_000 + n * 10_000 >= 600_000).await;
    check("contains(City,'eat')", &|n| n % 3 == 0).await;
    check("startswith(ListingId,'L1') and length(ListingId) eq 2", &|n| n == 1).await;
    check("tolower(City) eq 'kent'", &|n| n % 3 == 1).await;
    check("year(ModificationTimestamp) eq 2026 and month(ModificationTimestamp) le 2", &|n| n % 5 < 2).await;
    check("ModificationTimestamp lt 2026-02-01T02:00:00+03:00", &|n| n % 5 == 0).await;
    check("OnMarketDate eq 2026-01-31", &|_| true).await;
    check("Appliances/any(a:a eq 'Range')", &|n| n % 3 == 2).await;
    check("Appliances/all(a:a eq 'Dishwasher')", &|n| n % 3 < 2).await;
    check("Media/any(m:m/Order eq 2)", &|n| n < 10).await;
    check("ListAgent/MemberFirstName eq 'Ada'", &|n| n % 4 == 0).await;
    // RESO-024: what 4.01 forgives.
    check("ListPrice EQ 100000 OR ListPrice EQ 110000", &|n| n < 2).await;
    check("City+eq+'Kent'", &|n| n % 3 == 1).await;
    let plain = town.get("/odata/Property?filter=ListPrice eq 100000&top=5").await;
    assert_eq!(plain.keys(), ["K000"]);
}

/// RESO-020
#[tokio::test]
async fn reso_020_options_select_order_skip_count_and_expand() {
    let town = Town::build().await;
    let page = town.get("/odata/Property?$orderby=City desc,ListPrice&$skip=1&$top=2&$count=true&$select=City,ListPrice,ListingKey").await.json();
    assert_eq!(page["@odata.count"], LISTINGS);
    let keys: Vec<&str> =
        page["value"].as_array().unwrap().iter().filter_map(|r| r["ListingKey"].as_str()).collect();
    assert_eq!(keys, ["K003", "K006"]);
    assert!(page["value"][0].get("StandardStatus").is_none());
    let first = town
        .get("/odata/Property?$top=1&$orderby=ListingKey&$select=ListingKey&$expand=Media($select=MediaKey,Order;$filter=Order ge 1;$orderby=Order desc;$count=true),ListAgent($select=MemberFirstName)")
        .await
        .json();
    let listing = &first["value"][0];
    assert_eq!(listing["ListAgent"]["MemberFirstName"], "Ada");
    assert_eq!(listing["Media@odata.count"], 2);
    let orders: Vec<i64> =
        listing["Media"].as_array().unwrap().iter().filter_map(|m| m["Order"].as_i64()).collect();
    assert_eq!(orders, [2, 1]);
}

/// Links that lead back multiply at each level: the answer is bounded, however few the records are.
#[tokio::test]
async fn an_answer_that_multiplies_is_refused_before_it_is_written() {
    let town = Town::build().await;
    let house = |n: usize| {
        let fields = [("OpenHouseKey", format!("O{n:04}")), ("ListingKey", "K001".to_owned())];
        town.record("OpenHouse", fields.map(|(name, text)| (name, text.into())).into())
    };
    town.write("A", (0..1_010).map(house).collect()).await;
    let check = async |query: &str, expect: Option<usize>| {
        let path = format!("/odata/OpenHouse?$select=OpenHouseKey&{query}");
        let answer = town.get_with(&path, ("prefer", "maxpagesize=100")).await;
        let lines = answer.body.matches("\"OpenHouseKey\"").count();
        match expect {
            Some(expect) => assert_eq!((answer.status.as_u16(), lines), (200, expect), "{query}"),
            None => {
                let error = &answer.json()["error"];
                assert_eq!(
                    (answer.status.as_u16(), &error["code"]),
                    (400, &"answer_too_large".into()),
                    "{query}"
                );
                assert!(error["message"].as_str().unwrap().contains("$top"), "{error}");
            }
        }
    };
    let back = "$expand=Listing($select=ListingKey;$expand=OpenHouses($select=OpenHouseKey";
    check(&format!("$top=90&{back}))"), Some(90 + 90 * 1_010)).await;
    check(&format!("{back}))"), None).await;
    check(&format!("{back};$top=10))"), Some(100 + 100 * 10)).await;
}

/// RESO-026
#[tokio::test]
async fn reso_026_keys_fields_and_values_are_addressed() {
    let town = Town::build().await;
    let check = async |path: &str, status: u16, expect: &str| {
        let answer = town.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(expect), "{path}: {}", answer.body);
    };
    check("/odata/Property('K001')", 200, "\"ListingKey\":\"K001\"").await;
    check("/odata/Property(ListingKey='K001')", 200, "\"ListingKey\":\"K001\"").await;
    check("/odata/Property(ListingId='L7')", 200, "\"ListingKey\":\"K007\"").await;
    check("/odata/Property('K001')/City", 200, "\"value\":\"Kent\"").await;
    check("/odata/Property('K001')/City/$value", 200, "Kent").await;
    check("/odata/Property('K000')/BedroomsTotal", 204, "").await;
    check("/odata/Property('K001')/Media?$orderby=Order&$top=1", 200, "K001-0").await;
    check("/odata/Property('K001')/Media/$count", 200, "3").await;
    check("/odata/Property('K001')/ListAgent", 200, "Ben").await;
    check("/odata/Property('NOPE')/City", 404, "").await;
    assert!(town.get("/odata/Property('K001')").await.header("etag").starts_with("W/\""));
}

/// RESO-030
#[tokio::test]
async fn reso_030_long_lists_and_long_urls_work_and_deep_nests_are_refused() {
    let town = Town::build().await;
    let keys: Vec<String> = (0..1_000).map(|n| format!("'K{n:03}'")).collect();
    let many = town.get(&format!("/odata/Property/$count?$filter=ListingKey in ({})", keys.join(","))).await;
    assert_eq!((many.status.as_u16(), many.body.as_str()), (200, "60"));
    let long = format!("/odata/Property/$count?$filter=City eq '{}'", "x".repeat(32 << 10));
    assert_eq!(town.get(&long).await.body, "0");
    let deep = format!("/odata/Property?$filter={}ListPrice eq 1{}", "(".repeat(2_000), ")".repeat(2_000));
    assert_eq!(town.get(&deep).await.status, 400);
}

#[tokio::test]
async fn lookup_and_field_tell_what_is_there() {
    let town = Town::build().await;
    let statuses = town
        .get("/odata/Lookup?$filter=LookupName eq 'StandardStatus'&$select=LookupValue&$orderby=LookupValue")
        .await
        .json();
    let values: Vec<&str> =
        statuses["value"].as_array().unwrap().iter().filter_map(|l| l["LookupValue"].as_str()).collect();
    assert_eq!(values, ["Active", "Closed", "Pending"]);
    let field = town.get("/odata/Field('Property.ListPrice')").await.json();
    assert_eq!((field["FieldName"].as_str(), field["Precision"].as_i64()), (Some("ListPrice"), Some(14)));
}

/// RESO-025
#[tokio::test]
async fn reso_025_enumerations_are_declared_sent_and_asked_for_as_the_setting_says() {
    let town = async |enums| Town::with(reso_door::Settings { enums, ..Default::default() }).await;
    let check = async |mode: EnumMode, declared: &[&str], sent: &[&str], filters: &[(&str, usize)]| {
        let town = town(mode).await;
        let metadata = town.get("/odata/$metadata").await.body;
        for words in declared {
            assert!(metadata.contains(words), "{mode:?}: $metadata does not say {words}");
        }
        let page = town.get("/odata/Property('K002')?$select=StandardStatus,Sewer").await.body;
        let field = town.get("/odata/Property('K002')/Sewer").await.body;
        for words in sent {
            assert!(page.contains(words), "{mode:?}: {page} does not say {words}");
        }
        let (_, sewer) = sent[1].split_once(':').unwrap();
        assert!(field.contains(&format!("\"value\":{sewer}")), "{mode:?}: {field}");
        for (filter, expect) in filters {
            let answer = town.get(&format!("/odata/Property/$count?$filter={filter}")).await;
            assert_eq!(answer.body, expect.to_string(), "{mode:?}: {filter}");
        }
    };
    let text = ("StandardStatus eq 'Active'", LISTINGS / 3);
    let member = "org.reso.metadata.enums.StandardStatus'Active'";
    let of_member = format!("StandardStatus eq {member}");
    let has = "Sewer has org.reso.metadata.enums.Sewer'SepticTank'";
    let any = "Sewer/any(a:a eq org.reso.metadata.enums.Sewer'SepticTank')";
    check(
        EnumMode::Strings,
        &["Name=\"StandardStatus\" Type=\"Edm.String\"", "Name=\"Sewer\" Type=\"Collection(Edm.String)\""],
        &["\"StandardStatus\":\"Closed\"", "\"Sewer\":[\"Public Sewer\",\"Septic Tank\"]"],
        &[text, ("Sewer has 'Septic Tank'", 20)],
    )
    .await;
    check(
        EnumMode::EnumType,
        &[
            "<EnumType Name=\"Sewer\"",
            "Name=\"StandardStatus\" Type=\"org.reso.metadata.enums.StandardStatus\"",
            "Name=\"Sewer\" Type=\"Collection(org.reso.metadata.enums.Sewer)\"",
        ],
        &["\"StandardStatus\":\"Closed\"", "\"Sewer\":[\"PublicSewer\",\"SepticTank\"]"],
        &[text, (&of_member, 20), (any, 20)],
    )
    .await;
    check(
        EnumMode::EnumFlags,
        &[
            "IsFlags=\"true\"",
            "Name=\"Sewer\" Type=\"org.reso.metadata.enums.Sewer\"",
            "Name=\"StandardStatus\" Type=\"org.reso.metadata.enums.StandardStatus\"",
        ],
        &["\"StandardStatus\":\"Closed\"", "\"Sewer\":\"PublicSewer,SepticTank\""],
        &[text, (&of_member, 20), (has, 20)],
    )
    .await;
}
