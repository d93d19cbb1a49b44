//! Days on market.

use dictionary::{Date, FieldId, Fields, Timestamp, Value, ValueRef};
use jiff::tz::TimeZone;
use jiff::{Span, civil};
use query::{Comparison, Expr};

use super::order::Part;
use super::read::{Names, parts};

/// The fields, in the order of the cell.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Days {
    status: FieldId,
    starts: [FieldId; 2],
    stated: FieldId,
}

/// The statuses in which the days go on.
pub(crate) const ON_MARKET: [&str; 2] = ["Active", "Active Under Contract"];
/// A DaysOnMarket is an `int`.
const MOST: i64 = i32::MAX as i64;
/// Longer ago than any listing.
const FARTHEST: i64 = 1_000_000;

/// The day in UTC.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// When the day after begins.
pub(super) fn tomorrow(today: Date) -> Option<Timestamp> {
    today.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

impl Days {
    pub(super) fn read(names: &mut Names<'_>, cell: &str) -> Option<Self> {
        let fields: Vec<FieldId> = parts(cell).filter_map(|name| names.field(name)).collect();
        let [status, on_market, contract, stated] = fields[..] else { return None };
        Some(Self { status, starts: [on_market, contract], stated })
    }

    /// The days, and whether there will be one more tomorrow: counted from the day it came on the market while
    /// it is there; else what the MLS states, which alone knows of days that did not count.
    pub(super) fn value(&self, record: &impl Fields, today: Date) -> (i64, bool) {
        let (days, more) = self.counted(record, today);
        (days.max(0), more)
    }

    /// The same, with days below 0 for a listing that is yet to come.
    pub(super) fn counted(&self, record: &impl Fields, today: Date) -> (i64, bool) {
        let on_market = matches!(record.look(self.status), Some(ValueRef::Text(s)) if ON_MARKET.contains(&s));
        let start = self.starts.iter().find_map(|field| match record.look(*field)? {
            ValueRef::Date(date) => Some(date),
            _ => None,
        });
        match start {
            Some(start) if on_market => {
                let days = start.until(today).map_or(0, |span| i64::from(span.get_days()));
                (days, true)
            }
            _ => match record.look(self.stated) {
                Some(ValueRef::Integer(stated)) => (stated.clamp(0, MOST), false),
                _ => (0, false),
            },
        }
    }

    /// The parts of the order by [`counted`](Self::counted): the later a listing came on the market, the
    /// fewer its days are.
    pub(super) fn parts(&self) -> Vec<Part> {
        let there = |field| compare(field, Comparison::NotEqual, Expr::Null);
        let null = |field| compare(field, Comparison::Equal, Expr::Null);
        let [first, second] = self.starts;
        let uncounted = Expr::Or(vec![Expr::Not(Box::new(self.on_market())), null(first).and(null(second))]);
        let said = compare(self.stated, Comparison::GreaterOrEqual, Expr::Value(Value::Integer(0)));
        vec![
            Part::new(self.on_market().and(there(first)), first).falling(),
            Part::new(self.on_market().and(null(first)).and(there(second)), second).falling(),
            Part::new(uncounted.clone().and(said.clone()), self.stated),
            Part::level(uncounted.and(Expr::Not(Box::new(said)))),
        ]
    }

    fn on_market(&self) -> Expr {
        let words = ON_MARKET.iter().map(|word| Expr::Value((*word).into())).collect();
        Expr::In(Box::new(Expr::field(self.status)), words)
    }

    /// The filter that finds the records whose [`value`](Self::value) is within bounds, both inclusive.
    pub(super) fn within(&self, least: i64, most: i64, today: Date) -> Expr {
        let on_market = self.on_market();
        let null = |field| compare(field, Comparison::Equal, Expr::Null);
        let [first, second] = self.starts;
        let stated = self.stated_within(least, most);
        let counted = Expr::And(vec![
            on_market.clone(),
            Expr::Or(vec![
                since(first, least, most, today),
                null(first).and(since(second, least, most, today)),
                null(first).and(null(second)).and(stated.clone()),
            ]),
        ]);
        Expr::Or(vec![counted, Expr::Not(Box::new(on_market)).and(stated)])
    }

    /// The stated days; none are 0.
    fn stated_within(&self, least: i64, most: i64) -> Expr {
        let bound =
            |comparison, days: i64| compare(self.stated, comparison, Expr::Value(Value::Integer(days)));
        let mut inside = vec![bound(Comparison::GreaterOrEqual, least)];
        if most < MOST {
            inside.push(bound(Comparison::LessOrEqual, most));
        }
        let mut cases = vec![Expr::And(inside)];
        if least <= 0 && most >= 0 {
            cases.push(compare(self.stated, Comparison::Equal, Expr::Null));
            cases.push(bound(Comparison::Less, 0));
        }
        Expr::Or(cases)
    }
}

/// Whether a day lies as many days back as the bounds say; a day to come is today.
fn since(field: FieldId, least: i64, most: i64, today: civil::Date) -> Expr {
    let back = |days: i64| today.saturating_sub(Span::new().days(days.clamp(0, FARTHEST)));
    let there = compare(field, Comparison::NotEqual, Expr::Null);
    if most < 0 {
        return Expr::Value(false.into());
    }
    let mut all = vec![there];
    if least > 0 {
        all.push(compare(field, Comparison::LessOrEqual, Expr::Value(back(least).into())));
    }
    if most < FARTHEST {
        all.push(compare(field, Comparison::GreaterOrEqual, Expr::Value(back(most).into())));
    }
    Expr::And(all)
}

fn compare(field: FieldId, comparison: Comparison, other: Expr) -> Expr {
    Expr::Compare(comparison, Box::new(Expr::field(field)), Box::new(other))
}
