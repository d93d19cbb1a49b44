//! Grants: who may do what for a tenant, where, and until when (AMS-014). Each is a record, so the log
//! tells who gave it and who ended it.

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use dictionary::{Named, Text, set_named};
use gate::TenantEnvironment;
use http::{HeaderMap, StatusCode};
use jiff::ToSpan;
use odata::Fault;
use serde::Deserialize;

use axum::response::IntoResponse;

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::{Door, asking, told};

pub(super) const SETTABLE: [&str; 5] =
    ["ClientId", "TenantEnvironment", "TenantRole", "ExpirationTimestamp", "GrantReason"];
/// Days that a grant lasts at most: whoever is still there in a year is granted anew.
const LONGEST_DAYS: i64 = 366;

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("TenantGrant");
    let tenant = &asked.tenant().id;
    let mut all = door.register.all("TenantGrant");
    all.retain(|stored| Named { own, record: &stored.record }.text("TenantId").as_ref() == Some(tenant));
    answer::ok(&told::list(own, &all))
}

/// Grants a role to a client.
pub(super) async fn create(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("TenantGrant");
    let sent = asking::record(&door, own, &headers, &body, &SETTABLE)?;
    let mut record = sent.record;
    check(&door, &asked, Named { own, record: &record }).await?;
    let id = gate::fresh_id(asked.now).map_err(|error| no_randomness(&error))?;
    let key = Text::from(format!("{}.{id}", asked.tenant().id));
    set_named(&mut record, own, "TenantGrantId", Some(key.clone().into()));
    set_named(&mut record, own, "TenantId", Some(asked.tenant().id.clone().into()));
    set_named(&mut record, own, "GrantedBy", Some(asked.actor().into()));
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.add(record);
    door.keep(keeping).await?;
    let kept = door.register.get("TenantGrant", &key).ok_or_else(|| unknown(&key))?;
    answer::made(&told::kept(own, &kept))
}

async fn check(door: &Door, asked: &Asked, read: Named<'_>) -> Result<(), answer::Refused> {
    let wrong =
        |field: &str, code, message: String, hint: &str| Fault::new(422, code, message, hint).about(field);
    let client = read.text("ClientId").unwrap_or_default();
    if door.store.get(door.dictionary.known("Client").id, &client).await?.is_none() {
        let message = format!("There is no client {client:?}.");
        let hint = "An operator makes it: POST /admin/Client.";
        return Err(wrong("ClientId", "reference_missing", message, hint).into());
    }
    let role = read.text("TenantRole").unwrap_or_default();
    if !matches!(role.as_str(), "Administrator" | "Staff" | "Vendor") {
        let message = format!("{role:?} is not granted here.");
        let hint = "Grant Administrator, Staff or Vendor; users of lockboxes are granted at their door.";
        return Err(wrong("TenantRole", "role_wrong", message, hint).into());
    }
    let name = read.text("TenantEnvironment").unwrap_or_default();
    let Some(environment) = TenantEnvironment::ALL.into_iter().find(|one| one.name() == name) else {
        let message = format!("There is no environment {name:?}.");
        return Err(wrong("TenantEnvironment", "field_wrong", message, "It is Staging or Production.").into());
    };
    let latest = asked.now + (LONGEST_DAYS * 24).hours();
    match read.instant("ExpirationTimestamp") {
        Some(end) if end > asked.now && end <= latest => {}
        Some(end) => {
            let message = format!("A grant until {end} is too short or too long.");
            let hint = "Let it end after now and within 366 days.";
            return Err(wrong("ExpirationTimestamp", "expiration_wrong", message, hint).into());
        }
        // An administrator is the association's own; whoever else comes in goes again.
        None if role == "Administrator" => {}
        None => {
            let message = format!("A grant of the role {role} has to end.");
            let hint = "Say ExpirationTimestamp, at most 366 days from now.";
            return Err(wrong("ExpirationTimestamp", "expiration_missing", message, hint).into());
        }
    }
    staging_first(door, asked, &client, &role, environment)?;
    Ok(())
}

/// A vendor's people come into staging, and later into production (AMS-014); where a tenant is tested in
/// production alone, there is no staging to begin with.
fn staging_first(
    door: &Door,
    asked: &Asked,
    client: &Text,
    role: &str,
    environment: TenantEnvironment,
) -> Result<(), Fault> {
    let tenant = asked.tenant();
    if role != "Vendor"
        || environment == TenantEnvironment::Staging
        || tenant.test_environment == TenantEnvironment::Production
    {
        return Ok(());
    }
    let own = door.dictionary.known("TenantGrant");
    let was_there = door.register.all("TenantGrant").iter().any(|stored| {
        let read = Named { own, record: &stored.record };
        read.text("ClientId").as_ref() == Some(client)
            && read.text("TenantId").as_ref() == Some(&tenant.id)
            && read.text("TenantEnvironment").as_deref() == Some(TenantEnvironment::Staging.name())
    });
    if was_there {
        return Ok(());
    }
    let message = format!("{client:?} was never in staging.");
    Err(Fault::new(409, "staging_first", message, "Grant the vendor staging first: it tests there."))
}

/// The parameters of a grant's address.
#[derive(Deserialize)]
pub(super) struct At {
    grant: String,
}

/// Ends a grant now. Its record stays, so that who was there can be told.
pub(super) async fn end(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { grant }): Path<At>,
) -> Answer {
    let own = door.dictionary.known("TenantGrant");
    let ours = |stored: &store::Stored| {
        Named { own, record: &stored.record }.text("TenantId").as_ref() == Some(&asked.tenant().id)
    };
    let stored = door.register.get("TenantGrant", &grant).filter(ours).ok_or_else(|| unknown(&grant))?;
    let ended = Named { own, record: &stored.record }.instant("ExpirationTimestamp");
    if ended.is_none_or(|end| end > asked.now) {
        let mut record = (*stored.record).clone();
        set_named(&mut record, own, "ExpirationTimestamp", Some(asked.now.into()));
        let mut keeping = Keeping::new(asked.actor(), asked.now);
        keeping.change(&stored, record);
        door.keep(keeping).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn unknown(grant: &str) -> Fault {
    let message = format!("The tenant has no grant {grant:?}.");
    Fault::new(404, "grant_unknown", message, "GET …/grants lists them.")
}

pub(super) fn no_randomness(error: &std::io::Error) -> Fault {
    Fault::new(500, "no_randomness", format!("No id can be made: {error}."), "Look at the system's log.")
}
