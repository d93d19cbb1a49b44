//! GetSuggestions: what somebody may be about to type (SRCH-004).

use std::cmp::Reverse;

use dictionary::{FieldId, Timestamp};
use gate::Caller;
use query::{FeedRows, Rows, Scope};
use search::{Suggestion, Typed};
use serde_json::{Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, granted};
use crate::reply::Reply;
use crate::request::Asked;

/// Suggestions where the request does not say how many.
const TOP: i64 = 10;

/// Answers GetSuggestions. Each field is suggested from the feeds that show it; an address from listings
/// that show theirs.
pub(super) fn answer(door: &Door, caller: &Caller, asked: &Asked, now: Timestamp) -> Result<Reply, Refused> {
    checked(asked)?;
    let text = asked.text("Text").cloned().unwrap_or_default();
    let top = usize::try_from(asked.whole("Top").unwrap_or(TOP)).unwrap_or(0);
    let typed = Typed::read(&text);
    let resource = door.bound.property;
    let feeds = granted(caller, resource, asked.texts("FeedIdList"));
    let mut found: Vec<Suggestion> = Vec::new();
    for (_, field) in door.bound.summed.suggested {
        let looks = vec![field];
        let wanted = Wanted { looks, ..Wanted::of(resource, Vec::new(), feeds.clone()) };
        let Some(question) = wanted.permit(door, caller)? else { continue };
        let hidden = (field == door.bound.address).then(|| shown_addresses(door, question.scope()));
        let scope = hidden.as_ref().unwrap_or_else(|| question.scope());
        found.extend(door.search.read().suggest(resource, &[field], &typed, scope, top, now));
    }
    found.sort_by_key(|one| (Reverse(typed.fits(&one.value)), Reverse(one.count)));
    let name = |field: FieldId| {
        let known = door.bound.summed.suggested.iter().find(|(_, known)| *known == field);
        known.map_or("", |(name, _)| name)
    };
    let one = |one: &Suggestion| json!({ "Type": name(one.field), "Value": one.value.as_str(), "Count": one.count });
    let told: Vec<Json> = found.iter().take(top).map(one).collect();
    Ok(Reply::of(Json::Array(told).to_string().into_bytes()))
}

/// The same listings, of those whose address is not kept from display.
fn shown_addresses(door: &Door, scope: &Scope) -> Scope {
    let shown = door.members.on_map();
    let narrowed = |rows: &FeedRows| {
        let filter = rows.filter.clone().map_or(shown.clone(), |filter| filter.and(shown.clone()));
        FeedRows { feed: rows.feed.clone(), filter: Some(filter) }
    };
    let rows = match scope.rows(door.bound.property) {
        Rows::Of(rows) => Rows::Of(rows.iter().map(narrowed).collect()),
        // Feeds are named in every question of this door.
        Rows::All | Rows::None => Rows::None,
    };
    let mut scope = scope.clone();
    scope.allow(door.bound.property, rows);
    scope
}
