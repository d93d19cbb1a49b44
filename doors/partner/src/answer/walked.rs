//! Pages by number over records in the order of their changes, such that a walk over them misses none and
//! repeats none while others write.
//!
//! A page by number is a place in a list, and the list must stay what it was when page 1 was asked: it is
//! made then, as row numbers, and kept while its pages are asked for (see [`Walks`](crate::walks::Walks)).

use dictionary::Timestamp;
use gate::Caller;
use jiff::tz::TimeZone;
use query::{Comparison, Expr, Order};

use super::write::{Writer, chosen};
use crate::Door;
use crate::envelope::Refused;
use crate::find::Wanted;
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::Asked;

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

/// A page of a walk in the envelope Results, Total, Count, NextPage.
#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &Asked,
    kind: Kind,
    mut wanted: Wanted,
    window: Window,
    default: u32,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let (page, size) = (asked.page(), asked.page_size(default));
    let updated = door.hub.updated(wanted.resource);
    wanted.order = vec![Order::ascending(Expr::field(updated))];
    let Some(question) = wanted.permit(door, caller)? else {
        return Ok(envelope(b"[]".to_vec(), 0, 0, None, window.to));
    };
    let reader = door.search.read();
    let walk = door.walks.walk(
        asked,
        caller,
        page,
        || {
            let within = |comparison, at: Timestamp| Expr::compare(updated, comparison, at);
            let mut query = question.query().clone();
            let dated = within(Comparison::GreaterOrEqual, window.from)
                .and(within(Comparison::LessOrEqual, window.to));
            query.filter = Some(match query.filter.take() {
                Some(filter) => filter.and(dated),
                None => dated,
            });
            query.page_size = u32::MAX;
            let hits = reader.page(&query, question.scope(), now)?;
            Ok((window.to, hits.rows))
        },
        &reader,
        wanted_resource(door, kind),
    )?;
    let rows = walk.page(page, size, &reader, door.members.resource(kind), question.scope(), now);
    let fields = chosen(door, kind, asked);
    let mut body = Vec::with_capacity(rows.len() * 8_192 + 128);
    Writer::new(door, caller, &reader, question.scope(), kind, fields, now).list(&mut body, &rows);
    let next = (page.saturating_mul(u64::from(size)) < walk.total()).then_some(page + 1);
    Ok(envelope(body, walk.total(), rows.len(), next, walk.to))
}

fn wanted_resource(door: &Door, kind: Kind) -> dictionary::ResourceId {
    door.members.resource(kind)
}

fn envelope(results: Vec<u8>, total: u64, count: usize, next: Option<u64>, to: Timestamp) -> Reply {
    let mut body = b"{\"Results\":".to_vec();
    body.extend_from_slice(&results);
    let next = next.map_or("null".to_owned(), |page| page.to_string());
    body.extend_from_slice(format!(",\"Total\":{total},\"Count\":{count},\"NextPage\":{next}}}").as_bytes());
    Reply::of(body).with("x-to-date", to.to_string())
}
