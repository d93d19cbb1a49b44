//! Agents and offices, by when they changed (PAR-132, PAR-133).

use dictionary::Timestamp;
use gate::Caller;
use query::Expr;

use super::walked::{self, Window};
use super::{check_fields, checked};
use crate::Door;
use crate::endpoint::Endpoint;
use crate::envelope::Refused;
use crate::find::{Wanted, one_feed};
use crate::members::Kind;
use crate::reply::Reply;
use crate::request::Asked;

/// People a page where the client names no size.
const PAGE: u32 = 1_000;

/// Answers GetAgents and GetOffices.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let (kind, fields) = match asked.endpoint {
        Endpoint::Agents => (Kind::Agent, door.bound.agent),
        _ => (Kind::Office, door.bound.office_of),
    };
    check_fields(door, kind, asked);
    let mut window = Window::read(asked, now);
    checked(asked)?;
    let (agent, office) = (asked.text("AgentId"), asked.text("OfficeId"));
    let undated = asked.moment("FromUpdatedDate").is_none() && asked.moment("ToUpdatedDate").is_none();
    if (agent.is_some() || office.is_some()) && undated && !caller.deviates("strict_agent_dates") {
        // Item 13: who asks for one agent means that agent, whenever it changed.
        window = Window::always(now);
    }
    let mut filters = Vec::new();
    filters.extend(agent.map(|id| Expr::equal(fields.id, id.clone())));
    filters.extend(office.map(|id| Expr::equal(fields.office, id.clone())));
    let resource = door.members.resource(kind);
    let feed = asked.text("FeedId").cloned().unwrap_or_default();
    let feeds = one_feed(caller, resource, &feed).into_iter().collect();
    let wanted = Wanted::of(resource, filters, feeds);
    walked::answer(door, caller, asked, kind, wanted, window, (PAGE, false), now)
}
