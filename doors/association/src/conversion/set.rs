//! A version of a mapping.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dictionary::{Dictionary, Named, Text};
use odata::Fault;
use serde::{Deserialize, Serialize};
use store::Stored;

/// Entries that a set has at most: an MLS knows some hundred statuses, classes and types.
const MOST_ENTRIES: usize = 4_000;

/// The office and agent types that the source document calls standard.
const STANDARD: &str = include_str!("standard.tsv");

/// What a value is a value of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// How a membership stands.
    Status,
    /// What the MLS lets an agent do.
    UserClass,
    /// What an agent is.
    AgentType,
    /// What an office is.
    OfficeType,
}

impl Category {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Status, Self::UserClass, Self::AgentType, Self::OfficeType];

    /// As bodies spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::UserClass => "userClass",
            Self::AgentType => "agentType",
            Self::OfficeType => "officeType",
        }
    }

    /// Characters of a value of it, here and on its way out: the shortest of the fields that hold it.
    fn longest(self) -> usize {
        match self {
            Self::Status | Self::UserClass => 25,
            Self::AgentType | Self::OfficeType => 50,
        }
    }
}

/// A line of a mapping.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// What it is a value of.
    pub category: Category,
    /// As the vendor's files have it.
    pub value: String,
    /// As people read it, and as the association keeps it.
    pub display_value: String,
    /// As the vendor wants it back.
    pub vendor_code: String,
}

/// A version of a mapping, ready for use.
#[derive(Clone, Debug)]
pub struct MappingSet {
    /// MappingSetId
    pub id: Text,
    /// MappingSetVersion, from 1.
    pub version: i64,
    entries: Vec<Entry>,
    /// By category and what stands in a file.
    by_value: HashMap<(Category, String), usize>,
    /// By category and what is kept, capitals and spaces aside.
    by_display: HashMap<(Category, String), usize>,
}

/// A text without what writers vary: capitals, spaces, punctuation.
fn plain(text: &str) -> String {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // A value of signs alone is itself.
    if letters.is_empty() { text.trim().to_owned() } else { letters }
}

impl MappingSet {
    /// A set of these entries. What contradicts itself in them is refused before they are kept; here the
    /// first of two counts.
    #[must_use]
    pub fn new(id: Text, version: i64, entries: Vec<Entry>) -> Self {
        let (mut by_value, mut by_display) = (HashMap::new(), HashMap::new());
        for (at, entry) in entries.iter().enumerate() {
            by_value.entry((entry.category, entry.value.clone())).or_insert(at);
            by_display.entry((entry.category, plain(&entry.display_value))).or_insert(at);
        }
        Self { id, version, entries, by_value, by_display }
    }

    /// Reads a MappingSet's record; none where it lacks what a set needs.
    #[must_use]
    pub fn read(dictionary: &Dictionary, kept: &Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("MappingSet"), record: &kept.record };
        let entries = serde_json::from_str(&named.text("MappingSetText")?).ok()?;
        Some(Self::new(named.text("MappingSetId")?, named.integer("MappingSetVersion")?, entries))
    }

    /// Its entries, in the order that they were given.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a value as a file has it.
    #[must_use]
    pub fn of_value(&self, category: Category, value: &str) -> Option<&Entry> {
        Some(&self.entries[*self.by_value.get(&(category, value.to_owned()))?])
    }

    /// The entry of a value as it is kept; what a file has is understood as well.
    #[must_use]
    pub fn of_kept(&self, category: Category, kept: &str) -> Option<&Entry> {
        let at = self.by_display.get(&(category, plain(kept)));
        let at = at.or_else(|| self.by_value.get(&(category, kept.to_owned())));
        Some(&self.entries[*at?])
    }
}

/// The types that every MLS of the source document has, for categories of which no value is said.
#[must_use]
pub(crate) fn standard(said: &[Entry]) -> Vec<Entry> {
    let lines = STANDARD.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let category = match cells.next()? {
            "agentType" => Category::AgentType,
            _ => Category::OfficeType,
        };
        let mut next = || cells.next().map(str::to_owned);
        Some(Entry { category, value: next()?, display_value: next()?, vendor_code: next()? })
    });
    let known =
        |entry: &Entry| said.iter().any(|one| one.category == entry.category && one.value == entry.value);
    lines.filter(|entry| !known(entry)).collect()
}

/// Holds entries against each other: warnings of what may be meant.
///
/// # Errors
/// Everything that cannot be meant: an empty or too long text, one value twice, one display value with two
/// codes, a value that is another's display value. What leaves would depend on chance then.
pub(crate) fn judge(entries: &[Entry]) -> Result<Vec<Text>, Fault> {
    if entries.is_empty() || entries.len() > MOST_ENTRIES {
        let message = format!("The mapping has {} entries.", entries.len());
        let hint = format!("Send 1 to {MOST_ENTRIES}.");
        return Err(Fault::new(422, "entries_wrong", message, hint).about("entries"));
    }
    let mut faults = Vec::new();
    let mut values: BTreeMap<(Category, &str), usize> = BTreeMap::new();
    let mut codes: HashMap<(Category, String), (&String, usize)> = HashMap::new();
    let mut displays: BTreeMap<(Category, &str), BTreeSet<&str>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Entry { category, value, display_value, vendor_code } = entry;
        let mut fault = |code, message: String, hint: &str| {
            faults.push(Fault::new(422, code, message, hint).about(format!("entries[{at}]")));
        };
        let longest = category.longest();
        for (name, text) in [("value", value), ("displayValue", display_value), ("vendorCode", vendor_code)] {
            if text.trim().is_empty() || text.trim() != text {
                let message = format!("{name} of a {} is empty, or has spaces around it.", category.name());
                fault("text_wrong", message, "Every value needs a display value and a vendor code.");
            } else if text.chars().count() > longest {
                let message = format!("{text:?} is too long for a {}.", category.name());
                fault("too_long", message, &format!("It has at most {longest} characters."));
            }
        }
        if let Some(first) = values.insert((*category, value), at) {
            let message = format!("The {} {value:?} stands at {first} already.", category.name());
            fault("value_twice", message, "A value of the files becomes one thing.");
        }
        let (code, first) = *codes.entry((*category, plain(display_value))).or_insert((vendor_code, at));
        if code != vendor_code {
            let message = format!(
                "The {} {display_value:?} would leave as {vendor_code:?}, and by entries[{first}] as {code:?}.",
                category.name()
            );
            fault(
                "display_twice",
                message,
                "What is kept alike leaves alike: tell the display values apart.",
            );
        }
        displays.entry((*category, vendor_code)).or_default().insert(display_value);
    }
    for (at, entry) in entries.iter().enumerate() {
        let other = codes.get(&(entry.category, plain(&entry.value)));
        if let Some((code, other)) = other.filter(|(code, _)| **code != entry.vendor_code) {
            let message = format!(
                "{:?} is a value of entries[{at}] and what entries[{other}] displays, which leaves as {code:?}.",
                entry.value
            );
            let hint = "Display something else there: a text that is kept must have one code.";
            faults.push(Fault::new(422, "display_is_value", message, hint).about(format!("entries[{at}]")));
        }
    }
    if !faults.is_empty() {
        return Err(Fault::of_all(faults));
    }
    let shared = displays.into_iter().filter(|(_, displays)| displays.len() > 1);
    Ok(shared
        .map(|((category, code), displays)| {
            let list = displays.into_iter().collect::<Vec<_>>().join(", ");
            Text::from(format!("{} {code}: the vendor cannot tell {list} apart.", category.name()))
        })
        .collect())
}

#[cfg(test)]
mod tests;
