//! Listings that wait for their agents are assigned when the agents arrive, by whatever door (LBX-011).

use std::collections::BTreeSet;
use std::sync::Arc;

use dictionary::Feed;
use gate::OWN_FEED;
use store::{Change, ChangeKind, Expect, Follower, Operation, Store, StoreError, Stored};

use super::diff::tie;
use super::index::{Boards, Ties, each, text};
use super::terms::Terms;
use crate::Door;
use crate::tenant::Tenant;

/// Whom the log names as the actor.
const ACTOR: &str = "lockbox";

/// Who hears of members that are new. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals(Arc<Follower>);

impl Arrivals {
    pub(crate) async fn open(store: &Store, dictionary: &dictionary::Dictionary) -> Result<Self, StoreError> {
        let head = store.head().await?;
        Ok(Self(Arc::new(Follower::new(store.clone(), vec![dictionary.known("Member").id], head))))
    }

    /// The feeds in which members are new since the last time.
    async fn feeds(&self) -> Result<BTreeSet<Feed>, StoreError> {
        let mut feeds = BTreeSet::new();
        let take = |changes: &[Change]| {
            let new = changes.iter().filter(|change| change.kind == ChangeKind::Created);
            feeds.extend(new.map(|change| change.feed.clone()));
        };
        self.0.catch_up(take).await?;
        Ok(feeds)
    }
}

impl Door {
    /// Assigns listings whose agents have arrived, in the feeds where members are new, and says how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn assign_arrivals(&self) -> Result<u64, StoreError> {
        let feeds = self.arrivals.feeds().await?;
        self.assign(|tenant| feeds.contains(&tenant.feed)).await
    }

    /// The same in the feeds of some tenants, whatever has arrived.
    pub(crate) async fn assign(&self, of: impl Fn(&Tenant) -> bool) -> Result<u64, StoreError> {
        let own = self.dictionary.known("Tenant");
        let mut tenants = Vec::new();
        each(&self.store, &self.dictionary, (own.id, &OWN_FEED.into()), |stored| {
            let record = dictionary::Named { own, record: &stored.record };
            let both = gate::TenantEnvironment::ALL.into_iter();
            tenants.extend(
                both.filter_map(|environment| Tenant::read(record, environment)).filter(|one| of(one)),
            );
        })
        .await?;
        let mut assigned = 0;
        for tenant in tenants {
            assigned += self.assign_in(&tenant).await?;
        }
        Ok(assigned)
    }

    async fn assign_in(&self, tenant: &Tenant) -> Result<u64, StoreError> {
        let own = self.dictionary.known("Property");
        let mut waiting: Vec<Stored> = Vec::new();
        each(&self.store, &self.dictionary, (own.id, &tenant.feed), |stored| {
            let unknown = |id: &str, key: &str| {
                text(own, &stored.record, id).is_some() && text(own, &stored.record, key).is_none()
            };
            if unknown("ListAgentMlsId", "ListAgentKey") || unknown("CoListAgentMlsId", "CoListAgentKey") {
                waiting.push(stored.clone());
            }
        })
        .await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let (terms, _) = Terms::load(&self.store, &self.dictionary, tenant).await?;
        let rules = terms.rules();
        let boards = Boards::new(terms.boards.len(), terms.default_board.as_deref(), &rules);
        let ties = (&boards, rules.tie_field.as_str());
        let ties = Ties::members(&self.store, &self.dictionary, &tenant.feed, ties).await?;
        let mut whole = self.assemble(ACTOR);
        for part in waiting.chunks(5_000) {
            let mut operations = Vec::new();
            for stored in part {
                let mut record = (*stored.record).clone();
                tie(&mut record, own, &ties, &boards.of_record(own, &stored.record));
                if record != *stored.record {
                    let (feed, expect) = (stored.feed.clone(), Expect::At(stored.sequence));
                    operations.push(Operation::Put { feed, record, expect, stamp: Some(whole.at()) });
                }
            }
            whole.add(operations).await?;
        }
        let assigned = whole.operations() as u64;
        if assigned > 0 {
            whole.write().await?;
        }
        Ok(assigned)
    }
}
