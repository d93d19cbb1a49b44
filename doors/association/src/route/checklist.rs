//! The checklist, and the dashboard over all of them (AMS-042).

use std::collections::BTreeMap;

use axum::extract::{Extension, Path, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use dictionary::{Record, Text, Timestamp, named};
use gate::{TenantEnvironment, TenantRole};
use http::{HeaderMap, StatusCode};
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::Expect;

use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::onboarding::{Event, Item, Rule, Standing};
use crate::{Door, Integration, State as Stage, Tenant, asking};

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Whole days that an integration has stood where it stands.
fn age(of: &Integration, now: Timestamp) -> i64 {
    of.since.map_or(0, |since| (now.as_second() - since.as_second()).max(0) / SECONDS_OF_A_DAY)
}

pub(super) async fn read(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let of = asked.integration();
    let facts = door.facts(asked.tenant(), of, asked.now).await?;
    let standing = Standing::of(&facts);
    let mut told = summary(of, &standing, asked.now);
    told["items"] = standing.items.iter().map(item).collect();
    answer::ok(&told)
}

fn summary(of: &Integration, standing: &Standing, now: Timestamp) -> Json {
    let mut told = json!({
        "integration": of.id.as_str(),
        "kind": of.kind.name(),
        "state": of.state.name(),
        "percent": standing.percent,
        "ageDays": age(of, now),
    });
    if let Some(event) = Event::awaited(of.state) {
        told["awaits"] = json!(event.name());
    }
    if let (Some(rule), Some(who)) = (standing.next, standing.responsible()) {
        told["next"] = json!({ "rule": rule.name(), "sentence": rule.sentence(), "responsible": who.name() });
    }
    if let Some(reason) = &of.blocked_reason {
        told["blockedReason"] = json!(reason.as_str());
    }
    told
}

fn item(item: &Item) -> Json {
    let rule = item.rule;
    let mut told = json!({
        "rule": rule.name(),
        "requirement": rule.requirement(),
        "event": rule.event().name(),
        "sentence": rule.sentence(),
        "responsible": rule.responsible().name(),
        "evidenceKind": if rule.is_manual() { "manual" } else { "automatic" },
        "done": item.shows.is_ok(),
    });
    match &item.shows {
        Ok(evidence) => told["evidence"] = json!(evidence),
        Err(missing) => told["missing"] = json!(missing),
    }
    if let Some(said) = &item.confirmed {
        told["confirmedBy"] = json!(said.by.as_str());
        told["confirmedTimestamp"] = json!(said.at.to_string());
    }
    told
}

/// The parameters of an item's address.
#[derive(Deserialize)]
pub(super) struct At {
    rule: String,
}

/// A confirmation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// Where it can be seen: a mail, a call, a name.
    evidence: String,
}

/// Confirms an item by hand: staff any, a vendor's people what is theirs to say.
pub(super) async fn confirm(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { rule }): Path<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let rule = may_confirm(&asked, &rule)?;
    let Sent { evidence } = asking::object(&headers, &body)?;
    let evidence = evidence.trim();
    if evidence.is_empty() {
        let hint = "Say where it can be seen: a mail, a call, a name.";
        return Err(Fault::bad("evidence_missing", "A confirmation needs evidence.", hint)
            .about("evidence")
            .into());
    }
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put(confirmation(&door, &asked, rule, evidence), Expect::Any);
    door.keep(keeping).await?;
    read(State(door), Extension(asked)).await
}

/// Takes a confirmation back.
pub(super) async fn withdraw(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { rule }): Path<At>,
) -> Answer {
    let rule = may_confirm(&asked, &rule)?;
    let kept = door.register.get("ChecklistItem", &key(asked.integration(), rule));
    if let Some(kept) = kept {
        let mut keeping = Keeping::new(asked.actor(), asked.now);
        keeping.remove(&kept);
        door.keep(keeping).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn key(of: &Integration, rule: Rule) -> Text {
    Text::from(format!("{}.{}", of.id, rule.name()))
}

fn confirmation(door: &Door, asked: &Asked, rule: Rule, evidence: &str) -> Record {
    let of = asked.integration();
    named(
        door.dictionary.known("ChecklistItem"),
        [
            ("ChecklistItemId", Some(key(of, rule).into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("ChecklistRule", Some(rule.name().into())),
            ("ChecklistEvidence", Some(evidence.into())),
            ("ConfirmedBy", Some(asked.actor().into())),
            ("ConfirmedTimestamp", Some(asked.now.into())),
        ],
    )
}

/// The rule of this name, where the caller may say that it is met.
fn may_confirm(asked: &Asked, name: &str) -> Result<Rule, Refused> {
    let of = asked.integration();
    let rule = Rule::find(name).filter(|rule| rule.is_for(of.kind)).ok_or_else(|| {
        let message = format!("The checklist has no item {name:?}.");
        Fault::new(404, "item_unknown", message, "GET …/checklist lists them.")
    })?;
    if !rule.is_manual() {
        let message = format!("{name} is shown by records, not confirmed by hand.");
        return Err(Fault::new(409, "item_automatic", message, rule.sentence()).into());
    }
    let tenant = &asked.tenant().id;
    let is = |environment, staff: bool| {
        asked.caller.roles(tenant, environment).any(|role| match role {
            TenantRole::Administrator | TenantRole::Staff => true,
            TenantRole::Vendor => !staff,
            TenantRole::User(_) => false,
        })
    };
    let staff = is(TenantEnvironment::Production, true);
    let vendor = rule.is_the_vendors() && TenantEnvironment::ALL.into_iter().any(|place| is(place, false));
    if asked.caller.is_operator() || staff || vendor {
        return Ok(rule);
    }
    let message = format!("{name} is not yours to confirm.");
    let hint = format!("It is confirmed by staff; responsible: {}.", rule.responsible().name());
    Err(Fault::new(403, "role_missing", message, hint).into())
}

/// Tenants by the states of their integrations: those that the caller is something to.
pub(super) async fn dashboard(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let mine = |tenant: &Tenant| {
        let rights = asked.caller.tenants();
        asked.caller.is_operator()
            || rights
                .iter()
                .any(|right| right.tenant == tenant.id && !matches!(right.role, TenantRole::User(_)))
    };
    let mut states: BTreeMap<Stage, Vec<Json>> = BTreeMap::new();
    for tenant in door.tenants().iter().filter(|tenant| mine(tenant)) {
        for of in door.integrations(&tenant.id) {
            let standing = Standing::of(&door.facts(tenant, &of, asked.now).await?);
            let mut told = summary(&of, &standing, asked.now);
            told["tenant"] = json!(tenant.id.as_str());
            told["tenantName"] = json!(tenant.name.as_str());
            states.entry(of.state).or_default().push(told);
        }
    }
    let told = states.into_iter().map(|(state, list)| json!({ "state": state.name(), "integrations": list }));
    answer::ok(&json!({ "states": told.collect::<Vec<_>>() }))
}
