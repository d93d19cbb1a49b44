//! Every parameter of every endpoint: how it is read and what becomes of it.

use super::value::ReadAs;
use crate::endpoint::Endpoint;
use crate::members::{Feature, Number, Vocabulary};

/// What a parameter means for the records that are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Means {
    /// The endpoint itself reads it.
    Apart,
    /// At least this (PAR-105).
    Least(Number),
    /// At most this (PAR-105).
    Most(Number),
    /// Fewer than this (PAR-115).
    Below(Number),
    /// One of these words (PAR-102).
    OneOf(Vocabulary),
    /// Has it, or explicitly has it not (PAR-109, PAR-111).
    Has(Feature),
    /// The member is this text (PAR-104, PAR-112).
    Is(Member),
    /// The public remarks hold this phrase (PAR-113).
    Phrase,
    /// One box: a listing's id, its address, its remarks (SRCH-006).
    Keyword,
    /// Updated after this instant (PAR-116).
    UpdatedAfter,
    /// First seen after this instant (PAR-116).
    SeenAfter,
}

/// A text that a listing is asked for by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Member {
    AgentId,
    OfficeId,
    SchoolDistrict,
    Subdivision,
    Neighborhood,
    City,
    State,
    Zip,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) read: ReadAs,
    pub(crate) required: bool,
    pub(crate) means: Means,
    /// What it is, in a sentence: for the API's description.
    pub(crate) about: &'static str,
}

const fn parameter(name: &'static str, read: ReadAs, means: Means, about: &'static str) -> Parameter {
    Parameter { name, read, required: false, means, about }
}

const fn required(name: &'static str, read: ReadAs, means: Means, about: &'static str) -> Parameter {
    Parameter { name, read, required: true, means, about }
}

use Means::{Apart, Below, Has, Is, Keyword, Least, Most, OneOf, Phrase, SeenAfter, UpdatedAfter};
use ReadAs::{Either, Moment, Only, Text, Texts, Whole};

/// The largest number that an `int` of the API's clients holds.
const INT: i64 = i32::MAX as i64;
/// Feeds that one request may name.
const FEEDS: ReadAs = Texts(10_000);
/// Words that one list may hold.
const WORDS: ReadAs = Texts(1_000);
const NAME: ReadAs = Text(255);
const COUNT: ReadAs = Whole(0, INT);

const FEED_IDS: Parameter = parameter("FeedIdList", FEEDS, Apart, "Feeds; those not permitted are ignored.");
const FEED_IDS_NEEDED: Parameter = Parameter { required: true, ..FEED_IDS };
const FIELDS: Parameter =
    parameter("Fields", Texts(400), Apart, "Members to write; all where none is named.");
const PAGE: Parameter = parameter("Page", Whole(1, INT), Apart, "Which page, from 1.");
const SIZE: Parameter = parameter("PageSize", Whole(0, 1_000), Apart, "Records a page; 0 is the default.");
const NOTICES: Parameter =
    parameter("IncludeNotices", Only, Apart, "Adds each feed's attribution and disclaimer as headers.");
const FROM: Parameter =
    parameter("FromUpdatedDate", Moment, Apart, "Updated then or later; today's beginning.");
const TO: Parameter = parameter("ToUpdatedDate", Moment, Apart, "Updated then or earlier; now.");
const DISTANCE: Parameter =
    parameter("Distance", ReadAs::Number(0, 25), Apart, "Miles around the point, up to 25; 10 where absent.");
const WKT: Parameter =
    required("WktLocation", Text(65_536), Apart, "A POINT, POLYGON or MULTIPOLYGON, longitude first.");

/// What every search of listings takes.
const SEARCH: &[Parameter] = &[
    FEED_IDS_NEEDED,
    parameter("PropertyTypeList", WORDS, OneOf(Vocabulary::PropertyType), "Types of property."),
    parameter("SaleTypeList", WORDS, OneOf(Vocabulary::SaleType), "Types of sale."),
    parameter(
        "StatusList",
        WORDS,
        OneOf(Vocabulary::Status),
        "Statuses; Active, Contingent and Pending where none.",
    ),
    parameter("AgentId", NAME, Is(Member::AgentId), "The listing agent's id."),
    parameter("OfficeId", NAME, Is(Member::OfficeId), "The listing office's id."),
    parameter("MinPrice", COUNT, Least(Number::Price), "The lowest price."),
    parameter("MaxPrice", COUNT, Most(Number::Price), "The highest price."),
    parameter("MinSquareFeet", COUNT, Least(Number::SquareFeet), "The least living area in square feet."),
    parameter("MaxSquareFeet", COUNT, Most(Number::SquareFeet), "The greatest living area in square feet."),
    parameter("MinAcres", ReadAs::Number(0, INT), Least(Number::Acres), "The least lot in acres."),
    parameter("MaxAcres", ReadAs::Number(0, INT), Most(Number::Acres), "The greatest lot in acres."),
    parameter("Beds", COUNT, Least(Number::Beds), "The least number of bedrooms."),
    parameter("BathsTotal", ReadAs::Number(0, INT), Least(Number::Baths), "The least number of bathrooms."),
    parameter("MinYearBuilt", COUNT, Least(Number::YearBuilt), "The first year of building."),
    parameter("MaxYearBuilt", COUNT, Most(Number::YearBuilt), "The last year of building."),
    parameter("HasView", Only, Has(Feature::View), "True: has a view. False is no preference."),
    parameter("HasOpenHouse", Only, Has(Feature::OpenHouse), "True: has an open house to come."),
    parameter("HasAc", Only, Has(Feature::Ac), "True: has air conditioning. False is no preference."),
    parameter("HasAgeRestrictions", Either, Has(Feature::AgeRestrictions), "Restricted to seniors."),
    parameter("HasBarn", Either, Has(Feature::Barn), "Has outbuildings."),
    parameter("HasBasement", Either, Has(Feature::Basement), "Has a basement."),
    parameter("HasFireplace", Either, Has(Feature::Fireplace), "Has a fireplace."),
    parameter("HasGarage", Either, Has(Feature::Garage), "Has a garage."),
    parameter("HasHandicapFeatures", Either, Has(Feature::HandicapFeatures), "Has accessibility features."),
    parameter("HasMasterOnMain", Either, Has(Feature::MasterOnMain), "Has a main bedroom on the main floor."),
    parameter("HasPool", Either, Has(Feature::Pool), "Has a pool."),
    parameter("HasWaterFront", Either, Has(Feature::Waterfront), "Is on the water."),
    parameter("SchoolDistrict", NAME, Is(Member::SchoolDistrict), "The school district."),
    parameter("Remarks", Text(1_000), Phrase, "A phrase of the public remarks."),
    parameter("Subdivision", NAME, Is(Member::Subdivision), "The subdivision."),
    parameter("LandTenure", NAME, OneOf(Vocabulary::LandTenure), "Free Hold or Lease Hold."),
    parameter("DaysOnMarket", COUNT, Below(Number::DaysOnMarket), "Fewer days on the market than this."),
    parameter("SearchAreaList", WORDS, OneOf(Vocabulary::SearchArea), "Areas of the MLS."),
    parameter("StyleList", WORDS, OneOf(Vocabulary::Style), "Styles."),
    parameter("ViewList", WORDS, OneOf(Vocabulary::View), "Views."),
    parameter("LevelList", WORDS, OneOf(Vocabulary::Level), "Levels."),
    parameter("MlsUpdateDate", Moment, UpdatedAfter, "Updated after this instant."),
    parameter("MlsInsertDate", Moment, SeenAfter, "First seen after this instant."),
    parameter("Keyword", Text(255), Keyword, "A listing's id, an address, or words of the remarks."),
    parameter("SortBy", NAME, Apart, "What to sort by; a minus before it, or desc after it, reverses."),
    FIELDS,
    PAGE,
    SIZE,
    NOTICES,
];

const ADDRESS: &[Parameter] = &[
    required("Address", NAME, Apart, "The street address to search around."),
    required("City", NAME, Apart, "Its city."),
    required("State", NAME, Apart, "Its state."),
    required("Zip", NAME, Apart, "Its ZIP code."),
    DISTANCE,
];
const GEOGRAPHY: &[Parameter] = &[
    parameter("Neighborhood", NAME, Is(Member::Neighborhood), "The neighborhood."),
    parameter("Zip", NAME, Is(Member::Zip), "The ZIP code; its first five digits count."),
    parameter("City", NAME, Is(Member::City), "The city."),
    parameter("State", NAME, Is(Member::State), "The city's state."),
];
const LOCATION: &[Parameter] = &[WKT, DISTANCE];
const SOLD: &[Parameter] =
    &[WKT, DISTANCE, parameter("SoldDateRange", NAME, Apart, "A value of the lookup SoldDateRange.")];
const DETAIL: &[Parameter] = &[
    required("FeedId", NAME, Apart, "The feed."),
    required("ListingId", NAME, Apart, "The listing's id in its MLS."),
    FIELDS,
    NOTICES,
];
const AGENTS: &[Parameter] = &[
    required("FeedId", NAME, Apart, "The feed."),
    parameter("AgentId", NAME, Apart, "One agent."),
    parameter("OfficeId", NAME, Apart, "One office's."),
    FROM,
    TO,
    PAGE,
    SIZE,
    FIELDS,
];
const OFFICES: &[Parameter] = &[
    required("FeedId", NAME, Apart, "The feed."),
    parameter("OfficeId", NAME, Apart, "One office."),
    FROM,
    TO,
    PAGE,
    SIZE,
    FIELDS,
];
const OPEN_HOUSES: &[Parameter] = &[
    FEED_IDS_NEEDED,
    parameter("OfficeId", NAME, Apart, "The listing office's id."),
    parameter("AgentId", NAME, Apart, "The listing agent's id."),
    parameter("OpenFromDate", Moment, Apart, "Open at or after this instant; now."),
    parameter("OpenToDate", Moment, Apart, "Open at or before this instant."),
    PAGE,
    SIZE,
    FIELDS,
];
const SYNC: &[Parameter] = &[
    FEED_IDS,
    FROM,
    TO,
    parameter("Status", Whole(0, 3), Apart, "0 all, 1 Active, Contingent and Pending, 2 Sold, 3 Deleted."),
    PAGE,
    parameter("PageSize", Whole(0, 200), Apart, "Listings a page, up to 200; 0 is 200."),
    FIELDS,
    NOTICES,
];
const LOOKUPS: &[Parameter] = &[required("LookupType", NAME, Apart, "Which list of values."), FEED_IDS];

const BANDS: &[Parameter] =
    &[parameter("PriceBands", Texts(100), Apart, "Prices at which one band ends and the next begins.")];
const BOX: &[Parameter] = &[
    required("West", ReadAs::Number(-180, 180), Apart, "The box's western longitude."),
    required("South", ReadAs::Number(-90, 90), Apart, "The box's southern latitude."),
    required("East", ReadAs::Number(-180, 180), Apart, "The box's eastern longitude."),
    required("North", ReadAs::Number(-90, 90), Apart, "The box's northern latitude."),
    parameter("Precision", Whole(0, 16), Apart, "Clusters are squares of 360 / 2^precision degrees; 10."),
];
const MONTHS: &[Parameter] =
    &[parameter("ByMonth", Only, Apart, "True: by the month of the sale, or of the listing.")];
const SUGGESTIONS: &[Parameter] = &[
    FEED_IDS,
    required("Text", NAME, Apart, "What has been typed so far."),
    parameter("Top", Whole(1, 100), Apart, "How many suggestions at most; 10."),
];
const KEYS: &[Parameter] = &[
    FEED_IDS,
    PAGE,
    parameter("PageSize", Whole(0, 10_000), Apart, "Keys a page, up to 10000, which 0 is, too."),
];

impl Endpoint {
    /// The parameters of this endpoint, in the order of the API's document.
    pub(crate) fn parameters(self) -> impl Iterator<Item = &'static Parameter> {
        let (base, more): (&[Parameter], &[Parameter]) = match self {
            Self::Listings => (SEARCH, &[]),
            Self::ListingsByAddress => (SEARCH, ADDRESS),
            Self::ListingsByGeography => (SEARCH, GEOGRAPHY),
            Self::ListingsByLocation => (SEARCH, LOCATION),
            Self::SoldListingsByLocation => (SEARCH, SOLD),
            Self::ListingDetail => (DETAIL, &[]),
            Self::Agents => (AGENTS, &[]),
            Self::Offices => (OFFICES, &[]),
            Self::OpenHouses => (OPEN_HOUSES, &[]),
            Self::SyncListings => (SYNC, &[]),
            Self::Lookups => (LOOKUPS, &[]),
            Self::Feeds => (&[], &[]),
            Self::Facets => (SEARCH, BANDS),
            Self::Clusters => (SEARCH, BOX),
            Self::Statistics => (SEARCH, MONTHS),
            Self::Suggestions => (SUGGESTIONS, &[]),
            Self::Keys => (KEYS, &[]),
            Self::Related => (DETAIL, &[]),
        };
        base.iter().chain(more)
    }
}
