//! Walking along an order, row by row, until enough are found.

use std::ops::ControlFlow;

use crate::blocks::{Blocks, Place};
use crate::ordered::{Entry, Ordered};

/// Parts of an order, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'i> {
    pub(crate) order: &'i Ordered,
    pub(crate) parts: Vec<Part>,
}

/// What lies between two places of an order, as it stands, and which way it is walked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) from: Place,
    pub(crate) to: Place,
    descending: bool,
}

impl Part {
    pub(crate) fn up(from: Place, to: Place) -> Self {
        Self { from, to, descending: false }
    }

    pub(crate) fn down(from: Place, to: Place) -> Self {
        Self { from, to, descending: true }
    }
}

impl Walk<'_> {
    /// How many rows it may visit.
    pub(crate) fn len(&self) -> usize {
        let blocks = self.order.blocks();
        self.parts.iter().map(|part| blocks.between(part.from, part.to)).sum()
    }

    /// Visits rows in turn until told to stop.
    pub(crate) fn each(&self, mut visit: impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        self.parts.iter().try_for_each(|part| {
            if part.descending {
                self.backwards(part, &mut visit)
            } else {
                forwards(self.order.blocks(), part.from, part.to, &mut visit)
            }
        })
    }

    /// From the highest number to the lowest; rows of one number in the order of their keys all the same.
    fn backwards(&self, part: &Part, visit: &mut impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        let blocks = self.order.blocks();
        let mut end = part.to;
        while part.from < end {
            let Some((slice, start)) = blocks.slice_before(part.from, end) else { break };
            let mut left = slice.len();
            while left > 0 {
                let rank = slice[left - 1].rank();
                let mut first = left - 1;
                while first > 0 && slice[first - 1].rank() == rank {
                    first -= 1;
                }
                if first > 0 || start <= part.from || blocks.before(start).is_none_or(|e| e.rank() != rank) {
                    for entry in &slice[first..left] {
                        visit(entry.row)?;
                    }
                    left = first;
                    end = start;
                    continue;
                }
                // The rows of this number began in an earlier block.
                let first = self.order.at(rank).max(part.from);
                let last = blocks.forward(start, left);
                forwards(blocks, first, last, visit)?;
                end = first;
                break;
            }
        }
        ControlFlow::Continue(())
    }
}

fn forwards(
    blocks: &Blocks<Entry>,
    from: Place,
    to: Place,
    visit: &mut impl FnMut(u32) -> ControlFlow<()>,
) -> ControlFlow<()> {
    blocks.slices(from, to).flatten().try_for_each(|entry| visit(entry.row))
}
