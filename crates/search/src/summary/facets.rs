//! How many records have which value (SRCH-001).

use std::cmp::Ordering;

use dictionary::{FieldId, ResourceId, Timestamp, Value, ValueRef};
use hashbrown::HashMap;
use query::{Comparison, Expr, Scope};

use crate::Reader;
use crate::column::numbers::Numbers;
use crate::column::texts::Texts;
use crate::column::{Body, Column};
use crate::plan::Limit;
use crate::table::Table;

/// What is counted.
#[derive(Clone, PartialEq, Debug)]
pub enum Facet {
    /// Each value of a field; of a list each of its elements.
    Values {
        /// The field; of points nothing is counted.
        field: FieldId,
        /// How many values to tell of at most: those of the most records.
        top: usize,
    },
    /// Bands of a field's values: price bands, say.
    Bands {
        /// The field.
        field: FieldId,
        /// Where one band ends and the next begins, itself in the upper one; in any order.
        edges: Vec<Value>,
    },
}

/// One value or band.
#[derive(Clone, PartialEq, Debug)]
pub struct Bucket {
    /// The value, or the edge a band begins at; none where it is the band below all edges.
    pub value: Option<Value>,
    /// How many records have it.
    pub count: u64,
}

/// What was counted of one facet.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FacetCounts {
    /// Values, those of the most records first, and then in their order; or bands from low to high, empty
    /// ones too.
    pub buckets: Vec<Bucket>,
    /// How many different values there are, told or not; how many bands.
    pub distinct: usize,
    /// How many records have no value.
    pub missing: u64,
}

impl Reader<'_> {
    /// For each facet how many of the records that match, of those that `scope` lets be seen, have which
    /// value. The records are found once, and each facet takes one look at its column.
    #[must_use]
    pub fn facets(
        &self,
        resource: ResourceId,
        filter: Option<&Expr>,
        scope: &Scope,
        facets: &[Facet],
        now: Timestamp,
    ) -> Vec<FacetCounts> {
        self.with_rows(resource, filter, scope, now, |ask, rows| {
            facets.iter().map(|facet| count(ask.table(resource), rows, facet)).collect()
        })
    }
}

fn count(table: &Table, rows: &[u32], facet: &Facet) -> FacetCounts {
    match facet {
        Facet::Values { field, top } => values(table, rows, *field, *top),
        Facet::Bands { field, edges } => bands(table, rows, *field, edges),
    }
}

fn values(table: &Table, rows: &[u32], field: FieldId, top: usize) -> FacetCounts {
    let mut found = Counted::default();
    if table.key_field == Some(field) {
        found.texts(rows, |row| table.keys.get(row));
    } else if let Some(column) = table.column(field) {
        found.column(column, rows);
    } else {
        found.missing = rows.len() as u64;
    }
    found.top(top)
}

/// Values and how many rows have each.
#[derive(Default)]
struct Counted {
    each: Vec<(Value, u64)>,
    missing: u64,
}

impl Counted {
    fn column(&mut self, column: &Column, rows: &[u32]) {
        match &column.body {
            Body::Texts(Texts::Coded(coded)) => {
                let mut by_code = vec![0u64; coded.pool.codes()];
                let found =
                    rows.iter().filter_map(|row| coded.code(*row)).map(|code| by_code[code as usize] += 1);
                self.missing = rows.len() as u64 - found.count() as u64;
                let words =
                    coded.pool.each().map(|(code, word)| (Value::Text(word.clone()), by_code[code as usize]));
                self.each.extend(words.filter(|(_, count)| *count > 0));
            }
            Body::Texts(Texts::Plain(plain)) => self.texts(rows, |row| plain.get(row)),
            Body::Lists(lists) => {
                let mut by_list = vec![0u64; lists.lists()];
                let list = |row: &u32| lists.codes().get(*row).and_then(|list| usize::try_from(list).ok());
                let found = rows.iter().filter_map(list).map(|list| by_list[list] += 1);
                self.missing = rows.len() as u64 - found.count() as u64;
                let mut by_word = vec![0u64; lists.words().codes()];
                lists.each_list(|list, words| {
                    // A word that stands twice in a list is one record's.
                    let mut words: Vec<u32> = words.collect();
                    words.sort_unstable();
                    words.dedup();
                    words.iter().for_each(|word| by_word[*word as usize] += by_list[list as usize]);
                });
                let words = lists
                    .words()
                    .each()
                    .map(|(code, word)| (Value::Text(word.clone()), by_word[code as usize]));
                self.each.extend(words.filter(|(_, count)| *count > 0));
            }
            Body::Numbers(numbers) => self.numbers(numbers, rows),
            Body::Points(_) => {}
        }
        if !column.strays.is_empty() {
            self.strays(column, rows);
        }
    }

    fn texts<'t>(&mut self, rows: &[u32], text: impl Fn(u32) -> Option<&'t str>) {
        let mut by_text: HashMap<&str, u64> = HashMap::new();
        for row in rows {
            match text(*row) {
                Some(text) => *by_text.entry(text).or_default() += 1,
                None => self.missing += 1,
            }
        }
        self.each.extend(by_text.into_iter().map(|(text, count)| (Value::from(text), count)));
    }

    fn numbers(&mut self, numbers: &Numbers, rows: &[u32]) {
        let mut by_number: HashMap<i64, (u32, u64)> = HashMap::new();
        for row in rows {
            match numbers.ints.get(*row) {
                Some(number) => by_number.entry(numbers.sorted(number)).or_insert((*row, 0)).1 += 1,
                None => self.missing += 1,
            }
        }
        let value = |row| numbers.look(row).map(ValueRef::to_value);
        self.each.extend(by_number.into_values().filter_map(|(row, count)| Some((value(row)?, count))));
    }

    /// Rows whose value the column's body does not hold were counted as missing.
    fn strays(&mut self, column: &Column, rows: &[u32]) {
        for stray in rows.iter().filter_map(|row| column.strays.get(row)) {
            self.missing = self.missing.saturating_sub(1);
            let words: &[dictionary::Text] = if let Value::TextList(list) = stray { list } else { &[] };
            let values = words.iter().map(|word| Value::Text(word.clone()));
            let one = if words.is_empty() { Some(stray.clone()) } else { None };
            for value in values.chain(one) {
                let same =
                    |other: &&mut (Value, u64)| query::compare(&other.0, &value) == Some(Ordering::Equal);
                match self.each.iter_mut().find(same) {
                    Some((_, count)) => *count += 1,
                    None => self.each.push((value, 1)),
                }
            }
        }
    }

    fn top(mut self, top: usize) -> FacetCounts {
        let order = |a: &(Value, u64), b: &(Value, u64)| {
            b.1.cmp(&a.1).then_with(|| query::compare(&a.0, &b.0).unwrap_or(Ordering::Equal))
        };
        let distinct = self.each.len();
        if top < distinct {
            if top > 0 {
                self.each.select_nth_unstable_by(top - 1, order);
            }
            self.each.truncate(top);
        }
        self.each.sort_by(order);
        let buckets = self.each.into_iter().map(|(value, count)| Bucket { value: Some(value), count });
        FacetCounts { buckets: buckets.collect(), distinct, missing: self.missing }
    }
}

fn bands(table: &Table, rows: &[u32], field: FieldId, edges: &[Value]) -> FacetCounts {
    let mut edges = edges.to_vec();
    edges.sort_by(|a, b| query::compare(a, b).unwrap_or(Ordering::Equal));
    let mut counts = vec![0u64; edges.len() + 1];
    let mut missing = 0;
    // The numbers at which bands begin, where all edges are numbers of the column.
    let lowest = match table.column(field).map(|column| (&column.body, column.strays.is_empty())) {
        Some((Body::Numbers(numbers), true)) => {
            let low = |edge: &Value| {
                // Above all that a column holds nothing is.
                let range = Limit::of(edge, numbers)?.range(Comparison::GreaterOrEqual);
                Some(range.map_or(i64::MAX, |(low, _)| low))
            };
            edges.iter().map(low).collect::<Option<Vec<i64>>>().map(|lowest| (numbers, lowest))
        }
        _ => None,
    };
    for row in rows {
        let band = match &lowest {
            Some((numbers, lowest)) => {
                let number = numbers.ints.get(*row);
                number.map(|number| lowest.partition_point(|low| *low <= number))
            }
            None => table.look(*row, field).map(|value| {
                let value = value.to_value();
                edges.partition_point(|edge| query::compare(edge, &value).is_some_and(Ordering::is_le))
            }),
        };
        match band {
            Some(band) => counts[band] += 1,
            None => missing += 1,
        }
    }
    let begins = std::iter::once(None).chain(edges.into_iter().map(Some));
    let buckets: Vec<Bucket> = begins.zip(counts).map(|(value, count)| Bucket { value, count }).collect();
    FacetCounts { distinct: buckets.len(), buckets, missing }
}
