//! What is kept of a tenant already, by the ids that its sources know.

use std::collections::{HashMap, HashSet};

use dictionary::{Dictionary, Feed, Key, Record, Resource, ResourceId, Text, Value};
use store::{OWN_FEED, Scan, Store, StoreError};

use super::part::Part;
use super::terms::Rules;

/// Records read at once: few enough that they are some megabytes, whatever their fields.
const AT_ONCE: usize = 2_000;

/// How ids are told apart: by their board where a tenant has several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Boards {
    several: bool,
    default: Option<Text>,
    fields: Vec<Text>,
}

/// An id in its board; the board is empty where there is only one.
pub(crate) type Identity = (Text, Text);

impl Boards {
    /// Of a tenant with these boards; `default` is whose the records without identifier are.
    pub(crate) fn new(count: usize, default: Option<&str>, rules: &Rules) -> Self {
        Self { several: count > 1, default: default.map(Text::new), fields: rules.board_fields.clone() }
    }

    /// The board that tells an id apart.
    pub(crate) fn of(&self, named: Option<&Text>) -> Text {
        match self.several {
            false => Text::default(),
            true => named.or(self.default.as_ref()).cloned().unwrap_or_default(),
        }
    }

    /// The same of a record that is kept.
    pub(crate) fn of_record(&self, resource: &Resource, record: &Record) -> Text {
        let named = self.fields.iter().find_map(|name| text(resource, record, name));
        self.of(named.as_ref())
    }
}

/// The text of a field.
pub(crate) fn text(resource: &Resource, record: &Record, field: &str) -> Option<Text> {
    match record.get(resource.find(field)?)? {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// A record that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    pub(crate) key: Key,
    pub(crate) active: bool,
    /// Whether a row of the file at hand named it.
    pub(crate) seen: bool,
}

/// The records of one part.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) all: HashMap<Identity, Known>,
    /// How many are active.
    pub(crate) active: u64,
}

/// Hands every record of a resource in a feed to `take`.
pub(crate) async fn each(
    store: &Store,
    dictionary: &Dictionary,
    (resource, feed): (ResourceId, &Feed),
    mut take: impl FnMut(&store::Stored),
) -> Result<(), StoreError> {
    let own = dictionary.resource(resource);
    let mut after = None;
    loop {
        let part = Scan { resource, feed: Some(feed.clone()), after, limit: AT_ONCE };
        let found = store.scan(part).await?;
        found.iter().for_each(&mut take);
        match found.last() {
            Some(last) if found.len() == AT_ONCE => {
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
            }
            _ => return Ok(()),
        }
    }
}

impl Index {
    /// What a tenant's feed holds of a part.
    pub(crate) async fn load(
        store: &Store,
        dictionary: &Dictionary,
        (part, feed): (Part, &Feed),
        boards: &Boards,
    ) -> Result<Self, StoreError> {
        let own = dictionary.known(part.resource());
        let mut index = Self::default();
        each(store, dictionary, (own.id, feed), |stored| {
            let Some(id) = text(own, &stored.record, part.id_field()) else { return };
            let active = is_active(part, own, &stored.record);
            index.active += u64::from(active);
            let known = Known { key: stored.key.clone(), active, seen: false };
            index.all.insert((boards.of_record(own, &stored.record), id), known);
        })
        .await?;
        Ok(index)
    }
}

/// Whether a record that is kept stands: is not terminated.
pub(crate) fn is_active(part: Part, own: &Resource, record: &Record) -> bool {
    match part {
        Part::Offices => text(own, record, "OfficeStatus").as_deref() == Some("Active"),
        Part::Members => text(own, record, "MemberStatus").as_deref() == Some("Active"),
        Part::Listings => text(own, record, "StandardStatus").as_deref() != Some("Delete"),
    }
}

/// The users of every tenant in one environment: their names and addresses are unique among them all.
#[derive(Debug, Default)]
pub(crate) struct Users {
    /// By name in small letters.
    names: HashMap<Text, Key>,
    /// By address in small letters.
    emails: HashMap<Text, Key>,
    /// Names that users had before this file; they keep them (LBX-010).
    own: HashMap<Key, Text>,
}

impl Users {
    /// Every user whose feed is one of this environment's.
    pub(crate) async fn load(
        store: &Store,
        dictionary: &Dictionary,
        feeds: &HashSet<Feed>,
    ) -> Result<Self, StoreError> {
        let own = dictionary.known("LockboxUser");
        let mut users = Self::default();
        each(store, dictionary, (own.id, &OWN_FEED.into()), |stored| {
            let of = |field: &str| text(own, &stored.record, field);
            if of("FeedId").is_none_or(|feed| !feeds.contains(&feed)) {
                return;
            }
            if let Some(name) = of("LockboxUserName") {
                users.names.insert(name.to_lowercase().into(), stored.key.clone());
                users.own.insert(stored.key.clone(), name);
            }
            if let Some(email) = of("LockboxUserEmail") {
                users.emails.insert(email, stored.key.clone());
            }
        })
        .await?;
        Ok(users)
    }

    /// Whether an address is another user's.
    pub(crate) fn email_taken(&self, email: &str, user: &str) -> bool {
        self.emails.get(email).is_some_and(|holder| holder != user)
    }

    /// The address is this user's from now on.
    pub(crate) fn hold_email(&mut self, email: Text, user: &Key) {
        self.emails.insert(email, user.clone());
    }

    /// The name that a user keeps, or gets who wants this one.
    pub(crate) fn name(&mut self, user: &Key, wanted: &str, region: Option<&str>) -> Option<Text> {
        if let Some(name) = self.own.get(user) {
            return Some(name.clone());
        }
        let name = super::user_name::assign(wanted, region, |name| self.names.contains_key(name))?;
        let name = Text::from(name);
        self.names.insert(name.to_lowercase().into(), user.clone());
        self.own.insert(user.clone(), name.clone());
        Some(name)
    }
}

/// Members by what ties listings to them, and offices by their ids: the keys of ours.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    pub(crate) members: HashMap<Identity, (Key, Option<Text>)>,
    pub(crate) offices: HashMap<Identity, Key>,
}

impl Ties {
    /// The offices of a feed.
    pub(crate) async fn offices(
        store: &Store,
        dictionary: &Dictionary,
        feed: &Feed,
        boards: &Boards,
    ) -> Result<Self, StoreError> {
        let own = dictionary.known("Office");
        let mut ties = Self::default();
        each(store, dictionary, (own.id, feed), |stored| {
            let Some(id) = text(own, &stored.record, "OfficeMlsId") else { return };
            ties.offices.insert((boards.of_record(own, &stored.record), id), stored.key.clone());
        })
        .await?;
        Ok(ties)
    }

    /// The members of a feed by the field that ties listings to them, each with its office.
    pub(crate) async fn members(
        store: &Store,
        dictionary: &Dictionary,
        feed: &Feed,
        (boards, field): (&Boards, &str),
    ) -> Result<Self, StoreError> {
        let own = dictionary.known("Member");
        let mut ties = Self::default();
        each(store, dictionary, (own.id, feed), |stored| {
            let Some(id) = text(own, &stored.record, field) else { return };
            let office = text(own, &stored.record, "OfficeKey");
            ties.members.insert((boards.of_record(own, &stored.record), id), (stored.key.clone(), office));
        })
        .await?;
        Ok(ties)
    }
}
