//! The demo's closed sales, reported to the franchise by the offices' software: through the door, as anyone
//! would.

use anyhow::{Result, bail};
use axum::body::Body;
use dictionary::{Decimal, Record, Resource, Value};
use http::Request;
use serde_json::{Value as Json, json};
use store::Scan;
use tower::ServiceExt;
use transactions_door::{Settings, profile_url};

use super::credentials::FRANCHISE;
use crate::serve::House;

/// Sales that are reported: enough to look at a year, few enough for a quick start.
const MOST: usize = 2_000;
/// Reports of one request.
const AT_ONCE: usize = 100;
/// Of a price, what each side earns; of that, what is deducted. Both are made up.
const SIDE: Decimal = Decimal::from_parts(25, 0, 0, false, 3);
const DEDUCTED: Decimal = Decimal::from_parts(6, 0, 0, false, 2);

/// Reports the first closed sales. Those that are there already are no news to the door.
pub(super) async fn publish(house: &House, key: &str) -> Result<()> {
    let own = house.dictionary.known("Property");
    let settings = house.transactions.settings();
    let mut reports: Vec<Json> = Vec::new();
    let mut after = None;
    while reports.len() < MOST {
        let found = house.store.scan(Scan { resource: own.id, feed: None, after, limit: 1_000 }).await?;
        let Some(last) = found.last() else { break };
        after = Some((own.timestamp_of(&last.record), last.key.clone()));
        reports.extend(found.iter().filter_map(|stored| report(settings, own, &stored.record)));
    }
    reports.truncate(MOST);
    let router = transactions_door::router(house.transactions.clone());
    for part in reports.chunks(AT_ONCE) {
        let request = Request::post("/publish/").header("x-api-key", key);
        let answer = router.clone().oneshot(request.body(Body::from(json!(part).to_string()))?).await?;
        if !answer.status().is_success() {
            bail!("The demo's sales could not be reported: {}.", answer.status());
        }
    }
    Ok(())
}

/// The report of a listing, where it is closed.
fn report(settings: &Settings, own: &Resource, listing: &Record) -> Option<Json> {
    let value = |name: &str| listing.get(own.find(name)?);
    let text = |name: &str| value(name).and_then(Value::as_text);
    if text("StandardStatus")? != "Closed" {
        return None;
    }
    let (Some(Value::Decimal(price)), Some(Value::Date(day))) = (value("ClosePrice"), value("CloseDate"))
    else {
        return None;
    };
    let of = |resource: &str, name: &str| Some(profile_url(settings, resource, text(name)?)?.to_string());
    let money =
        |value: Decimal| json!({ "type": "MonetaryAmount", "value": number(value), "currency": "USD" });
    let side = (price * SIDE).round_dp(2);
    let entry = |role: &str, agent: String| {
        json!({
            "type": "TransactionEntry", "salesProductionUnit": 1, "salesProductionGCI": money(side),
            "recipient": { "type": "RealEstateAgent", "roleName": role, "id": agent },
        })
    };
    let listing_office = of("Office", "ListOfficeKey")?;
    let agents = [("ListingAgent", "ListAgentKey"), ("BuyerAgent", "BuyerAgentKey")];
    let entries: Vec<Json> =
        agents.into_iter().filter_map(|(role, name)| Some(entry(role, of("Member", name)?))).collect();
    let total = side * Decimal::from(entries.len());
    let mut object = json!({
        "type": "RealEstateTransaction",
        "identifier": { "bmsTransactionId": text("ListingId")?.get(..12.min(text("ListingId")?.len()))? },
        "additionalProperty": {
            "batchId": 1, "transactionSequence": 1, "unimprovedLandFlag": text("PropertyType") == Some("Land"),
        },
        "transactionStatus": "ClosedTransactionStatus",
        "transactionType": "ST",
        "reportingOffice": listing_office.as_str(),
        "listingOffice": listing_office.as_str(),
        "closeDate": format!("{day}T00:00:00Z"),
        "closePrice": money(*price),
        "totalSalesProductionGCI": money(total),
        "totalSalesProductionGCIDeduction": money((total * DEDUCTED).round_dp(2)),
        "object": { "type": "RealEstateProperty", "propertyType": "RESI", "addressCountry": "US" },
        "transactionEntry": entries,
    });
    if let Some(buyer_office) = of("Office", "BuyerOfficeKey") {
        object["buyerOffice"] = buyer_office.into();
    }
    for (name, field) in
        [("listingId", "ListingId"), ("addressLocality", "City"), ("postalCode", "PostalCode")]
    {
        if let Some(text) = text(field) {
            object["object"][name] = text.into();
        }
    }
    Some(json!({
        "topic": "realestate/franchise#transactionreport",
        "recipient": profile_url(settings, "Client", FRANCHISE)?.as_str(),
        "data": { "type": "UpdateAction", "object": object },
    }))
}

/// A decimal as a JSON number; dollars and cents of a house are far from where a double rounds.
fn number(value: Decimal) -> Json {
    serde_json::from_str(&value.normalize().to_string()).unwrap_or_default()
}
