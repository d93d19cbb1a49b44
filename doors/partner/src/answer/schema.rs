//! The shapes of the answers as JSON schemas, for the door's description; the tests hold every answer to
//! them.

use serde_json::{Map, Value as Json, json};

use crate::endpoint::Endpoint;

/// What an endpoint answers with. Classes are named as the components of an OpenAPI document.
pub(crate) fn of(endpoint: Endpoint) -> Json {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let text = || json!({ "type": "string" });
    let text_or_null = || json!({ "type": ["string", "null"] });
    let degrees = || json!({ "type": "number", "minimum": -180, "maximum": 180 });
    match endpoint {
        Endpoint::Listings
        | Endpoint::ListingsByAddress
        | Endpoint::ListingsByGeography
        | Endpoint::ListingsByLocation
        | Endpoint::SoldListingsByLocation => list(class("ListingSummary")),
        Endpoint::ListingDetail => class("ListingDetails"),
        Endpoint::Agents => page(class("Agent")),
        Endpoint::Offices => page(class("Office")),
        Endpoint::OpenHouses => list(class("ListingOpenHouse")),
        Endpoint::SyncListings => page(class("ListingDetails")),
        Endpoint::Keys => page(object(&[("FeedId", text()), ("ListingId", text())])),
        Endpoint::Related => object(&[
            ("Results", list(class("ListingSummary"))),
            ("Count", count()),
            ("CumulativeDaysOnMarket", count()),
        ]),
        Endpoint::Lookups => list(object(&[
            ("FeedId", text()),
            ("LookupType", text()),
            ("Value", text()),
            ("Count", json!({ "type": ["integer", "null"], "minimum": 0 })),
        ])),
        Endpoint::Feeds => list(object(&[
            ("FeedId", text()),
            ("Name", text_or_null()),
            ("PermissionClass", json!({ "enum": ["IDX", "VOW", "BBO", "Participant", "Analytics"] })),
            ("ListingCount", count()),
            ("LastUpdateDate", json!({ "type": ["string", "null"], "format": "date-time" })),
            ("TimeZone", text_or_null()),
            ("Attribution", text_or_null()),
            ("Disclaimer", text_or_null()),
            ("SalePriceDisclosed", json!({ "type": "boolean" })),
        ])),
        Endpoint::Facets => facets(),
        Endpoint::Clusters => list(object(&[
            ("Count", json!({ "type": "integer", "minimum": 1 })),
            ("Latitude", degrees()),
            ("Longitude", degrees()),
            ("West", degrees()),
            ("South", degrees()),
            ("East", degrees()),
            ("North", degrees()),
        ])),
        Endpoint::Statistics => list(statistics()),
        Endpoint::Suggestions => {
            let kinds = json!({ "enum": ["City", "Zip", "Subdivision", "SchoolDistrict", "School", "ListingId", "Address"] });
            list(object(&[("Type", kinds), ("Value", text()), ("Count", count())]))
        }
    }
}

fn class(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(of: Json) -> Json {
    json!({ "type": "array", "items": of })
}

/// An object of exactly these members.
fn object(members: &[(&str, Json)]) -> Json {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let members: Map<String, Json> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": names, "properties": members, "additionalProperties": false })
}

/// The envelope of whoever answers page by page.
fn page(of: Json) -> Json {
    let count = json!({ "type": "integer", "minimum": 0 });
    let next = json!({ "type": ["integer", "null"], "minimum": 2 });
    object(&[("Results", list(of)), ("Total", count.clone()), ("Count", count), ("NextPage", next)])
}

/// Counts by value, the most frequent first; of prices by band.
fn facets() -> Json {
    let count = json!({ "type": "integer", "minimum": 0 });
    let bucket = |value: Json| list(object(&[("Value", value), ("Count", count.clone())]));
    let of = |value: Json| {
        object(&[("Values", bucket(value)), ("Distinct", count.clone()), ("Missing", count.clone())])
    };
    let words = || object(&[("Values", bucket(json!({ "type": "string" }))), ("Distinct", count.clone())]);
    // What lies below the first band has no lower end.
    let number = || json!({ "type": ["number", "null"] });
    let text = || json!({ "type": ["string", "null"] });
    object(&[
        ("City", of(text())),
        ("Zip", of(text())),
        ("Beds", of(number())),
        ("Price", of(number())),
        ("PropertyType", words()),
        ("Status", words()),
        ("Total", count.clone()),
    ])
}

fn statistics() -> Json {
    let count = json!({ "type": "integer", "minimum": 0 });
    let number = json!({ "type": "number" });
    let figures = ["Sum", "Average", "Median", "Min", "Max"].map(|name| (name, number.clone()));
    let mut members = vec![("Count", count.clone())];
    members.extend(figures);
    let known = object(&members);
    let unknown = object(&[("Count", json!({ "const": 0 }))]);
    let measure = json!({ "anyOf": [known, unknown] });
    let month = json!({ "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}$" });
    let mut members = vec![("Month", month), ("Count", count)];
    members.extend(super::statistics::NAMES.map(|name| (name, measure.clone())));
    let mut schema = object(&members);
    schema["properties"]["Absorption"] = json!({ "type": "number", "minimum": 0 });
    schema
}
