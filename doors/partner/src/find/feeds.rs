//! Which feeds are asked: those of the request that the client may read (PAR-101).

use std::collections::HashSet;

use dictionary::{ResourceId, Text};
use gate::Caller;
use query::{FeedRows, Rows};

/// The feeds that `caller` may read `resource` of, of those that are named where any is. Names that are
/// not known or not granted are passed over.
pub(crate) fn granted(caller: &Caller, resource: ResourceId, named: &[Text]) -> Vec<Text> {
    if caller.is_operator() {
        return named.to_vec();
    }
    let named: HashSet<String> = named.iter().map(|name| name.to_uppercase()).collect();
    let wanted = |feed: &Text| named.is_empty() || named.contains(&feed.to_uppercase());
    let feeds = caller.feeds().map(|(feed, _)| feed).filter(|feed| caller.may_read(feed, resource));
    feeds.filter(|feed| wanted(feed)).cloned().collect()
}

/// The feed of this name, where it may be read.
pub(crate) fn one_feed(caller: &Caller, resource: ResourceId, name: &Text) -> Option<Text> {
    granted(caller, resource, std::slice::from_ref(name)).pop()
}

/// Of the rows that may be seen, those of these feeds; none where these are all of them.
pub(super) fn narrowed(rows: &Rows, feeds: &[Text]) -> Option<Rows> {
    match rows {
        Rows::None => None,
        Rows::All => {
            Some(Rows::Of(feeds.iter().map(|feed| FeedRows { feed: feed.clone(), filter: None }).collect()))
        }
        Rows::Of(rows) if rows.iter().all(|rows| feeds.contains(&rows.feed)) => None,
        Rows::Of(rows) => {
            let left: Vec<FeedRows> =
                rows.iter().filter(|rows| feeds.contains(&rows.feed)).cloned().collect();
            Some(if left.is_empty() { Rows::None } else { Rows::Of(left) })
        }
    }
}
