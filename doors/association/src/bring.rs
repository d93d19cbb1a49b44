//! Bringing data files in, in the background: an order is a record, whoever takes it holds a lease, and the same
//! file again changes nothing, so that an import which was cut off is brought to its end by the next who looks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Named, Record, Text, Timestamp, Value, named, set_named};
use gate::TenantEnvironment;
use intake::{IntakeError, Job, Limits, Mapping, Report, RunOptions, Silent};
use odata::Fault;
use serde_json::{Value as Json, json};
use store::Stored;

use crate::answer::Refused;
use crate::conversion::{self, Columns, Counts, MappingSet, Plan};
use crate::keeping::Keeping;
use crate::route::integrations::mapping_in_force;
use crate::words::FileKind;
use crate::{Door, Integration, Tenant};

/// How long an import is held by who does it; the largest takes minutes.
const HELD: Duration = Duration::from_secs(900);
/// Whom the log names where a mapping in force brings in what was held.
const ACTOR: &str = "association/mapping";
/// Reasons that an import's record tells.
const MOST_REASONS: usize = 100;

/// What is to be imported, where, and by what.
#[derive(Clone, Debug)]
pub(crate) struct Ordered<'a> {
    pub(crate) of: &'a Integration,
    pub(crate) place: TenantEnvironment,
    /// The record DataFile.
    pub(crate) file: &'a Stored,
    /// MappingSetId
    pub(crate) mapping: &'a Text,
    pub(crate) actor: Text,
    pub(crate) now: Timestamp,
}

/// The record of an order, and its key.
pub(crate) fn order(door: &Door, ordered: &Ordered<'_>) -> std::io::Result<(Text, Record)> {
    let Ordered { of, place, file, mapping, actor, now } = ordered;
    let read = Named { own: door.dictionary.known("DataFile"), record: &file.record };
    let key = Text::from(format!("{}.{}", of.id, gate::fresh_id(*now)?));
    let record = named(
        door.dictionary.known("ContactImport"),
        [
            ("ContactImportId", Some(key.clone().into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("TenantEnvironment", Some(place.name().into())),
            ("DataFileId", Some(file.key.clone().into())),
            ("DataFileKind", read.text("DataFileKind").map(Value::from)),
            ("MappingSetId", Some((*mapping).clone().into())),
            ("ImportStatus", Some("Running".into())),
            ("ActorName", Some(actor.clone().into())),
            ("ImportedTimestamp", Some((*now).into())),
        ],
    );
    Ok((key, record))
}

impl Door {
    /// The newest data file of a kind.
    pub(crate) fn newest_data_file(&self, integration: &str, kind: FileKind) -> Option<Stored> {
        let own = self.dictionary.known("DataFile");
        let files = self.register.beginning("DataFile", &format!("{integration}."));
        let of_kind = files.into_iter().filter(|stored| {
            Named { own, record: &stored.record }.text("DataFileKind").as_deref() == Some(kind.name())
        });
        of_kind.max_by_key(|stored| stored.sequence)
    }

    /// Does every import that is ordered and not done, and orders anew what was held under another mapping than
    /// the one in force (AMS-034); returns how many were done.
    pub async fn import_what_is_ordered(&self) -> usize {
        if let Err(error) = self.refresh().await {
            tracing::warn!(code = error.code(), "nothing is imported while the store does not answer");
            return 0;
        }
        if let Err(refused) = self.order_what_was_held().await {
            tracing::warn!(?refused, "what was held is not imported anew");
        }
        let own = self.dictionary.known("ContactImport");
        let open = |stored: &Stored| {
            Named { own, record: &stored.record }.text("ImportStatus").as_deref() == Some("Running")
        };
        let mut done = 0;
        for order in self.register.all("ContactImport").iter().filter(|stored| open(stored)) {
            match self.bring(order).await {
                Ok(brought) => done += usize::from(brought),
                Err(refused) => tracing::warn!(import = order.key.as_str(), ?refused, "the import waits"),
            }
        }
        done
    }

    /// Orders again what a newer mapping may let in: the newest import of each file and environment, where it
    /// held something and another mapping is in force by now.
    async fn order_what_was_held(&self) -> Result<(), Refused> {
        let own = self.dictionary.known("ContactImport");
        let now = self.now();
        let mut newest = BTreeMap::new();
        for stored in self.register.all("ContactImport") {
            let read = Named { own, record: &stored.record };
            let place =
                [read.text("IntegrationId"), read.text("TenantEnvironment"), read.text("DataFileKind")];
            let [Some(of), Some(place), Some(kind)] = place else { continue };
            let place = (of, place, kind);
            // What was done last has the highest version.
            if newest.get(&place).is_none_or(|known: &Stored| known.sequence < stored.sequence) {
                newest.insert(place, stored);
            }
        }
        for ((of, place, _), stored) in newest {
            let read = Named { own, record: &stored.record };
            let held = read.integer("RecordsHeld").is_some_and(|held| held > 0);
            if !held || read.text("ImportStatus").as_deref() != Some("Completed") {
                continue;
            }
            let (Some(of), Some(place)) = (self.integration(&of), TenantEnvironment::find(&place)) else {
                continue;
            };
            let file = read.text("DataFileId").and_then(|id| self.register.get("DataFile", &id));
            let (Some(file), Some(set)) = (file, mapping_in_force(self, &of, place)) else { continue };
            if read.text("MappingSetId").as_ref() == Some(&set.id) {
                continue;
            }
            let actor = Text::new_static(ACTOR);
            let ordered =
                Ordered { of: &of, place, file: &file, mapping: &set.id, actor: actor.clone(), now };
            let Ok((_, record)) = order(self, &ordered) else { continue };
            let mut keeping = Keeping::new(actor, now);
            keeping.add(record);
            self.keep(keeping).await?;
        }
        Ok(())
    }

    /// Does one import; false where another does it.
    async fn bring(&self, order: &Stored) -> Result<bool, Refused> {
        let name = format!("association/import/{}", order.key);
        let holder = gate::fresh_id(self.now()).map_err(|error| {
            Fault::new(500, "no_randomness", error.to_string(), "Look at the system's log.")
        })?;
        let Some(lease) = self.store.take_lease(&name, &holder, HELD, self.now()).await? else {
            return Ok(false);
        };
        let done = self.do_one(order).await;
        self.store.release_lease(&lease).await?;
        done.map(|()| true)
    }

    async fn do_one(&self, order: &Stored) -> Result<(), Refused> {
        let own = self.dictionary.known("ContactImport");
        let (plan, ran) = match self.prepared(order) {
            Some(prepared) => {
                let ran = self.run(order, &prepared).await;
                (Some(prepared), ran)
            }
            None => {
                let message = "The file, the mapping or the tenant of the order is gone.";
                (None, Err(IntakeError::new("order_stale", message, "Order it again.")))
            }
        };
        if let Err(error) = &ran
            && error.code.starts_with("store_")
        {
            // It is taken up again when the store answers.
            return Err(Fault::new(503, error.code, error.message.clone(), error.hint.clone()).into());
        }
        let now = self.now();
        let mut record = (*order.record).clone();
        let mut set = |name: &str, value: Value| set_named(&mut record, own, name, Some(value));
        let number = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        match (&ran, plan) {
            (Ok(report), Some(plan)) => {
                let counts = report.of(plan.resource()).cloned().unwrap_or_default();
                set("ImportStatus", "Completed".into());
                set("RowsRead", number(report.rows));
                set("RecordsKept", number(counts.new + counts.changed + counts.unchanged));
                set("RecordsHeld", number(report.rows_dropped));
                set("RecordsRefused", number(counts.refused + report.rows_refused));
                set("HeldReasons", reasons(&plan, report).to_string().into());
                if let Some(run) = &report.run {
                    set("ImportRunId", run.clone().into());
                }
            }
            (Err(error), _) => {
                set("ImportStatus", "Failed".into());
                let told = json!([{ "code": error.code, "message": error.message, "hint": error.hint }]);
                set("HeldReasons", told.to_string().into());
            }
            (Ok(_), None) => {}
        }
        set("ImportedTimestamp", now.into());
        let actor = Named { own, record: &order.record }.text("ActorName");
        let mut keeping = Keeping::new(actor.unwrap_or_else(|| Text::new_static(ACTOR)), now);
        keeping.change(order, record);
        self.keep(keeping).await?;
        Ok(())
    }

    fn prepared(&self, order: &Stored) -> Option<Prepared> {
        let read = Named { own: self.dictionary.known("ContactImport"), record: &order.record };
        let file = self.register.get("DataFile", &read.text("DataFileId")?)?;
        let tenant = self.tenant(&read.text("TenantId")?)?;
        let place = TenantEnvironment::find(&read.text("TenantEnvironment")?)?;
        let set = self.mapping(&read.text("MappingSetId")?)?;
        let of_file = Named { own: self.dictionary.known("DataFile"), record: &file.record };
        let headings: Vec<String> = of_file.texts("DataFileHeadings").iter().map(Text::to_string).collect();
        let kind = FileKind::find(&of_file.text("DataFileKind")?)?;
        let parts = [
            ("id", "IdColumn"),
            ("status", "StatusColumn"),
            ("userClass", "UserClassColumn"),
            ("type", "ContactTypeColumn"),
        ];
        let said =
            parts.into_iter().filter_map(|(part, field)| Some((part, of_file.text(field)?.to_string())));
        Some(Prepared {
            kind,
            columns: conversion::find(kind, &headings, &said.collect()).ok()?,
            counts: serde_json::from_str(&of_file.text("DataFileCounts")?).ok()?,
            set,
            feed: tenant.feed(place).clone(),
            hash: of_file.text("DataFileHash")?,
            name: of_file.text("FileName")?,
            tenant,
        })
    }

    async fn run(&self, order: &Stored, prepared: &Prepared) -> Result<Report, IntakeError> {
        let missing =
            || IntakeError::new("no_directory", "This server keeps no data files.", "Set a directory.");
        let source = self.files.as_ref().ok_or_else(missing)?.source(&prepared.hash, &prepared.name);
        let mapping = Mapping::read(&prepared.plan().mapping())?;
        let dictionary = Arc::clone(&self.dictionary);
        let open = move || Job::open(dictionary, &mapping, source, Limits::default());
        let opened = tokio::task::spawn_blocking(open).await;
        let job = opened.map_err(|_| {
            IntakeError::new("import_stopped", "Opening the file was stopped.", "Order it again.")
        })??;
        let actor = Named { own: self.dictionary.known("ContactImport"), record: &order.record }
            .text("ActorName")
            .unwrap_or_else(|| Text::new_static(ACTOR));
        job.run(&self.store, RunOptions::new(actor, Arc::clone(&self.clock)), Arc::new(Silent)).await
    }
}

/// Everything that an import needs.
struct Prepared {
    kind: FileKind,
    columns: Columns,
    counts: Counts,
    set: MappingSet,
    feed: Text,
    hash: Text,
    name: Text,
    tenant: Tenant,
}

impl Prepared {
    fn plan(&self) -> Plan<'_> {
        Plan {
            kind: self.kind,
            columns: &self.columns,
            counts: &self.counts,
            set: &self.set,
            feed: &self.feed,
            association: &self.tenant.id,
        }
    }

    /// The resource that a row becomes a record of.
    fn resource(&self) -> &'static str {
        match self.kind {
            FileKind::Agent => "Member",
            FileKind::Office => "Office",
        }
    }
}

/// Why rows stay outside: words without a mapping with how often they stand in the file, then faults.
fn reasons(prepared: &Prepared, report: &Report) -> Json {
    let unmapped = prepared.counts.iter().flat_map(|(category, values)| {
        values
            .iter()
            .filter(|(value, _)| prepared.set.of_value(*category, value).is_none())
            .map(|(value, count)| json!({ "category": category.name(), "value": value, "count": count }))
    });
    let refused = report.reasons.iter().filter(|reason| reason.refused).map(|reason| {
        let line = reason.examples.first().map(|example| example.line);
        json!({ "code": reason.code, "field": reason.field, "count": reason.count, "line": line, "hint": reason.hint })
    });
    Json::Array(unmapped.chain(refused).take(MOST_REASONS).collect())
}
