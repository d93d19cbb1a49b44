//! Tenants: associations, with what holds for all that is done for them.

use dictionary::{Date, Dictionary, Named, Text};
use gate::TenantEnvironment;
use jiff::tz::TimeZone;
use store::{Sequence, Stored};

/// Longest id of a tenant in characters: it begins the keys of all its records, of which a client's has 64.
const LONGEST_ID: usize = 32;

/// A tenant's record, read.
#[derive(Clone, PartialEq, Debug)]
pub struct Tenant {
    /// TenantId: small letters, digits and hyphens.
    pub id: Text,
    /// TenantName
    pub name: Text,
    /// TenantRegionCode; none until somebody knows it.
    pub region: Option<Text>,
    /// TenantTimeZone, an IANA name.
    pub time_zone: Text,
    /// NrdsPrefix: what the NRDS ids of its members begin with.
    pub nrds_prefix: Option<Text>,
    /// ProductionFeedId
    pub production_feed: Text,
    /// StagingFeedId
    pub staging_feed: Text,
    /// TestEnvironment: where its vendors test. The source document says both: only in production, and in
    /// staging; so each tenant says which.
    pub test_environment: TenantEnvironment,
    /// TenantHolidays: days on which nobody should go live.
    pub holidays: Vec<Date>,
    /// AssociationKey: what its memberships name it by; its id where nothing else is said.
    pub association_key: Text,
    /// M1SuspensionYear: one of the years, three apart, in which M1 takes suspensions.
    pub suspension_year: Option<i16>,
    /// Its version.
    pub version: Sequence,
}

impl Tenant {
    /// The zone that holds where a tenant names none: the one of Florida, where the source document is from.
    pub const DEFAULT_ZONE: &'static str = "America/New_York";

    /// Reads a record; none where it lacks what a tenant needs.
    #[must_use]
    pub fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("Tenant"), record: &kept.record };
        let id = named.text("TenantId")?;
        let feed =
            |name: &str, end: &str| named.text(name).unwrap_or_else(|| Text::from(format!("{id}.{end}")));
        Some(Self {
            name: named.text("TenantName").unwrap_or_else(|| id.clone()),
            region: named.text("TenantRegionCode"),
            time_zone: named.text("TenantTimeZone").unwrap_or_else(|| Text::new_static(Self::DEFAULT_ZONE)),
            nrds_prefix: named.text("NrdsPrefix"),
            production_feed: feed("ProductionFeedId", "production"),
            staging_feed: feed("StagingFeedId", "staging"),
            test_environment: named
                .text("TestEnvironment")
                .and_then(|name| TenantEnvironment::find(&name))
                .unwrap_or(TenantEnvironment::Staging),
            holidays: named.texts("TenantHolidays").iter().filter_map(|day| day.parse().ok()).collect(),
            association_key: named.text("AssociationKey").unwrap_or_else(|| id.clone()),
            suspension_year: named.integer("M1SuspensionYear").and_then(|year| i16::try_from(year).ok()),
            version: kept.sequence,
            id,
        })
    }

    /// The feed of an environment's records (AMS-039).
    #[must_use]
    pub fn feed(&self, environment: TenantEnvironment) -> &Text {
        match environment {
            TenantEnvironment::Staging => &self.staging_feed,
            TenantEnvironment::Production => &self.production_feed,
        }
    }

    /// The tenant's zone; UTC where its name is none, which a write refuses.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Whether a text may be a tenant's id.
    pub(crate) fn is_id(text: &str) -> bool {
        (1..=LONGEST_ID).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }
}
