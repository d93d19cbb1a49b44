//! Pulls: opened, read, acknowledged; what is held; how the sync stands; a forced resync; alerts.

use axum::extract::{Extension, Path, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode, Uri};
use odata::Fault;
use serde_json::{Value as Json, json};

use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::schedule::standing as stands;
use crate::sync::acknowledge::{Said, acknowledge as acknowledged};
use crate::sync::page::Wanted;
use crate::sync::run::SyncRun;
use crate::sync::state::SyncState;
use crate::sync::{Contact, force as forced, held as holding, open as opening, page as pages, silent, watch};
use crate::{Door, asking, told};

/// Pulls that are listed, the newest first.
const LISTED: u64 = 50;
/// Planned runs that are told.
const TOLD_RUNS: usize = 4;

/// Opens a pull.
pub(super) async fn open(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let run = opening::open(&door, &asked).await?;
    answer::made(&shown(&door, &asked, &run))
}

/// The newest pulls.
pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let (of, environment) = (asked.integration(), asked.environment());
    let kept = door.register.get("SyncState", &SyncState::key(&of.id, environment));
    let newest =
        kept.and_then(|kept| SyncState::read(&door.dictionary, &kept)).map_or(0, |state| state.number);
    let numbers = (1..=newest).rev().take(usize::try_from(LISTED).unwrap_or(usize::MAX));
    let keys: Vec<_> = numbers.map(|number| SyncRun::key(&of.id, environment, number)).collect();
    let own = door.dictionary.known("SyncRun");
    let found = door.store.get_many(own.id, &keys).await?;
    let runs = found.iter().flatten().filter_map(|kept| SyncRun::read(&door.dictionary, kept));
    let list: Vec<Json> = runs.map(|run| shown(&door, &asked, &run)).collect();
    answer::ok(&json!({ "value": list }))
}

/// One pull.
pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((.., pull)): Path<(String, String, String, String)>,
) -> Answer {
    let (_, run) = pages::run(&door, &asked, number(&pull)?).await?;
    answer::ok(&shown(&door, &asked, &run))
}

/// A page of one resource of a pull.
pub(super) async fn page(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((.., pull, resource)): Path<(String, String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let wanted = Wanted {
        number: number(&pull)?,
        resource: &resource,
        query: uri.query().unwrap_or_default(),
        headers: &headers,
        path: uri.path(),
    };
    let body = pages::page(&door, &asked, wanted).await?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}

/// Acknowledges a pull with the counts of what was read.
pub(super) async fn acknowledge(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((.., pull)): Path<(String, String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let said: Said = asking::object(&headers, &body)?;
    let run = acknowledged(&door, &asked, number(&pull)?, said).await?;
    answer::ok(&shown(&door, &asked, &run))
}

fn number(pull: &str) -> Result<u64, Refused> {
    pull.parse().map_err(|_| {
        let message = format!("{pull:?} is no number of a pull.");
        Fault::new(404, "pull_unknown", message, "GET …/pulls lists them; POST …/pulls opens one.").into()
    })
}

/// A pull, with the addresses of its pages.
fn shown(door: &Door, asked: &Asked, run: &SyncRun) -> Json {
    let own = door.dictionary.known("SyncRun");
    let mut object = told::fields(own, &run.record(&door.dictionary));
    let name = asked.integration().id.rsplit('.').next().unwrap_or_default();
    let at = format!(
        "/association/tenants/{}/integrations/{name}/environments/{}/pulls/{}",
        run.tenant,
        run.environment.name().to_lowercase(),
        run.number
    );
    let pages = Contact::ALL
        .map(|contact| (contact.name().to_owned(), json!(format!("{at}/contacts/{}", contact.name()))));
    let counts = Contact::ALL.map(|contact| (contact.name().to_owned(), json!(run.offered.of(contact))));
    object.insert("@pages".into(), Json::Object(pages.into_iter().collect()));
    object.insert("@counts".into(), Json::Object(counts.into_iter().collect()));
    object.insert("@acknowledgement".into(), json!(format!("{at}/acknowledgement")));
    Json::Object(object)
}

/// How the sync of an integration stands: what is planned, pulled, missed, owed and held.
pub(super) async fn standing(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let (of, environment, now) = (asked.integration(), asked.environment(), asked.now);
    let setting = door.setting(of, environment);
    let kept = door.register.get("SyncState", &SyncState::key(&of.id, environment));
    let state = kept.and_then(|kept| SyncState::read(&door.dictionary, &kept));
    let state = state.unwrap_or_else(|| SyncState::new(&setting));
    let plan = setting.plan(asked.tenant());
    let next: Vec<String> = std::iter::successors(plan.after(now), |run| plan.after(*run))
        .take(TOLD_RUNS)
        .map(|run| run.to_string())
        .collect();
    let held = door.held(&setting);
    let waiting: Vec<_> = held
        .into_iter()
        .filter(|one| one.released.is_none_or(|pull| pull > state.acknowledged_run))
        .collect();
    let silent = silent(of, &setting, now);
    let live = setting.go_live.unwrap_or(now);
    let missed = match silent {
        None => stands(&plan, state.last_pull.unwrap_or(live).max(live), now),
        Some(_) => Default::default(),
    };
    answer::ok(&json!({
        "offering": silent.is_none(),
        "why": silent.map(|fault| json!({ "code": fault.code, "message": fault.message, "hint": fault.hint })),
        "planned": next,
        "missedSince": missed.missed_since.map(|at| at.to_string()),
        "missed": missed.missed,
        "openPull": state.open,
        "lastPull": state.last_pull.map(|at| at.to_string()),
        "lastAcknowledged": state.last_acknowledged.map(|at| at.to_string()),
        "acknowledgedSequence": state.acknowledged,
        "forcedResyncOwed": forced::owed(&door, &setting, &state).is_some(),
        "held": waiting.len(),
        "heldByCode": holding::by_code(&door.dictionary, &waiting),
    }))
}

/// What is held, with its reasons, and how many each of them holds.
pub(super) async fn held(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let (of, environment) = (asked.integration(), asked.environment());
    let setting = door.setting(of, environment);
    let kept = door.register.get("SyncState", &SyncState::key(&of.id, environment));
    let acknowledged = kept
        .and_then(|kept| SyncState::read(&door.dictionary, &kept))
        .map_or(0, |state| state.acknowledged_run);
    let all = door.held(&setting);
    let waiting: Vec<_> =
        all.into_iter().filter(|one| one.released.is_none_or(|pull| pull > acknowledged)).collect();
    let own = door.dictionary.known("HeldContact");
    let list: Vec<Json> = waiting.iter().map(|one| told::kept(own, &one.stored)).collect();
    answer::ok(&json!({ "counts": holding::by_code(&door.dictionary, &waiting), "value": list }))
}

/// Queues every contact of an environment once more.
pub(super) async fn force(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let stored = forced::force(&door, &asked, asked.environment()).await?;
    answer::made(&told::kept(door.dictionary.known("ForcedResync"), &stored))
}

/// The tenant's alerts, those that have ended too.
pub(super) async fn alerts(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = watch::alerts(&door, &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known("Alert"), &all))
}
