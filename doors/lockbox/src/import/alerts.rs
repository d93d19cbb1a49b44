//! Alerts: what somebody of the association should look at, kept as records until it is over (LBX-068, LBX-073).
//!
//! They are the same records that missed runs of a sync raise, and their keys begin with the tenant's id and a point,
//! as those do: who lists a tenant's alerts finds them all.

use std::collections::HashMap;

use dictionary::{Key, Named, Record, Text, Timestamp, Value, named, set_named};
use gate::TenantEnvironment as Environment;
use serde_json::{Value as Json, json};
use store::{Expect, OWN_FEED, Operation, StoreError, Stored};

use super::batch::{Batch, Origin, Status};
use super::index::each;
use crate::Door;
use crate::tenant::Tenant;

/// Characters of a text.
const LONGEST: usize = 1_024;

/// What an alert is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alarm {
    /// Nothing of a batch was applied, for a fault.
    Failed,
    /// A batch stands at the gate.
    Waiting,
    /// The source's shape is not what it was.
    Drift,
    /// Rows say no board.
    BoardMissing,
}

impl Alarm {
    const ALL: [Self; 4] = [Self::Failed, Self::Waiting, Self::Drift, Self::BoardMissing];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Failed => "import_failed",
            Self::Waiting => "import_waiting",
            Self::Drift => "source_changed",
            Self::BoardMissing => "board_id_missing",
        }
    }

    /// What it is about: a batch that waits is one thing, whatever comes after it; all else is a part of the source,
    /// which may be so time and again.
    fn key(self, batch: &Batch) -> Key {
        let about = match self {
            Self::Waiting => batch.id.as_str(),
            Self::Failed | Self::Drift | Self::BoardMissing => batch.part.name(),
        };
        format!("{}.lockbox|{}|{about}|{}", batch.tenant, batch.environment.name(), self.code()).into()
    }

    /// Whether it is over with a batch that has come so far and did not raise it.
    fn ends(self, batch: &Batch) -> bool {
        match self {
            // Somebody has said what becomes of it.
            Self::Waiting => !matches!(batch.status, Status::Waiting | Status::Running),
            // Rows that are tried again say nothing of the source.
            Self::Failed | Self::Drift | Self::BoardMissing => {
                batch.status == Status::Applied && !matches!(batch.origin, Origin::Quarantine(_))
            }
        }
    }
}

impl Door {
    /// What keeps the alerts of a batch as it stands: those that it has raised, and the end of those that are over.
    pub(crate) async fn alerts_of(&self, batch: &Batch, at: Timestamp) -> Result<Vec<Operation>, StoreError> {
        let own = self.dictionary.known("Alert");
        let keys = Alarm::ALL.map(|alarm| alarm.key(batch));
        let kept = self.store.get_many(own.id, &keys).await?.into_iter().flatten();
        let kept: HashMap<Key, Stored> = kept.map(|stored| (stored.key.clone(), stored)).collect();
        let mut operations = Vec::new();
        for (alarm, key) in Alarm::ALL.into_iter().zip(keys) {
            let stands = kept.get(&key).map(|stored| Named { own, record: &stored.record });
            let stands = stands.filter(|alert| alert.instant("ResolvedTimestamp").is_none());
            let texts: Vec<&str> =
                batch.raised.iter().filter(|(of, _)| *of == alarm).map(|(_, text)| text.as_str()).collect();
            let record = match stands {
                before if !texts.is_empty() => {
                    self.raised((alarm, key), batch, (&texts.join(" "), before), at)
                }
                Some(alert) if alarm.ends(batch) => {
                    let mut record = alert.record.clone();
                    set_named(&mut record, own, "ResolvedTimestamp", Some(at.into()));
                    record
                }
                _ => continue,
            };
            // One import of a tenant is at work at a time: nobody else writes these.
            let (feed, expect) = (OWN_FEED.into(), Expect::Any);
            operations.push(Operation::Put { feed, record, expect, stamp: Some(at) });
        }
        Ok(operations)
    }

    /// An alert as it is to be; of one that stands the batches are counted that raised it one after the other.
    fn raised(
        &self,
        (alarm, key): (Alarm, Key),
        batch: &Batch,
        (text, stands): (&str, Option<Named<'_>>),
        at: Timestamp,
    ) -> Record {
        let told = stands.is_some_and(|alert| alert.text("AlertAbout").as_ref() == Some(&batch.id));
        let before = stands.and_then(|alert| alert.integer("AlertCount")).unwrap_or_default();
        let count = if told { before } else { before + 1 };
        let since = stands.and_then(|alert| alert.instant("RaisedTimestamp")).unwrap_or(at);
        let fields = [
            ("AlertId", Some(Value::from(key))),
            ("TenantId", Some(batch.tenant.clone().into())),
            ("TenantEnvironment", Some(batch.environment.name().into())),
            ("AlertCode", Some(alarm.code().into())),
            ("AlertAbout", Some(batch.id.clone().into())),
            ("AlertText", Some(text.chars().take(LONGEST).collect::<String>().into())),
            ("AlertCount", Some(Value::Integer(count))),
            ("RaisedTimestamp", Some(since.into())),
        ];
        named(self.dictionary.known("Alert"), fields)
    }
}

/// An alert of a tenant in an environment, whoever raised it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Alert {
    id: Text,
    code: Text,
    about: Text,
    text: Text,
    count: i64,
    raised: Timestamp,
    pub(crate) resolved: Option<Timestamp>,
}

impl Alert {
    fn read(record: Named<'_>, tenant: &Tenant) -> Option<Self> {
        let environment = Environment::find(&record.text("TenantEnvironment")?)?;
        let ours = record.text("TenantId")? == tenant.id && environment == tenant.environment;
        ours.then_some(Self {
            id: record.text("AlertId")?,
            code: record.text("AlertCode")?,
            about: record.text("AlertAbout").unwrap_or_default(),
            text: record.text("AlertText").unwrap_or_default(),
            count: record.integer("AlertCount").unwrap_or(1),
            raised: record.instant("RaisedTimestamp")?,
            resolved: record.instant("ResolvedTimestamp"),
        })
    }

    pub(crate) fn told(&self) -> Json {
        json!({
            "id": self.id.as_str(), "code": self.code.as_str(), "about": self.about.as_str(),
            "text": self.text.as_str(), "count": self.count, "raised": self.raised.to_string(),
            "resolved": self.resolved.map(|at| at.to_string()),
        })
    }
}

/// The alerts of a tenant: those that stand before those that are over, of each the newest first.
pub(crate) async fn alerts(door: &Door, tenant: &Tenant) -> Result<Vec<Alert>, StoreError> {
    let own = door.dictionary.known("Alert");
    let mut found = Vec::new();
    each(&door.store, &door.dictionary, (own.id, &OWN_FEED.into()), |stored| {
        found.extend(Alert::read(Named { own, record: &stored.record }, tenant));
    })
    .await?;
    found.sort_by(|a, b| {
        let over = a.resolved.is_some().cmp(&b.resolved.is_some());
        over.then_with(|| b.raised.cmp(&a.raised)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(found)
}
