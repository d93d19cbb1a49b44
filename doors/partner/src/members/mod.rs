//! What an answer's members are, and where each comes from.

mod ask;
mod dress;

use dictionary::{Dictionary, Fields as _, LinkId, ResourceId, Text, Timestamp};
use gate::Caller;
use query::Scope;
use search::{Reader, Row};

pub(crate) use ask::{Feature, Number, SortKey, Vocabulary};
pub(crate) use dress::{Disclosure, Dress, FieldChoice};

/// The class of object that an answer is made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    /// `ListingSummary`, of a Property record.
    Summary,
    /// `ListingDetails`, of a Property record.
    Details,
    /// `Agent`, of a Member record.
    Agent,
    /// `Office`, of an Office record.
    Office,
    /// `ListingOpenHouse`, of an OpenHouse record.
    OpenHouse,
}

/// One look at the index, by one caller: linked records are read through the same.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) reader: &'a Reader<'a>,
    /// Which records the caller may be told of, linked ones included.
    pub(crate) scope: &'a Scope,
    /// For open houses that are over and days on market.
    pub(crate) now: Timestamp,
}

/// A record as one JSON object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rendered {
    pub(crate) bytes: Vec<u8>,
    /// From this instant on the object would read otherwise although nothing was written: an open house
    /// ends, a day on market begins. None where it stays.
    pub(crate) stale: Option<Timestamp>,
}

/// The members of every kind, bound to the fields of one dictionary.
pub(crate) struct Members {
    resources: [ResourceId; 4],
    listing_id: dictionary::FieldId,
    asked: ask::Asked,
}

impl Members {
    /// Binds the tables to `dictionary`.
    pub(crate) fn bind(dictionary: &Dictionary) -> Self {
        let resources = ["Property", "Member", "Office", "OpenHouse"].map(|name| dictionary.known(name).id);
        let listing_id = dictionary.known("Property").find("ListingId");
        Self {
            resources,
            listing_id: listing_id.expect("every version of the dictionary has ListingId"),
            asked: ask::Asked::bind(dictionary),
        }
    }

    /// The resource whose records become objects of this kind.
    pub(crate) fn resource(&self, kind: Kind) -> ResourceId {
        let [property, member, office, open_house] = self.resources;
        match kind {
            Kind::Summary | Kind::Details => property,
            Kind::Agent => member,
            Kind::Office => office,
            Kind::OpenHouse => open_house,
        }
    }

    /// The links whose records are part of an object of this kind, four at most: where one of those changes,
    /// the object is written anew.
    pub(crate) fn links(&self, _kind: Kind) -> &[LinkId] {
        &[]
    }

    /// The member of this name in any case, as the class spells it.
    pub(crate) fn member(&self, _kind: Kind, name: &str) -> Option<&'static str> {
        ["FeedId", "ListingId"].into_iter().find(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether there is a lookup of this name, in any case.
    pub(crate) fn is_lookup(&self, name: &str) -> bool {
        ["ListingStatus", "SoldDateRange", "FeedId"].iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The values of a lookup that listings of `feed` have, of those that the caller may see, each with how
    /// many; none where there is no such lookup.
    pub(crate) fn lookup(
        &self,
        name: &str,
        _look: &Look<'_>,
        _caller: &Caller,
        _feed: &Text,
    ) -> Option<Vec<(Text, u64)>> {
        self.is_lookup(name).then(Vec::new)
    }

    /// The object of a row, as a caller in this dress sees it.
    pub(crate) fn render(&self, kind: Kind, look: &Look<'_>, row: Row, _dress: &Dress) -> Rendered {
        let view = look.reader.view(self.resource(kind), row);
        let mut object = serde_json::json!({ "FeedId": view.feed() });
        if let Some(dictionary::ValueRef::Text(id)) = view.look(self.listing_id)
            && matches!(kind, Kind::Summary | Kind::Details)
        {
            object["ListingId"] = id.into();
        }
        Rendered { bytes: object.to_string().into_bytes(), stale: None }
    }

    /// The `ListingDetails` of a listing that was removed: who it was, that it is deleted and since when
    /// (PAR-137). Whatever else it held is not told any more.
    pub(crate) fn deleted(&self, feed: &str, listing_id: &str, at: Timestamp) -> Vec<u8> {
        serde_json::json!({
            "ListingId": listing_id, "FeedId": feed, "ListingStatus": "Deleted",
            "ListingStatusSearch": "Deleted", "MlsUpdateDate": at.to_string(),
            "MlsModificationTimestamp": at.to_string(),
        })
        .to_string()
        .into_bytes()
    }
}
