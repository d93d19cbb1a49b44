//! As what a caller stands before an association.

use dictionary::Text;
use gate::{Caller, TenantEnvironment, TenantRole};

use crate::reply::Refused;

/// Everything that the grants of one tenant and environment make of a caller. Nothing, where there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Rights {
    /// Decides: an administrator of the association, or an operator.
    pub(crate) administrator: bool,
    /// Works for the association.
    pub(crate) staff: bool,
    /// Runs the lockboxes: asks for everybody, and issues nothing.
    pub(crate) vendor: bool,
    /// Is these users of lockboxes.
    pub(crate) users: Vec<Text>,
}

impl Rights {
    /// What a caller is to a tenant in an environment.
    pub(crate) fn of(caller: &Caller, tenant: &str, environment: TenantEnvironment) -> Self {
        let mut rights = Self { administrator: caller.is_operator(), ..Self::default() };
        for role in caller.roles(tenant, environment) {
            match role {
                TenantRole::Administrator => rights.administrator = true,
                TenantRole::Staff => rights.staff = true,
                TenantRole::Vendor => rights.vendor = true,
                TenantRole::User(id) => rights.users.push(id.clone()),
            }
        }
        rights
    }

    /// Whether nobody granted anything.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is the caller's to ask whether this user may open a box; none is whoever holds a code.
    pub(crate) fn may_ask_for(&self, user: Option<&str>) -> bool {
        let own = user.is_some_and(|user| self.users.iter().any(|one| one == user));
        self.administrator || self.staff || self.vendor || own
    }
}

/// Refuses a token that was bought for reading alone, where something is to be done.
///
/// # Errors
/// 403 `read_only`.
pub(crate) fn may_write(caller: &Caller) -> Result<(), Refused> {
    if caller.is_read_only() {
        let message = "This token was bought for reading alone.";
        return Err(Refused::new(403, "read_only", message, "Ask the token endpoint for scope=api."));
    }
    Ok(())
}

/// What is not the caller's to do.
pub(crate) fn not_yours() -> Refused {
    let message = "This is not yours to do.";
    let hint = "An administrator of the association may, or whoever an operator grants the role.";
    Refused::new(403, "role_missing", message, hint)
}
