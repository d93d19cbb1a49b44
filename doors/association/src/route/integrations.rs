//! Integrations: what is said of them, and how each is set in an environment.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Named, Text, named, set_named};
use gate::TenantEnvironment;
use http::HeaderMap;
use odata::Fault;
use serde_json::Value as Json;
use store::Expect;

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::schedule::{Cadence, CadenceFault};
use crate::{Door, Integration, IntegrationSetting, Kind, MappingSet, State as Stage, asking, told};

/// What is said of an integration, by whoever may.
pub(super) const SETTABLE: [&str; 7] = [
    "IntegrationVendor",
    "IntegrationPlatform",
    "IntegrationType",
    "SectionTitle",
    "AffiliateId",
    "VendorAffiliateId",
    "TentativeGoLiveMonth",
];
/// What is said once.
pub(super) const ONCE: [&str; 2] = ["IntegrationId", "IntegrationKind"];
/// Longest name of an integration within its tenant.
const LONGEST_NAME: usize = 16;
/// What is set in an environment.
pub(super) const OF_SETTING: [&str; 4] = ["SyncYN", "GoLiveTimestamp", "MappingSetId", "SyncCadence"];

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = door.register.of_tenant("Integration", &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known("Integration"), &all))
}

pub(super) async fn read(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    answer::ok(&shown(&door, &asked.integration().id)?)
}

/// Writes an integration down. Its id is the tenant's, a point, and a name: the kind's where none is given.
pub(super) async fn create(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("Integration");
    let sent = asking::record(&door, own, &headers, &body, &[&SETTABLE[..], &ONCE].concat())?;
    let mut record = sent.record;
    let read = Named { own, record: &record };
    let kind = read.text("IntegrationKind").unwrap_or_default();
    let Some(kind) = Kind::find(&kind) else {
        let message = format!("{kind:?} is no kind of integration.");
        let hint = "IntegrationKind is MLS, M1, Lockbox or SSO.";
        return Err(Fault::new(422, "field_wrong", message, hint).about("IntegrationKind").into());
    };
    let name = read.text("IntegrationId").unwrap_or_else(|| kind.name().to_lowercase().into());
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(plain) {
        let message = format!("{name:?} is no name of an integration.");
        let hint =
            "Give IntegrationId 1 to 16 small letters, digits and hyphens; the tenant's id goes before it.";
        return Err(Fault::new(422, "id_wrong", message, hint).about("IntegrationId").into());
    }
    let id = Text::from(format!("{}.{name}", asked.tenant().id));
    if door.integration(&id).is_some() {
        let message = format!("The tenant has an integration {name:?} already.");
        return Err(
            Fault::new(409, "already_there", message, "Change that one, or give another name.").into()
        );
    }
    check(read)?;
    set_named(&mut record, own, "IntegrationId", Some(id.clone().into()));
    set_named(&mut record, own, "TenantId", Some(asked.tenant().id.clone().into()));
    set_named(&mut record, own, "IntegrationState", Some(Stage::Planned.into()));
    set_named(&mut record, own, "StateTimestamp", Some(asked.now.into()));
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.add(record);
    door.keep(keeping).await?;
    answer::made(&shown(&door, &id)?)
}

/// Changes what is said of an integration.
pub(super) async fn update(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("Integration");
    let sent = asking::record(&door, own, &headers, &body, &SETTABLE)?;
    let id = &asked.integration().id;
    let before = door.register.get("Integration", id).ok_or_else(gone)?;
    let record = asking::over(&before.record, &sent);
    check(Named { own, record: &record })?;
    let version = asking::version(&headers)?.unwrap_or(before.sequence);
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put(record, Expect::At(version));
    door.keep(keeping).await?;
    answer::ok(&shown(&door, id)?)
}

fn check(read: Named<'_>) -> Result<(), Fault> {
    let Some(month) = read.text("TentativeGoLiveMonth") else { return Ok(()) };
    if format!("{month}-01").parse::<dictionary::Date>().is_ok() && month.len() == 7 {
        return Ok(());
    }
    let message = format!("{month:?} is no month.");
    Err(Fault::new(422, "field_wrong", message, "Write it as 2026-11.").about("TentativeGoLiveMonth"))
}

fn gone() -> Fault {
    Fault::new(404, "integration_unknown", "The integration is not there.", "It has been removed.")
}

pub(super) fn shown(door: &Door, id: &str) -> Result<Json, Fault> {
    let stored = door.register.get("Integration", id).ok_or_else(gone)?;
    Ok(told::kept(door.dictionary.known("Integration"), &stored))
}

/// The version of the mapping that is in force in an environment: the one that somebody has put there, else the
/// newest.
pub(crate) fn mapping_in_force(
    door: &Door,
    of: &Integration,
    place: TenantEnvironment,
) -> Option<MappingSet> {
    match door.setting(of, place).mapping {
        Some(id) => door.mapping(&id),
        None => door.newest_mapping(&of.id),
    }
}

/// How an integration is set in an environment.
pub(super) async fn setting(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    answer::ok(&shown_setting(&door, asked.integration(), asked.environment()))
}

fn shown_setting(door: &Door, of: &Integration, environment: TenantEnvironment) -> Json {
    let own = door.dictionary.known("IntegrationSetting");
    match door.register.get("IntegrationSetting", &IntegrationSetting::key(&of.id, environment)) {
        Some(stored) => told::kept(own, &stored),
        None => Json::Object(told::fields(own, &nothing_set(door, of, environment))),
    }
}

pub(super) fn nothing_set(
    door: &Door,
    of: &Integration,
    environment: TenantEnvironment,
) -> dictionary::Record {
    named(
        door.dictionary.known("IntegrationSetting"),
        [
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantEnvironment", Some(environment.name().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("SyncYN", Some(false.into())),
        ],
    )
}

/// Turns sync on or off, puts a version of the mapping in force, and says from when on a test is offered.
pub(super) async fn set(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("IntegrationSetting");
    let sent = asking::record(&door, own, &headers, &body, &OF_SETTING)?;
    let (of, environment) = (asked.integration(), asked.environment());
    let tests = asked.tenant().test_environment == environment;
    let before = door.register.get("IntegrationSetting", &IntegrationSetting::key(&of.id, environment));
    let sent_live = Named { own, record: &sent.record }.instant("GoLiveTimestamp").is_some()
        || sent.nulls.iter().any(|id| own.field(*id).name == "GoLiveTimestamp");
    let tested = of.tested.is_some() && environment == TenantEnvironment::Production;
    if sent_live && (tested || !(tests || environment == TenantEnvironment::Staging)) {
        let message = "The go-live in production is an appointment.";
        let hint = "Make it: POST …/transitions with the event `schedule_go_live`.";
        return Err(Fault::new(409, "go_live_is_scheduled", message, hint).about("GoLiveTimestamp").into());
    }
    let base =
        before.as_ref().map_or_else(|| nothing_set(&door, of, environment), |kept| (*kept.record).clone());
    let mut record = asking::over(&base, &sent);
    let read = Named { own, record: &record };
    if let Some(id) = read.text("MappingSetId")
        && !(id.starts_with(&format!("{}.", of.id)) && door.register.get("MappingSet", &id).is_some())
    {
        let message = format!("The integration has no mapping set {id:?}.");
        let hint = "GET …/mappings lists its versions.";
        return Err(Fault::new(422, "reference_missing", message, hint).about("MappingSetId").into());
    }
    if let Some(fault) = read.text("SyncCadence").and_then(|text| text.parse::<Cadence>().err()) {
        let fault = Fault::new(422, "field_wrong", fault.message, CadenceFault::HINT);
        return Err(fault.about("SyncCadence").into());
    }
    let live = read.instant("GoLiveTimestamp").is_some_and(|from| from <= asked.now);
    if tests && live && read.truth("SyncYN") && of.tested.is_none() {
        set_named(&mut record, own, "SyncTestedTimestamp", Some(asked.now.into()));
    }
    let expect = match (asking::version(&headers)?, &before) {
        (Some(version), _) => Expect::At(version),
        (None, Some(kept)) => Expect::At(kept.sequence),
        (None, None) => Expect::Absent,
    };
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put(record, expect);
    door.keep(keeping).await?;
    // Another mapping may let in what was held.
    door.rung.notify_one();
    answer::ok(&shown_setting(&door, of, environment))
}
