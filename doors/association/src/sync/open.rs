//! Opening a pull: its window, what it offers, what it holds, and how that is counted.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Key, Record, Text, Timestamp, set_named};
use gate::Caller;
use odata::Fault;
use store::{Expect, Sequence, StoreError, Stored};

use super::candidates::{Candidate, Candidates};
use super::held::Held;
use super::judge::{Judge, Verdict};
use super::offer::Offer;
use super::relink::relink;
use super::rules::rules;
use super::run::{RunStatus, SyncRun};
use super::snapshot::Snapshot;
use super::state::SyncState;
use super::{Contact, force, silent, watch};
use crate::answer::Refused;
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::linking::{SuspensionWindow, Target};
use crate::schedule::due;
use crate::{Door, Integration, IntegrationSetting, Tenant};

/// Operations that are kept together.
const TOGETHER: usize = 5_000;

/// Whose pull, and where.
pub(crate) struct Whose<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) tenant: &'a Tenant,
    pub(crate) integration: &'a Integration,
    pub(crate) setting: &'a IntegrationSetting,
}

impl<'a> Whose<'a> {
    pub(crate) fn of(asked: &'a Asked, setting: &'a IntegrationSetting) -> Self {
        Self { caller: &asked.caller, tenant: asked.tenant(), integration: asked.integration(), setting }
    }

    pub(crate) fn snapshot(&self, door: &Door, upto: Sequence) -> Snapshot {
        let feed = self.tenant.feed(self.setting.environment).clone();
        Snapshot::new(door.store.clone(), Arc::clone(&door.dictionary), feed, upto)
    }

    /// Who decides in this pull: by the rules at the end of its window, on the day of its start.
    pub(crate) async fn judge(&self, door: &Door, run: &SyncRun) -> Result<Judge, StoreError> {
        Ok(Judge {
            dictionary: Arc::clone(&door.dictionary),
            target: Target::of_kind(self.integration.kind.name()),
            rules: rules(door, &self.tenant.id, run.upto, run.upto).await?,
            suspension: self.tenant.suspension_year.map(|year| SuspensionWindow { year }),
            today: run.started.to_zoned(self.tenant.zone()).date(),
            now: run.started,
            association: self.tenant.association_key.clone(),
            convert: door.converting(self.integration.kind, run.mapping.as_deref()),
            scope: Arc::clone(self.caller.scope()),
        })
    }

    /// What the pull has to look at, besides what is held.
    async fn candidates(
        &self,
        door: &Door,
        run: &SyncRun,
        snapshot: &Snapshot,
        judge: &Judge,
    ) -> Result<Candidates, StoreError> {
        if run.forced.is_some() {
            return Candidates::everything(snapshot, run.after).await;
        }
        let mut changed = Candidates::changed(snapshot, run.after).await?;
        let rules = rules(door, &self.tenant.id, run.after, run.after).await?;
        let then = Judge { rules, ..judge.clone() };
        relink(&mut changed, snapshot, run.after, (&then, judge)).await?;
        Ok(changed)
    }
}

/// Opens a pull. One that is open already is superseded: what it offered is offered by this one (AMS-032).
///
/// # Errors
/// 409 where nothing is offered now, or another pull was opened in the same moment; 403 where the feed is not granted.
pub(crate) async fn open(door: &Door, asked: &Asked) -> Result<SyncRun, Refused> {
    let (of, now) = (asked.integration(), asked.now);
    let setting = door.setting(of, asked.environment());
    if let Some(fault) = silent(of, &setting, now) {
        return Err(fault.into());
    }
    let whose = Whose::of(asked, &setting);
    granted(door, &whose)?;
    let before = door.register.get("SyncState", &SyncState::key(&of.id, setting.environment));
    let state = before.as_ref().and_then(|kept| SyncState::read(&door.dictionary, kept));
    let state = state.unwrap_or_else(|| SyncState::new(&setting));
    let mut run = window(door, &whose, &state, now).await?;
    let snapshot = whose.snapshot(door, run.upto);
    let judge = whose.judge(door, &run).await?;
    let mut candidates = whose.candidates(door, &run, &snapshot, &judge).await?;
    let kept = door.held(&setting);
    let waiting =
        kept.iter().filter(|held| held.released.is_none_or(|number| number > state.acknowledged_run));
    for held in waiting {
        let candidate = Candidate { order: held.order, forced: false };
        candidates.add(held.contact, held.key.clone(), candidate);
    }
    let mut holding = Holding::new(door, &setting, &kept, run.number);
    let offer = Offer::of(candidates, &snapshot, &judge, |contact, key, candidate, stored, verdict| {
        holding.see((contact, key, candidate), stored.as_ref(), verdict);
    })
    .await?;
    run.offered = offer.counts();
    run.held = holding.held;
    for part in holding.parts(asked.actor(), now) {
        door.keep(part).await?;
    }
    keep(door, asked, before.as_ref(), state, &run).await?;
    door.offers.keep(SyncRun::key(&run.integration, run.environment, run.number), Arc::new(offer));
    Ok(run)
}

/// The feed's contacts must be granted for reading, besides the role: a key sees what its grant shows.
fn granted(door: &Door, whose: &Whose<'_>) -> Result<(), Fault> {
    let feed = whose.tenant.feed(whose.setting.environment);
    let reads = |contact: Contact| whose.caller.may_read(feed, contact.resource(&door.dictionary).id);
    if Contact::ALL.into_iter().all(reads) {
        return Ok(());
    }
    let message = format!("The key is not granted the contacts of the feed {feed}.");
    let hint = "It needs a Grant of Member, Office, MemberAssociation and OfficeAssociation there.";
    Err(Fault::new(403, "feed_not_granted", message, hint))
}

/// The numbers of the pull: it goes on where the last acknowledged one ended, and the first begins at the go-live.
async fn window(
    door: &Door,
    whose: &Whose<'_>,
    state: &SyncState,
    now: Timestamp,
) -> Result<SyncRun, StoreError> {
    let Whose { caller, tenant, integration, setting } = whose;
    let upto = door.store.head().await?;
    let live = setting.go_live.unwrap_or(now);
    let after = match state.acknowledged {
        Some(acknowledged) => acknowledged,
        None => Snapshot::before(&door.store, upto, live).await?,
    };
    let pulled = state.last_pull.unwrap_or(live);
    Ok(SyncRun {
        integration: integration.id.clone(),
        tenant: tenant.id.clone(),
        environment: setting.environment,
        number: state.number + 1,
        status: RunStatus::Open,
        client: caller.client().clone(),
        planned: due(&setting.plan(tenant), pulled, now),
        started: now,
        ended: None,
        after,
        upto,
        forced: force::owed(door, setting, state).filter(|ordered| *ordered <= upto),
        mapping: setting.mapping.clone(),
        offered: super::run::Counts::default(),
        held: 0,
        result: None,
    })
}

/// What is written of contacts that are held or let go.
struct Holding<'a> {
    door: &'a Door,
    setting: &'a IntegrationSetting,
    kept: HashMap<(Contact, Key), &'a Held>,
    number: u64,
    /// How many are held.
    held: u64,
    operations: Vec<(Option<Record>, Option<&'a Stored>)>,
}

impl<'a> Holding<'a> {
    fn new(door: &'a Door, setting: &'a IntegrationSetting, kept: &'a [Held], number: u64) -> Self {
        let kept = kept.iter().map(|held| ((held.contact, held.key.clone()), held)).collect();
        Self { door, setting, kept, number, held: 0, operations: Vec::new() }
    }

    fn see(
        &mut self,
        (contact, key, candidate): (Contact, &Key, Candidate),
        stored: Option<&Stored>,
        verdict: &Verdict,
    ) {
        let before = self.kept.remove(&(contact, key.clone()));
        match (verdict, before) {
            (Verdict::Held(reasons, until), _) => {
                self.held += 1;
                let order = stored.map_or(candidate.order, |stored| stored.sequence.max(candidate.order));
                let what = (contact, key, order);
                let record = Held::record(&self.door.dictionary, self.setting, what, reasons, *until);
                self.operations.push((Some(record), before.map(|held| &held.stored)));
            }
            // It goes with this pull, and is held until that is acknowledged.
            (Verdict::Tell(_) | Verdict::Gone, Some(held)) => {
                let own = self.door.dictionary.known("HeldContact");
                let mut record = (*held.stored.record).clone();
                let number = Some(super::number(self.number));
                set_named(&mut record, own, "ReleasedRunNumber", number);
                self.operations.push((Some(record), Some(&held.stored)));
            }
            (Verdict::Withheld, Some(held)) => self.operations.push((None, Some(&held.stored))),
            (_, None) => {}
        }
    }

    /// Everything that is to be written, part by part; what went with a pull that was acknowledged is forgotten.
    fn parts(self, actor: Text, now: Timestamp) -> Vec<Keeping> {
        let gone = self.kept.into_values().map(|held| (None, Some(&held.stored)));
        let all: Vec<_> = self.operations.into_iter().chain(gone).collect();
        let mut parts = Vec::new();
        for part in all.chunks(TOGETHER) {
            let mut keeping = Keeping::new(actor.clone(), now);
            for (record, before) in part {
                match (record, before) {
                    (Some(record), before) => keeping.set(*before, record.clone()),
                    (None, Some(before)) => keeping.remove(before),
                    (None, None) => {}
                }
            }
            parts.push(keeping);
        }
        parts
    }
}

/// Keeps the pull, where the sync stands, what became of the pull that was open, and that an alert has ended.
async fn keep(
    door: &Door,
    asked: &Asked,
    before: Option<&Stored>,
    state: SyncState,
    run: &SyncRun,
) -> Result<(), Refused> {
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    if let Some(open) = state.open {
        let key = SyncRun::key(&run.integration, run.environment, open);
        let own = door.dictionary.known("SyncRun");
        if let Some(kept) = door.store.get(own.id, &key).await?
            && let Some(other) = SyncRun::read(&door.dictionary, &kept)
        {
            let ended = SyncRun { status: RunStatus::Superseded, ended: Some(asked.now), ..other };
            keeping.change(&kept, ended.record(&door.dictionary));
            door.offers.forget(&key);
        }
    }
    keeping.put(run.record(&door.dictionary), Expect::Absent);
    let next = SyncState { number: run.number, open: Some(run.number), last_pull: Some(asked.now), ..state };
    keeping.set(before, next.record(&door.dictionary));
    watch::resolved(door, &run.integration, run.environment, asked.now, &mut keeping);
    door.keep(keeping).await.map(drop)
}

/// What an open pull offers: from memory, or worked out again by a process that has just begun.
///
/// # Errors
/// 410 where it is no longer what was counted: what was granted has changed meanwhile.
pub(crate) async fn offer(door: &Door, whose: &Whose<'_>, run: &SyncRun) -> Result<Arc<Offer>, Refused> {
    let key = SyncRun::key(&run.integration, run.environment, run.number);
    if let Some(offer) = door.offers.get(&key) {
        return Ok(offer);
    }
    let snapshot = whose.snapshot(door, run.upto);
    let judge = whose.judge(door, run).await?;
    let mut candidates = whose.candidates(door, run, &snapshot, &judge).await?;
    for held in door.held(whose.setting).iter().filter(|held| held.released == Some(run.number)) {
        candidates.add(held.contact, held.key.clone(), Candidate { order: held.order, forced: false });
    }
    let offer = Offer::of(candidates, &snapshot, &judge, |_, _, _, _, _| {}).await?;
    if offer.counts() != run.offered {
        let message = "This pull would no longer offer what it was opened with.";
        let hint = "What the key is granted has changed: open another pull, which offers everything again.";
        return Err(Fault::new(410, "pull_gone", message, hint).into());
    }
    let offer = Arc::new(offer);
    door.offers.keep(key, Arc::clone(&offer));
    Ok(offer)
}
