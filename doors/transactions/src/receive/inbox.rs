//! `GET /inbox/` (EVT-060, EVT-061).

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Text, Timestamp};
use gate::Caller;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::{agent, agent_of_pod, place, reader};
use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use parameters::Parameters;

/// Of the host's agent, of `agent=`, or the caller's own.
pub(crate) async fn inbox_at_host(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let mut given = Parameters::read(uri.query())?;
    let agent = agent(&door, &caller, &uri, &headers, &mut given);
    inbox(&door, &caller, &agent, given).await
}

/// Of `/pods/{id}`.
pub(crate) async fn inbox_at_path(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    inbox(&door, &caller, &agent_of_pod(&door, &id), Parameters::read(query.as_deref())?).await
}

fn wrong(message: String, hint: &str) -> Refused {
    Refused::new(400, "parameter_wrong", message, hint)
}

/// A page: `{"contains": […], "cursor": place, "next": place}`; `next` where there is more already.
async fn inbox(door: &Door, caller: &Caller, agent: &Text, mut given: Parameters) -> Answer {
    let (from, by) = (given.take("from"), given.take("by"));
    let committed = given.take("cursor");
    let full = match given.take("format").as_deref() {
        None | Some("links") => false,
        Some("full") => true,
        Some(other) => return Err(wrong(format!("{other:?} is no format."), "Take links or full.")),
    };
    let limit = match given.take("limit") {
        None => outflow::LARGEST_PAGE,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=outflow::LARGEST_PAGE).contains(limit));
            limit.ok_or_else(|| wrong(format!("limit={text:?} is no size of a page."), "Send 1 to 100."))?
        }
    };
    given.done()?;
    let reader = reader(caller, agent);
    let after = match (by.as_deref(), from, committed) {
        (None | Some("token"), Some(from), None) => place(&from)?,
        (None | Some("token"), None, None) => 0,
        (None, None, Some(name)) => door.outflow.committed_cursor(reader, &name).await?.unwrap_or(0),
        (Some("timestamp"), Some(from), None) => {
            let at: Timestamp = from
                .parse()
                .map_err(|_| wrong(format!("{from:?} is no instant."), "Send 2026-01-31T00:00:00Z."))?;
            door.outflow.inbox_from(agent, at).await?
        }
        _ => {
            let hint = "Send from= with by=token or by=timestamp, or cursor= alone.";
            return Err(wrong("The page begins at nowhere that is known.".into(), hint));
        }
    };
    let page = door.outflow.inbox(reader, after, limit, (door.clock)()).await?;
    let contains: Vec<Box<RawValue>> = page
        .items
        .iter()
        .filter_map(|item| match full {
            true => RawValue::from_string(item.event.envelope(agent, &item.data, false)).ok(),
            false => to_raw_value(&item.event.copy_of(agent)).ok(),
        })
        .collect();
    let contains = to_raw_value(&contains).map_or_else(|_| "[]".to_owned(), |list| list.get().to_owned());
    let next = if page.more { format!(",\"next\":{}", json!(page.next.to_string())) } else { String::new() };
    let body = format!("{{\"contains\":{contains},\"cursor\":{}{next}}}", json!(page.next.to_string()));
    Ok(answer(StatusCode::OK, &RawValue::from_string(body).ok()))
}
