//! One pull, from its opening to its acknowledgement: the record SyncRun.

use dictionary::{Dictionary, Named, Record, Text, Timestamp, named};
use gate::TenantEnvironment;
use store::{Sequence, Stored};

use super::{Contact, number};

/// How a pull stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RunStatus {
    /// Its pages may be read.
    Open,
    /// The other side has everything.
    Acknowledged,
    /// Another was opened before it was acknowledged: what it offered is offered by that one.
    Superseded,
}

impl RunStatus {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Acknowledged => "Acknowledged",
            Self::Superseded => "Superseded",
        }
    }

    fn find(name: &str) -> Option<Self> {
        [Self::Open, Self::Acknowledged, Self::Superseded].into_iter().find(|one| one.name() == name)
    }
}

/// How many contacts of each resource a pull offers, in the order of [`Contact::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts(pub(crate) [u64; 4]);

/// The fields of the counts, in the order of [`Contact::ALL`].
const COUNTED: [&str; 4] =
    ["OfficesOffered", "MembersOffered", "OfficeAssociationsOffered", "MemberAssociationsOffered"];

impl Counts {
    /// Those of one resource.
    pub(crate) fn of(self, contact: Contact) -> u64 {
        self.0[contact.index()]
    }
}

/// A SyncRun, read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SyncRun {
    pub(crate) integration: Text,
    pub(crate) tenant: Text,
    pub(crate) environment: TenantEnvironment,
    /// Counted from 1 for each integration and environment.
    pub(crate) number: u64,
    pub(crate) status: RunStatus,
    /// Who opened it: its pages are read with the same grants.
    pub(crate) client: Text,
    /// The planned run that it makes; none where it was not yet due.
    pub(crate) planned: Option<Timestamp>,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    /// The window: what changed after this entry of the log …
    pub(crate) after: Sequence,
    /// … and up to this one.
    pub(crate) upto: Sequence,
    /// The forced resync that it serves, by its entry of the log.
    pub(crate) forced: Option<Sequence>,
    /// The version of the mapping by which contacts are converted.
    pub(crate) mapping: Option<Text>,
    pub(crate) offered: Counts,
    /// Contacts that were held when it was opened.
    pub(crate) held: u64,
    /// What the other side said of it.
    pub(crate) result: Option<Text>,
}

impl SyncRun {
    /// The key of a pull's record.
    pub(crate) fn key(integration: &str, environment: TenantEnvironment, number: u64) -> Text {
        Text::from(format!("{integration}|{}|{number}", environment.name()))
    }

    /// Reads a record; none where it lacks what it needs.
    pub(crate) fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("SyncRun"), record: &kept.record };
        let count = |name: &str| named.integer(name).map(i64::unsigned_abs);
        Some(Self {
            integration: named.text("IntegrationId")?,
            tenant: named.text("TenantId")?,
            environment: TenantEnvironment::find(&named.text("TenantEnvironment")?)?,
            number: count("SyncRunNumber")?,
            status: RunStatus::find(&named.text("SyncRunStatus")?)?,
            client: named.text("ClientId")?,
            planned: named.instant("PlannedTimestamp"),
            started: named.instant("StartedTimestamp")?,
            ended: named.instant("EndedTimestamp"),
            after: count("AfterSequence")?,
            upto: count("UptoSequence")?,
            forced: count("ForcedSequence"),
            mapping: named.text("MappingSetId"),
            offered: Counts(COUNTED.map(|name| count(name).unwrap_or(0))),
            held: count("ContactsHeld").unwrap_or(0),
            result: named.text("SyncRunResult"),
        })
    }

    /// The record.
    pub(crate) fn record(&self, dictionary: &Dictionary) -> Record {
        let key = Self::key(&self.integration, self.environment, self.number);
        let fields = [
            ("SyncRunId", Some(key.into())),
            ("IntegrationId", Some(self.integration.clone().into())),
            ("TenantId", Some(self.tenant.clone().into())),
            ("TenantEnvironment", Some(self.environment.name().into())),
            ("SyncRunNumber", Some(number(self.number))),
            ("SyncRunStatus", Some(self.status.name().into())),
            ("ClientId", Some(self.client.clone().into())),
            ("PlannedTimestamp", self.planned.map(Into::into)),
            ("StartedTimestamp", Some(self.started.into())),
            ("EndedTimestamp", self.ended.map(Into::into)),
            ("AfterSequence", Some(number(self.after))),
            ("UptoSequence", Some(number(self.upto))),
            ("ForcedSequence", self.forced.map(number)),
            ("MappingSetId", self.mapping.clone().map(Into::into)),
            ("ContactsHeld", Some(number(self.held))),
            ("SyncRunResult", self.result.clone().map(Into::into)),
        ];
        let counts = COUNTED.into_iter().zip(self.offered.0).map(|(name, count)| (name, Some(number(count))));
        named(dictionary.known("SyncRun"), fields.into_iter().chain(counts))
    }
}
