//! The totals of a batch, which add up (LBX-063).

use dictionary::{Named, Record, Resource, Value, set_named};
use serde_json::{Value as Json, json};

/// `rows + absent = added + changed + unchanged + terminated + quarantined`, always.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tally {
    /// Rows read.
    pub(crate) rows: u64,
    /// Records that a full import's file no longer holds; they are terminated.
    pub(crate) absent: u64,
    pub(crate) added: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    /// Records that were active and are not any more, the absent ones too.
    pub(crate) terminated: u64,
    pub(crate) quarantined: u64,
    pub(crate) warnings: u64,
    /// Listings that name an agent, and those whose agent is found (LBX-013).
    pub(crate) agents_named: u64,
    pub(crate) agents_found: u64,
}

impl Tally {
    fn fields(&self) -> [(&'static str, u64); 10] {
        [
            ("RowsRead", self.rows),
            ("RecordsAbsent", self.absent),
            ("RecordsAdded", self.added),
            ("RecordsChanged", self.changed),
            ("RecordsUnchanged", self.unchanged),
            ("RecordsTerminated", self.terminated),
            ("RowsQuarantined", self.quarantined),
            ("RowsWarned", self.warnings),
            ("AgentsNamed", self.agents_named),
            ("AgentsFound", self.agents_found),
        ]
    }

    pub(crate) fn read(record: Named<'_>) -> Self {
        let count = |name: &str| record.integer(name).unwrap_or_default().unsigned_abs();
        Self {
            rows: count("RowsRead"),
            absent: count("RecordsAbsent"),
            added: count("RecordsAdded"),
            changed: count("RecordsChanged"),
            unchanged: count("RecordsUnchanged"),
            terminated: count("RecordsTerminated"),
            quarantined: count("RowsQuarantined"),
            warnings: count("RowsWarned"),
            agents_named: count("AgentsNamed"),
            agents_found: count("AgentsFound"),
        }
    }

    pub(crate) fn write(&self, record: &mut Record, own: &Resource) {
        for (name, count) in self.fields() {
            set_named(record, own, name, Some(Value::Integer(count.cast_signed())));
        }
    }

    pub(crate) fn told(&self) -> Json {
        let rate = |found: u64, named: u64| {
            (named > 0).then(|| {
                // Counts of an import are far below 2^52.
                #[expect(clippy::cast_precision_loss, reason = "a share of rows, to four digits")]
                let share = found as f64 / named as f64;
                (share * 10_000.0).round() / 10_000.0
            })
        };
        json!({
            "rows": self.rows, "absent": self.absent, "added": self.added, "changed": self.changed,
            "unchanged": self.unchanged, "terminated": self.terminated, "quarantined": self.quarantined,
            "warnings": self.warnings, "matchRate": rate(self.agents_found, self.agents_named),
        })
    }
}
