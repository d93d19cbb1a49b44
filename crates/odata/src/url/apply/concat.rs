//! `concat(…,…)` (Data Aggregation 4.0, 3.2.2).

use query::{Branch, Transformation};

use super::super::expression::Parser;
use super::{Sequence, Shape};
use crate::Fault;

impl Parser<'_> {
    /// What stands in the parentheses of `concat`: two sequences or more.
    pub(super) fn concat(&mut self, sequence: &mut Sequence) -> Result<(), Fault> {
        let mut found = Vec::new();
        loop {
            self.cursor.space();
            found.push(self.inner(&sequence.applied.shape)?);
            if !self.cursor.eat_spaced(b',') {
                break;
            }
        }
        if found.len() < 2 {
            return Err(self
                .cursor
                .expected("a comma", "Write concat(…,…), with a comma between sequences."));
        }
        let (mut all, mut branches) = (Vec::new(), Vec::new());
        let (mut some_records, mut some_rows) = (false, false);
        sequence.preserving &= found.iter().all(|branch| branch.preserving);
        for Sequence { applied, .. } in found {
            let columns = match &applied.shape {
                Shape::Records => {
                    some_records = true;
                    Vec::new()
                }
                Shape::Rows(columns) | Shape::Mixed(columns) => {
                    some_rows = true;
                    some_records |= matches!(applied.shape, Shape::Mixed(_));
                    self.joined(&mut all, columns)?
                }
            };
            branches.push(Branch { steps: applied.steps, columns });
        }
        sequence.applied.steps.push(Transformation::Concat { branches, width: all.len() });
        let shape = match (some_records, some_rows) {
            (_, false) => Shape::Records,
            (false, true) => Shape::Rows(all),
            (true, true) => Shape::Mixed(all),
        };
        self.shaped(sequence, shape);
        Ok(())
    }
}
