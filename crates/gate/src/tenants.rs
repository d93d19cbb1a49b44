//! What a client may do for a tenant: an association, whose records of its own stand in two feeds that
//! share nothing.

use dictionary::{Text, Timestamp};

use crate::Caller;
use crate::compile::Words;

/// One of a tenant's two environments (AMS-039): a right in one says nothing of the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TenantEnvironment {
    /// Where an import and a sync are tried.
    Staging,
    /// Where what is written counts.
    Production,
}

impl TenantEnvironment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Staging, Self::Production];

    /// As the lookup TenantEnvironment has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Staging => "Staging",
            Self::Production => "Production",
        }
    }

    /// The environment of this name, in whatever case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name))
    }
}

/// What somebody is to a tenant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TenantRole {
    /// Decides: overrides guards, grants to others.
    Administrator,
    /// Works for the association, or beside it.
    Staff,
    /// Works for who takes the records: an MLS, a maker of lockboxes.
    Vendor,
    /// Is a user of the tenant's lockboxes, by LockboxUserId.
    User(Text),
}

impl TenantRole {
    /// As the lookup TenantRole has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Staff => "Staff",
            Self::Vendor => "Vendor",
            Self::User(_) => "User",
        }
    }

    fn read(words: &Words<'_>) -> Option<Self> {
        Some(match words.text("TenantRole")?.as_str() {
            "Administrator" => Self::Administrator,
            "Staff" => Self::Staff,
            "Vendor" => Self::Vendor,
            "User" => Self::User(words.text("LockboxUserId").filter(|id| !id.is_empty())?),
            _ => return None,
        })
    }
}

/// One right: a TenantGrant that has not ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TenantRight {
    /// TenantGrantId
    pub grant: Text,
    /// TenantId
    pub tenant: Text,
    /// Where.
    pub environment: TenantEnvironment,
    /// As what.
    pub role: TenantRole,
    pub(crate) expires: Option<Timestamp>,
}

impl TenantRight {
    /// Reads a grant; none where it has ended, or lacks what it needs: then it grants nothing.
    pub(crate) fn read(words: &Words<'_>, now: Timestamp) -> Option<Self> {
        let expires = words.instant("ExpirationTimestamp");
        if expires.is_some_and(|end| end <= now) {
            return None;
        }
        Some(Self {
            grant: words.text("TenantGrantId")?,
            tenant: words.text("TenantId")?,
            environment: TenantEnvironment::find(&words.text("TenantEnvironment")?)?,
            role: TenantRole::read(words)?,
            expires,
        })
    }
}

impl Caller {
    /// Every right that tenants give the caller. An operator, who needs none, has none here.
    #[must_use]
    pub fn tenants(&self) -> &[TenantRight] {
        &self.account.tenants
    }

    /// What the caller is to a tenant in one environment: nothing, or one thing or several.
    pub fn roles(&self, tenant: &str, environment: TenantEnvironment) -> impl Iterator<Item = &TenantRole> {
        self.tenants()
            .iter()
            .filter(move |right| right.tenant == tenant && right.environment == environment)
            .map(|right| &right.role)
    }
}
