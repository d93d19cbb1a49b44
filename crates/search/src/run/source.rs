//! Few rows among which all are that pass.

use crate::blocks::{Blocks, Place};
use crate::finders::{row_of, spot};
use crate::ordered::{Ordered, rank};
use crate::plan::{Ask, Found, Node};
use crate::table::Table;

/// Rows that one of the tests of a filter names without looking at all, and the tests that are left.
pub(crate) struct Source<'a, 'i> {
    /// How many there are.
    pub(crate) count: usize,
    rows: Rows<'a, 'i>,
    /// The test that named them.
    node: usize,
    nodes: &'a [Node<'i>],
}

enum Rows<'a, 'i> {
    /// These.
    These(&'a [u32]),
    /// Those that the words of their texts name.
    Found(&'a Found<'i>),
    /// Those of an order between two places.
    Span(&'i Ordered, Place, Place),
    /// Those between places of a field's spots; whether they are known to pass.
    Spots(&'i Blocks<u64>, Vec<(Place, Place, bool)>),
}

impl<'a, 'i> Source<'a, 'i> {
    /// The source of the fewest rows, if there is one of fewer than `limit`.
    pub(crate) fn best(table: &'i Table, root: &'a Node<'i>, limit: usize) -> Option<Self> {
        let nodes = match root {
            Node::All(nodes) => nodes.as_slice(),
            node => std::slice::from_ref(node),
        };
        let mut best: Option<Self> = None;
        for (at, node) in nodes.iter().enumerate() {
            let least = best.as_ref().map_or(limit, |source| source.count);
            if let Some((count, rows)) = source(table, node, least).filter(|(count, _)| *count < least) {
                best = Some(Self { count, rows, node: at, nodes });
            }
        }
        best
    }

    /// Calls `visit` with each row that passes, once.
    pub(crate) fn each(&self, ask: &Ask<'_>, mut visit: impl FnMut(u32)) {
        let others =
            |row: u32| self.nodes.iter().enumerate().all(|(at, node)| at == self.node || node.test(ask, row));
        match &self.rows {
            Rows::These(rows) => rows.iter().filter(|row| others(**row)).for_each(|row| visit(*row)),
            Rows::Found(found) => found.each(|row, sure| {
                if others(row) && (sure || self.nodes[self.node].test(ask, row)) {
                    visit(row);
                }
            }),
            Rows::Span(order, from, to) => {
                let entries = order.blocks().slices(*from, *to).flatten();
                entries.filter(|entry| others(entry.row)).for_each(|entry| visit(entry.row));
            }
            Rows::Spots(spots, ranges) => {
                for (from, to, sure) in ranges {
                    let own = |row: u32| *sure || self.nodes[self.node].test(ask, row);
                    let rows = spots.slices(*from, *to).flatten().map(|spot| row_of(*spot));
                    rows.filter(|row| others(*row) && own(*row)).for_each(&mut visit);
                }
            }
        }
    }

    /// How many rows pass.
    pub(crate) fn passing(&self, ask: &Ask<'_>) -> u64 {
        let mut count = 0;
        match &self.rows {
            Rows::These(rows) if self.nodes.len() == 1 => count = rows.len() as u64,
            Rows::Span(..) if self.nodes.len() == 1 => count = self.count as u64,
            // Of cells that lie inside nobody needs to look at the rows.
            Rows::Spots(spots, ranges) if self.nodes.len() == 1 => {
                for (from, to, sure) in ranges {
                    let rows = spots.slices(*from, *to).flatten().map(|spot| row_of(*spot));
                    count += if *sure {
                        spots.between(*from, *to) as u64
                    } else {
                        rows.filter(|row| self.nodes[self.node].test(ask, *row)).count() as u64
                    };
                }
            }
            _ => self.each(ask, |_| count += 1),
        }
        count
    }
}

fn source<'a, 'i>(table: &'i Table, node: &'a Node<'i>, least: usize) -> Option<(usize, Rows<'a, 'i>)> {
    match node {
        Node::Rows(rows) => Some((rows.len(), Rows::These(rows))),
        Node::Found(found) => Some((found.count(), Rows::Found(found))),
        Node::Numbers(numbers) => match numbers.spots {
            Some(count) if count < least => {
                let spots = table.spots(numbers.field?)?;
                let code = |code: i64| u32::try_from(code).unwrap_or(u32::MAX);
                let places = |range: &(i64, i64)| {
                    let (low, high) = (spot(code(range.0), 0), spot(code(range.1), u32::MAX));
                    (spots.seek(|spot| *spot < low), spots.seek(|spot| *spot <= high), true)
                };
                Some((count, Rows::Spots(spots, numbers.ranges.iter().map(places).collect())))
            }
            Some(_) => None,
            None => {
                let [(low, high)] = numbers.ranges.as_slice() else { return None };
                let order = table.order_if_built(numbers.field?)?;
                let (from, to) = (order.at(rank(Some(*low))), order.past(rank(Some(*high))));
                Some((order.blocks().between(from, to), Rows::Span(order, from, to)))
            }
        },
        Node::Place(place) => {
            let spots = table.spots(place.field)?;
            let mut count = 0;
            let mut ranges = Vec::new();
            for stripe in place.stripes()? {
                for cells in &stripe.cells {
                    let cell = |column: u32| stripe.row << 16 | column;
                    let (low, high) = (spot(cell(cells.first), 0), spot(cell(cells.last), u32::MAX));
                    let from = spots.seek(|spot| *spot < low);
                    let to = spots.seek(|spot| *spot <= high);
                    count += spots.between(from, to);
                    ranges.push((from, to, cells.sure));
                }
                if count >= least {
                    return None;
                }
            }
            Some((count, Rows::Spots(spots, ranges)))
        }
        _ => None,
    }
}
