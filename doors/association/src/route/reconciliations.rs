//! Reconciliations: made on demand, listed, read.

use axum::extract::{Extension, Path, State};
use dictionary::Named;
use odata::Fault;
use serde_json::{Value as Json, json};
use store::{Scan, Stored};

use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::reconcile::{Plan, reconcile as reconciled};
use crate::{Door, told};

/// Reports read of the store at once.
const AT_ONCE: usize = 100;
/// Reports that are listed.
const LISTED: usize = 100;

/// Reconciles a plan now.
pub(super) async fn reconcile(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((_, name)): Path<(String, String)>,
) -> Answer {
    let tenant = asked.tenant();
    let kept = door.register.get("ReconciliationPlan", &format!("{}.{name}", tenant.id));
    let plan = kept.and_then(|kept| Plan::read(&door.dictionary, kept)).ok_or_else(|| {
        let message = format!("The tenant has no ReconciliationPlan {name:?}.");
        Fault::new(404, "not_found", message, "PUT …/reconciliation-plans/{name} makes one.")
    })?;
    if plan.sides.is_empty() {
        let message = "The plan has no side to be compared with.";
        let hint = "Set ReconciliationSides, such as `MLS=stellar`.";
        return Err(Fault::new(409, "no_sides", message, hint).into());
    }
    let stored = reconciled(&door, tenant, &plan, asked.actor(), asked.now).await?;
    answer::made(&shown(&door, &stored, true))
}

/// The newest reports, without what they list.
pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("Reconciliation");
    let start = format!("{}.", asked.tenant().id);
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found = door.store.scan(Scan { resource: own.id, feed: None, after, limit: AT_ONCE }).await?;
        let Some(last) = found.last() else { break };
        after = Some((own.timestamp_of(&last.record), last.key.clone()));
        let ours = found.iter().filter(|stored| stored.key.starts_with(&start));
        all.extend(ours.map(|stored| shown(&door, stored, false)));
        let beyond = all.len().saturating_sub(LISTED);
        all.drain(..beyond);
    }
    all.reverse();
    answer::ok(&json!({ "value": all }))
}

/// One report.
pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((_, id)): Path<(String, String)>,
) -> Answer {
    let own = door.dictionary.known("Reconciliation");
    let stored = door.store.get(own.id, &id).await?;
    let ours = stored.filter(|stored| stored.key.starts_with(&format!("{}.", asked.tenant().id)));
    let stored = ours.ok_or_else(|| {
        let message = format!("The tenant has no reconciliation {id:?}.");
        Refused::from(Fault::new(404, "not_found", message, "GET …/reconciliations lists them."))
    })?;
    answer::ok(&shown(&door, &stored, true))
}

fn shown(door: &Door, stored: &Stored, whole: bool) -> Json {
    let own = door.dictionary.known("Reconciliation");
    let mut object = told::fields(own, &stored.record);
    object.remove("ReconciliationText");
    if whole {
        let text = Named { own, record: &stored.record }.text("ReconciliationText").unwrap_or_default();
        object.insert("sides".into(), serde_json::from_str(&text).unwrap_or_default());
    }
    Json::Object(object)
}
