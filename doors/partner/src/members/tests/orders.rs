//! An order by a member and the member as it is written never disagree: random listings, every order.

use std::cmp::Ordering;

use super::*;
use crate::members::{SortKey, today};

/// What is sorted by, and the member that it is.
const MEMBERS: [(SortKey, &str); 14] = [
    (SortKey::Price, "Price"),
    (SortKey::Beds, "Beds"),
    (SortKey::Baths, "BathsTotal"),
    (SortKey::SquareFeet, "SquareFeet"),
    (SortKey::Acres, "AcreSearch"),
    (SortKey::YearBuilt, "YearBuilt"),
    (SortKey::DaysOnMarket, "DaysOnMarket"),
    (SortKey::ListDate, "ListDate"),
    (SortKey::LastListingStatusChangeDate, "LastListingStatusChangeDate"),
    (SortKey::PricePerSqft, "PricePerSqft"),
    (SortKey::SaleDate, "SaleDate"),
    (SortKey::SalePrice, "SalePrice"),
    (SortKey::City, "City"),
    (SortKey::Zip, "Zip"),
];

/// PAR-119: each listing stands in one part; there in the order of what it is compared by; and what is
/// written rises with that, null last.
#[test]
fn par_119_an_order_and_its_member_agree() {
    let mut rng = testkit::rng("par_119_an_order_and_its_member_agree");
    for _ in 0..4 {
        let (town, _) = agree::town(&mut rng);
        let property = town.dictionary.known("Property");
        let dress = full(&town.dictionary);
        let (reader, scope) = (town.search.read(), Scope::everything());
        let today = today(town.now);
        let all = reader.page(&query::Query::all(property.id), &scope, town.now).unwrap().rows;
        for (key, member) in MEMBERS {
            let standing = |row: Row| town.members.standing(key, &reader.view(property.id, row), today);
            let mut found = Vec::new();
            for part in town.members.parts(key) {
                let by = part.by.clone().unwrap_or(query::Expr::Null);
                for descending in [false, true] {
                    let order = query::Order { descending, ..query::Order::ascending(by.clone()) };
                    let order = vec![order.nulls_last()];
                    let asked =
                        query::Query { filter: part.of.clone(), order, ..query::Query::all(property.id) };
                    let rows = reader.page(&asked, &scope, town.now).unwrap().rows;
                    let falls = descending != part.back;
                    let sorted = rows.windows(2).all(|two| {
                        let order = compare(standing(two[0]).as_ref(), standing(two[1]).as_ref(), falls);
                        order.is_le()
                    });
                    assert!(sorted || part.by.is_none(), "{member}: {part:?}");
                    if !descending {
                        found.extend(rows);
                    }
                }
            }
            let [mut once, mut every] = [found.clone(), all.clone()];
            once.sort_unstable();
            every.sort_unstable();
            assert_eq!(once, every, "{member}");
            found.sort_by(|a, b| compare(standing(*a).as_ref(), standing(*b).as_ref(), false));
            let written = found.iter().map(|row| {
                let key = reader.view(property.id, *row).key().to_owned();
                (town.object(Kind::Details, &key, &dress)[member].clone(), standing(*row).is_some())
            });
            // What is beyond the member's type is written as null, wherever it stands.
            let written = written.filter(|(written, known)| !(*known && written.is_null()));
            let written: Vec<Json> = written.map(|(written, _)| written).collect();
            let rises = |two: &[Json]| match (&two[0], &two[1]) {
                (_, last) if is_unknown(last) => true,
                (first, _) if is_unknown(first) => false,
                (Json::Number(a), Json::Number(b)) => a.as_f64() <= b.as_f64(),
                (Json::String(a), Json::String(b)) if member == "LastListingStatusChangeDate" => {
                    let [a, b] = [a, b].map(|at| at.parse::<Timestamp>().unwrap());
                    a <= b
                }
                (Json::String(a), Json::String(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if member != "City" && member != "Zip" => a <= b + rounded(member),
                    _ => a <= b,
                },
                (a, b) => panic!("{member}: {a} and {b}"),
            };
            let wrong = written.windows(2).find(|two| !rises(two));
            assert!(wrong.is_none(), "{member}: {wrong:?}");
        }
    }
}

/// By how much what is written may be greater than what is compared, which is not rounded: what was converted from another
/// unit is, what was stated in the member's own is not.
fn rounded(member: &str) -> f64 {
    match member {
        "SquareFeet" => 0.5,
        "AcreSearch" => 0.00005,
        _ => 0.0,
    }
}

fn is_unknown(written: &Json) -> bool {
    written.is_null() || written == ""
}

fn compare(a: Option<&Value>, b: Option<&Value>, descending: bool) -> Ordering {
    let order = query::Order { descending, ..query::Order::ascending(query::Expr::Null) }.nulls_last();
    order.compare(a, b, query::compare)
}
