//! A filter on a member and the member as it is written never disagree: random listings, every filter.

use dictionary::Decimal;
use fastrand::Rng;
use query::{Context, Expr, Linked, matches};

use super::*;
use crate::members::{Feature, Number, Vocabulary};

/// Listings of random values, with rooms and open houses.
pub(super) fn town(rng: &mut Rng) -> (Town, Vec<(&'static str, Record)>) {
    let dictionary = standard();
    let mut records = Vec::new();
    for (name, count) in [("Property", 60_u64), ("PropertyRooms", 60), ("OpenHouse", 40)] {
        let shape = testkit::Shape::full(&dictionary, dictionary.known(name).id);
        for number in 0..count {
            let mut record = testkit::record(rng, &dictionary, &shape, number);
            settle(rng, &dictionary, name, &mut record);
            records.push(("A", record));
        }
    }
    (Town::of(dictionary, records.clone()), records)
}

/// Makes what is random meet what the filters are about more often than chance would.
fn settle(rng: &mut Rng, dictionary: &Dictionary, name: &str, record: &mut Record) {
    let resource = dictionary.known(name);
    let mut set = |field: &str, value: Option<Value>| {
        let id = resource.find(field).unwrap();
        match value {
            Some(value) => record.set(id, value),
            None => record.clear(id),
        };
    };
    let mut few = |field: &'static str, words: &[&str]| {
        let at = rng.usize(..words.len() + 1);
        (field, words.get(at).map(|word| Value::from(*word)))
    };
    let area = ["Square Feet", "Square Meters", "Acres", "Parsecs"];
    let mut said = match name {
        "Property" => vec![
            few("LivingAreaUnits", &area),
            few("BuildingAreaUnits", &area),
            few("LotSizeUnits", &area),
            few("Ownership", &["Fee Simple", "Leasehold", "Trust"]),
            few("MlsStatus", &["New", "new", " New", "Active"]),
        ],
        "PropertyRooms" => vec![
            few("RoomType", &["Master Bedroom", "Primary Bedroom", "Kitchen"]),
            few("RoomLevel", &["Main", "First", "Upper"]),
        ],
        _ => vec![
            few("OpenHouseStatus", &["Active", "Canceled", "Ended"]),
            few("OpenHouseType", &["Public", "Broker", "Livestream Public"]),
        ],
    };
    said.drain(..).for_each(|(field, value)| set(field, value));
    let now: Timestamp = NOW.parse().unwrap();
    if name == "OpenHouse" && rng.bool() {
        let end = now + jiff::SignedDuration::from_hours(rng.i64(-2..3));
        set("OpenHouseEndTime", Some(Value::Timestamp(end)));
    }
    if name == "Property" {
        for field in ["OnMarketDate", "ListingContractDate"] {
            if rng.bool() {
                let day = now - jiff::SignedDuration::from_hours(24 * rng.i64(-2..9));
                let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
                set(field, Some(Value::Date(day)));
            }
        }
        // Often nothing, so that others speak.
        for field in ["City", "PostalCity", "StatusChangeTimestamp", "MajorChangeTimestamp", "BathroomsHalf"]
        {
            if rng.bool() {
                set(field, None);
            }
        }
        for field in ["BathroomsFull", "BathroomsHalf", "BathroomsThreeQuarter", "BathroomsOneQuarter"] {
            if rng.bool() {
                set(field, Some(Value::Integer(rng.i64(0..4))));
            }
        }
        let status = ["Active", "Active Under Contract", "Closed"][rng.usize(..3)];
        set("StandardStatus", rng.bool().then(|| Value::from(status)));
        for field in ["LivingArea", "BuildingAreaTotal", "LotSizeAcres", "LotSizeSquareFeet", "LotSizeArea"] {
            if rng.bool() {
                let value = Decimal::new(rng.i64(0..400_000), rng.u32(0..3));
                set(field, rng.bool().then_some(Value::Decimal(value)));
            }
        }
    }
}

/// The links of the records by themselves, without the index.
struct Plain<'a> {
    dictionary: &'a Dictionary,
    records: &'a [(&'static str, Record)],
}

impl Linked for Plain<'_> {
    fn linked(&self, record: &Record, link: dictionary::LinkId) -> Vec<Arc<Record>> {
        let link = self.dictionary.resource(record.resource()).link(link);
        let Some(value) = record.get(link.join.source) else { return Vec::new() };
        let there = self.records.iter().map(|(_, record)| record);
        there
            .filter(|other| {
                other.resource() == link.target
                    && other.get(link.join.target) == Some(value)
                    && link.join.constant.as_ref().is_none_or(|(field, text)| {
                        other.get(*field).and_then(Value::as_text) == Some(text.as_str())
                    })
            })
            .map(|record| Arc::new(record.clone()))
            .collect()
    }
}

/// Holds a filter to what the written listings say; `expect` tells of one listing whether it is found, or
/// that the listing does not say.
fn hold(
    town: &Town,
    records: &[(&'static str, Record)],
    objects: &[(Text, Json)],
    filter: &Expr,
    about: &str,
    expect: impl Fn(&Json) -> Option<bool>,
) {
    let property = town.dictionary.known("Property");
    let links = Plain { dictionary: &town.dictionary, records };
    let context = Context { dictionary: &town.dictionary, links: &links, now: town.now };
    let reader = town.search.read();
    let query = query::Query { filter: Some(filter.clone()), ..query::Query::all(property.id) };
    let found = reader.page(&query, &Scope::everything(), town.now).unwrap().rows;
    for (key, object) in objects {
        let record = records.iter().find(|(_, r)| property.key_of(r).as_ref() == Some(key));
        let (_, record) = record.expect("it is one of them");
        let matched = matches(filter, record, context);
        let row = reader.row(property.id, key).unwrap();
        assert_eq!(found.contains(&row), matched, "the index disagrees about {about} of {key}");
        if let Some(expect) = expect(object) {
            let known: Vec<String> =
                record.iter().map(|(id, value)| format!("{}={value:?}", property.field(id).name)).collect();
            assert_eq!(matched, expect, "{about} of {key}: {known:#?}");
        }
    }
}

fn number(json: &Json) -> Option<Decimal> {
    match json {
        Json::Number(number) => {
            Decimal::from_scientific(&number.to_string()).or_else(|_| number.to_string().parse()).ok()
        }
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[test]
fn a_filter_and_its_member_agree() {
    let mut rng = testkit::rng("a_filter_and_its_member_agree");
    for _ in 0..2 {
        let (town, records) = town(&mut rng);
        let dress = full(&town.dictionary);
        let keys = (0..60).map(|n| testkit::key(&town.dictionary, town.dictionary.known("Property"), n));
        let objects: Vec<(Text, Json)> =
            keys.map(|key| (key.clone(), town.object(Kind::Details, &key, &dress))).collect();
        let hold = |filter: &Expr, about: &str, expect: &dyn Fn(&Json) -> Option<bool>| {
            hold(&town, &records, &objects, filter, about, expect);
        };
        numbers(&mut rng, &town, &objects, &hold);
        features(&town, &hold);
        words(&town, &hold);
    }
}

type Hold<'a> = dyn Fn(&Expr, &str, &dyn Fn(&Json) -> Option<bool>) + 'a;

/// PAR-105, PAR-107, PAR-108: bounds are inclusive, and what is not known is within none.
fn numbers(rng: &mut Rng, town: &Town, objects: &[(Text, Json)], hold: &Hold<'_>) {
    for (asked, member) in [
        (Number::Price, "Price"),
        (Number::SquareFeet, "SquareFeet"),
        (Number::Acres, "AcreSearch"),
        (Number::Beds, "Beds"),
        (Number::Baths, "BathsTotal"),
        (Number::YearBuilt, "YearBuilt"),
        (Number::DaysOnMarket, "DaysOnMarket"),
    ] {
        for _ in 0..12 {
            // Often a value that is there, or one next to it: a border.
            let mut edge = || {
                let near = objects[rng.usize(..objects.len())].1[member].clone();
                let away =
                    [Decimal::ZERO, Decimal::ONE, Decimal::NEGATIVE_ONE, Decimal::new(1, 4)][rng.usize(..4)];
                number(&near)
                    .map(|near| if near.abs() > 1_000_000_000_000_i64.into() { near } else { near + away })
            };
            let (least, most) = (edge(), edge());
            let filter = town.members.within(asked, least, most, town.now);
            let about = format!("{member} from {least:?} to {most:?}");
            hold(&filter, &about, &|object| {
                let known = number(&object[member]);
                // Beyond what a double holds to the unit the JSON of a test is not read exactly.
                if known.is_some_and(|known| known.abs() > 1_000_000_000_000_i64.into()) {
                    return None;
                }
                let inside =
                    |value: Decimal| least.is_none_or(|l| value >= l) && most.is_none_or(|m| value <= m);
                match known {
                    None if least.is_none() && most.is_none() => None,
                    known => Some(known.is_some_and(inside)),
                }
            });
        }
    }
}

/// PAR-109, PAR-111: true is had, false is known not to be had.
fn features(town: &Town, hold: &Hold<'_>) {
    for (feature, member) in [
        (Feature::View, "HasView"),
        (Feature::Ac, "HasAc"),
        (Feature::AgeRestrictions, "HasAgeRestrictions"),
        (Feature::Barn, "HasBarn"),
        (Feature::Basement, "HasBasement"),
        (Feature::Fireplace, "HasFireplace"),
        (Feature::Garage, "HasGarage"),
        (Feature::HandicapFeatures, "HasHandicapFeatures"),
        (Feature::MasterOnMain, "HasMasterOnMain"),
        (Feature::Pool, "HasPool"),
        (Feature::Waterfront, "HasWaterfront"),
        (Feature::OpenHouse, "HasOpenHouse"),
    ] {
        let has = town.members.feature(feature, true);
        hold(&has, &format!("{member}=true"), &|object| object[member].as_bool());
        // A listing that is found has it not; one that has it not may not say so.
        let lacks = town.members.feature(feature, false);
        hold(&lacks, &format!("{member}=false"), &|object| object[member].as_bool()?.then_some(false));
    }
}

/// PAR-102: words in any case, with any space around.
fn words(town: &Town, hold: &Hold<'_>) {
    let listed = |text: &Json, word: &str| {
        let text = text.as_str().unwrap_or_default();
        text.split(", ").any(|one| one.trim().eq_ignore_ascii_case(word))
    };
    for (vocabulary, member, words) in [
        (
            Vocabulary::PropertyType,
            "PropertyTypeSearch",
            &["CONDO", "single", " LAND ", "MULTI", "COMMERCIAL", "OTHER", "FARM"][..],
        ),
        (Vocabulary::SaleType, "SaleType", &["Resale/New", "short sale", "Foreclosure", "Lease", "Auction"]),
        (
            Vocabulary::Status,
            "ListingStatusSearch",
            &["Active", "Contingent", "sold", "Off Market", "Deleted", "Pending"],
        ),
        (Vocabulary::LandTenure, "LandTenure", &["Free Hold", "lease hold"]),
        (Vocabulary::View, "ViewDescription", &["bay", "Beach", "Bridge(s)"]),
        (Vocabulary::Style, "StyleSearch", &["a-frame", "Art Deco", "1 Story", "3+ Stories", "Multi/Split"]),
        (Vocabulary::Level, "StyleSearch", &["1 Story", "2 Stories", "1.5 stories"]),
    ] {
        for word in words {
            let filter = town.members.any_of(vocabulary, &[Text::new(word)]);
            hold(&filter, &format!("{member} {word}"), &|object| Some(listed(&object[member], word.trim())));
        }
    }
    let status = town.members.any_of(Vocabulary::Status, &["NEW ".into()]);
    hold(&status, "the local status New", &|object| {
        Some(object["ListingStatus"].as_str().unwrap_or_default().trim().eq_ignore_ascii_case("new"))
    });
    let nothing = town.members.any_of(Vocabulary::Status, &["no such status".into()]);
    hold(&nothing, "an unknown word", &|_| Some(false));
    let area = town.members.any_of(Vocabulary::SearchArea, &["north".into(), "Seattle".into()]);
    hold(&area, "MlsArea", &|object| {
        let area = object["MlsArea"].as_str().unwrap_or_default().trim().to_lowercase();
        Some(["north", "seattle"].contains(&area.as_str()))
    });
}
