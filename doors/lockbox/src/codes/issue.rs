//! Codes and grants, issued and revoked by the listing's side.

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use dictionary::{Named, Text, Timestamp, Value, named, set_named};
use gate::{Caller, OWN_FEED, fresh_id};
use http::StatusCode;
use serde_json::{Value as Json, json as object};
use store::{Batch, ErrorKind, Expect, Operation};

use super::{fresh, limits};
use crate::access::unknown_box;
use crate::book::Place;
use crate::decisions::{CodeUse, Span};
use crate::reply::{Answer, Refused, json};
use crate::rights::{may_write, not_yours};
use crate::scopes::Visit;
use crate::{Door, body};

/// How often somebody else may be faster at the same box.
const MOST_TRIES: usize = 20;
/// Grants of one box that are not over.
const MOST_GRANTS: usize = 100;
/// How often chance may give a code that the box has already.
const MOST_DRAWS: usize = 10;

type Route = Path<(String, String, String)>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    /// A value of the lookup LockboxCodeUse; of a grant nothing.
    r#use: Option<String>,
    /// Whom a grant is for.
    user: Option<String>,
    start: String,
    end: String,
}

impl Window {
    fn span(&self) -> Result<Span, Refused> {
        Ok(Span { start: body::instant("start", &self.start)?, end: body::instant("end", &self.end)? })
    }
}

/// A box that the caller may issue codes and grants of. A vendor and the staff may not: the terms of opening are the
/// listing broker's.
async fn issuing(
    door: &Door,
    caller: &Caller,
    route: &(String, String, String),
) -> Result<(Visit, Place), Refused> {
    may_write(caller)?;
    let visit = door.visit(caller, &route.0, &route.1).await?;
    let entry = visit.lockbox(door, &route.2)?;
    if !visit.rights.administrator && !visit.is_of_the_side(door, &entry.id, (door.clock)()) {
        return Err(not_yours());
    }
    let place = door.memory.book().place(&entry.id).ok_or_else(|| unknown_box(&entry.id))?;
    Ok((visit, place))
}

/// `POST …/boxes/{lockbox}/codes`
pub(crate) async fn issue(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(route): Route,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    let (_, mut place) = issuing(&door, &caller, &route).await?;
    let asked: Window = body::read(&bytes)?;
    let of = asked.r#use.as_deref().unwrap_or("Access");
    let of = CodeUse::find(of).filter(|_| asked.user.is_none()).ok_or_else(|| {
        let message = "A code is for Access or Call Before Showing, and for no user.";
        Refused::new(422, "code_use_wrong", message, "Grant one user one box: POST …/grants.")
    })?;
    let window = asked.span()?;
    for _ in 0..MOST_TRIES {
        let zone = place.zone.clone().ok_or_else(no_zone)?;
        limits::window(window, &zone, now)
            .and_then(|()| limits::another(window, &place.codes, now))
            .map_err(limit)?;
        let (code, hash) = draw(&door, &place)?;
        let id = fresh_id(now).map_err(no_randomness)?;
        let batch = code_batch(&door, &caller, &place, (&id, &hash), (of, window), now).await?;
        match door.store.write(batch).await {
            Ok(_) => {
                door.memory.refresh().await?;
                return Ok(json(
                    StatusCode::CREATED,
                    &object!({
                        "id": id.as_str(), "code": code, "use": of.name(), "lockbox": place.lockbox.id.as_str(),
                        "start": window.start.to_string(), "end": window.end.to_string(),
                        "timeZone": zone.iana_name(),
                    }),
                ));
            }
            // Somebody else issued one at the same time: the limits are to be held against it, too.
            Err(error) if error.kind == ErrorKind::Conflict => {}
            Err(error) => return Err(error.into()),
        }
        door.memory.refresh().await?;
        place = door.memory.book().place(&route.2).ok_or_else(|| unknown_box(&route.2))?;
    }
    let message = "Others issue codes of this box all the time.";
    Err(Refused::new(409, "too_busy", message, "Try again in a moment."))
}

/// A code that none of the box's is that is kept.
fn draw(door: &Door, place: &Place) -> Result<(String, Text), Refused> {
    for _ in 0..MOST_DRAWS {
        let code = fresh().map_err(no_randomness)?;
        let hash = door.codes.hash(&place.lockbox.id, &code);
        if place.codes.iter().all(|kept| kept.hash != hash) {
            return Ok((code, hash));
        }
    }
    Err(no_randomness(std::io::Error::other("chance gives the same code again and again")))
}

/// The code, and the box's count of codes moved on: of two who issue at the same time one finds it moved. The code
/// stands before the count, so that who has read the count has read the code.
async fn code_batch(
    door: &Door,
    caller: &Caller,
    place: &Place,
    (id, hash): (&Text, &Text),
    (of, window): (CodeUse, Span),
    now: Timestamp,
) -> Result<Batch, Refused> {
    let code = named(
        door.dictionary.known("LockboxCode"),
        [
            ("LockboxCodeId", Some(id.clone().into())),
            ("LockboxId", Some(place.lockbox.id.clone().into())),
            ("TenantId", Some(place.lockbox.tenant.clone().into())),
            ("FeedId", Some(place.lockbox.feed.clone().into())),
            ("LockboxCodeUse", Some(of.name().into())),
            ("LockboxCodeHash", Some(hash.clone().into())),
            ("StartTimestamp", Some(window.start.into())),
            ("EndTimestamp", Some(window.end.into())),
            ("IssuedBy", Some(caller.actor().into())),
            ("ModificationTimestamp", Some(now.into())),
        ],
    );
    let own = door.dictionary.known("Lockbox");
    let kept =
        door.store.get(own.id, &place.lockbox.id).await?.ok_or_else(|| unknown_box(&place.lockbox.id))?;
    let mut lockbox = (*kept.record).clone();
    let issued = Named { own, record: &lockbox }.integer("CodesIssued").unwrap_or(0);
    set_named(&mut lockbox, own, "CodesIssued", Some(Value::from(issued + 1)));
    set_named(&mut lockbox, own, "ModificationTimestamp", Some(now.into()));
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(Operation::put_own(code, Expect::Absent));
    batch.operations.push(Operation::put_own(lockbox, Expect::At(place.lockbox.sequence)));
    Ok(batch)
}

/// `GET …/boxes/{lockbox}/codes`: never the codes themselves.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(route): Route,
) -> Answer {
    let visit = door.visit(&caller, &route.0, &route.1).await?;
    let entry = visit.lockbox(&door, &route.2)?;
    let place = door.memory.book().place(&entry.id).ok_or_else(|| unknown_box(&entry.id))?;
    let items: Vec<Json> = place
        .codes
        .iter()
        .map(|code| {
            object!({
                "id": code.id.as_str(), "use": code.of.name(), "start": code.window.start.to_string(),
                "end": code.window.end.to_string(), "revoked": code.revoked,
            })
        })
        .collect();
    let zone = place.zone.as_ref().and_then(|zone| zone.iana_name());
    Ok(json(StatusCode::OK, &object!({ "items": items, "timeZone": zone })))
}

/// `DELETE …/boxes/{lockbox}/codes/{code}`: from now on it opens nothing.
pub(crate) async fn revoke(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, lockbox, id)): Path<(String, String, String, String)>,
) -> Answer {
    let (_, place) = issuing(&door, &caller, &(environment, tenant, lockbox)).await?;
    if !place.codes.iter().any(|code| code.id == id.as_str()) {
        return Err(none_such("code", &id));
    }
    revoked(&door, &caller, ("LockboxCode", &id)).await
}

/// `GET …/boxes/{lockbox}/grants`
pub(crate) async fn grants(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(route): Route,
) -> Answer {
    let visit = door.visit(&caller, &route.0, &route.1).await?;
    let entry = visit.lockbox(&door, &route.2)?;
    let book = door.memory.book();
    let items: Vec<Json> = book
        .grants_of(&entry.id)
        .iter()
        .map(|grant| {
            object!({
                "id": grant.id.as_str(), "user": grant.user.as_str(), "start": grant.window.start.to_string(),
                "end": grant.window.end.to_string(), "revoked": grant.revoked,
            })
        })
        .collect();
    Ok(json(StatusCode::OK, &object!({ "items": items })))
}

/// `POST …/boxes/{lockbox}/grants`: one person, one box, one window.
pub(crate) async fn grant(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(route): Route,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    let (_, place) = issuing(&door, &caller, &route).await?;
    let asked: Window = body::read(&bytes)?;
    let window = asked.span()?;
    let zone = place.zone.clone().ok_or_else(no_zone)?;
    limits::window(window, &zone, now).map_err(limit)?;
    let user = body::id("user", asked.user.as_deref().unwrap_or_default())?;
    let known = {
        let book = door.memory.book();
        let in_force = |grant: &&crate::book::GrantEntry| !grant.revoked && grant.window.end > now;
        if book.grants_of(&place.lockbox.id).iter().filter(in_force).count() >= MOST_GRANTS {
            let message = "The box has a hundred grants already.";
            return Err(Refused::new(409, "grants_full", message, "Revoke some of them."));
        }
        book.user(user)
            .is_some_and(|one| one.tenant == place.lockbox.tenant && one.feed == place.lockbox.feed)
    };
    if !known || asked.r#use.is_some() {
        let message = format!("There is no user {user} in the box's association.");
        return Err(Refused::new(422, "user_unknown", message, "A grant is for one user, and has no use."));
    }
    let id = fresh_id(now).map_err(no_randomness)?;
    let record = named(
        door.dictionary.known("LockboxGrant"),
        [
            ("LockboxGrantId", Some(id.clone().into())),
            ("LockboxId", Some(place.lockbox.id.clone().into())),
            ("LockboxUserId", Some(user.into())),
            ("TenantId", Some(place.lockbox.tenant.clone().into())),
            ("FeedId", Some(place.lockbox.feed.clone().into())),
            ("StartTimestamp", Some(window.start.into())),
            ("EndTimestamp", Some(window.end.into())),
            ("GrantedBy", Some(caller.actor().into())),
            ("ModificationTimestamp", Some(now.into())),
        ],
    );
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(Operation::put_own(record, Expect::Absent));
    door.store.write(batch).await?;
    door.memory.refresh().await?;
    Ok(json(
        StatusCode::CREATED,
        &object!({
            "id": id.as_str(), "lockbox": place.lockbox.id.as_str(), "user": user,
            "start": window.start.to_string(), "end": window.end.to_string(), "timeZone": zone.iana_name(),
        }),
    ))
}

/// `DELETE …/boxes/{lockbox}/grants/{grant}`
pub(crate) async fn revoke_grant(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, lockbox, id)): Path<(String, String, String, String)>,
) -> Answer {
    let (_, place) = issuing(&door, &caller, &(environment, tenant, lockbox)).await?;
    if !door.memory.book().grants_of(&place.lockbox.id).iter().any(|grant| grant.id == id.as_str()) {
        return Err(none_such("grant", &id));
    }
    revoked(&door, &caller, ("LockboxGrant", &id)).await
}

/// Revokes a record that has RevokedTimestamp; one that is revoked stays so.
async fn revoked(door: &Door, caller: &Caller, (resource, id): (&str, &str)) -> Answer {
    let now = (door.clock)();
    let own = door.dictionary.known(resource);
    let kept = door.store.get(own.id, id).await?.filter(|kept| kept.feed == OWN_FEED);
    let kept = kept.ok_or_else(|| none_such("code", id))?;
    let mut record = (*kept.record).clone();
    let since = Named { own, record: &record }.instant("RevokedTimestamp").unwrap_or(now);
    set_named(&mut record, own, "RevokedTimestamp", Some(since.into()));
    let mut batch = Batch::new(caller.actor(), now);
    let (feed, expect) = (OWN_FEED.into(), Expect::At(kept.sequence));
    batch.operations.push(Operation::Put { feed, record, expect, stamp: Some(now) });
    door.store.write(batch).await?;
    door.memory.refresh().await?;
    Ok(json(StatusCode::OK, &object!({ "id": id, "revoked": since.to_string() })))
}

fn none_such(what: &str, id: &str) -> Refused {
    Refused::new(
        404,
        "not_found",
        format!("The box has no {what} {id}."),
        "Its list has those that there are.",
    )
}

fn limit(limit: limits::Limit) -> Refused {
    let (code, message, hint) = limit.told();
    let full = matches!(limit, limits::Limit::Equal | limits::Limit::Overlapping);
    Refused::new(if full { 409 } else { 422 }, code, message, hint)
}

fn no_zone() -> Refused {
    let message = "Nobody says in which time zone the property lies.";
    Refused::new(
        409,
        "zone_unknown",
        message,
        "Give the listing a PropertyTimeZoneName, or the tenant a zone.",
    )
}

fn no_randomness(error: std::io::Error) -> Refused {
    tracing::error!("no code can be made: {error}");
    Refused::new(500, "no_randomness", "No code can be made.", "Look at the system's log.")
}
