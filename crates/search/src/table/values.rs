//! Which values a field has, and what a table costs.

use std::collections::BTreeMap;

use dictionary::{FieldId, Text};

use super::Table;
use crate::column::Body;
use crate::column::texts::Texts;

impl Table {
    /// The distinct texts of a field, or elements of its lists, each with how many records hold it.
    pub(crate) fn values_in_use(&self, field: FieldId) -> Vec<(Text, u64)> {
        let mut found: BTreeMap<Text, u64> = BTreeMap::new();
        if self.key_field == Some(field) {
            self.keys.each(|_, key| *found.entry(Text::new(key)).or_default() += 1);
        }
        match self.column(field).map(|column| &column.body) {
            Some(Body::Texts(Texts::Coded(coded))) => {
                for (code, word) in coded.pool.each() {
                    found.insert(word.clone(), u64::from(coded.pool.uses(code)));
                }
            }
            Some(Body::Texts(Texts::Plain(plain))) => {
                plain.each(|_, text| *found.entry(Text::new(text)).or_default() += 1);
            }
            Some(Body::Lists(lists)) => {
                let mut by_word = vec![0u64; lists.words().codes()];
                lists.each_list(|list, words| {
                    let rows = u64::from(lists.uses(list));
                    let mut words: Vec<u32> = words.collect();
                    words.sort_unstable();
                    words.dedup();
                    words.iter().for_each(|word| by_word[*word as usize] += rows);
                });
                for (code, word) in lists.words().each() {
                    found.insert(word.clone(), by_word[code as usize]);
                }
            }
            Some(Body::Numbers(_) | Body::Points(_)) | None => {}
        }
        found.into_iter().collect()
    }

    /// Bytes of each field's column and of what finds rows by it.
    pub(crate) fn bytes_of(&self, field: FieldId) -> (usize, usize) {
        let column = self.column(field).map_or(0, crate::column::Column::bytes);
        (column, self.finders[field.index()].bytes())
    }

    /// Bytes that belong to no field: keys and how they are found, feeds, versions, standing order.
    pub(crate) fn bytes_of_rows(&self) -> [(&'static str, usize); 5] {
        let order = |order: Option<&crate::ordered::Ordered>| order.map_or(0, |o| o.blocks().bytes());
        [
            ("(keys)", self.keys.bytes()),
            ("(key hashes)", self.by_key.allocation_size()),
            (
                "(feeds and versions)",
                self.feeds.pool.bytes() + self.feeds.codes.bytes() + self.sequences.bytes(),
            ),
            ("(live rows)", self.live.capacity() * 8 + self.free.capacity() * 4 + self.left.capacity() * 17),
            ("(standing order)", order(self.standing.get()) + order(self.by_key_order.get())),
        ]
    }
}
