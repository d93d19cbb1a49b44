//! What is accepted and yet worth a second look: warnings beside the acceptance.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dictionary::Decimal;
use serde_json::{Value, json};

use super::{Entry, Money, Report};
use crate::schema::Item;

static CURRENCIES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../../data/currencies.txt").lines().collect());

/// Countries that lie wholly west of Greenwich, and those wholly east of it.
const WEST: [&str; 4] = ["CA", "MX", "PE", "PT"];
const EAST: [&str; 5] = ["DE", "GR", "IN", "IT", "AE"];

/// States of the United States: their abbreviations with another country are worth a look.
const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV \
                      NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

/// What is worth a second look in `data` (EVT-024, EVT-025 and the resolved contradictions of the form).
pub(crate) fn warnings(report: &Report, data: &Value) -> Vec<Item> {
    let mut found = Vec::new();
    units(&report.entries, &mut found);
    income(report, &mut found);
    closed(report, &mut found);
    currencies(report, &mut found);
    place(&data["object"]["object"], &mut found);
    found
}

fn warn(keyword: &str, below: &str, params: Value, message: String) -> Item {
    Item::own(keyword, format!("/data/object{below}"), params, message)
}

/// EVT-024: over one role, units are parts of one side.
fn units(entries: &[Entry], found: &mut Vec<Item>) {
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for entry in entries {
        if let (Some(role), Some(units)) = (&entry.role, entry.units) {
            let sum = sums.entry(role).or_default();
            *sum = sum.saturating_add(units);
        }
    }
    for (role, sum) in sums.into_iter().filter(|(_, sum)| *sum > Decimal::ONE) {
        let message = format!("The units of {role} sum to {sum}. One side has at most 1.");
        let params = json!({ "roleName": role, "sum": sum.to_string() });
        found.push(warn("unitSum", "/transactionEntry", params, message));
    }
}

/// EVT-024: what agents are credited with is part of the whole.
fn income(report: &Report, found: &mut Vec<Item>) {
    let of_total = |money: &&Money| money.currency == report.gci.currency;
    let credited = report.entries.iter().filter_map(|entry| entry.gci.as_ref()).filter(of_total);
    let sum = credited.fold(Decimal::ZERO, |sum, money| sum.saturating_add(money.value));
    if sum > report.gci.value {
        let message = format!(
            "The entries are credited with {sum} {currency} in all, the transaction with {total}.",
            currency = report.gci.currency,
            total = report.gci.value
        );
        let params = json!({ "sum": sum.to_string(), "total": report.gci.value.to_string() });
        found.push(warn("gciSum", "/transactionEntry", params, message));
    }
}

/// EVT-025
fn closed(report: &Report, found: &mut Vec<Item>) {
    if report.status.as_deref() != Some("ClosedTransactionStatus") {
        return;
    }
    for (name, there) in
        [("closeDate", report.close_date.is_some()), ("closePrice", report.close_price.is_some())]
    {
        if !there {
            let message = format!("The transaction is closed and has no {name}. Send it when it is known.");
            let params = json!({ "missingProperty": name });
            found.push(warn("closed", &format!("/{name}"), params, message));
        }
    }
}

/// ISO 4217, though the form's description speaks of countries.
fn currencies(report: &Report, found: &mut Vec<Item>) {
    let totals = [
        ("/totalSalesProductionGCI".to_owned(), Some(&report.gci)),
        ("/totalSalesProductionGCIDeduction".to_owned(), Some(&report.deduction)),
        ("/closePrice".to_owned(), report.close_price.as_ref()),
    ];
    let entries = report.entries.iter().enumerate();
    let entries =
        entries.map(|(at, entry)| (format!("/transactionEntry/{at}/salesProductionGCI"), entry.gci.as_ref()));
    for (below, money) in totals.into_iter().chain(entries) {
        if let Some(money) = money
            && CURRENCIES.binary_search(&money.currency.as_str()).is_err()
        {
            let message = format!("{:?} is no currency of ISO 4217, such as USD.", money.currency);
            let params = json!({ "currency": money.currency.as_str() });
            found.push(warn("currency", &format!("{below}/currency"), params, message));
        }
    }
}

fn place(property: &Value, found: &mut Vec<Item>) {
    let text = |name: &str| property[name].as_str().unwrap_or_default();
    let (country, region) = (text("addressCountry"), text("addressRegion"));
    if !matches!(country, "" | "US")
        && STATES.split_whitespace().any(|state| state == region)
        && region != "CA"
    {
        let message = format!("{region} is a state of the United States; the country is {country}.");
        let params = json!({ "addressCountry": country, "addressRegion": region });
        found.push(warn("region", "/object/addressRegion", params, message));
    }
    if let Some(longitude) = property["longitude"].as_f64() {
        let west = WEST.contains(&country) || country == "US";
        // The Aleutians reach past 180°: east of 170 is left alone.
        if (west && longitude > 0.0 && longitude < 170.0) || (EAST.contains(&country) && longitude < 0.0) {
            let message =
                format!("Longitude {longitude} is on the other side of Greenwich than {country} is.");
            let params = json!({ "longitude": longitude, "addressCountry": country });
            found.push(warn("longitude", "/object/longitude", params, message));
        }
    }
    if property["numberOfRooms"].is_number() {
        let message = "numberOfRooms is text; the number is kept as text.".to_owned();
        found.push(warn("type", "/object/numberOfRooms", json!({ "type": "string" }), message));
    }
    if text("propertySubType") == "OtherPropertyType" {
        let message = "OtherPropertyType is not among the listed kinds; it is kept.".to_owned();
        found.push(warn("enum", "/object/propertySubType", json!({}), message));
    }
}
