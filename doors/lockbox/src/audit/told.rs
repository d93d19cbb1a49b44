//! The audit, told and looked through (LBX-096).

use axum::extract::{Extension, Path, RawQuery, State};
use gate::Caller;
use http::StatusCode;
use serde_json::{Value as Json, json as object};

use super::{kept, verify};
use crate::Door;
use crate::reply::{Answer, Refused, json};
use crate::rights::not_yours;
use parameters::Parameters;

/// Links of a page, at most: each holds as many entries as were asked at one time.
const MOST_LINKS: u64 = 100;

/// `GET …/audit`: links after one, with their hashes and entries as they were hashed.
pub(crate) async fn links(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    if !visit.administers() {
        return Err(not_yours());
    }
    let mut asked = Parameters::read(query.as_deref())?;
    let after = number(asked.take("after"), 0)?;
    let limit = number(asked.take("limit"), 20)?.clamp(1, MOST_LINKS);
    asked.done()?;
    let chain = &visit.tenant.feed;
    let found = kept::links(&door.store, &door.dictionary, chain, after + 1..after + 1 + limit).await?;
    let mut items = Vec::new();
    for link in found.into_iter().map_while(|link| link) {
        let lines = link.entries.split('\n');
        let entries: Vec<Json> = lines.map(|line| serde_json::from_str(line).unwrap_or(Json::Null)).collect();
        items.push(object!({
            "link": link.number, "firstEntry": link.first, "previous": link.previous.as_str(),
            "hash": link.hash.as_str(), "text": link.entries.as_str(), "entries": entries,
        }));
    }
    Ok(json(StatusCode::OK, &object!({ "chain": chain.as_str(), "items": items })))
}

/// `GET …/audit/verification`: the whole chain, from its first link to its head; with `link` and `hash` of a receipt
/// that somebody noted, whether that is in it still.
pub(crate) async fn verification(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    if !visit.administers() {
        return Err(not_yours());
    }
    let mut asked = Parameters::read(query.as_deref())?;
    let (link, hash) = (asked.take("link"), asked.take("hash"));
    asked.done()?;
    let link = link.map(|text| number(Some(text), 0)).transpose()?;
    let known = link.zip(hash.as_deref());
    let chain = &visit.tenant.feed;
    let found = verify(&door.store, &door.dictionary, chain, &door.sealing, known).await?;
    let broken = found
        .broken
        .map(|broken| object!({ "link": broken.link, "code": broken.code, "message": broken.message }));
    Ok(json(
        StatusCode::OK,
        &object!({
            "chain": chain.as_str(), "whole": broken.is_none(), "links": found.head.link,
            "entries": found.head.entries, "hash": found.head.hash.as_str(), "broken": broken,
            "sealedOtherwise": found.sealed_otherwise,
        }),
    ))
}

fn number(text: Option<String>, assumed: u64) -> Result<u64, Refused> {
    let Some(text) = text else { return Ok(assumed) };
    // A link's number is the log's to keep: it fits a signed number.
    text.parse().ok().filter(|number| *number < 1 << 62).ok_or_else(|| {
        let message = format!("{text:?} is no number of a link.");
        Refused::new(400, "parameter_wrong", message, "Send a whole number.")
    })
}
