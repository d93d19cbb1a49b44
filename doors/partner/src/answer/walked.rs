//! Pages by number over records in the order of their changes, such that a walk over them misses none and
//! repeats none while others write.
//!
//! A page by number is a place in a list, and the list must stay what it was when page 1 was asked: it is
//! made then, as row numbers, and kept while its pages are asked for (see [`Walks`](crate::walks::Walks)).

use dictionary::Timestamp;
use gate::Caller;
use jiff::tz::TimeZone;
use query::{Comparison, Expr, Order};

use super::write::Writer;
use crate::envelope::Refused;
use crate::find::Wanted;
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::Asked;
use crate::walks::Beginning;
use crate::{Door, gone};

/// From when to when records changed, both inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    from: Timestamp,
    to: Timestamp,
}

impl Window {
    /// What the request says: today's beginning until now, where it says nothing.
    pub(super) fn read(asked: &mut Asked, now: Timestamp) -> Self {
        let today = now.to_zoned(TimeZone::UTC).start_of_day().map_or(now, |start| start.timestamp());
        let from = asked.moment("FromUpdatedDate").unwrap_or(today);
        let to = asked.moment("ToUpdatedDate").unwrap_or(now);
        if from > to {
            asked
                .refuse("FromUpdatedDate", "The field FromUpdatedDate must not be later than ToUpdatedDate.");
        }
        Self { from, to }
    }

    /// Whenever it was, until now.
    pub(super) fn always(now: Timestamp) -> Self {
        Self { from: Timestamp::MIN, to: now }
    }
}

/// A page of a walk in the envelope Results, Total, Count, NextPage: `default` records a page, and what is
/// gone among them where `deleted` says so.
#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &Asked,
    kind: Kind,
    mut wanted: Wanted,
    window: Window,
    (default, deleted): (u32, bool),
    now: Timestamp,
) -> Result<Reply, Refused> {
    let (page, size) = (asked.page(), asked.page_size(default));
    let (resource, feeds) = (wanted.resource, wanted.feeds.clone());
    let updated = door.hub.updated(resource);
    wanted.own_order = Some(Order::ascending(Expr::field(updated)));
    let Some(question) = wanted.permit(door, caller)? else {
        let body = format!("{{\"Results\":[]{}", rest(0, 0, None));
        return Ok(Reply::of(body.into_bytes()).with("x-to-date", window.to.to_string()));
    };
    let reader = door.search.read();
    let begin = || {
        // What is on its way into the log, or into the index, is left to the next walk.
        let to = door.store.over(reader.applied(), window.to.min(now));
        let mut query = question.query().clone();
        let dated = Expr::compare(updated, Comparison::GreaterOrEqual, window.from).and(Expr::compare(
            updated,
            Comparison::LessOrEqual,
            to,
        ));
        query.filter = Some(query.filter.take().map_or(dated.clone(), |filter| filter.and(dated)));
        query.page_size = u32::MAX;
        let rows = reader.page(&query, question.scope(), now)?.rows;
        let gone = match deleted {
            true => gone::between(door, &reader, question.scope(), &feeds, (window.from, to), now)?,
            false => Vec::new(),
        };
        Ok(Beginning { to, rows, gone })
    };
    let walk = door.walks.walk(asked, caller, page, begin, &reader, (resource, updated))?;
    let found = walk.page(page, size, &reader, resource, question.scope(), now);
    let mut writer = Writer::new(door, caller, &reader, kind, asked, now);
    writer.text("{\"Results\":");
    writer.found(&found);
    let next = (page.saturating_mul(u64::from(size)) < walk.total()).then_some(page + 1);
    writer.text(&rest(walk.total(), found.len(), next));
    Ok(writer.finish().with("x-to-date", walk.to.to_string()))
}

/// What stands behind the results.
fn rest(total: u64, count: usize, next: Option<u64>) -> String {
    let next = next.map_or("null".to_owned(), |page| page.to_string());
    format!(",\"Total\":{total},\"Count\":{count},\"NextPage\":{next}}}")
}
