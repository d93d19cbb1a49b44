//! Contacts of an environment: members, offices, and what ties them to the association. The same records are
//! written at the RESO door and by imports; here is a short way for whoever looks after a tenant.

use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use dictionary::{FieldId, Key, Record, Resource, Text, Timestamp, Value};
use http::{HeaderMap, StatusCode};
use odata::Fault;
use odata::json::{ReadOptions, ReadRecord, read_record};
use serde::Deserialize;
use serde_json::json;
use store::{Expect, Scan, Stored};

use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::{Door, asking, told};

/// The resources that contacts are records of.
pub(crate) const RESOURCES: [&str; 4] = ["Member", "Office", "MemberAssociation", "OfficeAssociation"];
/// Contacts of one answer: without a word, and at the most.
const USUAL: usize = 100;
const MOST: usize = 1_000;

/// The parameters of an address.
#[derive(Deserialize)]
pub(super) struct At {
    resource: String,
    key: Option<String>,
}

impl At {
    fn resource<'a>(&self, door: &'a Door) -> Result<&'a Resource, Fault> {
        if RESOURCES.contains(&self.resource.as_str()) {
            return Ok(door.dictionary.known(&self.resource));
        }
        let message = format!("{:?} is no resource of contacts.", self.resource);
        Err(Fault::new(404, "resource_unknown", message, format!("There are {}.", RESOURCES.join(", "))))
    }

    fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }
}

/// A part of the contacts, oldest change first; `next` goes on.
pub(super) async fn list(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(at): Path<At>,
    RawQuery(query): RawQuery,
) -> Answer {
    let own = at.resource(&door)?;
    let (mut limit, mut after) = (USUAL, None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(8) {
        match name.as_ref() {
            "limit" => {
                let read = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                limit = read.ok_or_else(|| wrong("limit", &value, "Ask for 1 to 1000."))?;
            }
            "after" => {
                after =
                    Some(place(&value).ok_or_else(|| wrong("after", &value, "Use the `next` of before."))?);
            }
            _ => {
                let message = format!("There is no parameter {name}.");
                return Err(Fault::bad("parameter_unknown", message, "There are limit and after.").into());
            }
        }
    }
    let feed = Some(asked.tenant().feed(asked.environment()).clone());
    let found = door.store.scan(Scan { resource: own.id, feed, after, limit }).await?;
    let mut told = told::list(own, &found);
    if let Some(last) = found.last().filter(|_| found.len() == limit) {
        let at = own.timestamp_of(&last.record).map(|at| at.to_string()).unwrap_or_default();
        told["next"] = json!(format!("{at}~{}", last.key));
    }
    answer::ok(&told)
}

fn wrong(name: &str, value: &str, hint: &str) -> Fault {
    Fault::bad("parameter_wrong", format!("{name}={value:?} cannot be read."), hint).about(name)
}

/// Where a part ended: `timestamp~key`.
fn place(text: &str) -> Option<(Option<Timestamp>, Key)> {
    let (at, key) = text.split_once('~')?;
    let at = if at.is_empty() { None } else { Some(at.parse().ok()?) };
    Some((at, Text::new(key)))
}

pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(at): Path<At>,
) -> Answer {
    let own = at.resource(&door)?;
    let stored = find(&door, &asked, own, at.key()).await?.ok_or_else(|| unknown(own, at.key()))?;
    answer::ok(&told::kept(own, &stored))
}

/// A contact of the environment; one of any other feed is not there (AMS-039).
async fn find(door: &Door, asked: &Asked, own: &Resource, key: &str) -> Result<Option<Stored>, Refused> {
    let found = door.store.get(own.id, key).await?;
    Ok(found.filter(|stored| stored.feed == *asked.tenant().feed(asked.environment())))
}

fn unknown(own: &Resource, key: &str) -> Fault {
    let message = format!("The environment has no {} {key:?}.", own.name);
    Fault::new(404, "contact_unknown", message, format!("GET …/contacts/{} lists them.", own.name))
}

/// Puts a contact in the place of what its key held.
pub(super) async fn put(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(at): Path<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = at.resource(&door)?;
    let sent = body_of(&door, own, &headers, &body)?;
    let kept = find(&door, &asked, own, at.key()).await?;
    keep(&door, &asked, own, at.key(), &headers, kept, sent.record).await
}

/// Changes the fields that the body names; null takes a value away.
pub(super) async fn update(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(at): Path<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = at.resource(&door)?;
    let sent = body_of(&door, own, &headers, &body)?;
    let kept = find(&door, &asked, own, at.key()).await?.ok_or_else(|| unknown(own, at.key()))?;
    let record = asking::over(&kept.record, &sent);
    keep(&door, &asked, own, at.key(), &headers, Some(kept), record).await
}

fn body_of(door: &Door, own: &Resource, headers: &HeaderMap, body: &Bytes) -> Result<ReadRecord, Fault> {
    asking::is_json(headers)?;
    read_record(body, &door.dictionary, own.id, &ReadOptions::default()).map_err(Fault::of_all)
}

async fn keep(
    door: &Door,
    asked: &Asked,
    own: &Resource,
    key: &str,
    headers: &HeaderMap,
    kept: Option<Stored>,
    mut record: Record,
) -> Answer {
    keyed(own, key, &mut record)?;
    let expect = match (asking::version(headers)?, &kept) {
        (Some(version), _) => Expect::At(version),
        (None, Some(kept)) => Expect::At(kept.sequence),
        (None, None) => Expect::Absent,
    };
    let feed = asked.tenant().feed(asked.environment());
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put_in(feed.clone(), record, expect);
    door.keep(keeping).await?;
    let stored = find(door, asked, own, key).await?.ok_or_else(|| unknown(own, key))?;
    let status = if kept.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    Ok(answer::json(status, &told::kept(own, &stored)))
}

/// Gives a record the key of its address; a body that says another is refused.
fn keyed(own: &Resource, key: &str, record: &mut Record) -> Result<(), Fault> {
    let parts: Vec<&str> = if own.key.len() == 1 { vec![key] } else { key.split('|').collect() };
    if parts.len() != own.key.len() || parts.iter().any(|part| part.is_empty()) {
        let names: Vec<&str> = own.key.iter().map(|id| own.field(*id).name.as_str()).collect();
        let message = format!("{key:?} is no key of {}.", own.name);
        return Err(Fault::new(422, "key_wrong", message, format!("It is {}.", names.join("|"))));
    }
    for (id, part) in own.key.iter().zip(parts) {
        let other = |id: &FieldId| record.get(*id).and_then(Value::as_text).is_some_and(|said| said != part);
        if other(id) {
            let name = &own.field(*id).name;
            let message = format!("{name} is another than the address says.");
            return Err(Fault::new(422, "key_fixed", message, "Leave it out.").about(name.as_str()));
        }
        record.set(*id, part);
    }
    Ok(())
}

pub(super) async fn remove(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(at): Path<At>,
) -> Answer {
    let own = at.resource(&door)?;
    let stored = find(&door, &asked, own, at.key()).await?.ok_or_else(|| unknown(own, at.key()))?;
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.remove(&stored);
    door.keep(keeping).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
