//! Tenants: made by operators, seen by whoever is something to them.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Date, Named, Record, Text, named, set_named};
use gate::TenantEnvironment;
use http::HeaderMap;
use jiff::tz::TimeZone;
use odata::Fault;
use serde_json::Value as Json;
use store::{Expect, Stored};

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::words::{TicketKind, TicketState};
use crate::{Door, Tenant, asking, told};

/// What is said of a tenant, by whoever may.
const SETTABLE: [&str; 7] = [
    "TenantName",
    "TenantRegionCode",
    "TenantTimeZone",
    "NrdsPrefix",
    "TestEnvironment",
    "TenantHolidays",
    "TenantAsOfDate",
];
/// What is said once.
const ONCE: [&str; 3] = ["TenantId", "ProductionFeedId", "StagingFeedId"];
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

/// Makes a tenant with its two feeds, and opens the main ticket of its migration.
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
        let hint = "Give TenantId 1 to 40 small letters, digits and hyphens, such as `east-polk`.";
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
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    add_feeds(&door, &mut keeping, Named { own, record: &record }).await?;
    keeping.add(record);
    keeping.add(main_ticket(&door, &id, &asked));
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

fn main_ticket(door: &Door, id: &Text, asked: &Asked) -> Record {
    let tenant = Text::from(format!("Migration - {id}"));
    named(
        door.dictionary.known("OnboardingTicket"),
        [
            ("OnboardingTicketId", Some(Text::from(format!("{id}.main")).into())),
            ("TenantId", Some(id.clone().into())),
            ("OnboardingTicketKind", Some(TicketKind::Main.into())),
            ("OnboardingTicketSubject", Some(tenant.into())),
            ("OnboardingTicketState", Some(TicketState::InProgress.into())),
            ("OpenedTimestamp", Some(asked.now.into())),
        ],
    )
}

/// The feeds of a new tenant: made where they are not there, and nobody else's (AMS-039).
async fn add_feeds(door: &Door, keeping: &mut Keeping, tenant: Named<'_>) -> Result<(), answer::Refused> {
    let own = door.dictionary.known("Feed");
    let others = door.tenants();
    let (production, staging) = (tenant.text("ProductionFeedId"), tenant.text("StagingFeedId"));
    if production == staging {
        let message = "Staging and production would share a feed.";
        let hint = "Name two, or neither.";
        return Err(Fault::new(422, "feeds_shared", message, hint).about("StagingFeedId").into());
    }
    for (field, feed) in [("ProductionFeedId", production), ("StagingFeedId", staging)] {
        let feed = feed.unwrap_or_default();
        let of = others.iter().find(|other| other.production_feed == feed || other.staging_feed == feed);
        if let Some(other) = of {
            let message = format!("The feed {feed:?} is the one of the tenant {:?}.", other.id);
            let hint = "Every environment of every tenant has a feed of its own.";
            return Err(Fault::new(422, "feeds_shared", message, hint).about(field).into());
        }
        if door.store.get(own.id, &feed).await?.is_some() {
            continue;
        }
        let name = format!("{}, {}", tenant.text("TenantName").unwrap_or_default(), field_environment(field));
        let record = named(
            own,
            [
                ("FeedId", Some(feed.into())),
                ("FeedName", Some(name.chars().take(255).collect::<String>().into())),
                ("FeedStatus", Some("Active".into())),
                ("FeedTimeZone", tenant.text("TenantTimeZone").map(Into::into)),
            ],
        );
        keeping.add(record);
    }
    Ok(())
}

fn field_environment(field: &str) -> &'static str {
    if field == "StagingFeedId" { "staging" } else { "production" }
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
    let holidays = read.texts("TenantHolidays");
    if holidays.len() > MOST_HOLIDAYS {
        wrong("TenantHolidays", format!("{} holidays are too many.", holidays.len()), "Name 500 at most.");
    }
    if let Some(day) = holidays.iter().find(|day| day.parse::<Date>().is_err()) {
        wrong("TenantHolidays", format!("{day:?} is no day."), "Write days as 2026-11-26.");
    }
    if faults.is_empty() { Ok(()) } else { Err(Fault::of_all(faults)) }
}
