//! Boxes: registered, listed, told, and assigned to an owner and a listing.

use axum::extract::{Extension, Path, RawQuery, State};
use bytes::Bytes;
use dictionary::{Named, Text, Timestamp, Value, check, named, set_named};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::{Value as Json, json as object};
use store::{Batch, ErrorKind, Expect, Operation, Stored};

use crate::access::unknown_box;
use crate::decisions::Mode;
use crate::reply::{Answer, Refused, json};
use crate::rights::{may_write, not_yours};
use crate::scopes::{Page, Visit, What, paged};
use crate::{Door, body};

/// `GET …/boxes`
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let page = Page::read(query.as_deref())?;
    let found: Vec<Text> = {
        let book = door.memory.book();
        let all = book.boxes_after(&page.after);
        let ours = all.filter(|entry| entry.tenant == visit.tenant.id && entry.feed == visit.tenant.feed);
        let seen = ours.filter(|entry| visit.sees(What::Lockbox, &book.concerns_box(entry)));
        seen.take(page.limit + 1).map(|entry| entry.id.clone()).collect()
    };
    paged(&door, "Lockbox", (found, &page), told).await
}

/// `GET …/boxes/{lockbox}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, id)): Path<(String, String, String)>,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let entry = visit.lockbox(&door, &id)?;
    Ok(json(StatusCode::OK, &told(&door, &kept(&door, &entry.id).await?)))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    lockbox: String,
    serial: Option<String>,
    mode: Option<String>,
    installed: Option<String>,
}

/// `POST …/boxes`: an administrator registers a box.
pub(crate) async fn register(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    may_write(&caller)?;
    let visit = door.visit(&caller, &environment, &tenant).await?;
    if !visit.rights.administrator {
        return Err(not_yours());
    }
    let new: New = body::read(&bytes)?;
    let id = body::id("lockbox", &new.lockbox)?;
    let installed = new.installed.as_deref().map(|text| body::instant("installed", text)).transpose()?;
    let own = door.dictionary.known("Lockbox");
    let record = named(
        own,
        [
            ("LockboxId", Some(id.into())),
            ("TenantId", Some(visit.tenant.id.clone().into())),
            ("FeedId", Some(visit.tenant.feed.clone().into())),
            ("LockboxSerialNumber", new.serial.map(Value::from)),
            ("RestrictionMode", mode(new.mode)?.map(Value::from)),
            ("LockboxInstalledTimestamp", installed.map(Value::from)),
        ],
    );
    if let Some(fault) = check(&door.dictionary, &record).into_iter().next() {
        return Err(Refused::new(422, fault.code.name(), fault.message, fault.hint));
    }
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(put(record, Expect::Absent, now));
    door.store.write(batch).await.map_err(|error| {
        if error.kind == ErrorKind::Conflict {
            let message = format!("There is a box {id} already.");
            return Refused::new(409, "already_there", message, "Take the id that stands on the box.");
        }
        error.into()
    })?;
    door.memory.refresh().await?;
    Ok(json(StatusCode::CREATED, &told(&door, &kept(&door, id).await?)))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Assignment {
    owner: Option<String>,
    listing: Option<String>,
    mode: Option<String>,
}

/// `PUT …/boxes/{lockbox}/assignment`: whose it is, where it hangs, and what opens it. What is left out is taken
/// away, but for the mode.
pub(crate) async fn assign(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, id)): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    may_write(&caller)?;
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let entry = visit.lockbox(&door, &id)?;
    let own = visit
        .viewers()
        .iter()
        .any(|viewer| viewer.kind.owns_boxes() && entry.owner.as_ref() == Some(&viewer.id));
    if !visit.rights.administrator && !own {
        return Err(not_yours());
    }
    let asked: Assignment = body::read(&bytes)?;
    let owner = asked.owner.as_deref().map(|owner| may_own(&door, &visit, owner)).transpose()?;
    let listing = match &asked.listing {
        Some(listing) => Some(hangs_at(&door, &visit, listing).await?),
        None => None,
    };
    // An owner hangs the box elsewhere and hands it on; whose listing it is, is for the rule to say.
    if let Some(listing) = listing.as_ref().filter(|_| !visit.rights.administrator) {
        let seen = visit.sees(What::Listing, &crate::scopes::of_listing(&door, &visit, listing));
        if !seen {
            return Err(not_yours());
        }
    }
    let kept = kept(&door, &entry.id).await?;
    let resource = door.dictionary.known("Lockbox");
    let mut record = (*kept.record).clone();
    set_named(&mut record, resource, "LockboxOwnerId", owner.map(Value::from));
    set_named(&mut record, resource, "ListingKey", listing.map(|listing| listing.key.into()));
    if let Some(mode) = mode(asked.mode)? {
        set_named(&mut record, resource, "RestrictionMode", Some(mode.into()));
    }
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(put(record, Expect::At(kept.sequence), now));
    door.store.write(batch).await?;
    door.memory.refresh().await?;
    Ok(json(StatusCode::OK, &told(&door, &self::kept(&door, &entry.id).await?)))
}

/// A user of the association who may own boxes (LBX-041 to 044).
fn may_own(door: &Door, visit: &Visit, id: &str) -> Result<Text, Refused> {
    let id = body::id("owner", id)?;
    let book = door.memory.book();
    let user = book.user(id);
    let user = user.filter(|user| user.tenant == visit.tenant.id && user.feed == visit.tenant.feed);
    let user = user.ok_or_else(|| {
        let message = format!("There is no user {id} in the association.");
        Refused::new(422, "owner_unknown", message, "GET …/users lists those that you may see.")
    })?;
    if !user.kind.is_some_and(crate::decisions::UserType::owns_boxes) {
        let kind = user.kind.map_or("no type", crate::decisions::UserType::name);
        let message = format!("{id} is {kind}, and such users own no lockboxes.");
        return Err(Refused::new(
            409,
            "owner_type_not_allowed",
            message,
            "Brokers and agents own lockboxes.",
        ));
    }
    Ok(user.id.clone())
}

/// A listing of the association.
async fn hangs_at(door: &Door, visit: &Visit, key: &str) -> Result<Stored, Refused> {
    let key = body::id("listing", key)?;
    let kept = door.store.get(door.dictionary.known("Property").id, key).await?;
    kept.filter(|kept| kept.feed == visit.tenant.feed).ok_or_else(|| {
        let message = format!("There is no listing {key} in the association.");
        Refused::new(422, "listing_unknown", message, "GET …/listings lists those that you may see.")
    })
}

fn mode(name: Option<String>) -> Result<Option<String>, Refused> {
    match name {
        Some(name) if Mode::find(&name).is_none() => {
            let message =
                format!("There is no restriction mode {:?}.", name.chars().take(64).collect::<String>());
            let hint = "Open Hours, Appointment Only, or Call Before Showing.";
            Err(Refused::new(422, "mode_unknown", message, hint))
        }
        name => Ok(name),
    }
}

fn put(record: dictionary::Record, expect: Expect, now: Timestamp) -> Operation {
    Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: Some(now) }
}

async fn kept(door: &Door, id: &str) -> Result<Stored, Refused> {
    let kept = door.store.get(door.dictionary.known("Lockbox").id, id).await?;
    kept.ok_or_else(|| unknown_box(id))
}

fn told(door: &Door, kept: &Stored) -> Json {
    let words = Named { own: door.dictionary.known("Lockbox"), record: &kept.record };
    let text = |name: &str| words.text(name).map(String::from);
    let place = door.memory.book().place(&kept.key);
    let zone = place.and_then(|place| place.zone).and_then(|zone| zone.iana_name().map(str::to_owned));
    object!({
        "lockbox": kept.key.as_str(),
        "serial": text("LockboxSerialNumber"),
        "owner": text("LockboxOwnerId"),
        "listing": text("ListingKey"),
        "mode": text("RestrictionMode").unwrap_or_else(|| Mode::default().name().to_owned()),
        "installed": words.instant("LockboxInstalledTimestamp").map(|at| at.to_string()),
        "timeZone": zone,
    })
}
