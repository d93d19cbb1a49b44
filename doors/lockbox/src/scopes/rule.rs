//! Who sees what: pure.

use dictionary::Text;

use crate::decisions::UserType;

/// A user who looks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Viewer {
    pub(crate) id: Text,
    pub(crate) kind: UserType,
    pub(crate) member: Option<Text>,
    /// OfficeKey
    pub(crate) office: Text,
    /// The keys of the active teams.
    pub(crate) teams: Vec<Text>,
}

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    User,
    Office,
    Listing,
    Lockbox,
}

/// Whom a record concerns: its users, members, offices and teams, all of the viewer's own association.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Concerns {
    pub(crate) users: Vec<Text>,
    pub(crate) members: Vec<Text>,
    pub(crate) offices: Vec<Text>,
    pub(crate) teams: Vec<Text>,
}

impl Concerns {
    /// These, too.
    pub(crate) fn extend(&mut self, more: Self) {
        self.users.extend(more.users);
        self.members.extend(more.members);
        self.offices.extend(more.offices);
        self.teams.extend(more.teams);
    }
}

/// Whether a viewer sees something of the own association that concerns these.
pub(crate) fn sees(viewer: &Viewer, what: What, concerns: &Concerns) -> bool {
    let own = concerns.users.contains(&viewer.id)
        || viewer.member.as_ref().is_some_and(|member| concerns.members.contains(member));
    let of_office = concerns.offices.contains(&viewer.office);
    let of_team = concerns.teams.iter().any(|team| viewer.teams.contains(team));
    // Where somebody works is no secret to them.
    if what == What::Office && of_office {
        return true;
    }
    match viewer.kind {
        UserType::Administrator => true,
        UserType::Broker | UserType::OfficeStaff => own || of_office,
        UserType::Agent => own,
        UserType::Assistant => own || of_team,
        // A limited account: it has no listings and no boxes, whatever a record says.
        UserType::Affiliate => own && what == What::User,
    }
}
