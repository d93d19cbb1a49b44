//! Who may write, and into which feed.

use dictionary::{Feed, ResourceId, Text};
use gate::{Caller, Refusal};
use odata::Fault;

use crate::Door;
use crate::reply::Refused;

/// The option of a URL that names the feed of a new record, where a client may write several.
pub(super) const OPTION: &str = "feed";

/// Refuses whoever may not write `resource` in `feed`.
///
/// # Errors
/// 403 `read_only` or `writing_not_granted`.
pub(super) fn require(door: &Door, caller: &Caller, feed: &str, resource: ResourceId) -> Result<(), Refused> {
    if caller.may_write(feed, resource) {
        return Ok(());
    }
    if caller.is_read_only() {
        let message = "This token was bought for reading alone.";
        return Err(Refusal::new(403, "read_only", message, "Ask the token endpoint for scope=api.").into());
    }
    let name = &door.dictionary.resource(resource).name;
    let message = format!("This client may not write {name} there.");
    let hint = "Ask the operator for a grant with AccessLevel Write.";
    Err(Refusal::new(403, "writing_not_granted", message, hint).into())
}

/// The feed of a new record: the one that the URL names, or the only one that the caller may write.
///
/// # Errors
/// 403 where the caller may write none, or not the named one; 400 where there are several, or none of that name.
pub(super) async fn of_new(
    door: &Door,
    caller: &Caller,
    resource: ResourceId,
    named: Option<&str>,
) -> Result<Feed, Refused> {
    if let Some(feed) = named {
        require(door, caller, feed, resource)?;
        if caller.is_operator() {
            let feeds = door.dictionary.known("Feed").id;
            if door.store.get(feeds, feed).await?.is_none() {
                let fault =
                    Fault::bad("unknown_feed", "There is no such feed.", "Make it first, or name another.");
                return Err(fault.about(OPTION).into());
            }
        }
        return Ok(Text::new(feed));
    }
    let own: Vec<&Text> =
        caller.feeds().map(|(feed, _)| feed).filter(|f| caller.may_write(f, resource)).collect();
    match *own {
        [only] => Ok(only.clone()),
        [] if !caller.is_operator() || caller.is_read_only() => {
            require(door, caller, "", resource)?;
            Ok(Text::default())
        }
        _ => {
            let message = "This client may write several feeds.";
            Err(Fault::bad("feed_ambiguous", message, "Name one in the URL: ?feed=….").about(OPTION).into())
        }
    }
}
