//! Rows numbered by the group that they are of.

use hashbrown::HashMap;
use query::identity;

use super::Source;
use crate::column::Body;
use crate::column::texts::Texts;

/// Pairs of a group and a code for which a table is kept, so that finding one is a look and not a search.
const TABLE: usize = 1 << 22;
/// No group yet.
const NONE: u32 = u32::MAX;

#[derive(Clone)]
pub(super) struct Groups {
    /// The group of each row, in the order of the rows.
    of: Vec<u32>,
    count: usize,
    /// Whether nothing was split: then the one group is there without a row, too.
    whole: bool,
}

impl Groups {
    /// All rows in one.
    pub(super) fn one(rows: usize) -> Self {
        Self { of: vec![0; rows], count: 1, whole: true }
    }

    pub(super) fn len(&self) -> usize {
        if self.whole || !self.of.is_empty() { self.count } else { 0 }
    }

    /// Each row with its group.
    pub(super) fn each<'g>(&'g self, rows: &'g [u32]) -> impl Iterator<Item = (u32, usize)> + 'g {
        rows.iter().zip(&self.of).map(|(row, group)| (*row, *group as usize))
    }

    /// The first row of each group; none where the one group has none.
    pub(super) fn firsts(&self, rows: &[u32]) -> Vec<u32> {
        let mut firsts = vec![NONE; self.count];
        for (row, group) in self.each(rows) {
            if firsts[group] == NONE {
                firsts[group] = row;
            }
        }
        firsts.retain(|row| *row != NONE);
        firsts
    }

    /// Which of `outer`, of the same rows, each group lies in.
    pub(super) fn within(&self, outer: &Self) -> Vec<usize> {
        let mut lies = vec![0; self.len()];
        for (group, outer) in self.of.iter().zip(&outer.of) {
            lies[*group as usize] = *outer as usize;
        }
        lies
    }

    /// Divides every group by the values of `source`; rows without one are together.
    pub(super) fn split(&mut self, source: &Source<'_, '_>, rows: &[u32]) {
        self.whole = false;
        let column = source.field.and_then(|field| source.table.column(field));
        match column.filter(|column| column.strays.is_empty()).map(|column| &column.body) {
            Some(Body::Texts(Texts::Coded(coded))) => {
                let code = |row| coded.code(row).map_or(0, |code| code + 1);
                self.by_code(rows, coded.pool.codes() + 1, code);
            }
            Some(Body::Numbers(numbers)) => {
                let mut codes: HashMap<Option<i64>, u32> = HashMap::new();
                let coded: Vec<u32> = rows
                    .iter()
                    .map(|row| {
                        let next = number_of(codes.len());
                        let number = numbers.ints.get(*row).map(|number| numbers.sorted(number));
                        *codes.entry(number).or_insert(next)
                    })
                    .collect();
                self.by_list(&coded, codes.len());
            }
            _ => {
                let mut codes = HashMap::new();
                let coded: Vec<u32> = rows
                    .iter()
                    .map(|row| {
                        let next = number_of(codes.len());
                        *codes.entry(source.value(*row).as_ref().map(identity)).or_insert(next)
                    })
                    .collect();
                self.by_list(&coded, codes.len());
            }
        }
    }

    fn by_list(&mut self, coded: &[u32], codes: usize) {
        let places: Vec<u32> = (0..number_of(coded.len())).collect();
        self.by_code(&places, codes, |place| coded[place as usize]);
    }

    /// Divides by a code below `codes` of each row.
    fn by_code(&mut self, rows: &[u32], codes: usize, code: impl Fn(u32) -> u32) {
        let mut count = 0;
        let pairs = self.count.saturating_mul(codes);
        if pairs <= TABLE {
            let mut table = vec![NONE; pairs];
            for (row, group) in rows.iter().zip(&mut self.of) {
                let known = &mut table[*group as usize * codes + code(*row) as usize];
                if *known == NONE {
                    *known = count;
                    count += 1;
                }
                *group = *known;
            }
        } else {
            let mut table: HashMap<(u32, u32), u32> = HashMap::new();
            for (row, group) in rows.iter().zip(&mut self.of) {
                *group = *table.entry((*group, code(*row))).or_insert_with(|| {
                    count += 1;
                    count - 1
                });
            }
        }
        self.count = count as usize;
    }
}

fn number_of(count: usize) -> u32 {
    u32::try_from(count).expect("no more values than rows, which are 32 bits")
}
