//! Giving many rows a value at once: what an index does while it loads.

use store::{FieldRun, Values};

use super::lists::Lists;
use super::numbers::{Meaning, Numbers, number_of, units};
use super::texts::{Coded, Texts};
use super::{Body, Column};
use crate::table::Places;

impl Column {
    /// Gives the rows of a run their values.
    pub(crate) fn fill(&mut self, run: &FieldRun, places: &Places) {
        if let Some(rows) = places.new_rows(run.records())
            && self.fill_new(&rows, run.values())
        {
            return;
        }
        run.each(|record, value| {
            if let Some(row) = places.row(record) {
                self.set(row, value);
            }
        });
    }

    /// The same of rows that have no value; false, and nothing is changed, where one of the values asks for
    /// more than a number, a text or a list of the usual kind.
    fn fill_new(&mut self, rows: &[u32], values: &Values) -> bool {
        match (&mut self.body, values) {
            (Body::Numbers(numbers), values) => numbers.fill_new(rows, values),
            (Body::Texts(texts), Values::Texts(all)) => {
                texts.fill_new(rows, all);
                true
            }
            (Body::Lists(lists), Values::Lists(all)) => lists.fill_new(rows, all),
            _ => false,
        }
    }
}

impl Numbers {
    fn fill_new(&mut self, rows: &[u32], values: &Values) -> bool {
        use dictionary::ValueRef as One;
        let meaning = self.meaning;
        let numbers: Option<Vec<i64>> = match values {
            Values::Decimals(all) if meaning == Meaning::Decimal => return self.fill_decimals(rows, all),
            Values::Booleans(all) => all.iter().map(|one| number_of(meaning, One::Boolean(*one))).collect(),
            Values::Integers(all) => all.iter().map(|one| number_of(meaning, One::Integer(*one))).collect(),
            Values::Doubles(all) => all.iter().map(|one| number_of(meaning, One::Double(*one))).collect(),
            Values::Dates(all) => all.iter().map(|one| number_of(meaning, One::Date(*one))).collect(),
            Values::Timestamps(all) => {
                all.iter().map(|one| number_of(meaning, One::Timestamp(*one))).collect()
            }
            Values::Times(all) => all.iter().map(|one| number_of(meaning, One::Time(*one))).collect(),
            _ => None,
        };
        let Some(numbers) = numbers else { return false };
        self.ints.fill_new(rows, &numbers);
        true
    }

    /// Where none is finer than the column's scale, which the first of all decides.
    fn fill_decimals(&mut self, rows: &[u32], all: &[dictionary::Decimal]) -> bool {
        if self.ints.count_is_zero() {
            return false;
        }
        let Some(numbers) = all.iter().map(|one| units(*one, self.scale)).collect::<Option<Vec<i64>>>()
        else {
            return false;
        };
        self.ints.fill_new(rows, &numbers);
        for (row, one) in rows.iter().zip(all).filter(|(_, one)| one.scale() != self.usual) {
            self.written.set(*row, i64::from(one.scale()));
        }
        true
    }
}

impl Texts {
    fn fill_new(&mut self, rows: &[u32], all: &store::Texts) {
        match self {
            Self::Plain(plain) => plain.fill_new(rows, all.iter()),
            Self::Coded(coded) => {
                let before = coded.pool.in_use();
                coded.fill_new(rows, all);
                if self.is_better_plain(before) {
                    self.make_plain();
                }
            }
        }
    }
}

impl Coded {
    fn fill_new(&mut self, rows: &[u32], all: &store::Texts) {
        let codes: Vec<i64> = all.iter().map(|text| i64::from(self.pool.take(text))).collect();
        self.codes.fill_new(rows, &codes);
    }
}

impl Lists {
    fn fill_new(&mut self, rows: &[u32], all: &store::Lists) -> bool {
        if !self.takes(all.iter().map(|list| list.len())) {
            return false;
        }
        let codes: Vec<i64> = all.iter().map(|list| i64::from(self.take(list))).collect();
        self.codes.fill_new(rows, &codes);
        true
    }
}
