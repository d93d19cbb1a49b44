//! A set of fields of one resource.

use crate::FieldId;

/// A set of fields of one resource, a bit each.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FieldSet {
    words: Vec<u64>,
}

impl FieldSet {
    /// The set of the first `count` fields: all of a resource that has so many.
    #[must_use]
    pub fn first(count: usize) -> Self {
        (0..count).map(|at| FieldId(crate::resource::index(at))).collect()
    }

    /// Whether `field` is in it.
    #[must_use]
    pub fn contains(&self, field: FieldId) -> bool {
        self.words.get(field.index() / 64).is_some_and(|word| word >> (field.index() % 64) & 1 == 1)
    }

    /// Puts `field` in.
    pub fn insert(&mut self, field: FieldId) {
        let at = field.index() / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        self.words[at] |= 1 << (field.index() % 64);
    }

    /// Takes `field` out.
    pub fn remove(&mut self, field: FieldId) {
        if let Some(word) = self.words.get_mut(field.index() / 64) {
            *word &= !(1 << (field.index() % 64));
        }
    }

    /// Puts every field of `other` in.
    pub fn extend_from(&mut self, other: &Self) {
        self.words.resize(self.words.len().max(other.words.len()), 0);
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// The fields in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = FieldId> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| FieldId(crate::resource::index(at * 64 + bit)))
        })
    }
}

impl FromIterator<FieldId> for FieldSet {
    fn from_iter<I: IntoIterator<Item = FieldId>>(fields: I) -> Self {
        let mut set = Self::default();
        fields.into_iter().for_each(|field| set.insert(field));
        set
    }
}
