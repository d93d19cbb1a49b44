//! From the names that a mapping uses to the columns of one file.

use std::collections::BTreeMap;

use crate::MappingFault;
use crate::source::Layout;

/// The columns of one file, and which of them are asked for.
pub(super) struct Columns<'a> {
    layout: &'a Layout,
    aliases: &'a BTreeMap<String, Vec<String>>,
    pub(super) used: Vec<bool>,
    pub(super) faults: Vec<MappingFault>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(layout: &'a Layout, aliases: &'a BTreeMap<String, Vec<String>>) -> Self {
        Self { layout, aliases, used: vec![false; layout.headings.len()], faults: Vec::new() }
    }

    /// What the column at this place is called.
    pub(super) fn heading(&self, at: usize) -> &str {
        &self.layout.headings[at]
    }

    /// The column of this heading, capitals and spaces around it aside.
    fn find(&self, heading: &str) -> Option<usize> {
        self.layout.places.get(heading).copied().or_else(|| {
            let heading = heading.trim();
            self.layout.headings.iter().position(|h| h.trim().to_lowercase() == heading.to_lowercase())
        })
    }

    /// The column that the mapping calls `name`: a heading, or one of its aliases.
    pub(super) fn place(&mut self, name: &str, place: &str) -> Option<usize> {
        let mut found: Vec<usize> = self.find(name).into_iter().collect();
        for heading in self.aliases.get(name).into_iter().flatten() {
            found.extend(self.find(heading).filter(|at| !found.contains(at)));
        }
        if let [first, second, ..] = found[..] {
            let (first, second) = (&self.layout.headings[first], &self.layout.headings[second]);
            self.faults.push(MappingFault::new(
                "alias_twice",
                place,
                format!("The columns {first:?} and {second:?} both go by the name {name:?}."),
                "Take one of them out of [aliases].",
            ));
        }
        for at in &found {
            self.used[*at] = true;
        }
        match found.first() {
            Some(at) => Some(*at),
            None => {
                // Objects of JSON leave out what they have no value for.
                if self.layout.complete {
                    self.missing(name, place);
                }
                None
            }
        }
    }

    fn missing(&mut self, name: &str, place: &str) {
        let near = nearest(name, &self.layout.headings);
        let hint = match near {
            Some(near) => format!("Did you mean {near:?}? Other spellings of a heading go into [aliases]."),
            None => format!("The file has: {}.", list(&self.layout.headings)),
        };
        let message = format!("The file has no column {name:?}.");
        self.faults.push(MappingFault::new("column_missing", place, message, hint));
    }

    /// Names that are given as aliases but that nothing in the mapping uses are no fault: the list may
    /// serve several mappings. What is ignored on purpose counts as used.
    pub(super) fn ignore(&mut self, names: &[String]) {
        for name in names {
            if let Some(at) = self.find(name) {
                self.used[at] = true;
            }
        }
    }

    /// The columns that nothing asked for.
    pub(super) fn unused(&self) -> Vec<usize> {
        let named = |at: &usize| !self.layout.headings[*at].starts_with("column ");
        (0..self.used.len()).filter(|at| !self.used[*at]).filter(named).collect()
    }
}

/// The heading that is spelled most like `name`: equal but for what is no letter or digit, or one letter
/// amiss.
fn nearest<'h>(name: &str, headings: &'h [String]) -> Option<&'h str> {
    let wanted = bare(name);
    headings
        .iter()
        .map(|heading| (distance(&wanted, &bare(heading)), heading))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| distance * 3 <= wanted.len())
        .map(|(_, heading)| heading.as_str())
}

/// Letters and digits alone, small.
pub(super) fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many insertions, deletions and replacements lead from one to the other.
pub(super) fn distance(a: &str, b: &str) -> usize {
    // Headings longer than this are sentences; a hint about them is worth nothing.
    const LONGEST: usize = 64;
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::from(a != b) * LONGEST;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Names for a message, at most twenty.
pub(super) fn list(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(20).map(String::as_str).collect();
    let more = names.len() - shown.len();
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}
