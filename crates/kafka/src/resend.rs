//! What a forced resync sends once more: every contact of one feed, part by part, with a place that outlives the
//! process.
//!
//! A contact that has changed since the order stands later in the log and is sent from there; here it is passed
//! over, so that each comes once.

use dictionary::{Dictionary, Key, Named, Timestamp};
use store::{Change, ChangeKind, Scan, Sequence, Store, StoreError, Stored};

use crate::Settings;

/// Contacts that are read together.
const AT_ONCE: usize = 500;
/// What is a contact, in the order in which they are sent: what others refer to goes first.
const CONTACTS: [&str; 4] = ["Office", "Member", "OfficeAssociation", "MemberAssociation"];

/// A forced resync that is under way.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Resend {
    /// The entry of the log that ordered it.
    sequence: Sequence,
    /// ForcedResyncId
    id: String,
    /// FeedId
    feed: String,
    /// Whose turn it is, by the place among [`CONTACTS`].
    resource: usize,
    /// Where the part before ended.
    after: Option<(Option<Timestamp>, Key)>,
}

impl Resend {
    /// The resync that an entry of the log orders.
    pub(crate) fn ordered(change: &Change, dictionary: &Dictionary) -> Option<Self> {
        let own = dictionary.known("ForcedResync");
        if change.resource != own.id || change.kind != ChangeKind::Created {
            return None;
        }
        let named = Named { own, record: change.record.as_ref()? };
        let (id, feed) = (named.text("ForcedResyncId")?.into(), named.text("FeedId")?.into());
        Some(Self { sequence: change.sequence, id, feed, resource: 0, after: None })
    }

    /// The entry of the log that ordered it.
    pub(crate) fn sequence(&self) -> Sequence {
        self.sequence
    }

    /// What it is called.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The next contacts, of the resources that the settings let out, and what is left after them.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn part(
        mut self,
        store: &Store,
        dictionary: &Dictionary,
        settings: &Settings,
    ) -> Result<(Vec<Stored>, Option<Self>), StoreError> {
        while let Some(name) = CONTACTS.get(self.resource) {
            let own = dictionary.known(name);
            if settings.resources.contains(&own.id) {
                let feed = Some(self.feed.as_str().into());
                let after = self.after.take();
                let mut found = store.scan(Scan { resource: own.id, feed, after, limit: AT_ONCE }).await?;
                if let Some(last) = found.last() {
                    self.after = Some((own.timestamp_of(&last.record), last.key.clone()));
                    found.retain(|stored| stored.sequence < self.sequence);
                    return Ok((found, Some(self)));
                }
            }
            self.resource += 1;
        }
        Ok((Vec::new(), None))
    }

    /// The place as text: the parts with tabs between, the key last, as it may hold anything.
    pub(crate) fn write(&self) -> String {
        let Self { sequence, id, feed, resource, after } = self;
        let (at, key) = after.as_ref().map_or((None, ""), |(at, key)| (*at, key.as_str()));
        let at = at.map(|at| at.as_microsecond().to_string()).unwrap_or_default();
        format!("{sequence}\t{id}\t{feed}\t{resource}\t{at}\t{key}")
    }

    /// A place that was written; none where it is empty.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, '\t');
        let mut next = || parts.next();
        let (sequence, id, feed) = (next()?.parse().ok()?, next()?.into(), next()?.into());
        let (resource, at, key) = (next()?.parse().ok()?, next()?, next()?);
        let at = at.parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok());
        let after = (!key.is_empty()).then(|| (at, Key::from(key)));
        Some(Self { sequence, id, feed, resource, after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let check = |after: Option<(Option<&str>, &str)>| {
            let after = after.map(|(at, key)| (at.map(|at| at.parse().unwrap()), Key::from(key)));
            let resend =
                Resend { sequence: 7, id: "a.1".into(), feed: "a.production".into(), resource: 2, after };
            assert_eq!(Resend::read(&resend.write()), Some(resend));
        };
        check(None);
        check(Some((None, "M1")));
        check(Some((Some("2026-11-25T12:00:00.123456Z"), "a\tb|c")));
        assert_eq!(Resend::read(""), None);
    }
}
