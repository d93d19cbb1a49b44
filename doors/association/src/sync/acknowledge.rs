//! Acknowledging a pull: with the right counts its window is done with, else nothing changes (AMS-031, AMS-032).

use std::collections::BTreeMap;

use dictionary::Text;
use odata::Fault;
use serde::Deserialize;
use serde_json::json;

use super::Contact;
use super::run::{RunStatus, SyncRun};
use super::state::SyncState;
use crate::Door;
use crate::answer::Refused;
use crate::guard::Asked;
use crate::keeping::Keeping;

/// Refusals of the other side that one pull may report, and characters of one's sentence.
const MOST_REFUSED: usize = 10_000;
/// Characters of what is kept of its report.
const LONGEST_RESULT: usize = 4_000;

/// What the other side says that it has taken.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    /// Contacts that were read, by resource; a resource that is not named counts none.
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, u64>,
    /// Contacts that the other side did not take, with its reasons.
    #[serde(default)]
    pub(crate) refused: Vec<RefusedContact>,
}

/// A contact that the other side did not take.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct RefusedContact {
    resource_name: String,
    resource_record_key: String,
    reason: String,
}

/// Acknowledges a pull; once more is the same.
///
/// # Errors
/// 404 where there is none of this number, 409 where it was superseded or its counts are others.
pub(crate) async fn acknowledge(
    door: &Door,
    asked: &Asked,
    number: u64,
    said: Said,
) -> Result<SyncRun, Refused> {
    let (of, environment) = (asked.integration(), asked.environment());
    let (kept, run) = super::page::run(door, asked, number).await?;
    match run.status {
        RunStatus::Acknowledged => return Ok(run),
        RunStatus::Superseded => return Err(superseded(number).into()),
        RunStatus::Open => {}
    }
    counted(&run, &said)?;
    let key = SyncState::key(&of.id, environment);
    let before = door.register.get("SyncState", &key);
    let state = before.as_ref().and_then(|kept| SyncState::read(&door.dictionary, kept));
    let (Some(before), Some(state)) = (before, state.filter(|state| state.open == Some(number))) else {
        return Err(superseded(number).into());
    };
    let next = SyncState {
        open: None,
        acknowledged_run: number,
        acknowledged: Some(run.upto),
        forced: run.forced.unwrap_or(state.forced),
        last_acknowledged: Some(asked.now),
        ..state
    };
    let run = SyncRun {
        status: RunStatus::Acknowledged,
        ended: Some(asked.now),
        result: (!said.refused.is_empty()).then(|| result(&said)),
        ..run
    };
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.change(&before, next.record(&door.dictionary));
    keeping.change(&kept, run.record(&door.dictionary));
    door.keep(keeping).await?;
    door.offers.forget(&SyncRun::key(&of.id, environment, number));
    Ok(run)
}

fn superseded(number: u64) -> Fault {
    let message = format!("Pull {number} is no longer open: another was opened after it.");
    let hint = "What it offered is offered by the newer one: read and acknowledge that.";
    Fault::new(409, "pull_superseded", message, hint)
}

/// Every resource's count is what was offered: whoever has read less has to read again.
fn counted(run: &SyncRun, said: &Said) -> Result<(), Fault> {
    if said.refused.len() > MOST_REFUSED {
        let message = format!("{} refusals are more than {MOST_REFUSED}.", said.refused.len());
        return Err(Fault::new(413, "too_large", message, "Name the first, and call about the others."));
    }
    let unknown = said.counts.keys().find(|name| Contact::find(name).is_none());
    if let Some(name) = unknown {
        let hint = "Count Office, Member, OfficeAssociation and MemberAssociation.";
        return Err(Fault::bad("resource_unknown", format!("{name} is no contact."), hint).about("counts"));
    }
    let differs = Contact::ALL.into_iter().filter_map(|contact| {
        let (theirs, ours) = (said.counts.get(contact.name()).copied().unwrap_or(0), run.offered.of(contact));
        let message = format!("{ours} of {} were offered, and {theirs} are acknowledged.", contact.name());
        let hint = "Read the pages of the pull to their end, and count every item, removals too.";
        (theirs != ours).then(|| Fault::new(409, "counts_differ", message, hint).about(contact.name()))
    });
    let differs: Vec<Fault> = differs.collect();
    if differs.is_empty() { Ok(()) } else { Err(Fault::of_all(differs)) }
}

/// What is kept of the other side's report: how many it refused, and the first of them.
fn result(said: &Said) -> Text {
    let mut shown = Vec::new();
    let mut text = String::new();
    for one in &said.refused {
        let reason: String = one.reason.chars().take(200).collect();
        shown.push(json!({ "ResourceName": one.resource_name, "ResourceRecordKey": one.resource_record_key, "Reason": reason }));
        let longer = json!({ "refused": said.refused.len(), "first": shown }).to_string();
        if longer.chars().count() > LONGEST_RESULT {
            break;
        }
        text = longer;
    }
    Text::from(text)
}
