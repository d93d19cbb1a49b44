//! The records of a link to many, as a collection of their own: `/Property('K')/Media`.

use dictionary::{LinkId, Timestamp};
use gate::{Caller, Permitted};
use odata::url::Place;
use query::Query;
use search::Reader;

use crate::headers::Wishes;
use crate::page::{self, Walk};
use crate::reply::{Refused, Reply, TEXT};
use crate::url::Url;
use crate::{Door, entity};

/// A page of them.
#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    at: &Place,
    link: LinkId,
    query: Query,
    url: Url<'_>,
    page_token: Option<String>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let walk = Walk::of(query, url, page_token.as_deref(), page::page_size(door, wishes))?;
    let permitted = door.gate.permit(caller, walk.query.clone())?;
    let reader = door.search.read();
    let hits = find(door, caller, &reader, at, link, &permitted, now)?;
    page::write(door, caller, &reader, &permitted, hits, &walk, url, wishes, now)
}

/// How many of them match.
pub(crate) fn count(
    door: &Door,
    caller: &Caller,
    at: &Place,
    link: LinkId,
    query: Query,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let query = Query { count: true, page_size: 1, ..query };
    let permitted = door.gate.permit(caller, query)?;
    let reader = door.search.read();
    let hits = find(door, caller, &reader, at, link, &permitted, now)?;
    Ok(Reply::of(TEXT, hits.count.unwrap_or(0).to_string()))
}

fn find(
    door: &Door,
    caller: &Caller,
    reader: &Reader<'_>,
    at: &Place,
    link: LinkId,
    permitted: &Permitted,
    now: Timestamp,
) -> Result<search::Hits, Refused> {
    let row = entity::find(door, caller, reader, at, permitted, now)?;
    let resource = at.end(&door.dictionary);
    Ok(reader.linked_page(resource, row, link, &permitted.query, &permitted.scope, now)?)
}
