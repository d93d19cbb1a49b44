//! The endpoints, by name and method.

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
    Facets,
    Clusters,
    Statistics,
    Suggestions,
    Keys,
    Related,
}

/// Each endpoint with its name as the API's document spells it.
const NAMES: [(Endpoint, &str); 18] = [
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
    (Endpoint::Facets, "GetListingFacets"),
    (Endpoint::Clusters, "GetListingClusters"),
    (Endpoint::Statistics, "GetListingStatistics"),
    (Endpoint::Suggestions, "GetSuggestions"),
    (Endpoint::Keys, "GetListingKeys"),
    (Endpoint::Related, "GetRelatedListings"),
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

    /// What it is for, in a sentence.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Listings => "Listings by price, rooms, features, words and the like.",
            Self::ListingsByAddress => "Listings around an address, the nearest first.",
            Self::ListingsByGeography => "Listings of a neighborhood, a ZIP code or a city.",
            Self::ListingsByLocation => "Listings around a point or inside polygons.",
            Self::SoldListingsByLocation => "Sold listings around a point or inside polygons.",
            Self::ListingDetail => "One listing with everything.",
            Self::Agents => "Agents of a feed, by when they changed.",
            Self::Offices => "Offices of a feed, by when they changed.",
            Self::OpenHouses => "Open houses of feeds, between two instants.",
            Self::SyncListings => "Listings with everything, by when they changed in this data set.",
            Self::Lookups => "The values of a lookup, feed by feed, with how many listings have each.",
            Self::Feeds => "The feeds that the client may read.",
            Self::Facets => {
                "How many listings of a search have which city, ZIP code, type, status, rooms, price."
            }
            Self::Clusters => "The listings of a search inside a box, as clusters on a map.",
            Self::Statistics => "What prices, sizes and times of a search's listings come to, by month.",
            Self::Suggestions => {
                "What somebody may be about to type: cities, ZIP codes, addresses and the like."
            }
            Self::Keys => "The ids of every listing that the client may see, for reconciliation.",
            Self::Related => "Every listing of one listing's home, and its days on the market in all.",
        }
    }

    /// The method that it is asked with.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Listings
            | Self::ListingsByAddress
            | Self::ListingsByGeography
            | Self::ListingsByLocation
            | Self::SoldListingsByLocation
            | Self::Facets
            | Self::Clusters
            | Self::Statistics => "POST",
            _ => "GET",
        }
    }
}
