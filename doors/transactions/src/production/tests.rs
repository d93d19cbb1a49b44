//! Sums held against a plain recomputation in whole numbers.

use std::collections::BTreeMap;

use dictionary::{Decimal, Text};
use testkit::Rng;

use super::asked::{Asked, Dimension, Period};
use super::sums::{Row, sums};
use crate::ledger::Current;
use crate::report::{Entry, Money, Report};

const STATUSES: [&str; 3] =
    ["PendingTransactionStatus", "ClosedTransactionStatus", "CanceledTransactionStatus"];

fn name(rng: &mut Rng, word: &str, most: u8) -> Text {
    format!("{word}{}", rng.u8(..most)).into()
}

/// Amounts in hundredths, so that the plain recomputation adds whole numbers.
fn money(rng: &mut Rng) -> Money {
    let currency = if rng.u8(..5) == 0 { "CAD" } else { "USD" };
    Money { value: Decimal::new(rng.i64(-5_000..2_000_000), 2), currency: currency.into() }
}

fn entry(rng: &mut Rng) -> Entry {
    Entry {
        agent: (rng.u8(..10) > 0).then(|| name(rng, "agent", 6)),
        role: (rng.u8(..10) > 0)
            .then(|| if rng.bool() { "ListingAgent".into() } else { "BuyerAgent".into() }),
        units: (rng.u8(..8) > 0).then(|| Decimal::new(rng.i64(1..=10_000), 4)),
        gci: (rng.u8(..8) > 0).then(|| money(rng)),
    }
}

fn report(rng: &mut Rng, number: usize) -> Current {
    let day = |rng: &mut Rng| format!("2026-0{}-1{}T00:00:00Z", rng.u8(1..=9), rng.u8(..10)).parse().ok();
    let entries = (0..rng.usize(..5)).map(|_| entry(rng)).collect();
    let report = Report {
        transaction: format!("T{number}").into(),
        sequence: rng.u64(..9),
        batch: "1".into(),
        status: (rng.u8(..12) > 0).then(|| Text::new_static(STATUSES[rng.usize(..3)])),
        kind: ["ST", "LS", "OI", "PM", "RF"][rng.usize(..5)].into(),
        reporting_office: name(rng, "office", 4),
        listing_office: None,
        buyer_office: None,
        contract_date: if rng.bool() { day(rng) } else { None },
        close_date: if rng.bool() { day(rng) } else { None },
        close_price: None,
        gci: money(rng),
        deduction: money(rng),
        referral: rng.bool(),
        entries,
    };
    Current {
        client: name(rng, "client", 2),
        uri: format!("uri{number}").into(),
        recipients: Vec::new(),
        report,
    }
}

/// Whole numbers of one group: hundredths of money, ten thousandths of units.
#[derive(Default, PartialEq, Eq, Debug, Clone)]
struct Plain {
    gci: i128,
    deduction: i128,
    units: i128,
    sides: u64,
    transactions: u64,
    referrals: u64,
}

/// A decimal in units of its `places`th digit after the point; it has no finer ones.
fn whole(value: Decimal, places: u32) -> i128 {
    let mut value = value.normalize();
    assert!(value.scale() <= places, "{value} is finer than that");
    value.rescale(places);
    value.mantissa()
}

type Groups = BTreeMap<(Vec<Option<String>>, String), Plain>;

/// The group of a transaction, spelled out once more.
fn group(asked: &Asked, current: &Current, agent: Option<&Text>) -> Vec<Option<String>> {
    let report = &current.report;
    let day = report.close_date.or(report.contract_date).map(|at| at.to_string());
    let part = |dimension: &Dimension| match dimension {
        Dimension::Agent => agent.map(ToString::to_string),
        Dimension::Office => Some(report.reporting_office.to_string()),
        Dimension::Type => Some(report.kind.to_string()),
        Dimension::Status => report.status.as_ref().map(ToString::to_string),
        Dimension::Period(Period::Month) => day.as_ref().map(|day| day[..7].to_owned()),
        Dimension::Period(Period::Year) => day.as_ref().map(|day| day[..4].to_owned()),
        Dimension::Period(Period::Quarter) => {
            day.as_ref().map(|day| format!("2026-Q{}", (day[5..7].parse::<u8>().unwrap() - 1) / 3 + 1))
        }
    };
    asked.by.iter().map(part).collect()
}

/// The figures of whole transactions, added up the plain way.
fn plain(reports: &[Current], asked: &Asked) -> Groups {
    let mut groups = Groups::new();
    for current in reports {
        let report = &current.report;
        if asked.statuses.as_ref().is_some_and(|all| !report.status.as_ref().is_some_and(|s| all.contains(s)))
        {
            continue;
        }
        let group = group(asked, current, None);
        let at = |currency: &Text| (group.clone(), currency.to_string());
        let key = at(&report.gci.currency);
        let one = groups.entry(key).or_default();
        one.gci += whole(report.gci.value, 2);
        one.units +=
            report.entries.iter().filter_map(|entry| entry.units).map(|units| whole(units, 4)).sum::<i128>();
        let has = |role: &str| report.entries.iter().any(|entry| entry.role.as_deref() == Some(role));
        if report.kind != "RF" {
            one.sides += u64::from(has("ListingAgent")) + u64::from(has("BuyerAgent"));
        }
        one.transactions += 1;
        one.referrals += u64::from(report.referral || report.kind == "RF");
        if !report.deduction.value.is_zero() {
            groups.entry(at(&report.deduction.currency)).or_default().deduction +=
                whole(report.deduction.value, 2);
        }
    }
    groups
}

fn told(rows: &[Row]) -> Groups {
    let text = |value: &Option<Text>| value.as_ref().map(ToString::to_string);
    let one = |row: &Row| {
        let figures = Plain {
            gci: whole(row.gci, 2),
            deduction: whole(row.deduction, 2),
            units: whole(row.units, 4),
            sides: row.sides,
            transactions: row.transactions,
            referrals: row.referrals,
        };
        ((row.group.iter().map(text).collect(), row.currency.to_string()), figures)
    };
    rows.iter().map(one).collect()
}

fn questions(rng: &mut Rng) -> Asked {
    let all = [
        Dimension::Office,
        Dimension::Type,
        Dimension::Status,
        Dimension::Period([Period::Month, Period::Quarter, Period::Year][rng.usize(..3)]),
    ];
    let mut by: Vec<Dimension> = all.into_iter().filter(|_| rng.bool()).collect();
    rng.shuffle(&mut by);
    let statuses = rng.bool().then(|| vec![Text::new_static(STATUSES[1])]);
    Asked { by, statuses, ..Asked::default() }
}

#[test]
fn whole_transactions_sum_as_a_plain_recomputation_does() {
    let mut rng = testkit::rng("whole_transactions_sum");
    for _ in 0..200 {
        let reports: Vec<Current> = (0..rng.usize(..60)).map(|number| report(&mut rng, number)).collect();
        let asked = questions(&mut rng);
        let rows = sums(reports.iter(), &asked).unwrap();
        assert_eq!(told(&rows), plain(&reports, &asked), "{asked:?}");
    }
}

/// An agent and a currency.
type Credited = (Option<String>, String);

/// What agents are credited with is counted entry by entry; what falls on them of a deduction sums to the
/// deduction to the cent, wherever any income is credited in the transaction's currency.
#[test]
fn agents_sum_as_a_plain_recomputation_does() {
    let mut rng = testkit::rng("agents_sum");
    for _ in 0..200 {
        let reports: Vec<Current> = (0..rng.usize(..60)).map(|number| report(&mut rng, number)).collect();
        let asked = Asked { by: vec![Dimension::Agent], ..Asked::default() };
        let rows = sums(reports.iter(), &asked).unwrap();
        let mut expect: BTreeMap<Credited, (i128, i128, u64, u64)> = BTreeMap::new();
        let mut deductions: BTreeMap<String, i128> = BTreeMap::new();
        for current in &reports {
            let report = &current.report;
            let mut sides: BTreeMap<Credited, Vec<&str>> = BTreeMap::new();
            for entry in &report.entries {
                let currency =
                    entry.gci.as_ref().map_or(&report.gci.currency, |gci| &gci.currency).to_string();
                let key = (entry.agent.as_ref().map(ToString::to_string), currency);
                let one = expect.entry(key.clone()).or_default();
                one.0 += entry.gci.as_ref().map_or(0, |gci| whole(gci.value, 2));
                one.1 += entry.units.map_or(0, |units| whole(units, 4));
                let roles = sides.entry(key).or_default();
                roles.extend(entry.role.as_deref());
            }
            for (key, mut roles) in sides {
                roles.sort_unstable();
                roles.dedup();
                let one = expect.get_mut(&key).unwrap();
                one.2 += if report.kind == "RF" { 0 } else { roles.len() as u64 };
                one.3 += 1;
            }
            let credited = |entry: &Entry| {
                let gci = entry.gci.as_ref();
                gci.is_some_and(|gci| gci.currency == report.gci.currency && gci.value > Decimal::ZERO)
            };
            if report.entries.iter().any(credited) {
                *deductions.entry(report.deduction.currency.to_string()).or_default() +=
                    whole(report.deduction.value, 2);
            }
        }
        let found = |row: &Row| {
            let agent = row.group[0].as_ref().map(ToString::to_string);
            (
                (agent, row.currency.to_string()),
                (whole(row.gci, 2), whole(row.units, 4), row.sides, row.transactions),
            )
        };
        let mut found: BTreeMap<_, _> = rows.iter().map(found).collect();
        // A row that a deduction alone has made, in a currency of its own.
        found.retain(|key, figures| expect.contains_key(key) || *figures != (0, 0, 0, 0));
        assert_eq!(found, expect);
        for currency in ["USD", "CAD"] {
            let sum: i128 =
                rows.iter().filter(|row| row.currency == currency).map(|row| whole(row.deduction, 2)).sum();
            assert_eq!(sum, deductions.get(currency).copied().unwrap_or_default(), "{currency}");
        }
    }
}

/// Ten dimes are a unit of currency, and currencies stay apart.
#[test]
fn sums_are_decimal() {
    let mut rng = Rng::with_seed(1);
    let dime = |currency: &str, number: usize, rng: &mut Rng| {
        let mut one = report(rng, number);
        one.report.gci = Money { value: Decimal::new(1, 1), currency: currency.into() };
        one.report.deduction = Money { value: Decimal::ZERO, currency: currency.into() };
        one
    };
    let reports: Vec<Current> =
        (0..13).map(|number| dime(if number < 10 { "USD" } else { "EUR" }, number, &mut rng)).collect();
    let rows = sums(reports.iter(), &Asked::default()).unwrap();
    let found: Vec<(String, String)> =
        rows.iter().map(|row| (row.currency.to_string(), row.gci.normalize().to_string())).collect();
    assert_eq!(found, [("EUR".to_owned(), "0.3".to_owned()), ("USD".to_owned(), "1".to_owned())]);
}
