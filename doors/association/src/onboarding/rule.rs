//! What each step needs: the guards of the source document, each an item of the checklist.

use super::step::Event;
use crate::Kind;

/// Who is to see to a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Responsible {
    Specialist,
    Onboarding,
    Customer,
    Vendor,
}

impl Responsible {
    /// As the checklist says it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Specialist => "Integration Specialist",
            Self::Onboarding => "Onboarding",
            Self::Customer => "Customer",
            Self::Vendor => "Vendor",
        }
    }
}

/// A guard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Rule {
    SpecialistNamed,
    CustomerNamed,
    VendorNamed,
    MonthTentative,
    AgentFile,
    OfficeFile,
    ReadKey,
    ValuesMapped,
    StagingEnvironment,
    ImportFeaturesOn,
    CountsEqual,
    SignedByOnboarding,
    SignedByIntegrations,
    SignedByCustomer,
    SyncTried,
    ResyncForced,
    VendorConfirmed,
    SyncOff,
    CustomerAgreed,
    MlsAgreed,
    WriteKey,
    AffiliateEqual,
    GoLiveReached,
}

/// A rule's line of the table.
struct Line {
    name: &'static str,
    /// The requirement that it is of.
    requirement: &'static str,
    event: Event,
    /// Whether somebody confirms it by hand; otherwise records show it.
    manual: bool,
    responsible: Responsible,
    /// Whether it is for whoever takes files and pulls with a key; the other kinds are pushed to.
    pulls_alone: bool,
    sentence: &'static str,
}

impl Rule {
    /// Every one, in the order of an onboarding.
    pub(crate) const ALL: [Self; 23] = [
        Self::SpecialistNamed,
        Self::CustomerNamed,
        Self::VendorNamed,
        Self::MonthTentative,
        Self::AgentFile,
        Self::OfficeFile,
        Self::ReadKey,
        Self::ValuesMapped,
        Self::StagingEnvironment,
        Self::ImportFeaturesOn,
        Self::CountsEqual,
        Self::SignedByOnboarding,
        Self::SignedByIntegrations,
        Self::SignedByCustomer,
        Self::SyncTried,
        Self::ResyncForced,
        Self::VendorConfirmed,
        Self::SyncOff,
        Self::CustomerAgreed,
        Self::MlsAgreed,
        Self::WriteKey,
        Self::AffiliateEqual,
        Self::GoLiveReached,
    ];

    #[rustfmt::skip]
    fn line(self) -> Line {
        use Event::{
            CompleteMapping, GoLive, KickOff, PassTestSync, ReceiveDataFiles, ScheduleGoLive,
            VerifyStagingImport,
        };
        use Responsible::{Customer, Onboarding, Specialist, Vendor};
        let line = |name, requirement, event, manual, responsible, pulls_alone, sentence| Line {
            name, requirement, event, manual, responsible, pulls_alone, sentence,
        };
        match self {
            Self::SpecialistNamed => line("specialist_named", "AMS-001", KickOff, false, Onboarding, false,
                "An integration specialist is named."),
            Self::CustomerNamed => line("customer_named", "AMS-001", KickOff, false, Onboarding, false,
                "Somebody who speaks for the association is named."),
            Self::VendorNamed => line("vendor_named", "AMS-001", KickOff, false, Specialist, false,
                "Somebody who speaks for the vendor is named."),
            Self::MonthTentative => line("month_tentative", "AMS-001", KickOff, false, Customer, false,
                "A month is said in which to go live."),
            Self::AgentFile => line("agent_file", "AMS-002", ReceiveDataFiles, false, Vendor, true,
                "A file of agents is here and can be read."),
            Self::OfficeFile => line("office_file", "AMS-002", ReceiveDataFiles, false, Vendor, true,
                "A file of offices is here and can be read."),
            Self::ReadKey => line("read_key", "AMS-002", ReceiveDataFiles, false, Customer, true,
                "The vendor's key may read where the tenant tests."),
            Self::ValuesMapped => line("values_mapped", "AMS-003", CompleteMapping, false, Specialist, true,
                "Every status, user class, agent type and office type of the files has a display value and a vendor code."),
            Self::StagingEnvironment => line("staging_environment", "AMS-004", VerifyStagingImport, false, Specialist, false,
                "There is a staging environment."),
            Self::ImportFeaturesOn => line("import_features_on", "AMS-004", VerifyStagingImport, true, Specialist, true,
                "The import features are on."),
            Self::CountsEqual => line("counts_equal", "AMS-004", VerifyStagingImport, false, Specialist, true,
                "As many rows are imported as the files have, but for the quarantine."),
            Self::SignedByOnboarding => line("signed_by_onboarding", "AMS-004", VerifyStagingImport, true, Onboarding, false,
                "Onboarding has looked at the import and signs it off."),
            Self::SignedByIntegrations => line("signed_by_integrations", "AMS-004", VerifyStagingImport, true, Specialist, false,
                "Integrations has looked at the import and signs it off."),
            Self::SignedByCustomer => line("signed_by_customer", "AMS-004", VerifyStagingImport, true, Customer, false,
                "The association has looked at the import and signs it off."),
            Self::SyncTried => line("sync_tried", "AMS-005", PassTestSync, false, Specialist, false,
                "Sync was turned on for a test, with a go-live that had come."),
            Self::ResyncForced => line("resync_forced", "AMS-005", PassTestSync, false, Specialist, false,
                "A resync was forced once during the test."),
            Self::VendorConfirmed => line("vendor_confirmed", "AMS-005", PassTestSync, true, Vendor, false,
                "The vendor confirms that the test came out right."),
            Self::SyncOff => line("sync_off", "AMS-005", PassTestSync, false, Specialist, false,
                "Sync is off again."),
            Self::CustomerAgreed => line("customer_agreed", "AMS-006", ScheduleGoLive, true, Customer, false,
                "The association agrees to the instant of the go-live."),
            Self::MlsAgreed => line("mls_agreed", "AMS-006", ScheduleGoLive, true, Vendor, false,
                "The vendor agrees to the instant of the go-live."),
            Self::WriteKey => line("write_key", "AMS-006", ScheduleGoLive, false, Customer, true,
                "The vendor's key may write in production."),
            Self::AffiliateEqual => line("affiliate_equal", "AMS-006", ScheduleGoLive, false, Specialist, false,
                "The affiliate id is the same on both sides."),
            Self::GoLiveReached => line("go_live_reached", "AMS-010", GoLive, false, Specialist, false,
                "The instant of the go-live has come, and sync is on in production."),
        }
    }

    /// Its name: as the checklist has it, and as a guard that is not met says it.
    pub(crate) fn name(self) -> &'static str {
        self.line().name
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    pub(crate) fn requirement(self) -> &'static str {
        self.line().requirement
    }

    /// The event that it guards.
    pub(crate) fn event(self) -> Event {
        self.line().event
    }

    /// Whether somebody confirms it by hand.
    pub(crate) fn is_manual(self) -> bool {
        self.line().manual
    }

    pub(crate) fn responsible(self) -> Responsible {
        self.line().responsible
    }

    pub(crate) fn sentence(self) -> &'static str {
        self.line().sentence
    }

    /// Whether an integration of this kind needs it.
    pub(crate) fn is_for(self, kind: Kind) -> bool {
        match kind {
            Kind::Mls => true,
            Kind::M1 | Kind::Lockbox => !self.line().pulls_alone,
            // Nothing is synced by a single sign-on.
            Kind::Sso => {
                !self.line().pulls_alone
                    && !matches!(self, Self::SyncTried | Self::ResyncForced | Self::SyncOff)
            }
        }
    }

    /// Whether a vendor's people may confirm it.
    pub(crate) fn is_the_vendors(self) -> bool {
        matches!(self, Self::VendorConfirmed | Self::MlsAgreed)
    }
}
