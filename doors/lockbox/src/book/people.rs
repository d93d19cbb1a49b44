//! Users and teams.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use dictionary::{Key, Named, Text};

use super::read::User;

/// A record of Teams.
struct Team {
    feed: Text,
    active: bool,
    lead: Option<Text>,
}

/// A record of TeamMembers.
struct TeamMember {
    feed: Text,
    team: Text,
    member: Text,
}

/// Of one thing several others.
type Several = HashMap<Text, BTreeSet<Key>>;

#[derive(Default)]
pub(crate) struct People {
    users: BTreeMap<Text, Arc<User>>,
    /// The users of each member, by the member's key.
    by_member: Several,
    /// The users of each id that a board gave, by feed and MemberMlsId.
    by_mls_id: HashMap<(Text, Text), BTreeSet<Key>>,
    teams: HashMap<Key, Team>,
    /// The teams that a member leads.
    led: Several,
    team_members: HashMap<Key, TeamMember>,
    /// The records of TeamMembers of a member, and of a team.
    joined: Several,
    members: Several,
    /// The active teams that a member belongs to, feed by feed: worked out when a team changes.
    teams_of: HashMap<Text, BTreeMap<Text, Vec<Text>>>,
}

impl People {
    pub(crate) fn user(&self, id: &str) -> Option<&Arc<User>> {
        self.users.get(id)
    }

    /// Users in the order of their ids, after this one.
    pub(crate) fn after(&self, id: &str) -> impl Iterator<Item = &Arc<User>> {
        let from = (Bound::Excluded(Text::new(id)), Bound::Unbounded);
        self.users.range(from).map(|(_, user)| user)
    }

    /// The user that a member is.
    pub(crate) fn of_member(&self, member: &str) -> Option<&Arc<User>> {
        self.by_member.get(member)?.iter().find_map(|id| self.users.get(id))
    }

    /// The member that a board's id names in a feed.
    pub(crate) fn of_mls_id(&self, feed: &Text, mls_id: &Text) -> Option<&Text> {
        let users = self.by_mls_id.get(&(feed.clone(), mls_id.clone()))?;
        users.iter().find_map(|id| self.users.get(id)?.member.as_ref())
    }

    /// The active teams of a feed that a member belongs to, by their keys.
    pub(crate) fn teams_of(&self, feed: &Text, member: Option<&Text>) -> &[Text] {
        let teams = member.and_then(|member| self.teams_of.get(member)?.get(feed));
        teams.map_or(&[], Vec::as_slice)
    }

    /// Whoever belongs to a team, its lead among them, by their member keys.
    pub(crate) fn members_of(&self, team: &Text) -> impl Iterator<Item = Text> {
        let lead = self.teams.get(team).and_then(|team| team.lead.clone());
        let members = self.members.get(team).into_iter().flatten();
        members.filter_map(|key| Some(self.team_members.get(key)?.member.clone())).chain(lead)
    }

    pub(crate) fn take_user(&mut self, key: &Key, user: Option<User>) {
        let before = match user.clone() {
            Some(user) => self.users.insert(key.clone(), Arc::new(user)),
            None => self.users.remove(key),
        };
        if let Some(before) = &before {
            put_off(&mut self.by_member, before.member.as_ref(), key);
            let place = before.member_mls_id.clone().map(|id| (before.feed.clone(), id));
            if let Some(ids) = place.and_then(|place| self.by_mls_id.get_mut(&place)) {
                ids.remove(key);
            }
        }
        let Some(user) = user else { return };
        if let Some(member) = user.member {
            self.by_member.entry(member).or_default().insert(key.clone());
        }
        if let Some(id) = user.member_mls_id {
            self.by_mls_id.entry((user.feed, id)).or_default().insert(key.clone());
        }
    }

    pub(crate) fn take_team(&mut self, key: &Key, feed: &Text, words: Option<Named<'_>>) {
        let lead = words.and_then(|words| words.text("TeamLeadKey"));
        let team = words.map(|words| Team {
            feed: feed.clone(),
            active: words.text("TeamStatus").is_none_or(|status| status == "Active"),
            lead: lead.clone(),
        });
        let before = match team {
            Some(team) => self.teams.insert(key.clone(), team),
            None => self.teams.remove(key),
        };
        let led_before = before.and_then(|before| before.lead);
        put_off(&mut self.led, led_before.as_ref(), key);
        if let Some(lead) = &lead {
            self.led.entry(lead.clone()).or_default().insert(key.clone());
        }
        let members = self.members.get(key).into_iter().flatten();
        let mut touched: BTreeSet<Text> =
            members.filter_map(|one| Some(self.team_members.get(one)?.member.clone())).collect();
        touched.extend(lead.into_iter().chain(led_before));
        self.recount(touched);
    }

    pub(crate) fn take_team_member(&mut self, key: &Key, feed: &Text, words: Option<Named<'_>>) {
        let one = words.and_then(|words| {
            let (team, member) = (words.text("TeamKey")?, words.text("MemberKey")?);
            Some(TeamMember { feed: feed.clone(), team, member })
        });
        let mut touched = BTreeSet::new();
        if let Some(before) = self.team_members.remove(key) {
            put_off(&mut self.joined, Some(&before.member), key);
            put_off(&mut self.members, Some(&before.team), key);
            touched.insert(before.member);
        }
        if let Some(one) = one {
            self.joined.entry(one.member.clone()).or_default().insert(key.clone());
            self.members.entry(one.team.clone()).or_default().insert(key.clone());
            touched.insert(one.member.clone());
            self.team_members.insert(key.clone(), one);
        }
        self.recount(touched);
    }

    fn recount(&mut self, members: BTreeSet<Text>) {
        for member in members {
            let joined = self.joined.get(&member).into_iter().flatten();
            let joined = joined.filter_map(|key| {
                let one = self.team_members.get(key)?;
                // A team of one association has no members that another writes down.
                let team = self.teams.get(&one.team).filter(|team| team.active && team.feed == one.feed)?;
                Some((team.feed.clone(), one.team.clone()))
            });
            let led = self.led.get(&member).into_iter().flatten();
            let led = led.filter_map(|key| {
                let team = self.teams.get(key).filter(|team| team.active)?;
                Some((team.feed.clone(), key.clone()))
            });
            let all: BTreeSet<(Text, Text)> = joined.chain(led).collect();
            let mut by_feed: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
            for (feed, team) in all {
                by_feed.entry(feed).or_default().push(team);
            }
            if by_feed.is_empty() {
                self.teams_of.remove(&member);
            } else {
                self.teams_of.insert(member, by_feed);
            }
        }
    }
}

fn put_off(several: &mut Several, of: Option<&Text>, key: &Key) {
    if let Some(keys) = of.and_then(|of| several.get_mut(of)) {
        keys.remove(key);
    }
}
