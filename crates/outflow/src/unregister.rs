//! An endpoint that is no more.

use dictionary::Timestamp;
use store::{Batch, Expect, Operation, Sequence, Work};

use crate::event::FEED;
use crate::{Fault, Outflow};

/// Rounds in which deliveries are forgotten, a thousand each; the rest goes as events are pruned.
const ROUNDS: usize = 100;
/// After everything.
const NEWEST: Sequence = i64::MAX.unsigned_abs();

impl Outflow {
    /// Removes an endpoint, with what was owed to it. Subscriptions that led to it stay, for pulling alone.
    ///
    /// # Errors
    /// 404 where there is no such endpoint, 409 where it was changed meanwhile.
    pub async fn unregister(&self, id: &str, actor: &str, now: Timestamp) -> Result<(), Fault> {
        let shared = &self.shared;
        let own = shared.dictionary.known("Endpoint");
        let kept = shared.store.get(own.id, id).await?.ok_or_else(|| Fault::no_endpoint(id))?;
        let mut batch = Batch::new(actor, now);
        let expect = Expect::At(kept.sequence);
        batch.operations.push(Operation::Remove { resource: own.id, key: kept.key, expect });
        let of = shared.dictionary.known("Subscription");
        let leading: Vec<_> = self.book(|book| {
            let all = book.subscriptions().filter(|one| one.endpoint.as_deref() == Some(id));
            all.map(|one| one.id.clone()).collect()
        });
        for subscription in shared.store.get_many(of.id, &leading).await?.into_iter().flatten() {
            let mut record = (*subscription.record).clone();
            if let Some(field) = of.find("EndpointId") {
                record.clear(field);
            }
            let expect = Expect::At(subscription.sequence);
            batch.operations.push(Operation::Put { feed: FEED.into(), record, expect, stamp: Some(now) });
        }
        shared.store.write(batch).await?;
        self.refresh().await?;
        shared.failing.lock().remove(id);
        for _ in 0..ROUNDS {
            let work = vec![Work::Forget { endpoint: id.into(), upto: NEWEST, done_alone: false }];
            shared.store.write(Batch { work, ..Batch::new(actor, now) }).await?;
            if shared.store.newest_deliveries(id, NEWEST, 1).await?.is_empty() {
                break;
            }
        }
        Ok(())
    }
}
