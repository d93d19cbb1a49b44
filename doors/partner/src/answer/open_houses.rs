//! GetListingsOpenHouse (PAR-134, PAR-135).

use dictionary::Timestamp;
use gate::Caller;
use query::{Comparison, Expr, FieldRef, Order};

use super::write::Writer;
use super::{check_fields, checked, headers};
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, granted};
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::{Asked, Member};

/// Open houses a page where the client names no size.
const PAGE: u32 = 1_000;

/// Answers GetListingsOpenHouse: those that are open at some instant between the two, soonest first.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    check_fields(door, Kind::OpenHouse, asked);
    let from = asked.moment("OpenFromDate").unwrap_or(now);
    let to = asked.moment("OpenToDate");
    if to.is_some_and(|to| to < from) {
        asked.refuse("OpenFromDate", "The field OpenFromDate must not be later than OpenToDate.");
    }
    checked(asked)?;
    let open = &door.bound.open;
    let mut filters = vec![Expr::compare(open.end, Comparison::GreaterOrEqual, from)];
    filters.extend(to.map(|to| Expr::compare(open.start, Comparison::LessOrEqual, to)));
    for (name, member) in [("AgentId", Member::AgentId), ("OfficeId", Member::OfficeId)] {
        let Some(id) = asked.text(name) else { continue };
        for field in door.bound.sources(member) {
            let of = Expr::Field(FieldRef { scope: 0, via: [open.listing].into(), field: *field });
            let id = Expr::Value(dictionary::Value::from(id.clone()));
            filters.push(Expr::Compare(Comparison::Equal, Box::new(of), Box::new(id)));
        }
    }
    let resource = door.bound.open_house;
    let feeds = granted(caller, resource, asked.texts("FeedIdList"));
    let order = vec![Order::ascending(Expr::field(open.start))];
    let wanted = Wanted { order, ..Wanted::of(resource, filters, feeds) };
    let Some(mut question) = wanted.permit(door, caller)? else {
        return Ok(Reply::of(b"[]".to_vec()).with("x-total-count", "0"));
    };
    let reader = door.search.read();
    let (page, size) = (asked.page(), asked.page_size(PAGE));
    let skip = (page - 1).saturating_mul(u64::from(size));
    let who = (&*asked, caller);
    let (rows, total) = door.counts.page(door, who, &mut question, &reader, (skip, size), now)?;
    let mut writer = Writer::new(door, caller, &reader, Kind::OpenHouse, asked, now);
    writer.list(&rows);
    Ok(headers::paged(writer.finish(), door, asked, (page, size), total))
}
