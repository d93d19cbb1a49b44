//! Holding all keys of a resource against what is kept: what is gone, and what never came (RESO-080, RESO-087).

use std::sync::Arc;

use intake::IntakeError;

use super::Run;
use crate::End;
use crate::place::{Place, Stand};
use crate::profile::{RemovedRule, Sweep};
use crate::sweep::{Differences, sweep};
use crate::walk::{Kind, Order, Walk};

/// Of the records kept, this share may be gone at once, in percent: more is a source that is broken rather than
/// one that is empty.
const MOST_GONE: usize = 10;
/// Few enough that a share says nothing.
const FEW_GONE: usize = 20;

impl Run<'_> {
    /// Holds all keys of a resource against what is kept.
    pub(super) async fn compare(&mut self, resource: &str) -> Result<Differences, IntakeError> {
        let dictionary = Arc::clone(&self.puller.dictionary);
        let own = dictionary.known(resource);
        let mut ask = self.ask(resource);
        ask.expand = Vec::new();
        ask.select =
            [ask.key.clone(), ask.time.clone()].into_iter().filter(|name| !name.is_empty()).collect();
        let removed = &self.profile.removed;
        if let Some(field) = removed.field.as_ref().filter(|_| removed.rule == RemovedRule::Flag)
            && self.metadata.fields(resource).is_some_and(|fields| fields.contains_key(field))
        {
            ask.filters.push(format!("{field} eq true"));
        }
        let kind = match removed.sweep {
            Sweep::Key => Kind::Ordered(Order::Key),
            Sweep::Timestamp => Kind::Ordered(Order::Time),
            Sweep::SkipToken => Kind::Linked(End::NoLink, true),
            Sweep::Skip => Kind::Skip,
        };
        ask.bare = removed.sweep == Sweep::SkipToken;
        let time = ask.time.clone();
        let walk = Walk::new(&mut self.client, &dictionary, own.id, None, (ask, kind, Stand::default()));
        sweep(&self.puller.store, own, &self.source.feed, &time, walk).await
    }

    /// Finds what is gone by all keys and removes it; what never came is brought in. Before a record is removed
    /// it is asked for once more by its key.
    pub(super) async fn purge(
        &mut self,
        resource: &str,
        place: &mut Place,
        now: i64,
    ) -> Result<(), IntakeError> {
        let found = self.compare(resource).await?;
        let own = self.puller.dictionary.known(resource).id;
        let ask = self.ask(resource);
        if !found.is_empty() {
            let wanted: Vec<_> = found.only_there.iter().chain(&found.differ).cloned().collect();
            self.fetch(&ask, &wanted, place).await?;
            let all = usize::try_from(found.here).unwrap_or(usize::MAX);
            let gone = found.only_here.len();
            if gone > FEW_GONE
                && gone.saturating_mul(100) > all.saturating_mul(MOST_GONE)
                && !self.source.remove_missing
            {
                let message = format!(
                    "{gone} of {all} records of {resource} are gone at the source, more than {MOST_GONE} %."
                );
                let hint =
                    "See whether the source is well; then set RemoveMissingYN of the source, and pull again.";
                return Err(IntakeError::new("too_many_removed", message, hint));
            }
            let gone = self.fetch(&ask, &found.only_here, place).await?;
            self.writer.remove(own, &gone, None).await?;
        }
        place.swept = Some(now);
        self.tell();
        self.writer.place(resource, place).await
    }
}
