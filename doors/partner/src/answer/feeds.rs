//! GetFeeds (PAR-142).

use dictionary::{Fields as _, Timestamp, ValueRef};
use gate::Caller;
use query::{Expr, Order, Query};
use serde_json::{Value as Json, json};

use crate::Door;
use crate::envelope::Refused;
use crate::find::Wanted;
use crate::reply::Reply;

/// Answers GetFeeds: what the client may read, with when it last changed, and how it is to be shown.
pub(super) fn answer(door: &Door, caller: &Caller, now: Timestamp) -> Result<Reply, Refused> {
    let mut feeds = Vec::new();
    for (feed, class) in caller.feeds() {
        let (listings, updated) = standing(door, caller, feed, now)?;
        let terms = caller.feed_terms(feed);
        let text = |of: fn(&gate::FeedTerms) -> &Option<dictionary::Text>| {
            terms.and_then(|terms| of(terms).as_ref()).map_or(Json::Null, |text| text.as_str().into())
        };
        feeds.push(json!({
            "FeedId": feed.as_str(),
            "Name": text(|terms| &terms.name),
            "PermissionClass": class.name(),
            "ListingCount": listings,
            "LastUpdateDate": updated.map(|at| at.to_string()),
            "TimeZone": text(|terms| &terms.time_zone),
            "Attribution": text(|terms| &terms.attribution),
            "Disclaimer": text(|terms| &terms.disclaimer),
            "SalePriceDisclosed": !terms.is_some_and(|terms| terms.non_disclosure),
        }));
    }
    Ok(Reply::of(Json::Array(feeds).to_string().into_bytes()))
}

/// How many listings of a feed the client sees, and when the last of them changed.
fn standing(
    door: &Door,
    caller: &Caller,
    feed: &dictionary::Text,
    now: Timestamp,
) -> Result<(u64, Option<Timestamp>), Refused> {
    let resource = door.bound.property;
    let updated = door.hub.updated(resource);
    let own_order = Some(Order::descending(Expr::field(updated)));
    let wanted = Wanted { own_order, ..Wanted::of(resource, Vec::new(), vec![feed.clone()]) };
    let Some(question) = wanted.permit(door, caller)? else { return Ok((0, None)) };
    let reader = door.search.read();
    let query = Query { count: true, page_size: 1, ..question.query().clone() };
    let hits = reader.page(&query, question.scope(), now)?;
    let last = hits.rows.first().and_then(|row| match reader.view(resource, *row).look(updated)? {
        ValueRef::Timestamp(at) => Some(at),
        _ => None,
    });
    Ok((hits.count.unwrap_or(0), last))
}
