//! All rows that pass: by a finder that names few candidates, or by looking at every row.

use crate::blocks::Blocks;
use crate::column::ints::left_in_chunk;
use crate::finders::{row_of, spot};
use crate::plan::{Ask, Node};
use crate::table::Table;

/// Rows tested at once: the bytes of their mask stay in the nearest cache.
const BLOCK: usize = 2_048;

/// Rows among which all that pass are, and how many these are at most.
pub(crate) enum Source<'a, 'i> {
    /// These.
    Rows(&'a [u32]),
    /// Those of some spots of a field.
    Spots(&'i Blocks<u64>, Vec<(u64, u64)>),
    /// Those of an order between two places.
    Span(&'i crate::ordered::Ordered, crate::blocks::Place, crate::blocks::Place),
}

impl Source<'_, '_> {
    /// Calls `visit` with each row, once.
    pub(crate) fn each(&self, mut visit: impl FnMut(u32)) {
        match self {
            Self::Rows(rows) => rows.iter().for_each(|row| visit(*row)),
            Self::Spots(spots, ranges) => {
                for (low, high) in ranges {
                    let from = spots.seek(|spot| spot < low);
                    let to = spots.seek(|spot| spot <= high);
                    spots.slices(from, to).flatten().for_each(|spot| visit(row_of(*spot)));
                }
            }
            Self::Span(order, from, to) => {
                order.blocks().slices(*from, *to).flatten().for_each(|entry| visit(entry.row));
            }
        }
    }
}

/// The best way to few candidates and how many they are, if there is one to fewer than `limit`.
pub(crate) fn candidates<'a, 'i>(
    table: &'i Table,
    root: &'a Node<'i>,
    limit: usize,
) -> Option<(usize, Source<'a, 'i>)> {
    let nodes = match root {
        Node::All(nodes) => nodes.as_slice(),
        node => std::slice::from_ref(node),
    };
    let mut best: Option<(usize, Source<'a, 'i>)> = None;
    for node in nodes {
        let least = best.as_ref().map_or(limit, |(count, _)| *count);
        if let Some(found) = source(table, node, least).filter(|(count, _)| *count < least) {
            best = Some(found);
        }
    }
    best
}

fn source<'a, 'i>(table: &'i Table, node: &'a Node<'i>, least: usize) -> Option<(usize, Source<'a, 'i>)> {
    match node {
        Node::Rows(rows) => Some((rows.len(), Source::Rows(rows))),
        Node::Numbers(numbers) => match numbers.spots {
            Some(count) if count < least => {
                let spots = table.spots(numbers.field?)?;
                let code = |code: i64| u32::try_from(code).unwrap_or(u32::MAX);
                let ranges = numbers
                    .ranges
                    .iter()
                    .map(|(low, high)| (spot(code(*low), 0), spot(code(*high), u32::MAX)))
                    .collect();
                Some((count, Source::Spots(spots, ranges)))
            }
            Some(_) => None,
            None => {
                let [(low, high)] = numbers.ranges.as_slice() else { return None };
                let order = table.order_if_built(numbers.field?)?;
                let from = order.at(crate::ordered::rank(Some(*low)));
                let to = order.past(crate::ordered::rank(Some(*high)));
                Some((order.blocks().between(from, to), Source::Span(order, from, to)))
            }
        },
        Node::Place(place) => {
            let rows: Vec<(u32, u32, u32)> = place.cells()?.collect();
            let spots = table.spots(place.field)?;
            let mut count = 0;
            let mut ranges = Vec::with_capacity(rows.len());
            for (row, first, last) in rows {
                let (low, high) = (spot(row << 16 | first, 0), spot(row << 16 | last, u32::MAX));
                let from = spots.seek(|spot| *spot < low);
                let to = spots.seek(|spot| *spot <= high);
                count += spots.between(from, to);
                ranges.push((low, high));
                if count >= least {
                    return None;
                }
            }
            Some((count, Source::Spots(spots, ranges)))
        }
        _ => None,
    }
}

/// Every row that passes, in the order that is found first.
pub(crate) fn collect(ask: &Ask<'_>, table: &Table, root: &Node<'_>) -> Vec<u32> {
    let mut found = Vec::new();
    match candidates(table, root, table.len() / 4) {
        Some((_, source)) => source.each(|row| {
            if table.is_live(row) && root.test(ask, row) {
                found.push(row);
            }
        }),
        None => blocks(ask, table, root, |start, mask| {
            for (row, keep) in (start..).zip(mask) {
                if *keep != 0 {
                    found.push(row);
                }
            }
        }),
    }
    found
}

/// How many rows pass.
pub(crate) fn count(ask: &Ask<'_>, table: &Table, root: &Node<'_>) -> u64 {
    match root {
        Node::Everything => return table.len() as u64,
        Node::Nothing => return 0,
        _ => {}
    }
    let mut count = 0;
    match candidates(table, root, table.len() / 32) {
        Some((_, source)) => {
            source.each(|row| count += u64::from(table.is_live(row) && root.test(ask, row)));
        }
        None => blocks(ask, table, root, |_, mask| {
            count += mask.iter().map(|keep| u64::from(*keep)).sum::<u64>();
        }),
    }
    count
}

/// Tests every row, a block at a time.
fn blocks(ask: &Ask<'_>, table: &Table, root: &Node<'_>, mut visit: impl FnMut(u32, &[u8])) {
    let mut mask = [0u8; BLOCK];
    let mut start = 0;
    while start < table.rows() {
        let left = (table.rows() - start) as usize;
        let mask = &mut mask[..left_in_chunk(start).min(left).min(BLOCK)];
        if table.is_dense() {
            mask.fill(1);
        } else {
            live(table, start, mask);
        }
        root.keep(ask, start, mask);
        visit(start, mask);
        start += u32::try_from(mask.len()).expect("a block is short");
    }
}

/// Sets the bytes of the rows that hold a record. `start` is a multiple of 64.
fn live(table: &Table, start: u32, mask: &mut [u8]) {
    for (word, bytes) in (start as usize / 64..).zip(mask.chunks_mut(64)) {
        match table.live_word(word) {
            u64::MAX => bytes.fill(1),
            bits => bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = u8::from(bits >> at & 1 == 1)),
        }
    }
}
