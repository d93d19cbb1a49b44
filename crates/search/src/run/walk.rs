//! Walking along an order, row by row, until enough are found.

use std::ops::ControlFlow;

use crate::blocks::{Blocks, Place};
use crate::ordered::{Entry, Ordered};

/// Which way, and between which places.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'i> {
    pub(crate) order: &'i Ordered,
    pub(crate) descending: bool,
    /// Where the rows begin and end, in the order as it stands.
    pub(crate) from: Place,
    pub(crate) to: Place,
    /// Rows of equal number that are left of the page before: they come first when descending.
    pub(crate) rest: Option<(Place, Place)>,
}

impl Walk<'_> {
    /// How many rows it may visit.
    pub(crate) fn len(&self) -> usize {
        let blocks = self.order.blocks();
        blocks.between(self.from, self.to) + self.rest.map_or(0, |(from, to)| blocks.between(from, to))
    }

    /// Visits rows in turn until told to stop.
    pub(crate) fn each(&self, mut visit: impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        let blocks = self.order.blocks();
        if let Some((from, to)) = self.rest {
            forwards(blocks, from, to, &mut visit)?;
        }
        if self.descending {
            return self.backwards(&mut visit);
        }
        forwards(blocks, self.from, self.to, &mut visit)
    }

    /// From the highest number to the lowest; rows of one number in the order of their keys all the same.
    fn backwards(&self, visit: &mut impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        let blocks = self.order.blocks();
        let mut end = self.to;
        while self.from < end {
            let Some((slice, start)) = blocks.slice_before(self.from, end) else { break };
            let mut left = slice.len();
            while left > 0 {
                let rank = slice[left - 1].rank();
                let mut first = left - 1;
                while first > 0 && slice[first - 1].rank() == rank {
                    first -= 1;
                }
                if first > 0 || start <= self.from || blocks.before(start).is_none_or(|e| e.rank() != rank) {
                    for entry in &slice[first..left] {
                        visit(entry.row)?;
                    }
                    left = first;
                    end = start;
                    continue;
                }
                // The rows of this number began in an earlier block.
                let first = self.order.at(rank).max(self.from);
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
