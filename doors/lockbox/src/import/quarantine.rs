//! Rows that are not applied: kept with everything that is wrong with them, until their next try (LBX-064).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use dictionary::{Dictionary, Named, Record, Text, Timestamp, Value, named};
use serde_json::{Map, Value as Json, json};
use store::{Expect, OWN_FEED, Operation, Store, StoreError};

use super::batch::Batch;
use super::draft::Draft;
use super::index::{Identity, each};
use super::part::Part;
use crate::tenant::Tenant;

/// The rows of one part of one tenant that are quarantined already: a fingerprint of each, and whether the file at
/// hand holds it still.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    kept: HashMap<Text, (u64, bool)>,
}

/// Characters of a key.
const LONGEST_KEY: usize = 255;

/// The key of a row: its id in its board; of a row without an id its line in its batch.
pub(crate) fn key(
    tenant: &Tenant,
    part: Part,
    identity: Option<&Identity>,
    (batch, row): (&str, u64),
) -> Text {
    let begin = format!("{}|{}|{}|", tenant.id, tenant.environment.name(), part.name());
    let of_line = || format!("{begin}{batch}:{row}");
    let key = match identity {
        Some((board, id)) => format!("{begin}{board}|{id}"),
        None => of_line(),
    };
    if key.chars().count() > LONGEST_KEY { of_line().into() } else { key.into() }
}

impl Quarantine {
    pub(crate) async fn load(
        store: &Store,
        dictionary: &Dictionary,
        tenant: &Tenant,
        part: Part,
    ) -> Result<Self, StoreError> {
        let mut quarantine = Self::default();
        rows(store, dictionary, tenant, Some(part), |key, row| {
            quarantine.kept.insert(key.clone(), (fingerprint(&row.text, &row.faults.to_string()), false));
        })
        .await?;
        Ok(quarantine)
    }

    /// What quarantines a row; nothing where it is there already, as it is.
    pub(crate) fn keep(
        &mut self,
        dictionary: &Dictionary,
        (tenant, batch): (&Tenant, &Batch),
        (key, draft): (Text, &Draft),
        headings: &[String],
        at: Timestamp,
    ) -> Option<Operation> {
        let cells = headings.iter().zip(&draft.cells);
        let text = |(name, cell): (&String, &Option<Box<str>>)| Some((name.clone(), json!(cell.as_deref()?)));
        let text = Json::Object(cells.filter_map(text).collect::<Map<_, _>>()).to_string();
        let id = draft.id.clone().unwrap_or_default();
        let faults = Json::Array(draft.findings.iter().map(|finding| finding.told(draft.row, &id)).collect());
        // The line may move from file to file; what is wrong does not.
        let print = fingerprint(&text, &faults.to_string());
        if self.kept.insert(key.clone(), (print, true)).is_some_and(|(before, _)| before == print) {
            return None;
        }
        let own = dictionary.known("QuarantinedRow");
        let fields = [
            ("QuarantinedRowId", Some(Value::from(key))),
            ("TenantId", Some(tenant.id.clone().into())),
            ("TenantEnvironment", Some(tenant.environment.name().into())),
            ("ResourceName", Some(batch.part.resource().into())),
            ("ImportBatchId", Some(batch.id.clone().into())),
            ("RowNumber", Some(Value::Integer(draft.row.cast_signed()))),
            ("RowKey", Some(id.into())),
            ("RowText", Some(text.into())),
            ("RowFaults", Some(faults.to_string().into())),
            ("ModificationTimestamp", Some(at.into())),
        ];
        Some(Operation::put_own(named(own, fields), Expect::Any))
    }

    /// What takes a row out whose record is applied.
    pub(crate) fn release(&mut self, dictionary: &Dictionary, key: &Text) -> Option<Operation> {
        self.kept.remove(key)?;
        Some(Operation::remove(dictionary.known("QuarantinedRow").id, key.clone()))
    }

    /// What takes the rows out that a full import's file no longer holds.
    pub(crate) fn absent(self, dictionary: &Dictionary) -> impl Iterator<Item = Operation> {
        let resource = dictionary.known("QuarantinedRow").id;
        let gone = self.kept.into_iter().filter(|(_, (_, seen))| !seen);
        gone.map(move |(key, _)| Operation::remove(resource, key))
    }
}

fn fingerprint(text: &str, faults: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (text, faults).hash(&mut hasher);
    hasher.finish()
}

/// A row that is quarantined.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    pub(crate) part: Part,
    pub(crate) batch: Text,
    pub(crate) key: Text,
    pub(crate) row: u64,
    /// The cells by heading, as JSON.
    pub(crate) text: Text,
    pub(crate) faults: Json,
    pub(crate) at: Option<Timestamp>,
}

impl Row {
    /// A tenant's row; none where the record is another's.
    pub(crate) fn read(dictionary: &Dictionary, record: &Record, tenant: &Tenant) -> Option<Self> {
        let own = dictionary.known("QuarantinedRow");
        let named = Named { own, record };
        let ours = named.text("TenantId")? == tenant.id
            && named.text("TenantEnvironment")? == tenant.environment.name();
        ours.then_some(())?;
        Some(Self {
            part: Part::find(&named.text("ResourceName")?)?,
            batch: named.text("ImportBatchId").unwrap_or_default(),
            key: named.text("RowKey").unwrap_or_default(),
            row: named.integer("RowNumber").unwrap_or_default().unsigned_abs(),
            text: named.text("RowText").unwrap_or_default(),
            faults: serde_json::from_str(&named.text("RowFaults").unwrap_or_default()).unwrap_or_default(),
            at: named.instant("ModificationTimestamp"),
        })
    }

    pub(crate) fn told(&self, id: &str) -> Json {
        let cells: Json = serde_json::from_str(&self.text).unwrap_or_default();
        json!({
            "id": id, "part": self.part.name(), "batch": self.batch.as_str(), "row": self.row,
            "key": self.key.as_str(), "cells": cells, "findings": self.faults,
            "at": self.at.map(|at| at.to_string()),
        })
    }
}

/// Hands the quarantined rows of a tenant to `take`, with their keys.
pub(crate) async fn rows(
    store: &Store,
    dictionary: &Dictionary,
    tenant: &Tenant,
    part: Option<Part>,
    mut take: impl FnMut(&Text, Row),
) -> Result<(), StoreError> {
    let own = dictionary.known("QuarantinedRow");
    each(store, dictionary, (own.id, &OWN_FEED.into()), |stored| {
        let row = Row::read(dictionary, &stored.record, tenant);
        if let Some(row) = row.filter(|row| part.is_none_or(|part| row.part == part)) {
            take(&stored.key, row);
        }
    })
    .await
}
