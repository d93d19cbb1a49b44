//! What has changed of a source's own shape since the file before (LBX-073).

use std::collections::{BTreeMap, BTreeSet};

use intake::TableRow;
use serde_json::{Value as Json, json};

use super::heading::{Headings, Target};

/// Words of a listed field that are remembered.
const MOST_WORDS: usize = 200;

/// The shape of one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shape {
    /// Headings that are read.
    mapped: BTreeSet<String>,
    /// The words of listed fields, by field.
    words: BTreeMap<String, BTreeSet<String>>,
    /// What stands in the cells of each heading, in their order; none where nothing has yet.
    kinds: Vec<(String, Option<Kind>)>,
}

/// What the cells of a column are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Number,
    Text,
}

impl Shape {
    pub(crate) fn of(headings: &Headings) -> Self {
        let named = headings.names.iter().zip(&headings.targets);
        let mapped = named.filter(|(_, target)| target.is_some()).map(|(name, _)| name.clone()).collect();
        let kinds = headings.names.iter().map(|name| (name.clone(), None)).collect();
        Self { mapped, kinds, ..Self::default() }
    }

    /// Takes note of a row; `listed` are the columns of listed fields, with their fields.
    pub(crate) fn note(&mut self, headings: &Headings, listed: &[(usize, &str)], row: &TableRow<'_>) {
        for (at, field) in listed {
            let Some(word) = row.cells.get(*at).and_then(Option::as_deref) else { continue };
            let words = self.words.entry((*field).to_owned()).or_default();
            if !words.contains(word) && words.len() < MOST_WORDS {
                words.insert(word.to_owned());
            }
        }
        // Once a column has held text it is one of texts: nearly every cell is passed over.
        for (((_, kind), target), cell) in self.kinds.iter_mut().zip(&headings.targets).zip(&row.cells) {
            if let (Some(Target::Field(_)), Some(text)) = (target, cell)
                && *kind != Some(Kind::Text)
            {
                *kind = Some(if text.parse::<f64>().is_ok() { Kind::Number } else { Kind::Text });
            }
        }
    }

    /// As a batch keeps it.
    pub(crate) fn kept(&self) -> Json {
        let kinds: BTreeMap<&str, &str> = self
            .kinds
            .iter()
            .filter_map(|(name, kind)| {
                Some((name.as_str(), if (*kind)? == Kind::Number { "number" } else { "text" }))
            })
            .collect();
        json!({ "mapped": self.mapped, "words": self.words, "kinds": kinds })
    }

    /// What differs from the shape that an earlier batch kept, each naming its field. Words that a tenant's settings
    /// say are none: `known` tells.
    pub(crate) fn alerts(&self, before: &Json) -> Vec<String> {
        let mut alerts = Vec::new();
        let texts = |list: &Json| -> Vec<String> {
            let list = list.as_array().cloned().unwrap_or_default();
            list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        for name in texts(&before["mapped"]) {
            if !self.mapped.contains(&name) {
                alerts.push(format!("The column {name} is gone; what it said stays as it was."));
            }
        }
        for (field, words) in &self.words {
            let known = texts(&before["words"][field]);
            let new: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .filter(|word| !known.iter().any(|one| one == word))
                .collect();
            if !known.is_empty() && !new.is_empty() {
                alerts.push(format!("{field} has values that did not come before: {}.", new.join(", ")));
            }
        }
        for (name, kind) in &self.kinds {
            if *kind == Some(Kind::Text) && before["kinds"][name] == "number" {
                alerts.push(format!("The column {name} held numbers and now holds text."));
            }
        }
        alerts
    }
}
