//! GetListingKeys: the ids of every listing that the client may see (SRCH-012).

use dictionary::{Fields as _, Timestamp, ValueRef};
use gate::Caller;
use query::{Expr, Order};
use serde_json::{Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, granted};
use crate::reply::Reply;
use crate::request::Asked;
use crate::walks::Beginning;

/// Keys a page where the client names no size.
const PAGE: u32 = 10_000;

/// Answers GetListingKeys: a walk that stays what page 1 found, as with SyncListings.
pub(super) fn answer(door: &Door, caller: &Caller, asked: &Asked, now: Timestamp) -> Result<Reply, Refused> {
    checked(asked)?;
    let resource = door.bound.property;
    let updated = door.hub.updated(resource);
    let feeds = granted(caller, resource, asked.texts("FeedIdList"));
    let mut wanted = Wanted::of(resource, Vec::new(), feeds);
    wanted.looks = vec![door.bound.listing_id];
    wanted.own_order = Some(Order::ascending(Expr::field(updated)));
    let Some(mut question) = wanted.permit(door, caller)? else {
        return Ok(told(Vec::new(), 0, None));
    };
    let reader = door.search.read();
    let begin = || {
        let rows = question.page(door, &reader, (0, u32::MAX), now)?.rows;
        Ok(Beginning { to: now, rows, gone: Vec::new() })
    };
    let (page, size) = (asked.page(), asked.page_size(PAGE));
    let walk = door.walks.walk(asked, caller, page, begin, &reader, (resource, updated))?;
    let found = walk.page(page, size, &reader, resource, question.scope(), now);
    let keys = found.iter().filter_map(|found| {
        let view = reader.view(resource, found.row()?);
        match view.look(door.bound.listing_id) {
            Some(ValueRef::Text(id)) => Some(json!({ "FeedId": view.feed(), "ListingId": id })),
            _ => None,
        }
    });
    let next = (page.saturating_mul(u64::from(size)) < walk.total()).then_some(page + 1);
    Ok(told(keys.collect(), walk.total(), next))
}

fn told(keys: Vec<Json>, total: u64, next: Option<u64>) -> Reply {
    let body = json!({ "Count": keys.len(), "Results": keys, "Total": total, "NextPage": next });
    Reply::of(body.to_string().into_bytes())
}
