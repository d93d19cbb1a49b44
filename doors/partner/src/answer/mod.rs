//! The answers, endpoint by endpoint.

mod clusters;
mod detail;
mod facets;
mod feeds;
mod headers;
mod keys;
mod listings;
mod lookups;
mod open_houses;
mod people;
mod related;
pub(crate) mod schema;
mod statistics;
mod suggestions;
mod sync;
mod walked;
mod write;

use dictionary::Timestamp;
use gate::Caller;

use crate::Door;
use crate::endpoint::Endpoint;
use crate::envelope::Refused;
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::{Asked, Value};

/// Answers what is asked.
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    forgive(caller, asked);
    match asked.endpoint {
        Endpoint::Listings
        | Endpoint::ListingsByAddress
        | Endpoint::ListingsByGeography
        | Endpoint::ListingsByLocation
        | Endpoint::SoldListingsByLocation => listings::answer(door, caller, asked, now),
        Endpoint::ListingDetail => detail::answer(door, caller, asked, now),
        Endpoint::Agents | Endpoint::Offices => people::answer(door, caller, asked, now),
        Endpoint::OpenHouses => open_houses::answer(door, caller, asked, now),
        Endpoint::SyncListings => sync::answer(door, caller, asked, now),
        Endpoint::Facets => facets::answer(door, caller, asked, now),
        Endpoint::Clusters => clusters::answer(door, caller, asked, now),
        Endpoint::Statistics => statistics::answer(door, caller, asked, now),
        Endpoint::Suggestions => suggestions::answer(door, caller, asked, now),
        Endpoint::Keys => keys::answer(door, caller, asked, now),
        Endpoint::Related => related::answer(door, caller, asked, now),
        Endpoint::Lookups => lookups::answer(door, caller, asked, now),
        Endpoint::Feeds => feeds::answer(door, caller, now),
    }
}

/// Some clients send the document's sample with every feature `false` and mean nothing by it (item 6):
/// for these, false is no preference.
fn forgive(caller: &Caller, asked: &mut Asked) {
    if !caller.deviates("sample_false_is_null") {
        return;
    }
    for parameter in asked.endpoint.parameters() {
        if asked.value(parameter.name) == Some(&Value::Truth(false)) {
            asked.forget(parameter.name);
        }
    }
}

/// Notes members that are chosen and are none of the kind's (SRCH-011).
fn check_fields(door: &Door, kind: Kind, asked: &mut Asked) {
    let unknown =
        asked.texts("Fields").iter().find(|name| door.members.member(kind, name).is_none()).cloned();
    if let Some(name) = unknown {
        asked.refuse(
            "Fields",
            format!("The value '{name}' is not valid for Fields: there is no such member."),
        );
    }
}

/// Refuses a request of which something is wrong.
fn checked(asked: &Asked) -> Result<(), Refused> {
    if asked.errors.is_empty() { Ok(()) } else { Err(Refused::parameters(asked)) }
}
