//! Batches that wait for their turn, known by heart from the log, and done one after the other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Named, Text};
use gate::OWN_FEED;
use parking_lot::Mutex;
use store::{Change, ErrorKind, Follower, Patience, Sequence, Store, StoreError};

use super::batch::{Batch, Mode, Origin, Status};
use super::index::each;
use super::part::Part;
use super::run::{Before, Ran};
use super::stage::has_changed;
use super::terms::Terms;
use crate::Door;

/// How often it is looked for work that no bell tells of: a lease that has ended, a feed that has moved on.
const LOOKED: Duration = Duration::from_secs(15);

/// Who waits for the store.
const WHO: &str = "the lockbox door";

/// The batches that are due. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    follower: Arc<Follower>,
    /// By their ids, which begin with the instant of their making.
    due: Arc<Mutex<BTreeSet<Text>>>,
}

impl Queue {
    pub(crate) async fn open(store: &Store, dictionary: &Dictionary) -> Result<Self, StoreError> {
        let own = dictionary.known("ImportBatch");
        let head = store.head().await?;
        let mut due = BTreeSet::new();
        each(store, dictionary, (own.id, &OWN_FEED.into()), |stored| {
            let batch = Batch::read(Named { own, record: &stored.record });
            due.extend(batch.filter(|batch| batch.status.is_due()).map(|batch| batch.id));
        })
        .await?;
        let follower = Arc::new(Follower::new(store.clone(), vec![own.id], head));
        Ok(Self { follower, due: Arc::new(Mutex::new(due)) })
    }

    async fn refresh(&self, dictionary: &Dictionary) -> Result<Sequence, StoreError> {
        let own = dictionary.known("ImportBatch");
        let take = |changes: &[Change]| {
            let mut due = self.due.lock();
            for change in changes {
                let batch = change.record.as_ref().and_then(|record| Batch::read(Named { own, record }));
                match batch.filter(|batch| batch.status.is_due()) {
                    Some(batch) => drop(due.insert(batch.id)),
                    None => drop(due.remove(&change.key)),
                }
            }
        };
        self.follower.catch_up(take).await
    }
}

impl Door {
    /// Does every batch that is due and whose turn it is, oldest first, and says how many.
    ///
    /// # Errors
    /// The store does not answer: what is left is done the next time.
    pub async fn run_imports(&self) -> Result<usize, StoreError> {
        let mut done = 0;
        // What another node holds is passed over until the next time.
        let mut busy = BTreeSet::new();
        loop {
            self.queue.refresh(&self.dictionary).await?;
            let next = self.queue.due.lock().iter().find(|id| !busy.contains(*id)).cloned();
            let Some(id) = next else { return Ok(done) };
            match self.run_batch(&id).await? {
                Ran::Done => done += 1,
                Ran::Busy => {}
            }
            // Whatever became of it, it is not looked at twice in one round.
            busy.insert(id);
        }
    }

    /// Makes batches of what feeds that are imported from have moved on by, and does all that is due.
    ///
    /// # Errors
    /// As [`run_imports`](Self::run_imports).
    pub async fn follow_sources(&self) -> Result<usize, StoreError> {
        let own = self.dictionary.known("ImportSetting");
        let mut settings = Vec::new();
        each(&self.store, &self.dictionary, (own.id, &OWN_FEED.into()), |stored| {
            let named = Named { own, record: &stored.record };
            let key = (named.text("TenantId"), named.text("TenantEnvironment"));
            settings.push((key, Terms::read(named)));
        })
        .await?;
        let head = self.store.head().await?;
        for ((id, environment), terms) in settings {
            let environment = environment.and_then(|name| gate::TenantEnvironment::find(&name));
            let (Some(id), Some(environment), Some(feed)) = (id, environment, terms.source_feed) else {
                continue;
            };
            let Some(tenant) = self.find_tenant(&id, environment).await? else { continue };
            for part in Part::ALL {
                // Before the first import of a feed somebody says that it begins.
                let Some(mark) = Before::load(self, &tenant, part).await?.mark else { continue };
                let resource = self.dictionary.known(part.resource()).id;
                if has_changed(&self.store, (resource, &feed), mark, head).await? {
                    let origin = Origin::Feed(Text::new(&feed));
                    let batch = self.new_batch(&tenant, (part, Mode::Incremental), origin, "lockbox");
                    let Ok(batch) = batch else { continue };
                    self.save(&Batch { source_name: Text::new(&feed), ..batch }).await?;
                }
            }
        }
        self.run_imports().await
    }

    /// A batch that nobody knows of yet.
    pub(crate) fn new_batch(
        &self,
        tenant: &crate::tenant::Tenant,
        (part, mode): (Part, Mode),
        origin: Origin,
        actor: &str,
    ) -> std::io::Result<Batch> {
        let now = (self.clock)();
        Ok(Batch {
            id: gate::fresh_id(now)?,
            tenant: tenant.id.clone(),
            environment: tenant.environment,
            part,
            mode,
            origin,
            source_name: Text::default(),
            status: Status::Received,
            actor: Text::new(actor),
            received: now,
            ended: None,
            tally: super::tally::Tally::default(),
            steps: Vec::new(),
            alerts: Vec::new(),
            raised: Vec::new(),
            reasons: Vec::new(),
            approved: None,
            undone: None,
            written: 0,
            schema: serde_json::Value::Null,
            fault: None,
            at_gate: None,
            report_parts: 0,
        })
    }

    /// Assigns what can be; where somebody else writes the same listings at the same time, the next time does it.
    async fn assigned(&self) -> Result<(), StoreError> {
        match self.assign_arrivals().await {
            Ok(_) => Ok(()),
            Err(error) if error.kind == ErrorKind::Conflict || error.may_pass() => {
                tracing::warn!(code = error.code(), "listings were not assigned: {error}");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Imports whenever there is something to import, until `shutdown` is done.
    pub(crate) async fn import(&self, shutdown: impl Future<Output = ()>) -> Result<(), StoreError> {
        let mut bell = self.store.bell();
        let mut looked = tokio::time::interval(LOOKED);
        looked.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let work = async {
            // What arrived while nobody looked.
            Patience::endless().ask(WHO, || self.assign(|_| true)).await?;
            loop {
                tokio::select! {
                    rung = bell.changed() => {
                        if rung.is_err() {
                            return Ok(());
                        }
                        Patience::endless().ask(WHO, || self.run_imports()).await?;
                        self.assigned().await?;
                    }
                    _ = looked.tick() => {
                        Patience::endless().ask(WHO, || self.follow_sources()).await?;
                        self.assigned().await?;
                    }
                };
            }
        };
        tokio::select! {
            said = work => said,
            () = shutdown => Ok(()),
        }
    }
}
