//! Permission classes: which fields each sees, by the table `data/classes.tsv`.

use std::sync::Arc;

use dictionary::{Dictionary, Field, FieldSet, Origin, Resource, ResourceId};
use query::Expr;

use crate::row_rules::{Companion, RowRules};

/// What a grant is for, in the trade's own words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// Internet Data Exchange: what a broker may show the public.
    Idx,
    /// Virtual Office Website: what a broker may show registered consumers.
    Vow,
    /// Broker back office: a brokerage's own use.
    Bbo,
    /// A participant of the MLS.
    Participant,
    /// Research and statistics: figures without people's private sides.
    Analytics,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 5] = [Self::Idx, Self::Vow, Self::Bbo, Self::Participant, Self::Analytics];

    /// The value of the lookup PermissionClass.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idx => "IDX",
            Self::Vow => "VOW",
            Self::Bbo => "BBO",
            Self::Participant => "Participant",
            Self::Analytics => "Analytics",
        }
    }

    /// The class of this name, to the letter.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// What every class sees, in the ids of one dictionary.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    /// By resource, then by class; none where the class does not see the resource.
    shown: Vec<[Option<Arc<FieldSet>>; Class::ALL.len()]>,
    rows: RowRules,
}

const FIELDS: &str = include_str!("../data/classes.tsv");
const ROWS: &str = include_str!("../data/rows.tsv");

impl Classes {
    /// Reads the built-in tables against `dictionary`, and tells which lines fit nothing in it: an older
    /// dictionary lacks what a later one brought, the newest lacks nothing.
    pub(crate) fn built_in(dictionary: &Dictionary) -> (Self, Vec<String>) {
        let rules: Vec<Rule<'_>> = lines(FIELDS).map(Rule::read).collect();
        let mut used = vec![false; rules.len()];
        let mut shown = Vec::new();
        for resource in dictionary.resources() {
            let mut classes = [const { None::<FieldSet> }; Class::ALL.len()];
            if resource.origin != Origin::Freehold {
                for (id, field) in resource.each() {
                    let fitting = rules.iter().enumerate().filter(|(_, rule)| rule.fits(resource, field));
                    let mut last = None;
                    for (at, rule) in fitting {
                        used[at] = true;
                        last = Some(rule);
                    }
                    for class in last.map_or(Vec::new(), Rule::classes) {
                        classes[class as usize].get_or_insert_default().insert(id);
                    }
                }
            }
            let done = |mut set: FieldSet| {
                resource.derived().into_iter().for_each(|point| set.insert(point.field));
                Arc::new(completed(resource, set))
            };
            shown.push(classes.map(|set| set.map(done)));
        }
        let unused = rules.iter().zip(&used).filter(|(rule, used)| !**used && rule.fields != "+");
        let mut strange: Vec<String> =
            unused.map(|(rule, _)| format!("{}\t{}", rule.resource, rule.fields)).collect();
        let (rows, more) = RowRules::read(dictionary, lines(ROWS));
        strange.extend(more);
        (Self { shown, rows }, strange)
    }

    /// The fields that `class` sees of `resource`; none where it does not see the resource.
    pub(crate) fn shown(&self, class: Class, resource: ResourceId) -> Option<&Arc<FieldSet>> {
        self.shown.get(resource.index())?[class as usize].as_ref()
    }

    /// Which records of `resource` it sees; every one where there is none.
    pub(crate) fn rows(&self, class: Class, resource: ResourceId) -> Option<Expr> {
        self.rows.of(class, resource)
    }

    /// The resources whose records are seen with those that they link to.
    pub(crate) fn companions(&self) -> &[Companion] {
        &self.rows.companions
    }
}

/// `set` and what every record needs to be named, ordered and followed: key and timestamp. A point that
/// is computed is shown with the fields that it comes from and hidden with either of them.
pub(crate) fn completed(resource: &Resource, mut set: FieldSet) -> FieldSet {
    resource.key.iter().chain(&resource.timestamp).for_each(|id| set.insert(*id));
    if let Some(point) = resource.derived() {
        let sees = |name: &str| resource.find(name).is_some_and(|id| set.contains(id));
        if !(sees("Longitude") && sees("Latitude")) {
            set.remove(point.field);
        }
    }
    set
}

/// The lines of a table but for comments and its heading.
fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// Whether `class` is among the classes of a cell.
pub(crate) fn named(cell: &str, class: Class) -> bool {
    cell == "all" || cell.split(',').any(|name| name == class.name())
}

struct Rule<'a> {
    resource: &'a str,
    fields: &'a str,
    classes: &'a str,
}

impl<'a> Rule<'a> {
    fn read(cells: Vec<&'a str>) -> Self {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        Self { resource: cell(0), fields: cell(1), classes: cell(2) }
    }

    fn fits(&self, resource: &Resource, field: &Field) -> bool {
        let local = field.origin == Origin::Local;
        fits(self.resource, &resource.name)
            && match self.fields {
                "+" => local,
                "*" => !local,
                pattern => fits(pattern, &field.name),
            }
    }

    fn classes(&self) -> Vec<Class> {
        Class::ALL.into_iter().filter(|class| named(self.classes, *class)).collect()
    }
}

/// Whether `name` fits a pattern in which `*` stands for any letters, none included.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = pattern.rfind('*').map(|at| &pattern[at + 1..]) else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    // The last part was found at its first place; the name must end in it.
    name.len() >= first.len() + last.len() && name.ends_with(last)
}
