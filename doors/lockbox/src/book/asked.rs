//! A question put to the book, and the case that it becomes.

use std::ops::Bound;
use std::sync::Arc;

use dictionary::{Text, Timestamp};
use gate::TenantEnvironment;

use super::read::{Agent, BoxEntry, ListingEntry, User};
use super::{Book, CodeEntry, GrantEntry};
use crate::decisions::{
    Case, Compartment, Decision, Listing, Lockbox, Office, Party, Person, ShownCode, Span, decide,
};

/// Who wants to open what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) lockbox: &'a str,
    /// LockboxUserId; none where a code alone is shown.
    pub(crate) user: Option<&'a str>,
    /// The hash of the code that was shown, as codes are kept.
    pub(crate) code: Option<&'a str>,
    pub(crate) compartment: Compartment,
}

/// What a decision was about.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Known {
    pub(crate) lockbox: Arc<BoxEntry>,
    pub(crate) user: Option<Arc<User>>,
    /// The code that was shown, where it is one of the box's.
    pub(crate) code: Option<Text>,
    /// Whether a code was shown that is none of the box's.
    pub(crate) wrong_code: bool,
    /// ListingKey of what the box hangs at.
    pub(crate) listing: Option<Text>,
    /// The IANA name of the zone that it hangs in.
    pub(crate) zone: Option<Text>,
    /// The member key of the listing agent.
    pub(crate) list_agent: Option<Text>,
}

/// Where and when a box hangs: what codes are cut by.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) lockbox: Arc<BoxEntry>,
    /// The zone of the listing, else the tenant's.
    pub(crate) zone: Option<jiff::tz::TimeZone>,
    /// The codes of the box, revoked ones too.
    pub(crate) codes: Vec<CodeEntry>,
}

impl Book {
    /// A box by its id.
    pub(crate) fn lockbox(&self, id: &str) -> Option<&Arc<BoxEntry>> {
        self.boxes.get(id)
    }

    /// The grants of a box, revoked ones too.
    pub(crate) fn grants_of(&self, lockbox: &str) -> &[GrantEntry] {
        self.grants.get(lockbox).map_or(&[], Vec::as_slice)
    }

    /// Boxes in the order of their ids, after this one.
    pub(crate) fn boxes_after(&self, id: &str) -> impl Iterator<Item = &Arc<BoxEntry>> {
        let from = (Bound::Excluded(Text::new(id)), Bound::Unbounded);
        self.boxes.range(from).map(|(_, lockbox)| lockbox)
    }

    /// Users in the order of their ids, after this one.
    pub(crate) fn users_after(&self, id: &str) -> impl Iterator<Item = &Arc<User>> {
        self.people.after(id)
    }

    /// A user by its id.
    pub(crate) fn user(&self, id: &str) -> Option<&Arc<User>> {
        self.people.user(id)
    }

    /// In which environment of a tenant a feed is; none where it is another's.
    pub(crate) fn environment(&self, tenant: &str, feed: &str) -> Option<TenantEnvironment> {
        self.tenants.get(tenant)?.environment(feed)
    }

    /// Where a box hangs.
    pub(crate) fn place(&self, lockbox: &str) -> Option<Place> {
        let lockbox = self.boxes.get(lockbox)?;
        let tenant = self.tenants.get(&lockbox.tenant).and_then(|tenant| tenant.zone.as_ref());
        let listing = lockbox.listing.as_ref().and_then(|key| self.watched.listing_of(key, &lockbox.feed));
        Some(Place {
            zone: listing.map_or_else(|| tenant.cloned(), |listing| listing.zone(tenant)),
            codes: self.codes.get(&lockbox.id).cloned().unwrap_or_default(),
            lockbox: Arc::clone(lockbox),
        })
    }

    /// Decides at an instant. None where the box is not known, or the user is none of the box's association.
    pub(crate) fn decide(&self, asked: Asked<'_>, at: Timestamp) -> Option<(Decision, Known)> {
        let lockbox = self.boxes.get(asked.lockbox)?;
        let user = match asked.user {
            None => None,
            Some(id) => Some(self.user_of(id, lockbox)?),
        };
        let tenant = self.tenants.get(&lockbox.tenant).and_then(|tenant| tenant.zone.as_ref());
        let entry = lockbox.listing.as_ref().and_then(|key| self.watched.listing_of(key, &lockbox.feed));
        let listing = entry.map(|entry| self.listing(entry, lockbox, tenant));
        let owner = lockbox.owner.as_ref().and_then(|id| self.user_of(id, lockbox));
        let code = asked.code.map(|hash| {
            let of_box = self.codes.get(&lockbox.id).into_iter().flatten();
            let mut of_hash: Vec<&CodeEntry> = of_box.filter(|code| code.hash == hash).collect();
            // Of codes that once were the same the one that is good now counts, else the latest.
            of_hash.sort_by_key(|code| (!code.revoked && code.window.holds(at), code.window.end));
            of_hash.pop()
        });
        let person = user.map(|user| self.person(user));
        let appointments = match (user, &lockbox.listing) {
            (Some(user), Some(listing)) => {
                let agent = (user.member.as_ref(), user.member_mls_id.as_ref());
                self.showings.of(&lockbox.feed, listing, agent)
            }
            _ => Vec::new(),
        };
        let decision = decide(
            &Case {
                person: person.as_ref(),
                code: code.map(|code| {
                    code.map_or(ShownCode::Wrong, |code| ShownCode::Known {
                        of: code.of,
                        window: code.window,
                        revoked: code.revoked,
                    })
                }),
                lockbox: &Lockbox {
                    owner: lockbox.owner.as_deref(),
                    owner_party: owner.map(|owner| self.party_of(owner)),
                    assigned: lockbox.listing.is_some(),
                    mode: lockbox.mode,
                },
                listing: listing.as_ref(),
                appointments: &appointments,
                grants: &self.granted(lockbox, user),
                compartment: asked.compartment,
            },
            at,
        );
        let known = Known {
            lockbox: Arc::clone(lockbox),
            user: user.cloned(),
            code: code.flatten().map(|code| code.id.clone()),
            wrong_code: code.is_some_and(|code| code.is_none()),
            listing: lockbox.listing.clone(),
            zone: listing
                .as_ref()
                .and_then(|listing| listing.zone.as_ref())
                .or(tenant)
                .and_then(|zone| zone.iana_name().map(Text::new)),
            list_agent: entry.and_then(|entry| self.agent_key(&entry.agent, &lockbox.feed).cloned()),
        };
        Some((decision, known))
    }

    /// The user of this id, where it is one of the box's association and environment.
    fn user_of(&self, id: &str, lockbox: &BoxEntry) -> Option<&Arc<User>> {
        self.people.user(id).filter(|user| user.tenant == lockbox.tenant && user.feed == lockbox.feed)
    }

    fn granted(&self, lockbox: &BoxEntry, user: Option<&Arc<User>>) -> Vec<Span> {
        let Some(user) = user else { return Vec::new() };
        let of_box = self.grants_of(&lockbox.id).iter();
        of_box.filter(|grant| grant.user == user.id && !grant.revoked).map(|grant| grant.window).collect()
    }

    /// Where a user works: the member's office, else the one that the user came with.
    pub(crate) fn office_of<'a>(&'a self, user: &'a User) -> Option<&'a Text> {
        let member = user.member.as_ref().and_then(|key| self.watched.member_of(key, &user.feed));
        member.and_then(|member| member.office.as_ref()).or(user.office.as_ref())
    }

    /// The active teams of a user, by their keys.
    pub(crate) fn teams_of<'a>(&'a self, user: &'a User) -> &'a [Text] {
        self.people.teams_of(&user.feed, user.member.as_ref())
    }

    pub(crate) fn person<'a>(&'a self, user: &'a User) -> Person<'a> {
        let member = user.member.as_ref().and_then(|key| self.watched.member_of(key, &user.feed));
        let office = self.office_of(user).map(|key| Office {
            key,
            active: self.watched.office_of(key, &user.feed).is_some_and(|office| office.active),
        });
        Person {
            id: &user.id,
            // A type that nobody knows opens nothing, as a reader opens nothing.
            kind: user.kind.unwrap_or(crate::decisions::UserType::OfficeStaff),
            account: user.account,
            service: user.service,
            // Who comes from no member has none that could be terminated.
            member: user.member.is_none() || member.is_some_and(|member| member.active),
            member_key: user.member.as_deref(),
            office,
            teams: self.teams_of(user),
        }
    }

    /// The active teams of a member, by their keys.
    pub(crate) fn teams_of_member(&self, feed: &Text, member: Option<&Text>) -> &[Text] {
        self.people.teams_of(feed, member)
    }

    /// Whoever belongs to one of these teams, by their member keys.
    pub(crate) fn members_of(&self, teams: &[Text]) -> Vec<Text> {
        teams.iter().flat_map(|team| self.people.members_of(team)).collect()
    }

    /// The ids that boards gave to members.
    pub(crate) fn mls_ids_of(&self, members: &[Text]) -> Vec<Text> {
        let users = members.iter().filter_map(|member| self.people.of_member(member));
        users.filter_map(|user| user.member_mls_id.clone()).collect()
    }

    /// The agents of the listing that a box hangs at, by their member keys, each with the office that it names.
    pub(crate) fn agents_of(&self, lockbox: &BoxEntry) -> Vec<(Option<Text>, Option<Text>)> {
        let listing = lockbox.listing.as_ref().and_then(|key| self.watched.listing_of(key, &lockbox.feed));
        let agents =
            listing.into_iter().flat_map(|listing| [Some(&listing.agent), listing.co_agent.as_ref()]);
        let agents = agents.flatten();
        agents.map(|agent| (self.agent_key(agent, &lockbox.feed).cloned(), agent.office.clone())).collect()
    }

    /// The member key of an agent whom a listing names by key, or by the id that the board gave.
    pub(crate) fn named_agent(&self, feed: &Text, key: Option<Text>, mls_id: Option<Text>) -> Option<Text> {
        self.agent_key(&Agent { key, mls_id, office: None }, feed).cloned()
    }

    /// The boxes that hang at a listing.
    pub(crate) fn boxes_at(&self, feed: &str, listing: &str) -> Vec<Text> {
        let hanging = self.hanging.get(listing).into_iter().flatten();
        hanging.filter(|id| self.boxes.get(*id).is_some_and(|entry| entry.feed == feed)).cloned().collect()
    }

    fn party_of<'a>(&'a self, user: &'a User) -> Party<'a> {
        Party {
            member_key: user.member.as_deref(),
            office_key: self.office_of(user).map(Text::as_str),
            teams: self.teams_of(user),
        }
    }

    /// The member key of a listing's agent: its own, else that of the board's id (LBX-011).
    fn agent_key<'a>(&'a self, agent: &'a Agent, feed: &Text) -> Option<&'a Text> {
        let by_mls_id = || self.people.of_mls_id(feed, agent.mls_id.as_ref()?);
        agent.key.as_ref().or_else(by_mls_id)
    }

    fn agent<'a>(&'a self, agent: &'a Agent, feed: &Text) -> Party<'a> {
        let key = self.agent_key(agent, feed);
        let user = key.and_then(|key| self.people.of_member(key)).filter(|user| user.feed == *feed);
        Party {
            member_key: key.map(Text::as_str),
            office_key: agent.office.as_ref().or_else(|| self.office_of(user?)).map(Text::as_str),
            teams: self.people.teams_of(feed, key),
        }
    }

    fn listing<'a>(
        &'a self,
        entry: &'a ListingEntry,
        lockbox: &BoxEntry,
        tenant: Option<&jiff::tz::TimeZone>,
    ) -> Listing<'a> {
        let zone = entry.zone(tenant);
        Listing {
            list_agent: self.agent(&entry.agent, &lockbox.feed),
            co_list_agent: entry.co_agent.as_ref().map(|agent| self.agent(agent, &lockbox.feed)),
            status: entry.status,
            on_market: entry.on_market,
            off_market: entry.off_market,
            hours: entry.hours(zone.as_ref()),
            zone,
        }
    }
}
