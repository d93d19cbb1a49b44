//! Counts and reasons while records go by.

use std::collections::HashMap;

use intake::{Counts, Example, Reason};

/// Reasons that are told apart, and examples of each, so that a report stays small.
const MOST_REASONS: usize = 200;
const MOST_EXAMPLES: usize = 5;

/// Why a record was refused, or went in without a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Why {
    pub(crate) code: &'static str,
    pub(crate) field: Option<String>,
    pub(crate) message: String,
    pub(crate) hint: String,
    pub(crate) refused: bool,
}

impl Why {
    pub(crate) fn refused(code: &'static str, field: Option<String>, message: String, hint: String) -> Self {
        Self { code, field, message, hint, refused: true }
    }

    pub(crate) fn left_out(code: &'static str, field: &str, message: String, hint: &str) -> Self {
        Self { code, field: Some(field.to_owned()), message, hint: hint.to_owned(), refused: false }
    }
}

/// Counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Vec<Counts>,
    marks: HashMap<(&'static str, String, Option<String>, bool), usize>,
    reasons: Vec<Reason>,
    /// Records that came, of all resources.
    pub(crate) read: u64,
}

impl Tally {
    /// The counts of a resource.
    pub(crate) fn of(&mut self, resource: &str) -> &mut Counts {
        let at = self.counts.iter().position(|counts| counts.resource == resource).unwrap_or_else(|| {
            self.counts.push(Counts { resource: resource.to_owned(), ..Counts::default() });
            self.counts.len() - 1
        });
        &mut self.counts[at]
    }

    /// Notes a reason, at the `number`th record that came.
    pub(crate) fn why(&mut self, resource: &str, key: &str, why: &Why) {
        let mark = (why.code, resource.to_owned(), why.field.clone(), why.refused);
        let at = match self.marks.get(&mark) {
            Some(at) => *at,
            None if self.reasons.len() >= MOST_REASONS => return,
            None => {
                self.marks.insert(mark, self.reasons.len());
                self.reasons.push(Reason {
                    code: why.code.to_owned(),
                    resource: Some(resource.to_owned()),
                    field: why.field.clone(),
                    column: None,
                    count: 0,
                    refused: why.refused,
                    hint: why.hint.clone(),
                    examples: Vec::new(),
                });
                self.reasons.len() - 1
            }
        };
        let reason = &mut self.reasons[at];
        reason.count += 1;
        if reason.examples.len() < MOST_EXAMPLES {
            let value = key.chars().take(60).collect();
            reason.examples.push(Example { line: self.read, value, message: why.message.clone() });
        }
    }

    /// Records refused so far.
    pub(crate) fn refused(&self) -> u64 {
        self.counts.iter().map(|counts| counts.refused).sum()
    }

    /// The counts, and the reasons with the most frequent first.
    pub(crate) fn told(mut self) -> (Vec<Counts>, Vec<Reason>) {
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        (self.counts, self.reasons)
    }
}
