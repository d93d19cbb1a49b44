//! All rows that pass: by a source that names few, or by looking at every row.

use super::cost;
use super::source::Source;
use crate::column::codes::ones;
use crate::column::ints::left_in_chunk;
use crate::plan::{Ask, Node};
use crate::table::Table;

/// Rows tested at once: the bytes of their mask stay in the nearest cache.
const BLOCK: usize = 2_048;
/// A source that is cheaper to list than all rows are to test.
pub(super) fn worthwhile<'a, 'i: 'e, 'e>(table: &'i Table, root: &'a Node<'e>) -> Option<Source<'a, 'e>> {
    let source = Source::best(table, root)?;
    let listing = cost::of_listing(root, table.len(), &source);
    (listing < cost::of_scanning(root, table.len())).then_some(source)
}

/// Every row that passes, in the order in which they are found.
pub(crate) fn collect<'i>(ask: &Ask<'i>, table: &'i Table, root: &Node<'_>) -> Vec<u32> {
    match worthwhile(table, root) {
        Some(source) => source.passing(ask),
        None => scan(ask, table, root),
    }
}

/// The same, by looking at every row.
pub(super) fn scan(ask: &Ask<'_>, table: &Table, root: &Node<'_>) -> Vec<u32> {
    let mut found = Vec::new();
    blocks(ask, table, root, |start, mask| {
        for (row, keep) in (start..).zip(mask) {
            if *keep != 0 {
                found.push(row);
            }
        }
    });
    found
}

/// How many rows pass.
pub(crate) fn count<'i>(ask: &Ask<'i>, table: &'i Table, root: &Node<'_>) -> u64 {
    match root {
        Node::Everything => return table.len() as u64,
        Node::Nothing => return 0,
        _ => {}
    }
    if let Some(source) = worthwhile(table, root) {
        return source.count_passing(ask);
    }
    let mut count = 0;
    blocks(ask, table, root, |_, mask| count += ones(mask));
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
