//! What the door knows by heart: users, boxes, codes, grants, teams and appointments, and of members, offices and
//! listings those that a user or a box refers to. Read from the log, so that a decision asks no store.
//!
//! A member's termination counts as soon as its entry of the log is read, whichever door wrote it (LBX-098):
//! the book asks the member's record, not a copy of its status.

mod asked;
mod people;
mod read;
mod showings;
mod watched;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dictionary::{Dictionary, Key, Named, Record, ResourceId, Text};
use store::Sequence;

pub(crate) use asked::{Asked, Known, Place};
use people::People;
use read::TenantEntry;
pub(crate) use read::{BoxEntry, CodeEntry, GrantEntry, User};
use showings::Showings;
use watched::Watched;

/// The resources whose every record is known.
pub(crate) const READ: [&str; 9] = [
    "Tenant",
    "LockboxUser",
    "Lockbox",
    "LockboxCode",
    "LockboxGrant",
    "Teams",
    "TeamMembers",
    "Showing",
    "ShowingAppointment",
];

/// The resources of which those records are known that others refer to.
pub(crate) const WATCHED: [&str; 3] = ["Member", "Office", "Property"];

/// The book.
pub(crate) struct Book {
    dictionary: Arc<Dictionary>,
    names: HashMap<ResourceId, &'static str>,
    tenants: HashMap<Text, TenantEntry>,
    people: People,
    boxes: BTreeMap<Text, Arc<BoxEntry>>,
    /// The boxes that hang at a listing.
    hanging: HashMap<Text, BTreeSet<Text>>,
    /// By box.
    codes: HashMap<Text, Vec<CodeEntry>>,
    /// By box.
    grants: HashMap<Text, Vec<GrantEntry>>,
    /// The box of each code and grant: a removal tells its key alone.
    of_box: HashMap<Key, Text>,
    showings: Showings,
    watched: Watched,
}

impl Book {
    pub(crate) fn new(dictionary: Arc<Dictionary>) -> Self {
        let names = READ.into_iter().chain(WATCHED).map(|name| (dictionary.known(name).id, name)).collect();
        Self {
            dictionary,
            names,
            tenants: HashMap::new(),
            people: People::default(),
            boxes: BTreeMap::new(),
            hanging: HashMap::new(),
            codes: HashMap::new(),
            grants: HashMap::new(),
            of_box: HashMap::new(),
            showings: Showings::default(),
            watched: Watched::default(),
        }
    }

    /// Whether an entry of the log about this record is to be read.
    pub(crate) fn wants(&self, resource: ResourceId, key: &Key) -> bool {
        match self.names.get(&resource) {
            Some(name) if WATCHED.contains(name) => self.watched.has(name, key),
            named => named.is_some(),
        }
    }

    /// Takes what the log says of one record; none is a removal.
    pub(crate) fn take(
        &mut self,
        resource: ResourceId,
        feed: &Text,
        key: &Key,
        sequence: Sequence,
        record: Option<&Record>,
    ) {
        let Some(name) = self.names.get(&resource).copied() else { return };
        let dictionary = Arc::clone(&self.dictionary);
        let own = dictionary.resource(resource);
        let words = record.map(|record| Named { own, record });
        match name {
            "Tenant" => match words.map(TenantEntry::read) {
                Some(entry) => drop(self.tenants.insert(key.clone(), entry)),
                None => drop(self.tenants.remove(key)),
            },
            "LockboxUser" => {
                let user = words.and_then(User::read);
                if let Some(user) = &user {
                    self.watched.want("Member", user.member.as_ref());
                    self.watched.want("Office", user.office.as_ref());
                }
                self.people.take_user(key, user);
            }
            "Lockbox" => {
                let entry = words.and_then(|words| BoxEntry::read(words, sequence));
                self.take_box(key, entry);
            }
            "LockboxCode" => {
                let entry = words.and_then(CodeEntry::read);
                replace(
                    &mut self.codes,
                    &mut self.of_box,
                    key,
                    entry.map(|entry| (entry.lockbox.clone(), entry)),
                );
            }
            "LockboxGrant" => {
                let entry = words.and_then(GrantEntry::read);
                replace(
                    &mut self.grants,
                    &mut self.of_box,
                    key,
                    entry.map(|entry| (entry.lockbox.clone(), entry)),
                );
            }
            "Teams" => self.people.take_team(key, feed, words),
            "TeamMembers" => self.people.take_team_member(key, feed, words),
            "Showing" => self.showings.take_showing(key, feed, words),
            "ShowingAppointment" => self.showings.take_appointment(key, feed, words),
            watched => self.watched.take(watched, key, feed, sequence, words),
        }
        if name == "Member"
            && let Some(member) = self.watched.member(key)
        {
            // The office of a member counts, not the one that the user once had.
            let office = member.office.clone();
            self.watched.want("Office", office.as_ref());
        }
    }

    fn take_box(&mut self, key: &Key, entry: Option<BoxEntry>) {
        let listing = entry.as_ref().and_then(|entry| entry.listing.clone());
        self.watched.want("Property", listing.as_ref());
        let before = match entry {
            Some(entry) => self.boxes.insert(key.clone(), Arc::new(entry)),
            None => self.boxes.remove(key),
        };
        let before = before.and_then(|before| before.listing.clone());
        if let Some(boxes) = before.and_then(|listing| self.hanging.get_mut(&listing)) {
            boxes.remove(key);
        }
        if let Some(listing) = listing {
            self.hanging.entry(listing).or_default().insert(key.clone());
        }
    }

    /// What is referred to and has not been looked at yet: to be read from the store and put [`back`](Self::found).
    pub(crate) fn missing(&mut self) -> Vec<(ResourceId, Key)> {
        let wanted = self.watched.missing();
        wanted.into_iter().map(|(name, key)| (self.dictionary.known(name).id, key)).collect()
    }

    /// Puts back what could not be read.
    pub(crate) fn miss(&mut self, keys: Vec<(ResourceId, Key)>) {
        for (resource, key) in keys {
            if let Some(name) = self.names.get(&resource) {
                self.watched.want(name, Some(&key));
            }
        }
    }

    /// Takes what the store holds of a record that was missing, once the log was at `head`.
    pub(crate) fn found(
        &mut self,
        resource: ResourceId,
        key: &Key,
        head: Sequence,
        kept: Option<&store::Stored>,
    ) {
        let Some(name) = self.names.get(&resource).copied() else { return };
        let dictionary = Arc::clone(&self.dictionary);
        let own = dictionary.resource(resource);
        let feed = kept.map(|kept| kept.feed.clone()).unwrap_or_default();
        let words = kept.map(|kept| Named { own, record: &kept.record });
        self.watched.take(name, key, &feed, head, words);
        if name == "Member"
            && let Some(member) = self.watched.member(key)
        {
            let office = member.office.clone();
            self.watched.want("Office", office.as_ref());
        }
    }
}

/// A code or grant, told by its id.
pub(crate) trait OfBox {
    fn id(&self) -> &Text;
}

fn replace<T: OfBox>(
    all: &mut HashMap<Text, Vec<T>>,
    of_box: &mut HashMap<Key, Text>,
    key: &Key,
    entry: Option<(Text, T)>,
) {
    if let Some(before) = of_box.remove(key).and_then(|lockbox| all.get_mut(&lockbox)) {
        before.retain(|entry| entry.id() != key);
    }
    if let Some((lockbox, entry)) = entry {
        of_box.insert(key.clone(), lockbox.clone());
        all.entry(lockbox).or_default().push(entry);
    }
}
