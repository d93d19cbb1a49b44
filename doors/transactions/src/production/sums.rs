//! The sums themselves.
//!
//! Of a transaction count its total income and its deduction; of an agent, what the entries credit to them,
//! and of the deduction the part that their share of the credited income has. A side is one role of one
//! transaction that has an entry. A referral's income (type RF) counts and has no side: nobody was
//! represented. A canceled transaction counts only where its status is asked for.

use std::collections::{BTreeMap, BTreeSet};

use dictionary::{Decimal, Text};

use super::asked::{Asked, Dimension, day};
use crate::ledger::Current;
use crate::report::{Entry, Money};

/// Rows of one answer at most.
const MOST_ROWS: usize = 10_000;
/// Digits after the point of a shared deduction: cents.
const CENTS: u32 = 2;

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TooLarge {
    /// A sum has too many digits.
    Sum,
    /// There are too many rows.
    Rows,
}

/// Figures of one group in one currency.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Row {
    /// The group, dimension by dimension; none where a report does not say.
    pub(crate) group: Vec<Option<Text>>,
    pub(crate) currency: Text,
    pub(crate) gci: Decimal,
    pub(crate) deduction: Decimal,
    pub(crate) units: Decimal,
    pub(crate) sides: u64,
    pub(crate) transactions: u64,
    /// Of the transactions, those that came by referral or are one.
    pub(crate) referrals: u64,
    /// The reports that the figures are made of: address, transaction, sequence.
    pub(crate) reports: BTreeSet<(Text, Text, u64)>,
}

impl Row {
    /// What is left of the income.
    pub(crate) fn net(&self) -> Decimal {
        self.gci.saturating_sub(self.deduction)
    }
}

type Group = (Vec<Option<Text>>, Text);

#[derive(Default)]
struct Table(BTreeMap<Group, Row>);

impl Table {
    fn row(&mut self, group: &[Option<Text>], currency: &Text) -> Result<&mut Row, TooLarge> {
        let key = (group.to_vec(), currency.clone());
        if self.0.len() >= MOST_ROWS && !self.0.contains_key(&key) {
            return Err(TooLarge::Rows);
        }
        Ok(self.0.entry(key).or_insert_with(|| Row {
            group: group.to_vec(),
            currency: currency.clone(),
            ..Row::default()
        }))
    }
}

fn add(sum: &mut Decimal, more: Decimal) -> Result<(), TooLarge> {
    *sum = sum.checked_add(more).ok_or(TooLarge::Sum)?;
    Ok(())
}

/// The figures of the reports that are asked for, in the order of their groups.
pub(crate) fn sums<'a>(
    reports: impl Iterator<Item = &'a Current>,
    asked: &Asked,
) -> Result<Vec<Row>, TooLarge> {
    let mut table = Table::default();
    for current in reports.filter(|current| asked.takes(current)) {
        if asked.of_agents() {
            by_agent(&mut table, asked, current)?;
        } else {
            whole(&mut table, asked, current)?;
        }
    }
    Ok(table.0.into_values().collect())
}

/// A transaction, of which an agent may be one.
fn group(asked: &Asked, current: &Current, agent: Option<&Text>) -> Vec<Option<Text>> {
    let report = &current.report;
    let part = |dimension: &Dimension| match dimension {
        Dimension::Agent => agent.cloned(),
        Dimension::Office => Some(report.reporting_office.clone()),
        Dimension::Type => Some(report.kind.clone()),
        Dimension::Status => report.status.clone(),
        Dimension::Period(period) => day(current).map(|day| period.of(day).into()),
    };
    asked.by.iter().map(part).collect()
}

/// The roles that have an entry.
fn sides<'a>(current: &Current, entries: impl Iterator<Item = &'a Entry>) -> u64 {
    let roles: BTreeSet<&Text> = entries.filter_map(|entry| entry.role.as_ref()).collect();
    if current.report.kind == "RF" { 0 } else { roles.len() as u64 }
}

fn note(row: &mut Row, current: &Current, sides: u64) {
    let report = &current.report;
    row.sides += sides;
    row.transactions += 1;
    row.referrals += u64::from(report.referral || report.kind == "RF");
    trace(row, current);
}

fn trace(row: &mut Row, current: &Current) {
    let report = &current.report;
    row.reports.insert((current.uri.clone(), report.transaction.clone(), report.sequence));
}

fn whole(table: &mut Table, asked: &Asked, current: &Current) -> Result<(), TooLarge> {
    let (report, group) = (&current.report, group(asked, current, None));
    let row = table.row(&group, &report.gci.currency)?;
    add(&mut row.gci, report.gci.value)?;
    for units in report.entries.iter().filter_map(|entry| entry.units) {
        add(&mut row.units, units)?;
    }
    note(row, current, sides(current, report.entries.iter()));
    deduct(table, &group, current, report.deduction.value)
}

/// A deduction in another currency than the income has a row of its own.
fn deduct(
    table: &mut Table,
    group: &[Option<Text>],
    current: &Current,
    part: Decimal,
) -> Result<(), TooLarge> {
    if !part.is_zero() {
        let row = table.row(group, &current.report.deduction.currency)?;
        add(&mut row.deduction, part)?;
        trace(row, current);
    }
    Ok(())
}

fn by_agent(table: &mut Table, asked: &Asked, current: &Current) -> Result<(), TooLarge> {
    let report = &current.report;
    let parts = shares(report.deduction.value, &report.gci.currency, &report.entries).ok_or(TooLarge::Sum)?;
    let mut seen: BTreeMap<Group, Vec<&Entry>> = BTreeMap::new();
    for (entry, part) in report.entries.iter().zip(parts) {
        if asked.agent.is_some() && entry.agent != asked.agent {
            continue;
        }
        let group = group(asked, current, entry.agent.as_ref());
        let gci: Option<&Money> = entry.gci.as_ref();
        let currency = gci.map_or(&report.gci.currency, |gci| &gci.currency);
        let row = table.row(&group, currency)?;
        add(&mut row.gci, gci.map_or(Decimal::ZERO, |gci| gci.value))?;
        add(&mut row.units, entry.units.unwrap_or_default())?;
        deduct(table, &group, current, part)?;
        seen.entry((group, currency.clone())).or_default().push(entry);
    }
    // A transaction counts once for an agent, however many of its entries are theirs.
    for ((group, currency), entries) in seen {
        let sides = sides(current, entries.into_iter());
        note(table.row(&group, &currency)?, current, sides);
    }
    Ok(())
}

/// The part of a deduction that falls on each entry, in proportion to the income in `currency` that it is
/// credited with, in whole cents; the parts sum to the deduction exactly. Nothing falls on anyone where no
/// income is credited. None where a product has too many digits.
fn shares(deduction: Decimal, currency: &Text, entries: &[Entry]) -> Option<Vec<Decimal>> {
    let credited = |entry: &Entry| {
        let gci = entry.gci.as_ref().filter(|gci| gci.currency == *currency && gci.value > Decimal::ZERO);
        gci.map_or(Decimal::ZERO, |gci| gci.value)
    };
    let total = entries.iter().try_fold(Decimal::ZERO, |sum, entry| sum.checked_add(credited(entry)))?;
    let (mut before, mut given) = (Decimal::ZERO, Decimal::ZERO);
    let mut parts = Vec::with_capacity(entries.len());
    for entry in entries {
        before += credited(entry);
        let due = if total.is_zero() {
            Decimal::ZERO
        } else if before == total {
            deduction
        } else {
            deduction.checked_mul(before)?.checked_div(total)?.round_dp(CENTS)
        };
        parts.push(due - given);
        given = due;
    }
    Some(parts)
}
