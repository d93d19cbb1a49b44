//! Sales production over HTTP: from what was published to JSON and CSV.

use serde_json::{Value as Json, json};

use crate::town::{OFFICE, Town, report_of};

const ADA: &str = "https://agent-1.hub.example/profile/card#me";
const BEN: &str = "https://agent-2.hub.example/profile/card#me";

fn money(value: Json) -> Json {
    json!({ "type": "MonetaryAmount", "value": value, "currency": "USD" })
}

fn sale(id: &str, sequence: u64, close: &str, gci: Json, entries: &[(&str, &str, Json, Json)]) -> Json {
    let mut payload = report_of(id, sequence);
    let object = &mut payload["data"]["object"];
    object["reportingOffice"] = json!(OFFICE);
    object["closeDate"] = json!(close);
    object["totalSalesProductionGCI"] = money(gci);
    object["totalSalesProductionGCIDeduction"] = money(json!(100));
    object["referral"] = json!({ "additionalProperty": { "isReferralYN": "N" } });
    let entry = |(agent, role, units, gci): &(&str, &str, Json, Json)| {
        json!({ "type": "TransactionEntry", "salesProductionUnit": units, "salesProductionGCI": money(gci.clone()),
            "recipient": { "type": "RealEstateAgent", "roleName": role, "id": agent } })
    };
    object["transactionEntry"] = entries.iter().map(entry).collect();
    payload
}

async fn ask(town: &Town, key: &str, query: &str) -> Vec<Json> {
    let answer = town.get(key, &format!("/production?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.json()["value"].as_array().unwrap().clone()
}

async fn filled() -> Town {
    let town = Town::build().await;
    let (listing, buyer) = ("ListingAgent", "BuyerAgent");
    let mut canceled =
        sale("T3", 2, "2026-03-01T00:00:00Z", json!(5000), &[(ADA, listing, json!(1), json!(5000))]);
    canceled["data"]["object"]["transactionStatus"] = json!("CanceledTransactionStatus");
    let mut referral =
        sale("T4", 1, "2026-03-02T00:00:00Z", json!(750), &[(BEN, listing, json!(0.25), json!(750))]);
    referral["data"]["object"]["transactionType"] = json!("RF");
    let body = json!([
        sale("T1", 1, "2026-01-31T23:59:59Z", json!(1), &[(ADA, listing, json!(1), json!(1))]),
        sale(
            "T1",
            2,
            "2026-01-31T23:59:59Z",
            json!(9000.1),
            &[(ADA, listing, json!(0.5), json!(6000.07)), (BEN, listing, json!(0.5), json!(3000.03)),]
        ),
        sale(
            "T2",
            1,
            "2026-02-01T00:00:00Z",
            json!(0.2),
            &[(ADA, listing, json!(1), json!(0.1)), (ADA, buyer, json!(1), json!(0.1))]
        ),
        sale("T3", 1, "2026-03-01T00:00:00Z", json!(5000), &[(ADA, listing, json!(1), json!(5000))]),
        canceled,
        referral,
    ]);
    let answer = town.publish(&body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    town
}

#[tokio::test]
async fn figures_are_those_of_the_current_reports() {
    let town = filled().await;
    let rows = ask(&town, &town.bms, "").await;
    let figures = |row: &Json| {
        ["gci", "deduction", "net", "units", "sides", "transactions", "referrals"]
            .map(|name| row[name].to_string())
    };
    // T1's second report, T2, and the referral; the canceled one is not production.
    assert_eq!(figures(&rows[0]), ["9750.3", "300", "9450.3", "3.25", "3", "3", "1"]);
    let rows = ask(&town, &town.bms, "by=month").await;
    let months: Vec<_> =
        rows.iter().map(|row| (row["period"].as_str().unwrap(), row["gci"].to_string())).collect();
    assert_eq!(months, [("2026-01", "9000.1".into()), ("2026-02", "0.2".into()), ("2026-03", "750".into())]);
    let rows = ask(&town, &town.bms, "by=agent").await;
    // Of the deduction of T1 falls on Ada what her share of the income has, to the cent.
    assert_eq!(
        (rows[0]["agent"].as_str(), figures(&rows[0])),
        (Some(ADA), ["6000.27", "166.67", "5833.6", "2.5", "3", "2", "0"].map(String::from))
    );
    assert_eq!(
        (rows[1]["agent"].as_str(), figures(&rows[1])),
        (Some(BEN), ["3750.03", "133.33", "3616.7", "0.75", "1", "2", "1"].map(String::from))
    );
    let rows = ask(&town, &town.bms, "by=status,type").await;
    let groups: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row["status"].as_str().unwrap(), row["type"].as_str().unwrap()))
        .collect();
    assert_eq!(
        groups,
        ["CanceledTransactionStatus ST", "ClosedTransactionStatus RF", "ClosedTransactionStatus ST"]
    );
    assert_eq!(ask(&town, &town.bms, "status=Canceled").await[0]["gci"], json!(5000));
    assert_eq!(ask(&town, &town.bms, "from=2026-02-01&until=2026-03-01").await[0]["gci"], json!(0.2));
    assert_eq!(ask(&town, &town.bms, "type=RF").await[0]["sides"], json!(0));
    assert_eq!(ask(&town, &town.bms, "by=office,quarter").await[0]["period"], "2026-Q1");
}

#[tokio::test]
async fn every_figure_leads_to_its_reports() {
    let town = filled().await;
    for row in ask(&town, &town.bms, "by=agent,month").await {
        let trace = row["trace"]
            .as_str()
            .unwrap()
            .strip_prefix("https://hub.example/production?")
            .unwrap()
            .to_owned();
        let [traced] = ask(&town, &town.bms, &trace).await.try_into().unwrap();
        for name in ["agent", "period", "gci", "deduction", "units", "sides"] {
            assert_eq!(traced[name], row[name], "{name} of {trace}");
        }
        let reports = traced["reports"].as_array().unwrap();
        assert!(!reports.is_empty());
        for report in reports {
            let id = report["bmsTransactionId"].as_str().unwrap();
            let current = town.get(&town.bms, &format!("/transactions/{id}")).await.json()["current"].clone();
            assert_eq!(report["id"], current["id"], "the report is the current one");
        }
    }
}

#[tokio::test]
async fn figures_are_given_as_csv() {
    let town = filled().await;
    let answer = town
        .ask("GET", "/production?by=type", &[("x-api-key", &town.bms), ("accept", "text/csv")], String::new())
        .await;
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert_eq!(
        answer.body,
        "type,currency,gci,deduction,net,units,sides,transactions,referrals\n\
         RF,USD,750,100,650,0.25,0,1,1\n\
         ST,USD,9000.3,200,8800.3,3,3,2,0\n"
    );
    let traced = town.get(&town.bms, "/production?format=csv&type=RF&trace=true").await.body;
    assert!(traced.lines().nth(1).unwrap().contains("https://hub.example/publish/"), "{traced}");
}

#[tokio::test]
async fn production_is_told_to_those_who_receive_the_reports() {
    let town = filled().await;
    assert_eq!(ask(&town, &town.hub, "").await, ask(&town, &town.bms, "").await);
    assert_eq!(ask(&town, &town.other, "").await, Vec::<Json>::new());
    assert_eq!(ask(&town, &town.nobody, "by=agent").await, Vec::<Json>::new());
    let mut elsewhere = report_of("T9", 1);
    elsewhere["recipient"] = json!("https://other.example/profile/card#me");
    assert_eq!(town.publish(&elsewhere).await.status, 201);
    assert_ne!(ask(&town, &town.hub, "").await, ask(&town, &town.bms, "").await);
    for query in [
        "by=house",
        "by=agent,agent",
        "by=month,year",
        "from=soon",
        "status=Sold",
        "format=xml",
        "color=red",
        "trace=perhaps",
    ] {
        let answer = town.get(&town.bms, &format!("/production?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["hint"].is_string());
    }
}
