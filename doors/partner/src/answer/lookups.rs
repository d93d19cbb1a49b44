//! GetLookups (PAR-141).

use dictionary::{Text, Timestamp};
use gate::Caller;
use serde_json::{Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find::{SoldDateRange, granted};
use crate::members::Look;
use crate::reply::{self, Reply};
use crate::request::Asked;

/// Answers GetLookups: the values of one list, feed by feed, with how many listings have each.
pub(super) fn answer(door: &Door, caller: &Caller, asked: &Asked, now: Timestamp) -> Result<Reply, Refused> {
    checked(asked)?;
    let kind = asked.text("LookupType").cloned().unwrap_or_default();
    let feeds = granted(caller, door.bound.property, asked.texts("FeedIdList"));
    let value = |feed: &Text, value: &str, count: Option<u64>| json!({ "FeedId": feed.as_str(), "LookupType": kind.as_str(), "Value": value, "Count": count });
    let reader = door.search.read();
    let mut values = Vec::new();
    for feed in &feeds {
        if kind.eq_ignore_ascii_case("SoldDateRange") {
            values.extend(SoldDateRange::all().iter().map(|range| value(feed, range.name, None)));
        } else if kind.eq_ignore_ascii_case("FeedId") {
            values.push(value(feed, feed, None));
        } else {
            let look = Look { reader: &reader, scope: caller.scope(), now };
            let found = door.members.lookup(&kind, &look, caller, feed);
            let found =
                found.ok_or_else(|| Refused::not_found(format!("There is no lookup type {kind}.")))?;
            values.extend(found.iter().map(|(text, count)| value(feed, text, Some(*count))));
        }
    }
    if feeds.is_empty() && !door.members.is_lookup(&kind) {
        return Err(Refused::not_found(format!("There is no lookup type {kind}.")));
    }
    let body = Json::Array(values).to_string().into_bytes();
    Ok(Reply { tag: Some(reply::tag(0, &body, crc32fast::hash(&body))), ..Reply::of(body) })
}
