//! Members, offices and listings that a user or a box refers to. The market is large, and what hangs a box is not.

use std::collections::{BTreeSet, HashMap};

use dictionary::{Key, Named, Text};
use store::Sequence;

use super::read::{ListingEntry, MemberEntry, OfficeEntry};

/// A record that is referred to.
struct Seen<T> {
    /// What the log tells up to here is in it.
    as_of: Sequence,
    /// The record and the feed that it belongs to; none where there is no such record.
    kept: Option<(Text, T)>,
}

/// Those of one resource.
struct Shelf<T>(HashMap<Key, Seen<T>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Shelf<T> {
    fn take(&mut self, key: &Key, as_of: Sequence, kept: Option<(Text, T)>) {
        match self.0.get_mut(key) {
            Some(seen) if seen.as_of >= as_of => {}
            Some(seen) => *seen = Seen { as_of, kept },
            None => drop(self.0.insert(key.clone(), Seen { as_of, kept })),
        }
    }

    /// The record, where it belongs to this feed: what another association calls the same is not meant.
    fn get(&self, key: &str, feed: &str) -> Option<&T> {
        let (of, kept) = self.0.get(key)?.kept.as_ref()?;
        (of == feed).then_some(kept)
    }
}

#[derive(Default)]
pub(crate) struct Watched {
    members: Shelf<MemberEntry>,
    offices: Shelf<OfficeEntry>,
    listings: Shelf<ListingEntry>,
    /// Wanted, and not looked at yet.
    missing: BTreeSet<(&'static str, Key)>,
}

impl Watched {
    /// Whether entries about this record are to be read.
    pub(crate) fn has(&self, name: &str, key: &Key) -> bool {
        match name {
            "Member" => self.members.0.contains_key(key),
            "Office" => self.offices.0.contains_key(key),
            _ => self.listings.0.contains_key(key),
        }
    }

    /// Refers to a record.
    pub(crate) fn want(&mut self, name: &'static str, key: Option<&Key>) {
        let Some(key) = key.filter(|key| !self.has(name, key)) else { return };
        self.missing.insert((name, key.clone()));
    }

    pub(crate) fn missing(&mut self) -> Vec<(&'static str, Key)> {
        std::mem::take(&mut self.missing).into_iter().collect()
    }

    pub(crate) fn take(
        &mut self,
        name: &str,
        key: &Key,
        feed: &Text,
        as_of: Sequence,
        words: Option<Named<'_>>,
    ) {
        let feed = || feed.clone();
        match name {
            "Member" => self.members.take(key, as_of, words.map(|words| (feed(), MemberEntry::read(words)))),
            "Office" => self.offices.take(key, as_of, words.map(|words| (feed(), OfficeEntry::read(words)))),
            _ => self.listings.take(key, as_of, words.map(|words| (feed(), ListingEntry::read(words)))),
        }
    }

    /// The member of this key, of whatever feed.
    pub(crate) fn member(&self, key: &str) -> Option<&MemberEntry> {
        self.members.0.get(key)?.kept.as_ref().map(|(_, member)| member)
    }

    pub(crate) fn member_of(&self, key: &str, feed: &str) -> Option<&MemberEntry> {
        self.members.get(key, feed)
    }

    pub(crate) fn office_of(&self, key: &str, feed: &str) -> Option<&OfficeEntry> {
        self.offices.get(key, feed)
    }

    pub(crate) fn listing_of(&self, key: &str, feed: &str) -> Option<&ListingEntry> {
        self.listings.get(key, feed)
    }
}
