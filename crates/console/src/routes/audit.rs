//! The log, one record's history, and how the node stands.

use axum::extract::{Path, RawQuery, State as Stand};
use dictionary::Text;
use serde_json::{Value, json};

use super::answer::{Answer, ok};
use super::asking::Parameters;
use super::spelling;
use crate::State;
use crate::operate::{self, Asked};

/// Entries of the log: `after`, `limit`, `actor`, `resource`, `key`.
pub(super) async fn changes(Stand(state): Stand<State>, RawQuery(query): RawQuery) -> Answer {
    let mut given = Parameters::read(query.as_deref())?;
    let asked = Asked {
        after: given.number("after")?.unwrap_or(0),
        limit: given.limit()?,
        actor: given.take("actor").map(Text::from),
        resource: given.resource(&state.desk.dictionary)?,
        key: given.take("key").map(Text::from),
    };
    given.done()?;
    let trail = operate::changes(&state.desk, &asked).await?;
    let value: Vec<Value> = trail.entries.iter().map(|e| spelling::entry(&state.desk, e)).collect();
    let mut body = json!({ "value": value });
    if let Some(next) = trail.next {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("after", &next.to_string()).append_pair("limit", &asked.limit.to_string());
        let resource = asked.resource.map(|id| state.desk.dictionary.resource(id).name.clone());
        for (name, text) in [("actor", asked.actor), ("resource", resource), ("key", asked.key)] {
            if let Some(text) = text {
                address.append_pair(name, &text);
            }
        }
        body["next"] = json!(format!("/admin/changes?{}", address.finish()));
    }
    Ok(ok(&body))
}

/// What happened to one record, the newest first: `limit`.
pub(super) async fn history(
    Stand(state): Stand<State>,
    Path((name, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let resource = state.desk.resource(&name)?;
    let mut given = Parameters::read(query.as_deref())?;
    let limit = given.limit()?;
    given.done()?;
    let entries = operate::history(&state.desk, resource.id, &key, limit).await?;
    let value: Vec<Value> = entries.iter().map(|e| spelling::entry(&state.desk, e)).collect();
    Ok(ok(&json!({ "value": value })))
}

/// How the node stands.
pub(super) async fn status(Stand(state): Stand<State>, RawQuery(query): RawQuery) -> Answer {
    Parameters::read(query.as_deref())?.done()?;
    let status = operate::status(&state.desk, state.search.as_ref()).await?;
    let counts = status.counts.iter().map(|counted| {
        json!({
            "resource": counted.resource.as_str(),
            "feed": counted.feed.as_str(),
            "records": counted.records,
        })
    });
    Ok(ok(&json!({
        "head": status.head,
        "gate": status.gate,
        "search": status.search,
        "ready": status.ready,
        "index_bytes": status.index_bytes,
        "counts": counts.collect::<Vec<_>>(),
    })))
}
