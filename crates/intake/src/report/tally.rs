//! Counts while rows go by.

use std::collections::HashMap;

use super::{Counts, Example, Reason, Report};
use crate::Limits;
use crate::mapping::{Plan, RowFault};

/// What a reason is told apart by.
type Mark = (&'static str, Option<usize>, Option<dictionary::Text>, Option<usize>, bool);

/// Counts and the first examples, so that a report stays small however long the file is.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) rows_refused: u64,
    pub(crate) rows_dropped: u64,
    /// One for each part of the plan.
    pub(crate) counts: Vec<Counts>,
    marks: HashMap<Mark, usize>,
    reasons: Vec<Reason>,
    examples: usize,
    most_reasons: usize,
    /// Reasons that came once there were as many as are told apart.
    beyond: u64,
}

impl Tally {
    pub(crate) fn new(plan: &Plan, limits: &Limits) -> Self {
        let counts = plan
            .targets
            .iter()
            .map(|target| Counts { resource: target.resource_name.to_string(), ..Counts::default() });
        Self {
            rows: 0,
            rows_refused: 0,
            rows_dropped: 0,
            counts: counts.collect(),
            marks: HashMap::new(),
            reasons: Vec::new(),
            examples: limits.examples,
            most_reasons: limits.reasons,
            beyond: 0,
        }
    }

    /// Records and rows refused so far.
    pub(crate) fn refused(&self) -> u64 {
        self.rows_refused + self.counts.iter().map(|c| c.refused).sum::<u64>()
    }

    /// Notes a fault of a row (no target), or of the record of a target.
    pub(crate) fn fault(
        &mut self,
        plan: &Plan,
        target: Option<usize>,
        line: u64,
        refused: bool,
        fault: &RowFault,
    ) {
        let mark = (fault.code, target, fault.field.clone(), fault.column, refused);
        let at = match self.marks.get(&mark) {
            Some(at) => *at,
            None if self.reasons.len() >= self.most_reasons => {
                self.beyond += 1;
                return;
            }
            None => {
                self.marks.insert(mark, self.reasons.len());
                self.reasons.push(Reason {
                    code: fault.code.to_owned(),
                    resource: target.map(|at| plan.targets[at].resource_name.to_string()),
                    field: fault.field.as_ref().map(ToString::to_string),
                    column: fault.column.and_then(|at| plan.headings.get(at)).cloned(),
                    count: 0,
                    refused,
                    hint: fault.hint.clone(),
                    examples: Vec::new(),
                });
                self.reasons.len() - 1
            }
        };
        let reason = &mut self.reasons[at];
        reason.count += 1;
        if reason.examples.len() < self.examples {
            reason.examples.push(Example {
                line,
                value: fault.value.clone(),
                message: fault.message.clone(),
            });
        }
    }

    /// Puts what the writer counted into a report that the first reading began.
    pub(crate) fn add_to(&self, written: &Self, plan: &Plan, report: &mut Report) {
        let mut sum = Self::new(plan, &crate::Limits::default());
        for (at, counts) in sum.counts.iter_mut().enumerate() {
            let (first, then) = (&self.counts[at], &written.counts[at]);
            *counts = Counts { read: first.read, repeated: first.repeated, ..then.clone() };
            counts.refused += first.refused;
        }
        report.resources = sum.resources();
        let (reasons, beyond) = written.reasons();
        report.reasons.extend(reasons);
        report.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        report.notes.extend(beyond);
    }

    /// The reasons, the most frequent first, and a note where there were more than are told apart.
    pub(crate) fn reasons(&self) -> (Vec<Reason>, Option<String>) {
        let mut reasons = self.reasons.clone();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        let note = (self.beyond > 0).then(|| {
            format!(
                "{} more faults had reasons beyond the {} that are listed.",
                self.beyond, self.most_reasons
            )
        });
        (reasons, note)
    }

    /// The counts, parts of the plan that yield one resource taken together.
    pub(crate) fn resources(&self) -> Vec<Counts> {
        let mut found: Vec<Counts> = Vec::new();
        for counts in &self.counts {
            match found.iter_mut().find(|c| c.resource == counts.resource) {
                None => found.push(counts.clone()),
                Some(sum) => {
                    sum.read += counts.read;
                    sum.new += counts.new;
                    sum.changed += counts.changed;
                    sum.unchanged += counts.unchanged;
                    sum.refused += counts.refused;
                    sum.repeated += counts.repeated;
                    sum.removed += counts.removed;
                }
            }
        }
        found
    }
}
