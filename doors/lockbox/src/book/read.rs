//! Records as the book keeps them.

use dictionary::{Date, Named, Text, Time, Timestamp};
use gate::TenantEnvironment;
use jiff::tz::TimeZone;
use store::Sequence;

use super::OfBox;
use crate::decisions::{CodeUse, Days, Hours, Mode, Span, Status, UserType};

/// A record of Tenant.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct TenantEntry {
    pub(crate) zone: Option<TimeZone>,
    production: Option<Text>,
    staging: Option<Text>,
}

impl TenantEntry {
    pub(crate) fn read(words: Named<'_>) -> Self {
        Self {
            zone: words.text("TenantTimeZone").and_then(|name| TimeZone::get(&name).ok()),
            production: words.text("ProductionFeedId"),
            staging: words.text("StagingFeedId"),
        }
    }

    /// The environment that a feed is; none where it is not the tenant's.
    pub(crate) fn environment(&self, feed: &str) -> Option<TenantEnvironment> {
        let is = |of: &Option<Text>| of.as_deref() == Some(feed);
        if is(&self.production) {
            return Some(TenantEnvironment::Production);
        }
        is(&self.staging).then_some(TenantEnvironment::Staging)
    }
}

/// A record of LockboxUser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct User {
    pub(crate) id: Text,
    pub(crate) tenant: Text,
    pub(crate) feed: Text,
    /// None of a type that nobody knows: it may do nothing.
    pub(crate) kind: Option<UserType>,
    pub(crate) account: bool,
    pub(crate) service: bool,
    pub(crate) member: Option<Text>,
    pub(crate) member_mls_id: Option<Text>,
    /// The office that the user came with; the member's own counts before it.
    pub(crate) office: Option<Text>,
}

impl User {
    pub(crate) fn read(words: Named<'_>) -> Option<Self> {
        let active = |name| words.text(name).as_deref() == Some("Active");
        Some(Self {
            id: words.text("LockboxUserId")?,
            tenant: words.text("TenantId")?,
            feed: words.text("FeedId")?,
            kind: words.text("LockboxUserType").as_deref().and_then(UserType::find),
            account: active("AccountStatus"),
            service: active("LockboxServiceStatus"),
            member: words.text("MemberKey"),
            member_mls_id: words.text("MemberMlsId"),
            office: words.text("OfficeKey"),
        })
    }
}

/// A record of Lockbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BoxEntry {
    pub(crate) id: Text,
    pub(crate) tenant: Text,
    pub(crate) feed: Text,
    pub(crate) owner: Option<Text>,
    pub(crate) listing: Option<Text>,
    pub(crate) mode: Mode,
    pub(crate) installed: Option<Timestamp>,
    /// The version that was read.
    pub(crate) sequence: Sequence,
}

impl BoxEntry {
    pub(crate) fn read(words: Named<'_>, sequence: Sequence) -> Option<Self> {
        Some(Self {
            id: words.text("LockboxId")?,
            tenant: words.text("TenantId")?,
            feed: words.text("FeedId")?,
            owner: words.text("LockboxOwnerId"),
            listing: words.text("ListingKey"),
            mode: words.text("RestrictionMode").as_deref().and_then(Mode::find).unwrap_or_default(),
            installed: words.instant("LockboxInstalledTimestamp"),
            sequence,
        })
    }
}

fn span(words: Named<'_>) -> Option<Span> {
    Some(Span { start: words.instant("StartTimestamp")?, end: words.instant("EndTimestamp")? })
}

/// A record of LockboxCode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CodeEntry {
    pub(crate) id: Text,
    pub(crate) lockbox: Text,
    pub(crate) hash: Text,
    pub(crate) of: CodeUse,
    pub(crate) window: Span,
    pub(crate) revoked: bool,
}

impl CodeEntry {
    pub(crate) fn read(words: Named<'_>) -> Option<Self> {
        Some(Self {
            id: words.text("LockboxCodeId")?,
            lockbox: words.text("LockboxId")?,
            hash: words.text("LockboxCodeHash")?,
            of: CodeUse::find(&words.text("LockboxCodeUse")?)?,
            window: span(words)?,
            revoked: words.instant("RevokedTimestamp").is_some(),
        })
    }
}

impl OfBox for CodeEntry {
    fn id(&self) -> &Text {
        &self.id
    }
}

/// A record of LockboxGrant: one person, one box, one window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct GrantEntry {
    pub(crate) id: Text,
    pub(crate) lockbox: Text,
    pub(crate) user: Text,
    pub(crate) window: Span,
    pub(crate) revoked: bool,
}

impl GrantEntry {
    pub(crate) fn read(words: Named<'_>) -> Option<Self> {
        Some(Self {
            id: words.text("LockboxGrantId")?,
            lockbox: words.text("LockboxId")?,
            user: words.text("LockboxUserId")?,
            window: span(words)?,
            revoked: words.instant("RevokedTimestamp").is_some(),
        })
    }
}

impl OfBox for GrantEntry {
    fn id(&self) -> &Text {
        &self.id
    }
}

/// What matters of a Member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MemberEntry {
    /// MemberStatus is Active, or nothing is said.
    pub(crate) active: bool,
    pub(crate) office: Option<Text>,
}

impl MemberEntry {
    pub(crate) fn read(words: Named<'_>) -> Self {
        Self {
            active: words.text("MemberStatus").is_none_or(|status| status == "Active"),
            office: words.text("OfficeKey"),
        }
    }
}

/// What matters of an Office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OfficeEntry {
    /// OfficeStatus is Active, or nothing is said.
    pub(crate) active: bool,
}

impl OfficeEntry {
    pub(crate) fn read(words: Named<'_>) -> Self {
        Self { active: words.text("OfficeStatus").is_none_or(|status| status == "Active") }
    }
}

/// What matters of a Property that a box hangs at.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ListingEntry {
    pub(crate) agent: Agent,
    pub(crate) co_agent: Option<Agent>,
    pub(crate) status: Status,
    pub(crate) on_market: Option<Date>,
    pub(crate) off_market: Option<Date>,
    days: Days,
    opens: Option<Timestamp>,
    closes: Option<Timestamp>,
    /// PropertyTimeZoneName; what is no zone is none.
    zone: Option<TimeZone>,
}

/// An agent as a listing names one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Agent {
    pub(crate) key: Option<Text>,
    pub(crate) mls_id: Option<Text>,
    pub(crate) office: Option<Text>,
}

impl ListingEntry {
    pub(crate) fn read(words: Named<'_>) -> Self {
        let agent = |of: &str, office: &str| Agent {
            key: words.text(&format!("{of}Key")),
            mls_id: words.text(&format!("{of}MlsId")),
            office: words.text(office),
        };
        let co_agent = agent("CoListAgent", "CoListOfficeKey");
        let named = words.texts("ShowingDays");
        Self {
            agent: agent("ListAgent", "ListOfficeKey"),
            co_agent: (co_agent.key.is_some() || co_agent.mls_id.is_some()).then_some(co_agent),
            status: Status::of(words.text("StandardStatus").as_deref()),
            on_market: words.date("OnMarketDate"),
            off_market: words.date("OffMarketDate"),
            days: if named.is_empty() { Days::ALL } else { Days::read(named.iter().map(Text::as_str)) },
            opens: words.instant("ShowingStartTime"),
            closes: words.instant("ShowingEndTime"),
            zone: words.text("PropertyTimeZoneName").and_then(|name| TimeZone::get(&name).ok()),
        }
    }

    /// The zone that the property lies in: its own, else the tenant's.
    pub(crate) fn zone(&self, tenant: Option<&TimeZone>) -> Option<TimeZone> {
        self.zone.as_ref().or(tenant).cloned()
    }

    /// The showing hours on the wall of the property. The dictionary has them as instants of some day: what counts is
    /// the time of day that they show there.
    pub(crate) fn hours(&self, zone: Option<&TimeZone>) -> Hours {
        let shown = |at: Option<Timestamp>| {
            at.map_or(Time::midnight(), |at| zone.unwrap_or(&TimeZone::UTC).to_datetime(at).time())
        };
        Hours { days: self.days, opens: shown(self.opens), closes: shown(self.closes) }
    }
}
