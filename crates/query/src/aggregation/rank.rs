//! How many of the first come to so much (`topsum`, `toppercent` and their like).

use dictionary::{Decimal, Value};

use super::Most;

impl Most {
    /// How many of these values, in their order, are left: as few as it takes, or all. Null and what is no number
    /// adds nothing.
    pub(super) fn of(self, values: &[Option<Value>]) -> usize {
        let enough = match self {
            Self::Count(count) => return usize::try_from(count).unwrap_or(usize::MAX).min(values.len()),
            Self::Sum(sum) => Running { exact: Some(sum), double: 0.0 },
            Self::Percent(percent) => {
                let mut all = Running::default();
                values.iter().flatten().for_each(|value| all.add(value));
                all.times(percent)
            }
        };
        // Parts of a hundred are compared as hundreds of parts: no division rounds.
        let factor = if matches!(self, Self::Percent(_)) { Decimal::ONE_HUNDRED } else { Decimal::ONE };
        let mut so_far = Running::default();
        let mut left = 0;
        while left < values.len() && !so_far.times(factor).reaches(&enough) {
            values[left].iter().for_each(|value| so_far.add(value));
            left += 1;
        }
        left
    }
}

/// A sum on its way: exact numbers as decimals for as long as they fit, doubles beside them.
#[derive(Clone, Copy)]
struct Running {
    exact: Option<Decimal>,
    double: f64,
}

impl Default for Running {
    fn default() -> Self {
        Self { exact: Some(Decimal::ZERO), double: 0.0 }
    }
}

impl Running {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Double(number) => self.double += number,
            Value::Integer(number) => self.add_exact((*number).into()),
            Value::Decimal(number) => self.add_exact(*number),
            _ => {}
        }
    }

    fn add_exact(&mut self, number: Decimal) {
        let Some(exact) = self.exact else {
            self.double += rough(number);
            return;
        };
        self.exact = exact.checked_add(number);
        if self.exact.is_none() {
            self.double += rough(exact) + rough(number);
        }
    }

    fn times(self, factor: Decimal) -> Self {
        let double = self.double * rough(factor);
        match self.exact.map(|exact| (exact, exact.checked_mul(factor))) {
            Some((exact, None)) => Self { exact: None, double: double + rough(exact) * rough(factor) },
            Some((_, exact)) => Self { exact, double },
            None => Self { exact: None, double },
        }
    }

    fn reaches(&self, enough: &Self) -> bool {
        match (self.exact, enough.exact) {
            (Some(a), Some(b)) if self.double == 0.0 && enough.double == 0.0 => a >= b,
            _ => self.whole() >= enough.whole(),
        }
    }

    fn whole(&self) -> f64 {
        self.double + self.exact.map_or(0.0, rough)
    }
}

fn rough(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use dictionary::{Decimal, Value};

    use super::super::Most;

    /// RESO-027: as few as it takes (Data Aggregation 4.0, 3.3.1).
    #[test]
    fn reso_027_as_few_are_left_as_come_to_so_much() {
        let whole = |numbers: &[i64]| -> Vec<Option<Value>> {
            numbers.iter().map(|number| Some(Value::Integer(*number))).collect()
        };
        let check = |most: Most, numbers: &[i64], expect: usize| {
            assert_eq!(most.of(&whole(numbers)), expect, "{most:?} of {numbers:?}");
        };
        let sales = &[8, 4, 4, 2, 2, 2, 1, 1];
        check(Most::Count(3), sales, 3);
        check(Most::Count(30), sales, 8);
        check(Most::Sum(15.into()), sales, 3);
        check(Most::Sum(16.into()), sales, 3);
        check(Most::Sum(17.into()), sales, 4);
        check(Most::Sum(1_000.into()), sales, 8);
        check(Most::Sum((-1).into()), sales, 0);
        check(Most::Percent(50.into()), sales, 2);
        check(Most::Percent(51.into()), sales, 3);
        check(Most::Percent(100.into()), sales, 8);
        check(Most::Percent(100.into()), &[5, 0, 0], 1);
        check(Most::Percent(Decimal::new(1, 1)), sales, 1);
        // A third of three is one, whatever a division would make of it.
        check(Most::Percent(Decimal::new(3_333_333_333, 8)), &[1, 1, 1], 1);
        check(Most::Percent(10.into()), &[], 0);
        let mixed = [None, Some(Value::Double(0.5)), Some(Value::Decimal(Decimal::new(15, 1)))];
        assert_eq!(Most::Sum(2.into()).of(&mixed), 3);
        let huge = [Some(Value::Decimal(Decimal::MAX)), Some(Value::Decimal(Decimal::MAX)), None];
        assert_eq!(Most::Percent(60.into()).of(&huge), 2);
    }
}
