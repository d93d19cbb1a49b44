//! Areas: sums of fields in units that the record states, told in square feet or acres.

use dictionary::{Decimal, FieldId, Fields, Value, ValueRef};
use query::{Comparison, Expr};

use super::condition::number;
use super::read::{Names, parts};

/// What an area is told in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    SquareFeet,
    Acres,
}

/// How much of a unit makes one of what is told: 0.09290304 square metres are a square foot by definition.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Factor(Decimal);

const SQUARE_FEET: &str = "Square Feet";
const SQUARE_METERS: &str = "Square Meters";
const ACRES: &str = "Acres";

impl Told {
    /// The factor of a unit; none where the unit says nothing to us.
    fn factor(self, unit: &str) -> Option<Factor> {
        let (units, scale) = match (self, unit) {
            (Self::SquareFeet, SQUARE_FEET) | (Self::Acres, ACRES) => (1, 0),
            (Self::SquareFeet, SQUARE_METERS) => (9_290_304, 8),
            (Self::SquareFeet, ACRES) => return None,
            (Self::Acres, SQUARE_FEET) => (43_560, 0),
            (Self::Acres, SQUARE_METERS) => (40_468_564_224, 7),
            _ => return None,
        };
        Some(Factor(Decimal::new(units, scale)))
    }

    /// What a figure is taken to be in where no unit is stated: an area of a house is in square feet, while
    /// a lot of 2 may be acres or anything.
    fn unstated(self) -> Option<&'static str> {
        match self {
            Self::SquareFeet => Some(SQUARE_FEET),
            Self::Acres => None,
        }
    }

    /// Digits after the point of what was converted: a whole square foot, 1/10,000 acre (4 square feet).
    fn digits(self) -> u32 {
        match self {
            Self::SquareFeet => 0,
            Self::Acres => 4,
        }
    }
}

/// Half a unit of the last digit is rounded up.
pub(super) fn half_up(number: Decimal, digits: u32) -> Decimal {
    let half = Decimal::new(5, digits + 1);
    let up = number.checked_add(half).unwrap_or(number);
    up.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::ToNegativeInfinity).normalize()
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Unit {
    Fixed(&'static str),
    Stated(FieldId),
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Term {
    field: FieldId,
    unit: Unit,
}

/// Sums, of which the first that has a known term counts.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Measure {
    told: Told,
    sums: Vec<Vec<Term>>,
}

impl Measure {
    /// `Field per UnitField; Field in Unit; Field per UnitField + Field per UnitField`
    pub(super) fn read(names: &mut Names<'_>, told: Told, cell: &str) -> Self {
        let mut term = |text: &str| {
            if let Some((field, unit)) = text.split_once(" per ") {
                return Some(Term { field: names.field(field)?, unit: Unit::Stated(names.field(unit)?) });
            }
            let (field, unit) = text.split_once(" in ")?;
            let unit = [SQUARE_FEET, SQUARE_METERS, ACRES].into_iter().find(|known| *known == unit)?;
            Some(Term { field: names.field(field)?, unit: Unit::Fixed(unit) })
        };
        let sums = parts(cell).map(|sum| sum.split(" + ").filter_map(&mut term).collect()).collect();
        Self { told, sums }
    }

    /// The area of a record.
    pub(super) fn value(&self, record: &impl Fields) -> Option<Decimal> {
        self.sums.iter().find_map(|sum| {
            let known = sum.iter().filter_map(|term| term.value(self.told, record));
            known.fold(None, |all: Option<Decimal>, one| Some(all.unwrap_or_default() + one))
        })
    }

    /// The field of the first sum: what areas are sorted by.
    pub(super) fn first(&self) -> Option<FieldId> {
        Some(self.sums.first()?.first()?.field)
    }

    /// The filter that finds the records whose [`value`](Self::value) is within bounds, both inclusive.
    /// Sums of one term only: a question about others is not asked.
    pub(super) fn within(&self, least: Option<Decimal>, most: Option<Decimal>) -> Expr {
        let mut cases = Vec::new();
        let mut before: Vec<Expr> = Vec::new();
        for term in self.sums.iter().filter_map(|sum| sum.first()) {
            for (unit, factor) in term.units(self.told) {
                let mut all = before.clone();
                all.extend(unit);
                all.extend(bounds(term.field, factor, self.told, least, most));
                cases.push(Expr::And(all));
            }
            before.push(term.silent(self.told));
        }
        Expr::Or(cases)
    }
}

fn unit_is(field: FieldId, unit: Option<&str>) -> Expr {
    let unit = unit.map_or(Expr::Null, |unit| Expr::Value(unit.into()));
    Expr::Compare(Comparison::Equal, Box::new(Expr::field(field)), Box::new(unit))
}

impl Term {
    fn value(&self, told: Told, record: &impl Fields) -> Option<Decimal> {
        let figure = number(record.look(self.field)?)?;
        let unit = match self.unit {
            Unit::Fixed(unit) => unit,
            Unit::Stated(field) => match record.look(field) {
                Some(ValueRef::Text(unit)) => unit,
                _ => return told.unstated().map(|_| figure),
            },
        };
        let Factor(factor) = told.factor(unit)?;
        if factor == Decimal::ONE {
            return Some(figure);
        }
        Some(half_up(figure.checked_div(factor)?, told.digits()))
    }

    /// Every unit that says something, with the test that it is the record's.
    fn units(&self, told: Told) -> Vec<(Option<Expr>, Decimal)> {
        let known = [SQUARE_FEET, SQUARE_METERS, ACRES];
        match self.unit {
            Unit::Fixed(unit) => told.factor(unit).map(|Factor(factor)| (None, factor)).into_iter().collect(),
            Unit::Stated(field) => {
                let stated = known
                    .iter()
                    .filter_map(|unit| Some((Some(unit_is(field, Some(unit))), told.factor(unit)?.0)));
                let unstated = told.unstated().map(|_| (Some(unit_is(field, None)), Decimal::ONE));
                stated.chain(unstated).collect()
            }
        }
    }

    /// The test that the term has no value.
    fn silent(&self, told: Told) -> Expr {
        let null = Expr::Compare(Comparison::Equal, Box::new(Expr::field(self.field)), Box::new(Expr::Null));
        let Unit::Stated(_) = self.unit else { return null };
        let told_units = self.units(told).into_iter().filter_map(|(unit, _)| unit).collect();
        Expr::Or(vec![null, Expr::Not(Box::new(Expr::Or(told_units)))])
    }
}

/// Bounds of what is told, as bounds of the figure: `least ≤ ⌊figure ÷ factor + ½⌋` to the digits told.
fn bounds(
    field: FieldId,
    factor: Decimal,
    told: Told,
    least: Option<Decimal>,
    most: Option<Decimal>,
) -> Vec<Expr> {
    use rust_decimal::RoundingStrategy::{ToNegativeInfinity, ToPositiveInfinity};
    let bound = |comparison, value: Decimal| Expr::compare(field, comparison, Value::Decimal(value));
    let (digits, half) = (told.digits(), Decimal::new(5, told.digits() + 1));
    let scaled = |edge: Decimal| edge.checked_mul(factor).unwrap_or(edge);
    let mut all = Vec::new();
    if let Some(least) = least {
        all.push(match factor == Decimal::ONE {
            true => bound(Comparison::GreaterOrEqual, least),
            false => bound(
                Comparison::GreaterOrEqual,
                scaled(least.round_dp_with_strategy(digits, ToPositiveInfinity) - half),
            ),
        });
    }
    if let Some(most) = most {
        all.push(match factor == Decimal::ONE {
            true => bound(Comparison::LessOrEqual, most),
            false => bound(
                Comparison::Less,
                scaled(most.round_dp_with_strategy(digits, ToNegativeInfinity) + half),
            ),
        });
    }
    if all.is_empty() {
        all.push(Expr::Compare(Comparison::NotEqual, Box::new(Expr::field(field)), Box::new(Expr::Null)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_rounded_up() {
        let check = |number: &str, digits: u32, expect: &str| {
            let number: Decimal = number.parse().unwrap();
            assert_eq!(half_up(number, digits).to_string(), expect, "{number} to {digits}");
        };
        check("0.4", 0, "0");
        check("0.5", 0, "1");
        check("1.5", 0, "2");
        check("-0.5", 0, "0");
        check("-1.5", 0, "-1");
        check("449999.50", 0, "450000");
        check("0.00005", 4, "0.0001");
        check("0.22956841", 4, "0.2296");
        check("2.50", 2, "2.5");
    }
}
