//! One listing with everything (PAR-131).

use dictionary::{Text, Timestamp};
use gate::Caller;
use query::Expr;
use search::{Reader, Row};

use super::write::Writer;
use super::{check_fields, checked, headers};
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, one_feed};
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::Asked;

/// Answers GetListingDetail.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    check_fields(door, Kind::Details, asked);
    checked(asked)?;
    let reader = door.search.read();
    let row = find(door, caller, asked, &reader, now)?;
    let mut writer = Writer::new(door, caller, &reader, Kind::Details, asked, now);
    let tag = writer.object(row);
    Ok(headers::notices(Reply { tag: Some(tag), ..writer.finish() }, caller, asked))
}

/// The listing that FeedId and ListingId name.
pub(super) fn find(
    door: &Door,
    caller: &Caller,
    asked: &Asked,
    reader: &Reader<'_>,
    now: Timestamp,
) -> Result<Row, Refused> {
    let text = |name: &str| asked.text(name).cloned().unwrap_or_default();
    let (feed, id): (Text, Text) = (text("FeedId"), text("ListingId"));
    let unknown = || Refused::not_found("There is no such listing in a feed that this client may read.");
    let feed = one_feed(caller, door.bound.property, &feed).ok_or_else(unknown)?;
    let filters = vec![Expr::equal(door.bound.listing_id, id)];
    let wanted = Wanted::of(door.bound.property, filters, vec![feed]);
    let mut question = wanted.permit(door, caller)?.ok_or_else(unknown)?;
    let hits = question.page(door, reader, (0, 1), now)?;
    hits.rows.first().copied().ok_or_else(unknown)
}
