//! Status linking: what a membership's type and status mean for the MLS, for M1 and for the lockbox (AMS-036).
//!
//! Pure: rules and a membership come in, a decision goes out. Whoever tells a member to another system asks here
//! first, at every run, so that a change of a status or of a rule counts within one cycle.

mod decision;
mod rule;
mod window;

#[cfg(test)]
mod tests;

pub use decision::{Decision, Linked, decide};
pub use rule::{LinkingAction, LinkingRule};
pub use window::SuspensionWindow;

use dictionary::{Date, Text};

/// Another system that members are told to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Target {
    /// The multiple listing service.
    Mls,
    /// M1, the national registry that NRDS became.
    M1,
    /// The lockbox.
    Lockbox,
}

impl Target {
    /// The target of an integration of this kind, a value of the lookup IntegrationKind; a sign-on is told of nobody.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        match kind {
            "MLS" => Some(Self::Mls),
            "M1" => Some(Self::M1),
            "Lockbox" => Some(Self::Lockbox),
            _ => None,
        }
    }
}

/// What of a membership decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The kind of member: `MemberType`.
    pub kind: Text,
    /// Where the membership stands: `MemberAssociationStatus`, or `MemberStatus` where there is no membership.
    pub status: Text,
    /// Whether this association is the member's primary one.
    pub primary: bool,
    /// Since when dues are billed and not paid.
    pub unpaid_since: Option<Date>,
}
