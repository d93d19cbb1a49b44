//! The endpoints, by name and method.

use http::Method;

/// An endpoint of the API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Endpoint {
    Listings,
    ListingsByAddress,
    ListingsByGeography,
    ListingsByLocation,
    SoldListingsByLocation,
    ListingDetail,
    Agents,
    Offices,
    OpenHouses,
    SyncListings,
    Lookups,
    Feeds,
}

/// Each endpoint with its name as the API's document spells it.
const NAMES: [(Endpoint, &str); 12] = [
    (Endpoint::Listings, "GetListings"),
    (Endpoint::ListingsByAddress, "GetListingsByAddress"),
    (Endpoint::ListingsByGeography, "GetListingsByGeography"),
    (Endpoint::ListingsByLocation, "GetListingsByLocation"),
    (Endpoint::SoldListingsByLocation, "GetSoldListingsByLocation"),
    (Endpoint::ListingDetail, "GetListingDetail"),
    (Endpoint::Agents, "GetAgents"),
    (Endpoint::Offices, "GetOffices"),
    (Endpoint::OpenHouses, "GetListingsOpenHouse"),
    (Endpoint::SyncListings, "SyncListings"),
    (Endpoint::Lookups, "GetLookups"),
    (Endpoint::Feeds, "GetFeeds"),
];

impl Endpoint {
    /// Every endpoint, in the order of the API's document.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(endpoint, _)| *endpoint)
    }

    /// The endpoint of this name in any case: clients spell GetListingsOpenhouse, too.
    pub(crate) fn find(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(endpoint, _)| *endpoint)
    }

    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(endpoint, _)| *endpoint == self).map_or("", |(_, name)| name)
    }

    /// The method that it is asked with.
    pub(crate) fn method(self) -> Method {
        match self {
            Self::Listings
            | Self::ListingsByAddress
            | Self::ListingsByGeography
            | Self::ListingsByLocation
            | Self::SoldListingsByLocation => Method::POST,
            _ => Method::GET,
        }
    }
}
