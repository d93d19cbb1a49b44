//! `SortBy` (PAR-119, PAR-120).

use query::{Expr, Order};

use super::{Around, Sorted};
use crate::Door;
use crate::endpoint::Endpoint;
use crate::members::{Part, SortKey};
use crate::request::Asked;

/// What listings can be sorted by; Distance beside these, where a point is given.
pub(crate) const SORTABLES: [(&str, SortKey); 15] = [
    ("Price", SortKey::Price),
    ("Beds", SortKey::Beds),
    ("Baths", SortKey::Baths),
    ("SquareFeet", SortKey::SquareFeet),
    ("Acres", SortKey::Acres),
    ("YearBuilt", SortKey::YearBuilt),
    ("DaysOnMarket", SortKey::DaysOnMarket),
    ("ListDate", SortKey::ListDate),
    ("MlsUpdateDate", SortKey::MlsUpdateDate),
    ("LastListingStatusChangeDate", SortKey::LastListingStatusChangeDate),
    ("PricePerSqft", SortKey::PricePerSqft),
    ("SaleDate", SortKey::SaleDate),
    ("SalePrice", SortKey::SalePrice),
    ("City", SortKey::City),
    ("Zip", SortKey::Zip),
];

/// An order that was read.
pub(super) struct Read {
    pub(super) by: By,
    pub(super) by_sold_price: bool,
}

/// By what.
pub(super) enum By {
    /// By what the client must be shown.
    Asked(Order),
    /// By a member that has several sources.
    Member(Sorted),
    /// By when Freehold saw a listing.
    Own(Order),
}

/// Reads the order; none where it is wrong, which is noted. Unknown values come last in both directions.
pub(super) fn read(door: &Door, asked: &mut Asked, around: Option<&Around>) -> Option<Read> {
    let point = around.and_then(Around::point);
    let Some(text) = asked.text("SortBy").cloned() else {
        let nearest = asked.endpoint == Endpoint::ListingsByAddress;
        let by = match point.filter(|_| nearest) {
            Some(point) => By::Asked(Order::ascending(point.distance(door)).nulls_last()),
            None => By::Own(Order::descending(updated(door)).nulls_last()),
        };
        return Some(Read { by, by_sold_price: false });
    };
    let (name, descending) = match (text.strip_prefix('-'), text.rsplit_once(char::is_whitespace)) {
        (Some(name), _) => (name.trim(), true),
        (None, Some((name, way))) if way.eq_ignore_ascii_case("desc") => (name.trim(), true),
        (None, Some((name, way))) if way.eq_ignore_ascii_case("asc") => (name.trim(), false),
        _ => (text.trim(), false),
    };
    let known = SORTABLES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| *key);
    let ordered =
        |by: Expr| if descending { Order::descending(by) } else { Order::ascending(by) }.nulls_last();
    let by = match (known, point) {
        (Some(SortKey::MlsUpdateDate), _) => Some(By::Own(ordered(updated(door)))),
        (Some(key), _) => Some(match <[Part; 1]>::try_from(door.members.parts(key)) {
            Ok([Part { of: None, by: Some(by), .. }]) => By::Asked(ordered(by)),
            Ok([part]) => By::Member(Sorted { key, parts: vec![part], descending }),
            Err(parts) => By::Member(Sorted { key, parts, descending }),
        }),
        (None, Some(point)) if name.eq_ignore_ascii_case("Distance") => {
            Some(By::Asked(ordered(point.distance(door))))
        }
        (None, _) => None,
    };
    let Some(by) = by else {
        let names: Vec<&str> = SORTABLES.iter().map(|(name, _)| *name).collect();
        let point = if point.is_some() { ", Distance" } else { "" };
        asked.refuse(
            "SortBy",
            format!("The value '{text}' is not valid for SortBy. There are: {}{point}.", names.join(", ")),
        );
        return None;
    };
    Some(Read { by, by_sold_price: known == Some(SortKey::SalePrice) })
}

fn updated(door: &Door) -> Expr {
    Expr::field(door.hub.updated(door.bound.property))
}
