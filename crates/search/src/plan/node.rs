//! Tests on a row, alone or on a block of rows at once.

use dictionary::{FieldId, ResourceId};
use query::Expr;

use super::ask::Ask;
use super::limits::join;
use super::mentions::Found;
use super::places::Place;
use super::words::Wording;
use crate::column::codes::is_clear;
use crate::column::ints::Ints;

/// A test on rows. It is true or false; null was taken care of when it was made.
#[derive(Debug)]
pub(crate) enum Node<'i> {
    /// True of every row.
    Everything,
    /// True of none.
    Nothing,
    /// True where all are.
    All(Vec<Self>),
    /// True where one is.
    Any(Vec<Self>),
    /// True where it is not.
    Not(Box<Self>),
    /// The numbers or codes of a column.
    Numbers(Numbers<'i>),
    /// The codes of a column, looked up one by one.
    Codes(Codes<'i>),
    /// The text of a row, read.
    Wording(Wording<'i>),
    /// What the words of a chunk say of its rows.
    Found(Found<'i>),
    /// A point inside something.
    Place(Place<'i>),
    /// These rows, in ascending order.
    Rows(Vec<u32>),
    /// What no column answers.
    Rest(Rest<'i>),
}

/// Whether a column's number lies in one of some ranges.
#[derive(Debug)]
pub(crate) struct Numbers<'i> {
    pub(crate) field: Option<FieldId>,
    pub(crate) ints: &'i Ints,
    /// Ascending, apart from each other, both ends inside.
    pub(crate) ranges: Vec<(i64, i64)>,
    /// The part of the rows that pass, guessed or known.
    pub(crate) share: f64,
    /// Where the numbers are codes of text that `spots` finds: how many rows have them.
    pub(crate) spots: Option<usize>,
}

/// Whether a column's code is one of many.
#[derive(Debug)]
pub(crate) struct Codes<'i> {
    pub(crate) ints: &'i Ints,
    /// By code.
    pub(crate) pass: Vec<bool>,
    pub(crate) share: f64,
}

/// An expression that is evaluated on the record of a row.
#[derive(Debug)]
pub(crate) struct Rest<'i> {
    pub(crate) resource: ResourceId,
    pub(crate) expr: &'i Expr,
    /// The answer that is wanted.
    pub(crate) want: bool,
    /// Whether links lead to every record, as in the row filters of grants.
    pub(crate) sees_all: bool,
}

impl Node<'_> {
    /// Whether `row` passes.
    pub(crate) fn test(&self, ask: &Ask<'_>, row: u32) -> bool {
        match self {
            Self::Everything => true,
            Self::Nothing => false,
            Self::All(nodes) => nodes.iter().all(|node| node.test(ask, row)),
            Self::Any(nodes) => nodes.iter().any(|node| node.test(ask, row)),
            Self::Not(node) => !node.test(ask, row),
            Self::Numbers(numbers) => numbers.test(row),
            Self::Codes(codes) => codes.test(row),
            Self::Wording(wording) => wording.test(row),
            Self::Found(found) => found.test(row),
            Self::Place(place) => place.test(row),
            Self::Rows(rows) => rows.binary_search(&row).is_ok(),
            Self::Rest(rest) => ask.evaluate(rest, row),
        }
    }

    /// Leaves in `mask`, a byte a row from `start`, the rows that pass. The rows lie in one chunk.
    pub(crate) fn keep(&self, ask: &Ask<'_>, start: u32, mask: &mut [u8]) {
        match self {
            Self::Everything => {}
            Self::Nothing => mask.fill(0),
            Self::All(nodes) => {
                for node in nodes {
                    if is_clear(mask) {
                        return;
                    }
                    node.keep(ask, start, mask);
                }
            }
            Self::Any(nodes) => {
                let mut any = vec![0u8; mask.len()];
                let mut left = mask.to_vec();
                for node in nodes {
                    let mut one = left.clone();
                    node.keep(ask, start, &mut one);
                    for ((any, left), one) in any.iter_mut().zip(&mut left).zip(&one) {
                        *any |= one;
                        *left &= one ^ 1;
                    }
                }
                mask.copy_from_slice(&any);
            }
            Self::Not(node) => match &**node {
                Self::Numbers(numbers) if numbers.ranges.len() == 1 => {
                    let (low, high) = numbers.ranges[0];
                    numbers.ints.keep(start, mask, low, high, true);
                }
                node => {
                    let mut passing = mask.to_vec();
                    node.keep(ask, start, &mut passing);
                    mask.iter_mut().zip(&passing).for_each(|(keep, passing)| *keep &= passing ^ 1);
                }
            },
            Self::Numbers(numbers) => numbers.keep(start, mask),
            Self::Found(found) => found.keep(start, mask),
            Self::Rows(rows) => {
                let first = rows.partition_point(|row| *row < start);
                let mut at = 0;
                for row in &rows[first..] {
                    let place = (*row - start) as usize;
                    if place >= mask.len() {
                        break;
                    }
                    mask[at..place].fill(0);
                    at = place + 1;
                }
                mask[at..].fill(0);
            }
            node @ (Self::Codes(_) | Self::Wording(_) | Self::Place(_) | Self::Rest(_)) => {
                for (row, keep) in (start..).zip(mask) {
                    if *keep != 0 && !node.test(ask, row) {
                        *keep = 0;
                    }
                }
            }
        }
    }

    /// Leaves of these rows those that pass.
    pub(crate) fn retain(&self, ask: &Ask<'_>, rows: &mut Vec<u32>) {
        match self {
            Self::Everything => {}
            Self::Nothing => rows.clear(),
            Self::All(nodes) => nodes.iter().for_each(|node| node.retain(ask, rows)),
            Self::Numbers(numbers) if numbers.ranges.len() == 1 => numbers.sift(rows, true),
            Self::Codes(codes) => sift(rows, |row| codes.test(row)),
            Self::Not(node) => match &**node {
                Self::Numbers(numbers) if numbers.ranges.len() == 1 => numbers.sift(rows, false),
                node => sift(rows, |row| !node.test(ask, row)),
            },
            node => sift(rows, |row| node.test(ask, row)),
        }
    }

    /// The part of the rows that pass, guessed.
    pub(crate) fn share(&self, rows: usize) -> f64 {
        match self {
            Self::Everything => 1.0,
            Self::Nothing => 0.0,
            Self::All(nodes) => nodes.iter().map(|node| node.share(rows)).product(),
            Self::Any(nodes) => nodes.iter().map(|node| node.share(rows)).sum::<f64>().min(1.0),
            Self::Not(node) => 1.0 - node.share(rows),
            Self::Numbers(numbers) => numbers.share,
            Self::Codes(codes) => codes.share,
            Self::Wording(_) => 0.1,
            Self::Found(found) => found.share(rows),
            Self::Place(place) => place.share(),
            #[expect(clippy::cast_precision_loss, reason = "a guess")]
            Self::Rows(found) => found.len() as f64 / rows.max(1) as f64,
            Self::Rest(_) => 0.5,
        }
    }

    /// What testing a row costs, in about nanoseconds.
    pub(crate) fn cost(&self) -> f64 {
        match self {
            Self::Everything | Self::Nothing => 0.0,
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().map(Self::cost).sum(),
            Self::Not(node) => node.cost(),
            Self::Numbers(numbers) => 1.5 + numbers.ints.width() / 2.0,
            Self::Codes(_) => 4.0,
            Self::Rows(_) => 20.0,
            Self::Place(_) => 30.0,
            Self::Found(found) => found.cost(),
            Self::Wording(_) => 100.0,
            Self::Rest(_) => 1_000.0,
        }
    }

    /// What testing a row costs on average, as most tests of a conjunction meet few rows.
    pub(crate) fn cost_of_row(&self, rows: usize) -> f64 {
        let Self::All(nodes) = self else { return self.cost() };
        let mut left = 1.0;
        let each = nodes.iter().map(|node| {
            let cost = left * node.cost();
            left *= node.share(rows);
            cost
        });
        each.sum()
    }

    /// The same where rows are tested a block at a time.
    pub(crate) fn cost_in_block(&self, rows: usize) -> f64 {
        match self {
            Self::Everything | Self::Nothing => 0.0,
            Self::All(nodes) => {
                let mut left = 1.0;
                let each = nodes.iter().map(|node| {
                    // A block is tested whole where one row of it is left, by those who can.
                    let cost = match node {
                        Self::Codes(_)
                        | Self::Wording(_)
                        | Self::Found(_)
                        | Self::Place(_)
                        | Self::Rest(_) => left * node.cost(),
                        node => node.cost_in_block(rows),
                    };
                    left *= node.share(rows);
                    cost
                });
                each.sum()
            }
            Self::Any(nodes) => nodes.iter().map(|node| node.cost_in_block(rows) + 0.3).sum(),
            Self::Not(node) => node.cost_in_block(rows),
            Self::Numbers(numbers) => (0.03 + numbers.ints.width() * 0.03) * numbers.ranges.len() as f64,
            Self::Rows(_) => 0.1,
            node => node.cost(),
        }
    }

    /// All of these, the cheapest way to reject a row first.
    pub(crate) fn all(nodes: Vec<Self>, rows: usize) -> Self {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::Everything => {}
                Self::Nothing => return Self::Nothing,
                Self::All(inner) => inner.into_iter().for_each(|node| meet(&mut flat, node)),
                node => meet(&mut flat, node),
            }
        }
        if flat.iter().any(|node| matches!(node, Self::Numbers(numbers) if numbers.ranges.is_empty())) {
            return Self::Nothing;
        }
        let worth = |node: &Self| node.cost() / (1.0 - node.share(rows)).max(1e-3);
        flat.sort_by(|a, b| worth(a).total_cmp(&worth(b)));
        match flat.len() {
            0 => Self::Everything,
            1 => flat.swap_remove(0),
            _ => Self::All(flat),
        }
    }

    /// One of these.
    pub(crate) fn any(nodes: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::Nothing => {}
                Self::Everything => return Self::Everything,
                Self::Any(inner) => flat.extend(inner),
                Self::Numbers(numbers) => {
                    let same = |other: &&mut Self| match other {
                        Self::Numbers(other) => std::ptr::eq(other.ints, numbers.ints),
                        _ => false,
                    };
                    match flat.iter_mut().find(same) {
                        Some(Self::Numbers(other)) => other.join(numbers),
                        _ => flat.push(Self::Numbers(numbers)),
                    }
                }
                node => flat.push(node),
            }
        }
        flat.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
        match flat.len() {
            0 => Self::Nothing,
            1 => flat.swap_remove(0),
            _ => Self::Any(flat),
        }
    }

    /// Not this.
    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Everything => Self::Nothing,
            Self::Nothing => Self::Everything,
            Self::Not(node) => *node,
            node => Self::Not(Box::new(node)),
        }
    }
}

/// Adds a test to those that all have to be passed: two of one column are one.
fn meet<'i>(all: &mut Vec<Node<'i>>, node: Node<'i>) {
    let Node::Numbers(numbers) = node else { return all.push(node) };
    let same = all.iter_mut().find_map(|other| match other {
        Node::Numbers(other) if std::ptr::eq(other.ints, numbers.ints) => Some(other),
        _ => None,
    });
    match same {
        Some(other) => other.meet(&numbers),
        None => all.push(Node::Numbers(numbers)),
    }
}

/// Leaves of these rows those that pass, without a branch on each answer.
#[inline]
fn sift(rows: &mut Vec<u32>, mut passes: impl FnMut(u32) -> bool) {
    let mut kept = 0;
    for at in 0..rows.len() {
        let row = rows[at];
        rows[kept] = row;
        kept += usize::from(passes(row));
    }
    rows.truncate(kept);
}

impl Numbers<'_> {
    /// Takes in what another says of the same column: one look at it answers both.
    fn join(&mut self, other: Self) {
        self.ranges.extend(other.ranges);
        self.ranges = join(std::mem::take(&mut self.ranges));
        self.share = (self.share + other.share).min(1.0);
        self.field = self.field.filter(|field| other.field == Some(*field));
        // At most so many rows: a code may be named by both.
        self.spots = self.field.and(self.spots).zip(other.spots).map(|(one, more)| one + more);
    }

    /// Takes in what has to hold of the same column, too.
    fn meet(&mut self, other: &Self) {
        let both =
            |a: &(i64, i64), b: &(i64, i64)| Some((a.0.max(b.0), a.1.min(b.1))).filter(|(l, h)| l <= h);
        let each = self.ranges.iter().flat_map(|a| other.ranges.iter().filter_map(move |b| both(a, b)));
        self.ranges = each.collect();
        // Of two parts of one column no less is left than what they cannot but share.
        self.share = (self.share + other.share - 1.0).max(self.share * other.share);
        self.field = self.field.or(other.field);
        self.spots = match (self.spots, other.spots) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
    }

    /// Leaves of these rows those whose number lies in the one range, or does not.
    fn sift(&self, rows: &mut Vec<u32>, inside: bool) {
        let (low, high) = self.ranges[0];
        match self.ints.sieve(rows.len(), low, high) {
            Some(sieve) => sift(rows, |row| sieve.passes(row) == inside),
            None => sift(rows, |row| self.ints.lies(row, low, high) == inside),
        }
    }

    #[inline]
    fn test(&self, row: u32) -> bool {
        let Some(number) = self.ints.get(row) else { return false };
        match self.ranges.as_slice() {
            [(low, high)] => *low <= number && number <= *high,
            ranges => {
                let at = ranges.partition_point(|(_, high)| *high < number);
                ranges.get(at).is_some_and(|(low, _)| *low <= number)
            }
        }
    }

    fn keep(&self, start: u32, mask: &mut [u8]) {
        match self.ranges.as_slice() {
            [] => mask.fill(0),
            [(low, high)] => self.ints.keep(start, mask, *low, *high, false),
            ranges if ranges.len() <= 4 => {
                let mut any = vec![0u8; mask.len()];
                let mut one = vec![0u8; mask.len()];
                for (low, high) in ranges {
                    one.copy_from_slice(mask);
                    self.ints.keep(start, &mut one, *low, *high, false);
                    any.iter_mut().zip(&one).for_each(|(any, one)| *any |= one);
                }
                mask.copy_from_slice(&any);
            }
            _ => {
                for (row, keep) in (start..).zip(mask) {
                    *keep &= u8::from(self.test(row));
                }
            }
        }
    }
}

impl Codes<'_> {
    #[inline]
    fn test(&self, row: u32) -> bool {
        let code = self.ints.get(row).and_then(|code| usize::try_from(code).ok());
        code.and_then(|code| self.pass.get(code)).is_some_and(|pass| *pass)
    }
}
