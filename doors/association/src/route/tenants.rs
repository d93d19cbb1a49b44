//! Tenants: made by operators, seen by whoever is something to them.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Date, Named, Text, named, set_named};
use gate::TenantEnvironment;
use http::HeaderMap;
use jiff::tz::TimeZone;
use odata::Fault;
use serde_json::{Value as Json, json};
use store::{Expect, Stored};

use super::tickets;
use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::{Door, Tenant, asking, told};

/// What is said of a tenant, by whoever may.
pub(super) const SETTABLE: [&str; 9] = [
    "TenantName",
    "TenantRegionCode",
    "TenantTimeZone",
    "NrdsPrefix",
    "AssociationKey",
    "M1SuspensionYear",
    "TestEnvironment",
    "TenantHolidays",
    "TenantAsOfDate",
];
/// What is said once.
pub(super) const ONCE: [&str; 3] = ["TenantId", "ProductionFeedId", "StagingFeedId"];
/// Digits of an NRDS id; a prefix leaves some for the member.
const NRDS_DIGITS: usize = 9;
/// Holidays that a tenant names at most: ten years of a long list.
const MOST_HOLIDAYS: usize = 500;

/// Those that the caller is something to; an operator's list is whole.
pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("Tenant");
    let seen = |stored: &Stored| {
        let rights = asked.caller.tenants();
        asked.caller.is_operator() || rights.iter().any(|right| right.tenant == stored.key)
    };
    let all: Vec<Stored> = door.register.all("Tenant").into_iter().filter(seen).collect();
    answer::ok(&told::list(own, &all))
}

pub(super) async fn read(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    answer::ok(&shown(&door, &asked.tenant().id)?)
}

/// Makes a tenant with its feed of production, and opens the main ticket of its migration.
pub(super) async fn create(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("Tenant");
    let sent = asking::record(&door, own, &headers, &body, &[&SETTABLE[..], &ONCE].concat())?;
    let mut record = sent.record;
    let read = Named { own, record: &record };
    let id = read.text("TenantId").unwrap_or_default();
    if !Tenant::is_id(&id) {
        let message = format!("{id:?} is no id of a tenant.");
        let hint = "Give TenantId 1 to 32 small letters, digits and hyphens, such as `east-polk`.";
        return Err(Fault::new(422, "id_wrong", message, hint).about("TenantId").into());
    }
    if door.tenant(&id).is_some() {
        let message = format!("There is a tenant {id:?} already.");
        return Err(Fault::new(409, "already_there", message, "Change that one, or take another id.").into());
    }
    let defaults = [
        ("TenantName", id.clone()),
        ("TenantTimeZone", Text::new_static(Tenant::DEFAULT_ZONE)),
        ("TestEnvironment", Text::new_static(TenantEnvironment::Staging.name())),
        ("ProductionFeedId", Text::from(format!("{id}.production"))),
        ("StagingFeedId", Text::from(format!("{id}.staging"))),
    ];
    for (name, value) in defaults {
        if (Named { own, record: &record }).value(name).is_none() {
            set_named(&mut record, own, name, Some(value.into()));
        }
    }
    check(Named { own, record: &record })?;
    let read = Named { own, record: &record };
    feeds_are_free(&door, read)?;
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    let (feed, name) =
        (read.text("ProductionFeedId").unwrap_or_default(), read.text("TenantName").unwrap_or_default());
    add_feed(&door, &mut keeping, &feed, &format!("{name}, production"), read.text("TenantTimeZone")).await?;
    keeping.add(tickets::main(&door, &id, &name, asked.now));
    keeping.add(record);
    door.keep(keeping).await?;
    answer::made(&shown(&door, &id)?)
}

/// Changes what is said of a tenant.
pub(super) async fn update(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("Tenant");
    let sent = asking::record(&door, own, &headers, &body, &SETTABLE)?;
    let id = &asked.tenant().id;
    let before = door.register.get("Tenant", id).ok_or_else(|| gone(id))?;
    let record = asking::over(&before.record, &sent);
    check(Named { own, record: &record })?;
    let version = asking::version(&headers)?.unwrap_or(before.sequence);
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put(record, Expect::At(version));
    door.keep(keeping).await?;
    answer::ok(&shown(&door, id)?)
}

fn gone(id: &str) -> Fault {
    Fault::new(404, "tenant_unknown", format!("There is no tenant {id:?}."), "It has been removed.")
}

fn shown(door: &Door, id: &str) -> Result<Json, Fault> {
    let stored = door.register.get("Tenant", id).ok_or_else(|| gone(id))?;
    Ok(told::kept(door.dictionary.known("Tenant"), &stored))
}

/// Opens staging: its feed is made, and the main ticket waits for whoever migrates (AMS-004, AMS-013). Where it is
/// open already nothing changes.
pub(super) async fn open_staging(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let tenant = asked.tenant();
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    let (name, zone) = (format!("{}, staging", tenant.name), Some(tenant.time_zone.clone()));
    if add_feed(&door, &mut keeping, &tenant.staging_feed, &name, zone).await? {
        tickets::review(&door, &tenant.id, &mut keeping);
        door.keep(keeping).await?;
    }
    answer::ok(&json!({ "FeedId": tenant.staging_feed.as_str() }))
}

/// Every environment of every tenant has a feed of its own (AMS-039).
fn feeds_are_free(door: &Door, tenant: Named<'_>) -> Result<(), Fault> {
    let others = door.tenants();
    let (production, staging) = (tenant.text("ProductionFeedId"), tenant.text("StagingFeedId"));
    if production == staging {
        let message = "Staging and production would share a feed.";
        return Err(Fault::new(422, "feeds_shared", message, "Name two, or neither.").about("StagingFeedId"));
    }
    for (field, feed) in [("ProductionFeedId", production), ("StagingFeedId", staging)] {
        let feed = feed.unwrap_or_default();
        let of = others.iter().find(|other| other.production_feed == feed || other.staging_feed == feed);
        if let Some(other) = of {
            let message = format!("The feed {feed:?} is the one of the tenant {:?}.", other.id);
            let hint = "Every environment of every tenant has a feed of its own.";
            return Err(Fault::new(422, "feeds_shared", message, hint).about(field));
        }
    }
    Ok(())
}

/// Makes a feed where it is not there; true where it is made.
async fn add_feed(
    door: &Door,
    keeping: &mut Keeping,
    feed: &Text,
    name: &str,
    zone: Option<Text>,
) -> Result<bool, answer::Refused> {
    let own = door.dictionary.known("Feed");
    if door.store.get(own.id, feed).await?.is_some() {
        return Ok(false);
    }
    keeping.add(named(
        own,
        [
            ("FeedId", Some(feed.clone().into())),
            ("FeedName", Some(name.chars().take(255).collect::<String>().into())),
            ("FeedStatus", Some("Active".into())),
            ("FeedTimeZone", zone.map(Into::into)),
        ],
    ));
    Ok(true)
}

/// What the dictionary does not know of a tenant's words.
fn check(read: Named<'_>) -> Result<(), Fault> {
    let mut faults = Vec::new();
    let mut wrong = |field: &str, message: String, hint: &str| {
        faults.push(Fault::new(422, "field_wrong", message, hint).about(field));
    };
    if let Some(zone) = read.text("TenantTimeZone")
        && TimeZone::get(&zone).is_err()
    {
        wrong("TenantTimeZone", format!("There is no time zone {zone:?}."), "Use an IANA name.");
    }
    if let Some(prefix) = read.text("NrdsPrefix")
        && !((1..NRDS_DIGITS).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_digit()))
    {
        let message = format!("{prefix:?} begins no NRDS id.");
        wrong("NrdsPrefix", message, "Give 1 to 8 digits: an id has nine.");
    }
    if read.integer("M1SuspensionYear").is_some_and(|year| !(1900..=2200).contains(&year)) {
        wrong("M1SuspensionYear", "M1SuspensionYear is no year.".into(), "Give one of the years, as 2024.");
    }
    let holidays = read.texts("TenantHolidays");
    if holidays.len() > MOST_HOLIDAYS {
        wrong("TenantHolidays", format!("{} holidays are too many.", holidays.len()), "Name 500 at most.");
    }
    if let Some(day) = holidays.iter().find(|day| day.parse::<Date>().is_err()) {
        wrong("TenantHolidays", format!("{day:?} is no day."), "Write days as 2026-11-26.");
    }
    if faults.is_empty() { Ok(()) } else { Err(Fault::of_all(faults)) }
}
