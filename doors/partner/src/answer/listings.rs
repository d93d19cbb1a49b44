//! The searches: a bare array of summaries, with how it goes on in headers (PAR-121).

use dictionary::Timestamp;
use gate::Caller;

use super::write::Writer;
use super::{check_fields, checked, headers};
use crate::Door;
use crate::endpoint::Endpoint;
use crate::envelope::Refused;
use crate::find::{self, Around};
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::Asked;

/// Listings a page where the client names no size.
const PAGE: u32 = 200;

/// Answers a search.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let mut accuracy = None;
    let around = match asked.endpoint {
        Endpoint::ListingsByAddress => {
            accuracy = asked.located.map(|located| located.accuracy);
            asked.located.map(|located| Around::of_point(located.point, asked))
        }
        Endpoint::ListingsByLocation | Endpoint::SoldListingsByLocation => Around::of_wkt(asked),
        _ => None,
    };
    // An address that nobody can place has nothing near it (PAR-123).
    let nowhere = asked.endpoint == Endpoint::ListingsByAddress && around.is_none();
    let wanted = find::listings(door, caller, asked, around, now);
    check_fields(door, Kind::Summary, asked);
    checked(asked)?;
    let (page, size) = (asked.page(), asked.page_size(PAGE));
    let mut reply = match wanted.permit(door, caller)?.filter(|_| !nowhere) {
        None => Reply::of(b"[]".to_vec()).with("x-total-count", "0"),
        Some(mut question) => {
            let reader = door.search.read();
            let skip = (page - 1).saturating_mul(u64::from(size));
            let who = (&*asked, caller);
            let (rows, total) = door.counts.page(door, who, &mut question, &reader, (skip, size), now)?;
            let mut writer = Writer::new(door, caller, &reader, Kind::Summary, asked, now);
            writer.list(&rows);
            headers::paged(writer.finish(), door, asked, (page, size), total)
        }
    };
    if let Some(accuracy) = accuracy {
        reply = reply.with("x-geocode-accuracy", accuracy);
    }
    Ok(headers::notices(reply, caller, asked))
}
