//! Areas: sums of fields in units that the record states, told in square feet or acres.

use dictionary::{Decimal, FieldId, Fields, Value, ValueRef};
use query::{Arithmetic, Comparison, Expr};

use super::condition::number;
use super::order::Part;
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

    /// The area before it is rounded. Of sums of one term, as [`within`](Self::within).
    pub(super) fn exact(&self, record: &impl Fields) -> Option<Decimal> {
        self.sums.iter().filter_map(|sum| sum.first()).find_map(|term| term.exact(self.told, record))
    }

    /// The parts of the order by [`exact`](Self::exact): figures of one unit lie in their own order.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut before: Vec<Expr> = Vec::new();
        for term in self.sums.iter().filter_map(|sum| sum.first()) {
            for (unit, _) in term.alike(self.told) {
                let of = before.iter().cloned().chain(unit).chain([there(term.field)]);
                parts.push(Part::new(Expr::And(of.collect()), term.field));
            }
            before.push(term.silent(self.told));
        }
        parts.push(Part::level(Expr::And(before)));
        parts
    }

    /// The parts of the order by what each square foot costs. What is converted is rounded before it
    /// divides, so that those listings lie in no field's order.
    pub(super) fn parts_of(&self, price: FieldId) -> Vec<Part> {
        let Some(term) = self.sums.first().and_then(|sum| sum.first()) else { return Vec::new() };
        let some = Expr::compare(term.field, Comparison::Greater, Value::Decimal(Decimal::ZERO));
        let known = there(price).and(some);
        let mut parts = Vec::new();
        let mut units = Vec::new();
        for (unit, factor) in term.alike(self.told) {
            let of = unit.iter().cloned().fold(known.clone(), Expr::and);
            let [price, area] = [price, term.field].map(|field| Box::new(Expr::field(field)));
            let each = Expr::Arithmetic(Arithmetic::DivideBy, price, area);
            parts.push(match factor == Decimal::ONE {
                true => Part { of: Some(of), by: Some(each), back: false },
                false => Part::few(of),
            });
            units.extend(unit);
        }
        let told = if units.is_empty() { known } else { known.and(Expr::Or(units)) };
        parts.push(Part::level(Expr::Not(Box::new(told))));
        parts
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

fn there(field: FieldId) -> Expr {
    Expr::Compare(Comparison::NotEqual, Box::new(Expr::field(field)), Box::new(Expr::Null))
}

fn unit_is(field: FieldId, unit: Option<&str>) -> Expr {
    let unit = unit.map_or(Expr::Null, |unit| Expr::Value(unit.into()));
    Expr::Compare(Comparison::Equal, Box::new(Expr::field(field)), Box::new(unit))
}

impl Term {
    fn value(&self, told: Told, record: &impl Fields) -> Option<Decimal> {
        let (figure, factor) = self.stated(told, record)?;
        if factor == Decimal::ONE {
            return Some(figure);
        }
        Some(half_up(figure.checked_div(factor)?, told.digits()))
    }

    fn exact(&self, told: Told, record: &impl Fields) -> Option<Decimal> {
        let (figure, factor) = self.stated(told, record)?;
        figure.checked_div(factor)
    }

    /// The figure, and the factor of its unit.
    fn stated(&self, told: Told, record: &impl Fields) -> Option<(Decimal, Decimal)> {
        let figure = number(record.look(self.field)?)?;
        let unit = match self.unit {
            Unit::Fixed(unit) => unit,
            Unit::Stated(field) => match record.look(field) {
                Some(ValueRef::Text(unit)) => unit,
                _ => told.unstated()?,
            },
        };
        Some((figure, told.factor(unit)?.0))
    }

    /// The units by their factors, each once.
    fn alike(&self, told: Told) -> Vec<(Option<Expr>, Decimal)> {
        let mut alike: Vec<(Option<Expr>, Decimal)> = Vec::new();
        for (unit, factor) in self.units(told) {
            match alike.iter_mut().find(|(_, known)| *known == factor) {
                Some((known, _)) => *known = Some(Expr::Or(known.take().into_iter().chain(unit).collect())),
                None => alike.push((unit, factor)),
            }
        }
        alike
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
        all.push(there(field));
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
