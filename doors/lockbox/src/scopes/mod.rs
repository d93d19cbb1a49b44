//! What each type of user sees of an association (LBX-040 to 046).
//!
//! Whatever is listed or told goes through one rule ([`rule`]), whichever way it was found: finding is for speed.

mod market;
mod rule;
#[cfg(test)]
mod tests;
mod users;

use std::sync::Arc;

use dictionary::{Text, Timestamp};
use gate::{Caller, TenantEnvironment};
use http::StatusCode;
use serde_json::{Value as Json, json as object};
use store::Stored;

use crate::Door;
use crate::access::unknown_box;
use crate::book::{Asked, Book, BoxEntry, User};
use crate::decisions::{Compartment, Reason, UserType};
use crate::reply::{Answer, Refused, json};
use crate::rights::Rights;
use crate::tenant::Tenant;
use parameters::Parameters;

pub(crate) use market::{listing, listings, of_listing, office, offices};
pub(crate) use rule::{Concerns, Viewer, What, sees};
pub(crate) use users::{account, user, users};

/// Records of a page where nobody says how many, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

/// A caller with an association to whom something was granted there.
pub(crate) struct Visit {
    pub(crate) tenant: Tenant,
    pub(crate) rights: Rights,
    /// The users that the caller is, in good standing.
    viewers: Vec<Viewer>,
}

impl Door {
    /// The association that a path names. One that is not there and one that grants the caller nothing look the
    /// same. Everything that was acknowledged before counts.
    pub(crate) async fn visit(
        &self,
        caller: &Caller,
        environment: &str,
        tenant: &str,
    ) -> Result<Visit, Refused> {
        let unknown = || {
            let message = format!("There is no tenant {tenant} in {environment}.");
            let hint = "GET /lockbox/tenants lists those that you may work for, with their environments.";
            Refused::new(404, "tenant_unknown", message, hint)
        };
        self.memory.heard().await?;
        // An address has them in small letters.
        let named = |of: &TenantEnvironment| of.name().to_ascii_lowercase() == environment;
        let environment = TenantEnvironment::ALL.into_iter().find(named).ok_or_else(unknown)?;
        let rights = Rights::of(caller, tenant, environment);
        if rights.is_nothing() {
            return Err(unknown());
        }
        let tenant = self.find_tenant(tenant, environment).await?.ok_or_else(unknown)?;
        let book = self.memory.book();
        let users = rights.users.iter().filter_map(|id| book.user(id));
        let ours = users.filter(|user| user.tenant == tenant.id && user.feed == tenant.feed);
        let viewers = ours.filter_map(|user| book.viewer(user)).collect();
        drop(book);
        Ok(Visit { tenant, rights, viewers })
    }
}

impl Visit {
    /// Whether the caller sees everything of the association.
    pub(crate) fn sees_everything(&self) -> bool {
        let all = |viewer: &Viewer| viewer.kind == UserType::Administrator;
        self.rights.administrator || self.rights.staff || self.viewers.iter().any(all)
    }

    /// Whether the caller sees something of the association that concerns these.
    pub(crate) fn sees(&self, what: What, concerns: &Concerns) -> bool {
        // Who runs the lockboxes knows which there are, and nobody's data.
        let runs = self.rights.vendor && what == What::Lockbox;
        self.sees_everything() || runs || self.viewers.iter().any(|viewer| sees(viewer, what, concerns))
    }

    /// Whether the caller administers the association's users: an administrator, of the association or as a user.
    pub(crate) fn administers(&self) -> bool {
        self.rights.administrator || self.viewers.iter().any(|viewer| viewer.kind == UserType::Administrator)
    }

    /// A box of the association that the caller sees.
    pub(crate) fn lockbox(&self, door: &Door, id: &str) -> Result<Arc<BoxEntry>, Refused> {
        let book = door.memory.book();
        let entry =
            book.lockbox(id).filter(|entry| entry.tenant == self.tenant.id && entry.feed == self.tenant.feed);
        let seen = entry.filter(|entry| self.sees(What::Lockbox, &book.concerns_box(entry)));
        seen.cloned().ok_or_else(|| unknown_box(id))
    }

    /// Whether the caller is owner, agent or broker of a box's listing, and could open the box now: whose word it is
    /// who else may. An assistant's it is not.
    pub(crate) fn is_of_the_side(&self, door: &Door, lockbox: &str, now: Timestamp) -> bool {
        const SIDE: [Reason; 4] =
            [Reason::BoxOwner, Reason::ListingAgent, Reason::CoListingAgent, Reason::OfficeBroker];
        let book = door.memory.book();
        self.viewers.iter().any(|viewer| {
            let asked =
                Asked { lockbox, user: Some(&viewer.id), code: None, compartment: Compartment::KeyBin };
            book.decide(asked, now).is_some_and(|(decision, _)| {
                decision.is_permit() && decision.reasons().iter().any(|reason| SIDE.contains(reason))
            })
        })
    }

    /// The users that the caller is.
    pub(crate) fn viewers(&self) -> &[Viewer] {
        &self.viewers
    }
}

/// Where a page begins and how long it is.
pub(crate) struct Page {
    pub(crate) after: Text,
    pub(crate) limit: usize,
}

impl Page {
    /// `after` and `limit`, and nothing else.
    pub(crate) fn read(query: Option<&str>) -> Result<Self, Refused> {
        let mut asked = Parameters::read(query)?;
        let after = Text::from(asked.take("after").unwrap_or_default());
        let limit = match asked.take("limit") {
            None => PAGE,
            Some(text) => {
                text.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit)).ok_or_else(|| {
                    let message = format!("limit={text:?} is no size of a page.");
                    Refused::new(400, "parameter_wrong", message, "A page has 1 to 1,000 records.")
                })?
            }
        };
        asked.done()?;
        Ok(Self { after, limit })
    }
}

/// A page of Freehold's own records: `found` are the keys of those that the caller sees, one more than the page holds
/// where there are more.
pub(crate) async fn paged(
    door: &Door,
    resource: &str,
    (mut found, page): (Vec<Text>, &Page),
    told: fn(&Door, &Stored) -> Json,
) -> Answer {
    let more = found.len() > page.limit;
    found.truncate(page.limit);
    let kept = door.store.get_many(door.dictionary.known(resource).id, &found).await?;
    let items: Vec<Json> = kept.iter().flatten().map(|kept| told(door, kept)).collect();
    let next = found.last().filter(|_| more).map(Text::as_str);
    Ok(json(StatusCode::OK, &object!({ "items": items, "next": next })))
}

impl Book {
    /// A user as one who looks. None where the account, the lockbox website's status, the member or the office is
    /// not active (LBX-004): then nothing is seen.
    fn viewer(&self, user: &User) -> Option<Viewer> {
        let person = self.person(user);
        let office = person.office.filter(|office| office.active)?;
        (person.account && person.service && person.member).then_some(())?;
        Some(Viewer {
            id: user.id.clone(),
            kind: user.kind?,
            member: user.member.clone(),
            office: Text::new(office.key),
            teams: self.teams_of(user).to_vec(),
        })
    }

    /// Whom a user concerns.
    pub(crate) fn concerns_user(&self, user: &User) -> Concerns {
        Concerns {
            users: vec![user.id.clone()],
            members: user.member.iter().cloned().collect(),
            offices: self.office_of(user).into_iter().cloned().collect(),
            teams: self.teams_of(user).to_vec(),
        }
    }

    /// Whom a box concerns: its owner, and the agents of the listing that it hangs at.
    pub(crate) fn concerns_box(&self, lockbox: &BoxEntry) -> Concerns {
        let owner = lockbox.owner.as_ref().and_then(|id| self.user(id));
        let owner = owner.filter(|owner| owner.feed == lockbox.feed);
        let mut concerns = owner.map_or_else(Concerns::default, |owner| self.concerns_user(owner));
        for (member, office) in self.agents_of(lockbox) {
            concerns.extend(self.concerns_agent(&lockbox.feed, member, office));
        }
        concerns
    }

    /// Whom an agent of a listing concerns, and the office that the listing names.
    pub(crate) fn concerns_agent(&self, feed: &Text, member: Option<Text>, office: Option<Text>) -> Concerns {
        let teams = self.teams_of_member(feed, member.as_ref()).to_vec();
        Concerns {
            users: Vec::new(),
            members: member.into_iter().collect(),
            offices: office.into_iter().collect(),
            teams,
        }
    }
}
