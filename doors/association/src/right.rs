//! What a route needs of its caller, and whether that is there: a pure table, denied by default.

use gate::{TenantEnvironment, TenantRight, TenantRole};

/// What a route needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// A credential: what is told is the caller's own part of it.
    Credential,
    /// An operator.
    Operator,
    /// This of the tenant as a whole: its onboarding, its people, its settings. Who does something there
    /// has the role in production; who reads or confirms has it in either environment.
    Tenant(Needs),
    /// This in the environment that the address names (AMS-039).
    Environment(Needs),
}

/// The least that somebody must be to a tenant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// A vendor, or what follows.
    Vendor,
    /// Staff, or what follows.
    Staff,
    /// An administrator.
    Administrator,
}

/// The most that somebody is to a tenant: none where that is nothing at this door.
fn rank(role: &TenantRole) -> Option<u8> {
    match role {
        // A user of lockboxes has the lockbox door.
        TenantRole::User(_) => None,
        TenantRole::Vendor => Some(0),
        TenantRole::Staff => Some(1),
        TenantRole::Administrator => Some(2),
    }
}

impl Needs {
    fn rank(self) -> u8 {
        match self {
            Self::Vendor => 0,
            Self::Staff => 1,
            Self::Administrator => 2,
        }
    }
}

/// What is to be said to somebody who asks for a tenant's route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Come in.
    May,
    /// There is such a tenant, and what they are to it is not enough.
    TooLittle,
    /// They are nothing to it: it is as though it did not exist.
    Stranger,
}

/// Judges by the rights of somebody who is no operator.
pub(crate) fn judge(
    right: Right,
    rights: &[TenantRight],
    tenant: &str,
    environment: Option<TenantEnvironment>,
) -> Verdict {
    let (needs, place) = match right {
        Right::Credential => return Verdict::May,
        Right::Operator => return Verdict::TooLittle,
        // Onboarding is decided where production is; whoever tests in staging may look on and confirm.
        Right::Tenant(Needs::Vendor) => (Needs::Vendor, None),
        Right::Tenant(needs) => (needs, Some(TenantEnvironment::Production)),
        Right::Environment(needs) => match environment {
            Some(environment) => (needs, Some(environment)),
            None => return Verdict::Stranger,
        },
    };
    let known = || rights.iter().filter(|right| right.tenant == tenant && rank(&right.role).is_some());
    let enough = known()
        .filter(|right| place.is_none_or(|place| right.environment == place))
        .any(|right| rank(&right.role) >= Some(needs.rank()));
    match (enough, known().next()) {
        (true, _) => Verdict::May,
        (false, Some(_)) => Verdict::TooLittle,
        (false, None) => Verdict::Stranger,
    }
}
