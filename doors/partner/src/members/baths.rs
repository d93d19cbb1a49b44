//! Bathrooms: a full one counts one, the others what their names say.

use dictionary::{Decimal, FieldId, Fields, Value, ValueRef};
use query::{Arithmetic, Comparison, Expr};

use super::order::Part;
use super::read::{Names, parts};

/// The fields, in the order of the cell.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Baths {
    full: FieldId,
    half: FieldId,
    three_quarter: FieldId,
    one_quarter: FieldId,
    stated: FieldId,
}

/// Full bathrooms up to which a bound is told apart bathroom by bathroom; what is asked beyond is computed.
const MOST_TOLD_APART: i64 = 24;

impl Baths {
    pub(super) fn read(names: &mut Names<'_>, cell: &str) -> Option<Self> {
        let fields: Vec<FieldId> = parts(cell).filter_map(|name| names.field(name)).collect();
        let [full, half, three_quarter, one_quarter, stated] = fields[..] else { return None };
        Some(Self { full, half, three_quarter, one_quarter, stated })
    }

    /// The sum of the parts where full ones and some part are known; else the number that is stated, else
    /// the full ones.
    pub(super) fn value(&self, record: &impl Fields) -> Option<Decimal> {
        let whole = |field| match record.look(field)? {
            ValueRef::Integer(number) => Some(number),
            _ => None,
        };
        let full = whole(self.full);
        let parts = [self.half, self.three_quarter, self.one_quarter].map(whole);
        if let Some(full) = full
            && parts.iter().any(Option::is_some)
        {
            let [half, three, one] = parts.map(|part| i128::from(part.unwrap_or(0)));
            let quarters = i128::from(full) * 4 + half * 2 + three * 3 + one;
            return Decimal::try_from_i128_with_scale(quarters * 25, 2).ok().map(|sum| sum.normalize());
        }
        whole(self.stated).or(full).map(Decimal::from)
    }

    /// The parts of the order by [`value`](Self::value): with so many of the lesser kinds, bathrooms lie in
    /// the order of the full ones. Listings with more of them than usual are few.
    pub(super) fn parts(&self) -> Vec<Part> {
        const USUAL: std::ops::RangeInclusive<i64> = 0..=2;
        let known = |field| compare(field, Comparison::NotEqual, Expr::Null);
        let null = |field| compare(field, Comparison::Equal, Expr::Null);
        let are = |field, count: i64| match count {
            0 => Expr::Or(vec![null(field), compare(field, Comparison::Equal, value(0))]),
            count => compare(field, Comparison::Equal, value(count)),
        };
        let usual = |field| Expr::Or(USUAL.map(|count| are(field, count)).collect());
        let lesser = [self.half, self.three_quarter, self.one_quarter];
        let told = Expr::Or(lesser.map(known).into());
        let summed = known(self.full).and(told.clone());
        let mut parts = Vec::new();
        for half in USUAL {
            for three_quarter in USUAL {
                let of =
                    [are(self.half, half), are(self.three_quarter, three_quarter), are(self.one_quarter, 0)];
                let of = of.into_iter().fold(summed.clone(), Expr::and);
                parts.push(Part::new(of, self.full));
            }
        }
        let all_usual = usual(self.half).and(usual(self.three_quarter)).and(are(self.one_quarter, 0));
        parts.push(Part::few(summed.and(Expr::Not(Box::new(all_usual)))));
        let stated = Expr::Or(vec![null(self.full), Expr::Not(Box::new(told))]);
        parts.push(Part::new(stated.clone().and(known(self.stated)), self.stated));
        let alone = stated.and(null(self.stated));
        parts.push(Part::new(alone.clone().and(known(self.full)), self.full));
        parts.push(Part::level(alone.and(null(self.full))));
        parts
    }

    /// The filter that finds the records that have a [`value`](Self::value).
    pub(super) fn known(&self) -> Expr {
        let known = [self.full, self.stated].map(|field| compare(field, Comparison::NotEqual, Expr::Null));
        Expr::Or(known.into())
    }

    /// The filter that finds the records whose [`value`](Self::value) is at least this.
    pub(super) fn at_least(&self, least: Decimal) -> Expr {
        let rare = [self.three_quarter, self.one_quarter];
        let known = |field| compare(field, Comparison::NotEqual, Expr::Null);
        let null = |field| compare(field, Comparison::Equal, Expr::Null);
        let no_rare =
            rare.map(|field| Expr::Or(vec![null(field), compare(field, Comparison::Equal, value(0))]));
        let rare_ones = Expr::Or(
            rare.map(|field| compare(field, Comparison::NotEqual, value(0)).and(known(field))).into(),
        );
        let parts_known = Expr::Or(vec![known(self.half), known(rare[0]), known(rare[1])]);
        let bounded = least.ceil().clamp(Decimal::from(i64::MIN), Decimal::from(MOST_TOLD_APART));
        let most = i64::try_from(bounded).expect("a whole number between two of 64 bits");
        let mut common = Vec::new();
        if Decimal::from(most) >= least {
            common.push(
                compare(self.full, Comparison::GreaterOrEqual, value(most)).and(not_negative(self.half)),
            );
            // Halves make up for full ones: so few have more than two that few rows are looked at.
            for full in 0..most {
                let halves = ((least - Decimal::from(full)) * Decimal::TWO).ceil();
                let enough =
                    compare(self.half, Comparison::GreaterOrEqual, Expr::Value(Value::Decimal(halves)));
                common.push(compare(self.full, Comparison::Equal, value(full)).and(enough));
            }
            common.push(compare(self.full, Comparison::Less, value(0)).and(self.sum_is(least)));
            common.push(compare(self.half, Comparison::Less, value(0)).and(self.sum_is(least)));
        } else {
            common.push(self.sum_is(least));
        }
        let [no_three, no_one] = no_rare;
        let usual = parts_known.clone().and(no_three).and(no_one).and(Expr::Or(common));
        let unusual = rare_ones.and(self.sum_is(least));
        let unknown = Expr::Or(vec![null(self.full), Expr::Not(Box::new(parts_known))]);
        let by_number = unknown.and(Expr::Or(vec![
            compare(self.stated, Comparison::GreaterOrEqual, Expr::Value(Value::Decimal(least))),
            null(self.stated).and(compare(
                self.full,
                Comparison::GreaterOrEqual,
                Expr::Value(Value::Decimal(least)),
            )),
        ]));
        Expr::Or(vec![usual, unusual, by_number])
    }

    /// The sum of the parts, computed, whichever of them are known.
    fn sum_is(&self, least: Decimal) -> Expr {
        let parts = [(self.half, 2), (self.three_quarter, 3), (self.one_quarter, 1)];
        let mut cases = Vec::new();
        for known in 0..8_u8 {
            let mut all = Vec::new();
            let mut quarters = times(self.full, 4);
            for (at, (field, weight)) in parts.into_iter().enumerate() {
                if known >> at & 1 == 1 {
                    all.push(compare(field, Comparison::NotEqual, Expr::Null));
                    quarters =
                        Expr::Arithmetic(Arithmetic::Add, Box::new(quarters), Box::new(times(field, weight)));
                } else {
                    all.push(compare(field, Comparison::Equal, Expr::Null));
                }
            }
            let bound = Expr::Value(Value::Decimal(least * Decimal::from(4)));
            all.push(Expr::Compare(Comparison::GreaterOrEqual, Box::new(quarters), Box::new(bound)));
            cases.push(Expr::And(all));
        }
        Expr::Or(cases)
    }
}

fn value(number: i64) -> Expr {
    Expr::Value(number.into())
}

fn compare(field: FieldId, comparison: Comparison, other: Expr) -> Expr {
    Expr::Compare(comparison, Box::new(Expr::field(field)), Box::new(other))
}

fn times(field: FieldId, weight: i64) -> Expr {
    // A decimal: the product of two whole numbers may be too large for one.
    let weight = Expr::Value(Value::Decimal(weight.into()));
    Expr::Arithmetic(Arithmetic::Multiply, Box::new(Expr::field(field)), Box::new(weight))
}

/// Null or not below zero.
fn not_negative(field: FieldId) -> Expr {
    Expr::Not(Box::new(compare(field, Comparison::Less, value(0))))
}
