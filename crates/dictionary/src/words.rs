//! The dictionary: all resources and lookups of one installation.

use hashbrown::HashMap;

use crate::tables::{DERIVED, FREEHOLD, RESO};
use crate::{DeclarationFault, Lookup, LookupId, Resource, ResourceId, Tables, Text, Version};

/// All resources, fields, links and lookups of one installation. It does not change while it runs.
#[derive(Clone, Debug)]
pub struct Dictionary {
    pub(crate) version: Version,
    pub(crate) resources: Vec<Resource>,
    pub(crate) lookups: Vec<Lookup>,
    pub(crate) resources_by_name: HashMap<Text, ResourceId>,
    pub(crate) lookups_by_name: HashMap<Text, LookupId>,
}

impl Dictionary {
    /// The RESO Data Dictionary of this version and Freehold's own resources.
    ///
    /// # Panics
    /// Where the built-in tables are wrong, which the tests rule out.
    #[must_use]
    pub fn standard(version: Version) -> Self {
        Self::with_local(version, &[])
            .unwrap_or_else(|faults| panic!("the built-in tables are wrong: {faults:?}"))
    }

    /// The standard dictionary and an installation's own tables after it.
    ///
    /// # Errors
    /// Every fault of the tables, with the line.
    pub fn with_local(version: Version, local: &[Tables<'_>]) -> Result<Self, Vec<DeclarationFault>> {
        let mut tables = vec![RESO, FREEHOLD, DERIVED];
        tables.extend_from_slice(local);
        crate::declare::build(version, &tables)
    }

    /// The version of the RESO Data Dictionary that it holds.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Every resource, in the order of declaration.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The resource of this number.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.index()]
    }

    /// The resource of this name, to the letter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Resource> {
        self.resources_by_name.get(name).map(|id| self.resource(*id))
    }

    /// The resource of this name, for code that names one of the built-in ones.
    ///
    /// # Panics
    /// Where there is none: the name is misspelt in the code.
    #[must_use]
    pub fn known(&self, name: &str) -> &Resource {
        self.find(name).unwrap_or_else(|| panic!("no resource {name} in the dictionary"))
    }

    /// The resource whose name is nearest: for hints.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&Resource> {
        nearest(&name.to_lowercase(), self.resources.iter(), |r| r.name.as_str())
    }

    /// Every lookup.
    #[must_use]
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// The lookup of this number.
    #[must_use]
    pub fn lookup(&self, id: LookupId) -> &Lookup {
        &self.lookups[id.index()]
    }

    /// The lookup of this name, to the letter.
    #[must_use]
    pub fn find_lookup(&self, name: &str) -> Option<(LookupId, &Lookup)> {
        self.lookups_by_name.get(name).map(|id| (*id, self.lookup(*id)))
    }
}

/// The item whose name takes the fewest edits from `lower`, if that is at most a third of its length.
pub(crate) fn nearest<'a, T>(
    lower: &str,
    items: impl Iterator<Item = &'a T>,
    name: impl Fn(&T) -> &str,
) -> Option<&'a T> {
    items
        .map(|item| (edits(lower, &name(item).to_lowercase()), item))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance * 3 <= lower.len().max(3))
        .map(|(_, item)| item)
}

/// How many insertions, deletions and replacements lead from one text to the other.
fn edits(a: &str, b: &str) -> usize {
    // A hint is not worth more than this: names in the dictionary are shorter.
    const LONGEST: usize = 64;
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::from(a != b) * LONGEST;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
