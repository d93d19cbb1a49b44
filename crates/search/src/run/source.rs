//! Few rows among which all are that pass.

use crate::blocks::{Blocks, Place};
use crate::finders::{row_of, spot};
use crate::ordered::{Ordered, rank};
use crate::plan::{Ask, Cover, Found, Node};
use crate::table::Table;

/// A source of more than one row in so many helps nobody; to find that out of an area costs most.
const WORTHWHILE: usize = 4;
/// The same of a text that many rows have, whose rows would have to be listed somewhere first.
const FEW: usize = 16;

/// Rows that are looked at sooner than anything else is thought about.
const A_FEW: usize = 64;

/// The tests that a row must pass all of.
fn nodes_of<'a, 'i>(root: &'a Node<'i>) -> &'a [Node<'i>] {
    match root {
        Node::All(nodes) => nodes,
        node => std::slice::from_ref(node),
    }
}

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
    /// Those that pass one of several tests, each found by a source of its own.
    Either(Vec<Source<'a, 'i>>),
    /// Those between places of a field's spots; whether they are known to pass.
    Spots(&'i Blocks<u64>, Vec<(Place, Place, bool)>),
}

impl<'a, 'i> Source<'a, 'i> {
    /// The source of the fewest rows, if there is one that helps.
    pub(crate) fn best(table: &'i Table, root: &'a Node<'i>) -> Option<Self> {
        if let Some(few) = Self::few(root) {
            return Some(few);
        }
        Self::below(table, root, table.len() / WORTHWHILE)
    }

    /// A test that names so few rows that no other way need be weighed.
    pub(crate) fn few(root: &'a Node<'i>) -> Option<Self> {
        let nodes = nodes_of(root);
        nodes.iter().enumerate().find_map(|(node, test)| match test {
            Node::Rows(rows) if rows.len() <= A_FEW => {
                Some(Self { count: rows.len(), rows: Rows::These(rows), node, nodes })
            }
            _ => None,
        })
    }

    /// The source of the fewest rows, if there is one of fewer than `most`.
    fn below(table: &'i Table, root: &'a Node<'i>, most: usize) -> Option<Self> {
        let nodes = nodes_of(root);
        let mut best: Option<Self> = None;
        // Where an area's points are takes longer to say than how many rows have a word.
        let is_place = |node: &Node<'_>| matches!(node, Node::Place(_));
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by_key(|at| is_place(&nodes[*at]));
        for at in order {
            let least = best.as_ref().map_or(most, |source| source.count);
            if let Some((count, rows)) = source(table, &nodes[at], least).filter(|(count, _)| *count < least)
            {
                best = Some(Self { count, rows, node: at, nodes });
            }
        }
        best
    }

    /// Whether there are tests besides the one that named the rows.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.nodes.len() > 1
    }

    /// How many rows pass, guessed: the source knows how many pass its own test at most.
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    pub(crate) fn passing_guess(&self, rows: usize) -> f64 {
        let others = self.nodes.iter().enumerate().filter(|(at, _)| *at != self.node);
        self.count as f64 * others.map(|(_, node)| node.share(rows)).product::<f64>()
    }

    /// The rows that pass.
    pub(crate) fn passing(&self, ask: &Ask<'_>) -> Vec<u32> {
        let (mut sure, mut maybe) = self.candidates(ask);
        for (at, node) in self.nodes.iter().enumerate() {
            if at != self.node {
                node.retain(ask, &mut sure);
                node.retain(ask, &mut maybe);
            }
        }
        self.nodes[self.node].retain(ask, &mut maybe);
        sure.append(&mut maybe);
        sure
    }

    /// The rows that pass the test which named them, and those that may.
    fn candidates(&self, ask: &Ask<'_>) -> (Vec<u32>, Vec<u32>) {
        let (mut sure, mut maybe) = (Vec::new(), Vec::new());
        match &self.rows {
            Rows::These(rows) => sure.extend_from_slice(rows),
            Rows::Either(sources) => {
                sources.iter().for_each(|source| sure.append(&mut source.passing(ask)));
                sure.sort_unstable();
                sure.dedup();
            }
            Rows::Found(found) => {
                found.each(|row, certain| if certain { sure.push(row) } else { maybe.push(row) })
            }
            Rows::Span(order, from, to) => {
                let slices = order.blocks().slices(*from, *to);
                slices.for_each(|entries| sure.extend(entries.iter().map(|entry| entry.row)));
            }
            Rows::Spots(spots, runs) => {
                for (from, to, certain) in runs {
                    let rows = if *certain { &mut sure } else { &mut maybe };
                    for slice in spots.slices(*from, *to) {
                        rows.extend(slice.iter().map(|spot| row_of(*spot)));
                    }
                }
            }
        }
        (sure, maybe)
    }

    /// How many rows pass.
    pub(crate) fn count_passing(&self, ask: &Ask<'_>) -> u64 {
        match &self.rows {
            Rows::These(rows) if self.nodes.len() == 1 => rows.len() as u64,
            Rows::Span(..) if self.nodes.len() == 1 => self.count as u64,
            // Of squares that lie inside nobody needs to look at the rows.
            Rows::Spots(spots, runs) if self.nodes.len() == 1 => {
                let mut count = 0;
                let mut maybe = Vec::new();
                for (from, to, certain) in runs {
                    if *certain {
                        count += spots.between(*from, *to) as u64;
                    } else {
                        maybe.extend(spots.slices(*from, *to).flatten().map(|spot| row_of(*spot)));
                    }
                }
                self.nodes[self.node].retain(ask, &mut maybe);
                count + maybe.len() as u64
            }
            _ => self.passing(ask).len() as u64,
        }
    }
}

fn source<'a, 'i>(table: &'i Table, node: &'a Node<'i>, least: usize) -> Option<(usize, Rows<'a, 'i>)> {
    match node {
        Node::Rows(rows) => Some((rows.len(), Rows::These(rows))),
        Node::Found(found) => Some((found.count(), Rows::Found(found))),
        Node::Numbers(numbers) => match numbers.spots {
            Some(count) if count < least.min(table.len() / FEW) => {
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
        Node::Any(nodes) => {
            let (mut count, mut sources) = (0, Vec::with_capacity(nodes.len()));
            for node in nodes {
                let source = Source::below(table, node, least - count)?;
                count += source.count;
                sources.push(source);
            }
            Some((count, Rows::Either(sources)))
        }
        Node::Place(place) => {
            let spots = table.spots(place.field)?;
            let Cover { count, runs } = place.cover(spots, least)?;
            Some((count, Rows::Spots(spots, runs)))
        }
        _ => None,
    }
}
