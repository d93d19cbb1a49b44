//! SyncListings: everything of a listing, by when it changed in our data set (PAR-136 to 140).

use dictionary::{Text, Timestamp};
use gate::Caller;

use super::walked::{self, Window};
use super::{check_fields, checked};
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, granted};
use crate::members::{Kind, Vocabulary};
use crate::reply::Reply;
use crate::request::Asked;

/// Listings a page, as the document says.
const PAGE: u32 = 200;

/// Answers SyncListings.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    check_fields(door, Kind::Details, asked);
    let window = Window::read(asked, now);
    checked(asked)?;
    let resource = door.bound.property;
    let any_of = |words: &[&'static str]| {
        let words: Vec<Text> = words.iter().map(|word| Text::new_static(word)).collect();
        vec![door.members.any_of(Vocabulary::Status, &words)]
    };
    let deleted = matches!(asked.whole("Status").unwrap_or(0), 0 | 3);
    let filters = match asked.whole("Status").unwrap_or(0) {
        1 => any_of(&["Active", "Contingent", "Pending"]),
        2 => any_of(&["Sold"]),
        3 => any_of(&["Deleted"]),
        _ => Vec::new(),
    };
    let feeds = granted(caller, resource, asked.texts("FeedIdList"));
    let wanted = Wanted::of(resource, filters, feeds);
    let reply = walked::answer(door, caller, asked, Kind::Details, wanted, window, (PAGE, deleted), now)?;
    Ok(super::headers::notices(reply, caller, asked))
}
