//! Where an integration's sync stands in one environment: the record SyncState.

use dictionary::{Dictionary, Named, Record, Text, Timestamp, named};
use gate::TenantEnvironment;
use store::{Sequence, Stored};

use super::number;
use crate::IntegrationSetting;

/// A SyncState, read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SyncState {
    pub(crate) integration: Text,
    pub(crate) environment: TenantEnvironment,
    pub(crate) tenant: Text,
    /// The number of the pull that was opened last; 0 before the first.
    pub(crate) number: u64,
    /// The pull that is open.
    pub(crate) open: Option<u64>,
    /// The newest pull that was acknowledged; 0 before the first.
    pub(crate) acknowledged_run: u64,
    /// The entry of the log up to which everything was acknowledged; none before the first pull.
    pub(crate) acknowledged: Option<Sequence>,
    /// The newest forced resync that was acknowledged, by its entry of the log; 0 where there was none.
    pub(crate) forced: Sequence,
    /// When a pull was opened last.
    pub(crate) last_pull: Option<Timestamp>,
    /// When one was acknowledged last.
    pub(crate) last_acknowledged: Option<Timestamp>,
}

impl SyncState {
    /// The key of the record.
    pub(crate) fn key(integration: &str, environment: TenantEnvironment) -> Text {
        IntegrationSetting::key(integration, environment)
    }

    /// Where it stands before anything was pulled.
    pub(crate) fn new(setting: &IntegrationSetting) -> Self {
        Self {
            integration: setting.integration.clone(),
            environment: setting.environment,
            tenant: setting.tenant.clone(),
            number: 0,
            open: None,
            acknowledged_run: 0,
            acknowledged: None,
            forced: 0,
            last_pull: None,
            last_acknowledged: None,
        }
    }

    /// Reads a record; none where it lacks what it needs.
    pub(crate) fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("SyncState"), record: &kept.record };
        let count = |name: &str| named.integer(name).map(i64::unsigned_abs);
        Some(Self {
            integration: named.text("IntegrationId")?,
            environment: TenantEnvironment::find(&named.text("TenantEnvironment")?)?,
            tenant: named.text("TenantId")?,
            number: count("SyncRunNumber").unwrap_or(0),
            open: count("OpenSyncRunNumber"),
            acknowledged_run: count("AcknowledgedRunNumber").unwrap_or(0),
            acknowledged: count("AcknowledgedSequence"),
            forced: count("ForcedSequence").unwrap_or(0),
            last_pull: named.instant("LastPullTimestamp"),
            last_acknowledged: named.instant("LastAcknowledgedTimestamp"),
        })
    }

    /// The record.
    pub(crate) fn record(&self, dictionary: &Dictionary) -> Record {
        named(
            dictionary.known("SyncState"),
            [
                ("IntegrationId", Some(self.integration.clone().into())),
                ("TenantEnvironment", Some(self.environment.name().into())),
                ("TenantId", Some(self.tenant.clone().into())),
                ("SyncRunNumber", Some(number(self.number))),
                ("OpenSyncRunNumber", self.open.map(number)),
                ("AcknowledgedRunNumber", Some(number(self.acknowledged_run))),
                ("AcknowledgedSequence", self.acknowledged.map(number)),
                ("ForcedSequence", Some(number(self.forced))),
                ("LastPullTimestamp", self.last_pull.map(Into::into)),
                ("LastAcknowledgedTimestamp", self.last_acknowledged.map(Into::into)),
            ],
        )
    }
}
