//! Transitions: what is done to an integration, with its guards, its evidence and its record (AMS-016).

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Record, Text, Timestamp, Value, named, set_named};
use gate::{TenantEnvironment, TenantRole};
use http::HeaderMap;
use odata::Fault;
use serde::Deserialize;
use serde_json::json;
use store::Stored;

use super::{integrations, tickets};
use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::onboarding::{Event, Facts, Rule, after, go_live};
use crate::{Door, Integration, IntegrationSetting, State as Stage, asking, told};

/// What is asked.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent {
    event: String,
    /// Of `schedule_go_live`: an instant, or a time of the tenant's clock.
    go_live: Option<String>,
    /// Of `block` and `close`: why.
    reason: Option<String>,
    /// Why guards that are not met are passed over: an administrator's word.
    override_reason: Option<String>,
}

/// Characters of a reason at the most.
const LONGEST_REASON: usize = 1_024;

/// Every transition, the oldest first.
pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("IntegrationTransition");
    let all = door.register.beginning("IntegrationTransition", &format!("{}.", asked.integration().id));
    answer::ok(&told::list(own, &all))
}

/// Does something to an integration. Two who do it at once are told apart: one of them answers 409.
pub(super) async fn act(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let sent: Sent = asking::object(&headers, &body)?;
    let event = Event::find(&sent.event).ok_or_else(|| unknown(&sent.event))?;
    let of = asked.integration();
    if asking::version(&headers)?.is_some_and(|version| version != of.version) {
        let message = "Somebody else has changed this meanwhile.";
        let hint = "Read it again, and decide on what it is now.";
        return Err(Fault::new(409, "changed_meanwhile", message, hint).into());
    }
    let to = after(event, of.state, of.blocked_from).ok_or_else(|| not_from_here(event, of.state))?;
    let tenant = asked.tenant();
    let mut warnings = Vec::new();
    let mut at = None;
    if event == Event::ScheduleGoLive {
        let text = sent.go_live.as_deref().ok_or_else(no_instant)?;
        let zone = tenant.zone();
        let instant = go_live::read(text, &zone)?;
        let (now, holidays, tested) = (asked.now, &tenant.holidays[..], of.tested);
        warnings = go_live::judge(instant, go_live::Circumstances { now, zone: &zone, holidays, tested })?;
        at = Some(instant);
    }
    let reason = reasoned(event, sent.reason.as_deref())?;
    let facts = door.facts(tenant, of, asked.now).await?;
    let judged = Judged::of(&facts, event);
    let overridden = judged.overridden(&asked, sent.override_reason.as_deref())?;
    let change = Change { door: &door, asked: &asked, event, to, at, reason };
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    change.integration(&mut keeping)?;
    change.setting(&mut keeping, &facts);
    if event == Event::KickOff {
        keeping.add(tickets::of_vendor(&door, &asked, &facts));
    }
    if matches!(to, Stage::Live | Stage::Closed) {
        tickets::close(&door, of, asked.now, &mut keeping);
    }
    let record = change.record(&judged, &overridden, sent.override_reason, &warnings);
    keeping.add(record.clone());
    door.keep(keeping).await?;
    let own = door.dictionary.known("IntegrationTransition");
    answer::ok(&json!({
        "integration": integrations::shown(&door, &of.id)?,
        "transition": told::fields(own, &record),
        "warnings": warnings.iter().map(Text::as_str).collect::<Vec<_>>(),
    }))
}

fn unknown(event: &str) -> Fault {
    let all = Event::ALL.map(Event::name).join(", ");
    Fault::bad("event_unknown", format!("There is no event {event:?}."), format!("There are {all}."))
        .about("event")
}

fn not_from_here(event: Event, state: Stage) -> Fault {
    let message = format!("{} does not follow on {}.", event.name(), state.name());
    let hint = match Event::awaited(state) {
        Some(awaited) => format!("It waits for {}.", awaited.name()),
        None => "Look at its state: GET the integration.".into(),
    };
    Fault::new(409, "not_from_here", message, hint).about("event")
}

fn no_instant() -> Fault {
    let hint = "Send goLive, such as 2026-11-30T10:00 on the tenant's clock.";
    Fault::bad("go_live_missing", "A go-live needs its instant.", hint).about("goLive")
}

/// The reason, where the event needs one.
fn reasoned(event: Event, reason: Option<&str>) -> Result<Option<Text>, Fault> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) if reason.chars().count() > LONGEST_REASON => {
            let message = format!("A reason has at most {LONGEST_REASON} characters.");
            Err(Fault::bad("too_long", message, "Say it shorter.").about("reason"))
        }
        None if matches!(event, Event::Block | Event::Close) => {
            let message = format!("{} needs a reason.", event.name());
            Err(Fault::bad("reason_missing", message, "Send reason: others will read it.").about("reason"))
        }
        reason => Ok(reason.map(Text::new)),
    }
}

/// What the rules of an event showed.
struct Judged {
    met: Vec<Text>,
    unmet: Vec<(Rule, String)>,
}

impl Judged {
    fn of(facts: &Facts, event: Event) -> Self {
        let (mut met, mut unmet) = (Vec::new(), Vec::new());
        for rule in event.rules().filter(|rule| rule.is_for(facts.integration.kind)) {
            match facts.shows(rule) {
                // A record holds 1,024 characters of each; the checklist says the rest.
                Ok(evidence) => met.push(cut(format!("{}: {evidence}", rule.name()))),
                Err(missing) => unmet.push((rule, missing)),
            }
        }
        Self { met, unmet }
    }

    /// The guards that an administrator passes over; none where all are met.
    fn overridden(&self, asked: &Asked, reason: Option<&str>) -> Result<Vec<Text>, Refused> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if self.unmet.is_empty() {
            return Ok(Vec::new());
        }
        let Some(reason) = reason else {
            let message = format!("{} of its guards are not met.", self.unmet.len());
            let hint = "Each is told in details; an administrator may pass over them with overrideReason.";
            let mut all = Fault::new(409, "guards_unmet", message, hint);
            all.details = self.unmet.iter().map(|(rule, missing)| told_unmet(*rule, missing)).collect();
            return Err(all.into());
        };
        let mut roles = asked.caller.roles(&asked.tenant().id, TenantEnvironment::Production);
        if !asked.caller.is_operator() && !roles.any(|role| *role == TenantRole::Administrator) {
            let message = "Guards are passed over by administrators alone.";
            let hint = "Meet the guards, or ask an administrator of the tenant.";
            return Err(Fault::new(403, "override_refused", message, hint).into());
        }
        if reason.chars().count() > LONGEST_REASON {
            let message = format!("A reason has at most {LONGEST_REASON} characters.");
            return Err(Fault::bad("too_long", message, "Say it shorter.").about("overrideReason").into());
        }
        Ok(self.unmet.iter().map(|(rule, _)| Text::new_static(rule.name())).collect())
    }
}

fn told_unmet(rule: Rule, missing: &str) -> Fault {
    let hint = format!("{} Responsible: {}.", rule.sentence(), rule.responsible().name());
    Fault::new(409, rule.name(), missing, hint).about(rule.requirement())
}

fn cut(text: String) -> Text {
    if text.chars().count() <= LONGEST_REASON {
        return text.into();
    }
    text.chars().take(LONGEST_REASON - 1).chain(['…']).collect::<String>().into()
}

/// One transition on its way.
struct Change<'a> {
    door: &'a Door,
    asked: &'a Asked,
    event: Event,
    to: Stage,
    /// The instant of a go-live that is scheduled.
    at: Option<Timestamp>,
    reason: Option<Text>,
}

impl Change<'_> {
    /// The integration in its new state, where it is still what was looked at.
    fn integration(&self, keeping: &mut Keeping) -> Result<(), Fault> {
        let Self { door, asked, event, to, .. } = *self;
        let of = asked.integration();
        let kept = door.register.get("Integration", &of.id).filter(|kept| kept.sequence == of.version);
        let kept = kept.ok_or_else(|| {
            let hint = "Read it again, and decide on what it is now.";
            Fault::new(409, "changed_meanwhile", "Somebody else has changed this meanwhile.", hint)
        })?;
        let own = door.dictionary.known("Integration");
        let mut record = (*kept.record).clone();
        set_named(&mut record, own, "IntegrationState", Some(to.into()));
        set_named(&mut record, own, "StateTimestamp", Some(asked.now.into()));
        let blocked = (event == Event::Block).then_some(of.state);
        set_named(&mut record, own, "BlockedFromState", blocked.map(Value::from));
        let why = self.reason.clone().filter(|_| event == Event::Block);
        set_named(&mut record, own, "BlockedReason", why.map(Value::from));
        if event == Event::PassTestSync {
            set_named(&mut record, own, "TestedTimestamp", Some(asked.now.into()));
        }
        keeping.change(&kept, record);
        Ok(())
    }

    /// What a step sets by itself: the mapping that was judged, the instant that was agreed.
    fn setting(&self, keeping: &mut Keeping, facts: &Facts) {
        let Self { door, asked, event, at, .. } = *self;
        let (place, before) = match event {
            Event::CompleteMapping => (asked.tenant().test_environment, &facts.test),
            Event::ScheduleGoLive => (TenantEnvironment::Production, &facts.production),
            _ => return,
        };
        let own = door.dictionary.known("IntegrationSetting");
        let key = IntegrationSetting::key(&asked.integration().id, place);
        let kept: Option<Stored> = door.register.get("IntegrationSetting", &key);
        let fresh = || integrations::nothing_set(door, asked.integration(), place);
        let mut record = kept.as_ref().map_or_else(fresh, |kept| (*kept.record).clone());
        if before.mapping.is_none() {
            let newest = facts.mapping.as_ref().map(|set| set.id.clone());
            let mapping = facts.test.mapping.clone().or(newest);
            set_named(&mut record, own, "MappingSetId", mapping.map(Value::from));
        }
        if let Some(at) = at {
            set_named(&mut record, own, "GoLiveTimestamp", Some(at.into()));
            set_named(&mut record, own, "SyncYN", Some(true.into()));
        }
        match &kept {
            Some(kept) => keeping.change(kept, record),
            None => keeping.add(record),
        }
    }

    /// Who did what, when, and by what evidence.
    fn record(
        &self,
        judged: &Judged,
        overridden: &[Text],
        override_reason: Option<String>,
        warnings: &[Text],
    ) -> Record {
        let Self { door, asked, event, to, at, ref reason } = *self;
        let of = asked.integration();
        record(
            door,
            of,
            asked.actor(),
            asked.now,
            &Told {
                event,
                to,
                evidence: judged
                    .met
                    .iter()
                    .cloned()
                    .chain(at.map(|at| Text::from(format!("goLive: {at}"))))
                    .chain(reason.clone().map(|reason| cut(format!("reason: {reason}"))))
                    .collect(),
                overridden,
                override_reason: override_reason.filter(|_| !overridden.is_empty()).map(Text::from),
                warnings,
            },
        )
    }
}

/// What a transition's record says beside who and when.
pub(crate) struct Told<'a> {
    pub(crate) event: Event,
    pub(crate) to: Stage,
    pub(crate) evidence: Vec<Text>,
    pub(crate) overridden: &'a [Text],
    pub(crate) override_reason: Option<Text>,
    pub(crate) warnings: &'a [Text],
}

/// The record of a transition. Its key holds its number: of two that are decided on at once one is refused.
pub(crate) fn record(door: &Door, of: &Integration, actor: Text, now: Timestamp, told: &Told<'_>) -> Record {
    let list = |texts: &[Text]| {
        (!texts.is_empty()).then(|| {
            let mut unlike: Vec<Text> = texts.to_vec();
            unlike.dedup();
            Value::TextList(unlike.into())
        })
    };
    let number = door.register.beginning("IntegrationTransition", &format!("{}.", of.id)).len() + 1;
    named(
        door.dictionary.known("IntegrationTransition"),
        [
            ("IntegrationTransitionId", Some(Text::from(format!("{}.{number:06}", of.id)).into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("TransitionEvent", Some(told.event.name().into())),
            ("FromState", Some(of.state.into())),
            ("ToState", Some(told.to.into())),
            ("TransitionTimestamp", Some(now.into())),
            ("ActorName", Some(actor.into())),
            ("TransitionEvidence", list(&told.evidence)),
            ("OverriddenGuards", list(told.overridden)),
            ("OverrideReason", told.override_reason.clone().map(Value::from)),
            ("TransitionWarnings", list(told.warnings)),
        ],
    )
}
