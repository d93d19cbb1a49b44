//! Integrations: what a tenant's records go to, and how far that has come.

use dictionary::{Dictionary, Named, Text, Timestamp};
use gate::TenantEnvironment;
use store::{Sequence, Stored};

use crate::schedule::Plan;
use crate::{Kind, State, Tenant};

/// An integration's record, read.
#[derive(Clone, PartialEq, Debug)]
pub struct Integration {
    /// IntegrationId: the tenant's id, a point, and a name that is the tenant's own.
    pub id: Text,
    /// TenantId
    pub tenant: Text,
    /// IntegrationKind
    pub kind: Kind,
    /// IntegrationVendor, such as `Stellar MLS`.
    pub vendor: Option<Text>,
    /// IntegrationPlatform: the vendor's system, such as `FLEX`.
    pub platform: Option<Text>,
    /// IntegrationType: how it is spoken to, such as `Standard`.
    pub integration_type: Option<Text>,
    /// SectionTitle
    pub section_title: Option<Text>,
    /// AffiliateId: what the association calls the link.
    pub affiliate_id: Option<Text>,
    /// VendorAffiliateId: what the vendor calls it.
    pub vendor_affiliate_id: Option<Text>,
    /// TentativeGoLiveMonth, as `2026-11`.
    pub tentative_month: Option<Text>,
    /// IntegrationState
    pub state: State,
    /// StateTimestamp: since when it stands there.
    pub since: Option<Timestamp>,
    /// BlockedFromState: where a blocked one goes back to.
    pub blocked_from: Option<State>,
    /// BlockedReason
    pub blocked_reason: Option<Text>,
    /// TestedTimestamp: when the test of the sync was passed.
    pub tested: Option<Timestamp>,
    /// Its version.
    pub version: Sequence,
}

impl Integration {
    /// Reads a record; none where it lacks what an integration needs.
    #[must_use]
    pub fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("Integration"), record: &kept.record };
        let state = |name: &str| State::find(&named.text(name)?);
        Some(Self {
            id: named.text("IntegrationId")?,
            tenant: named.text("TenantId")?,
            kind: Kind::find(&named.text("IntegrationKind")?)?,
            vendor: named.text("IntegrationVendor"),
            platform: named.text("IntegrationPlatform"),
            integration_type: named.text("IntegrationType"),
            section_title: named.text("SectionTitle"),
            affiliate_id: named.text("AffiliateId"),
            vendor_affiliate_id: named.text("VendorAffiliateId"),
            tentative_month: named.text("TentativeGoLiveMonth"),
            state: state("IntegrationState")?,
            since: named.instant("StateTimestamp"),
            blocked_from: state("BlockedFromState"),
            blocked_reason: named.text("BlockedReason"),
            tested: named.instant("TestedTimestamp"),
            version: kept.sequence,
        })
    }
}

/// How an integration is set in one environment, read.
#[derive(Clone, PartialEq, Debug)]
pub struct IntegrationSetting {
    /// IntegrationId
    pub integration: Text,
    /// TenantEnvironment
    pub environment: TenantEnvironment,
    /// TenantId
    pub tenant: Text,
    /// SyncYN: whether anything is offered at all.
    pub sync: bool,
    /// GoLiveTimestamp: from when on changes are offered (AMS-010).
    pub go_live: Option<Timestamp>,
    /// SyncTestedTimestamp: when sync was last turned on with a go-live that had come.
    pub sync_tested: Option<Timestamp>,
    /// MappingSetId: the version of the mapping that is in force.
    pub mapping: Option<Text>,
    /// SyncCadence: when its pulls are planned; at the times of the MLS where nothing is said (AMS-035).
    pub cadence: Option<Text>,
    /// Its version; none where there is no record yet.
    pub version: Option<Sequence>,
}

impl IntegrationSetting {
    /// The key of a setting's record.
    #[must_use]
    pub fn key(integration: &str, environment: TenantEnvironment) -> Text {
        Text::from(format!("{integration}|{}", environment.name()))
    }

    /// Nothing on.
    #[must_use]
    pub fn new(integration: &Integration, environment: TenantEnvironment) -> Self {
        Self {
            integration: integration.id.clone(),
            environment,
            tenant: integration.tenant.clone(),
            sync: false,
            go_live: None,
            sync_tested: None,
            mapping: None,
            cadence: None,
            version: None,
        }
    }

    /// Reads a record; none where it lacks what a setting needs.
    #[must_use]
    pub fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("IntegrationSetting"), record: &kept.record };
        Some(Self {
            integration: named.text("IntegrationId")?,
            environment: TenantEnvironment::find(&named.text("TenantEnvironment")?)?,
            tenant: named.text("TenantId")?,
            sync: named.truth("SyncYN"),
            go_live: named.instant("GoLiveTimestamp"),
            sync_tested: named.instant("SyncTestedTimestamp"),
            mapping: named.text("MappingSetId"),
            cadence: named.text("SyncCadence"),
            version: Some(kept.sequence),
        })
    }

    /// The runs that are planned, in the tenant's zone.
    #[must_use]
    pub fn plan(&self, tenant: &Tenant) -> Plan {
        let cadence = self.cadence.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
        Plan::new(cadence, tenant.zone())
    }
}
