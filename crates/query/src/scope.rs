//! Which records a caller may be told of at all.

use std::collections::HashMap;

use dictionary::{Feed, FieldId, FieldSet, ResourceId};

use crate::Expr;

/// The records of one feed that may be seen.
#[derive(Clone, PartialEq, Debug)]
pub struct FeedRows {
    /// The feed.
    pub feed: Feed,
    /// Which of its records; every one where there is none.
    pub filter: Option<Expr>,
}

/// The records of one resource that may be seen.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Rows {
    /// None: what is not granted is not there.
    #[default]
    None,
    /// Those of these feeds.
    Of(Vec<FeedRows>),
    /// All.
    All,
}

/// What a caller may see, resource by resource. It holds for the records asked for, for those that
/// they link to, and for those that a filter looks at through a link.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scope {
    everything: bool,
    rows: HashMap<ResourceId, Rows>,
}

impl Scope {
    /// Nothing at all.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Everything: for the server's own work and for operators.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, rows: HashMap::new() }
    }

    /// Lets `rows` of `resource` be seen, in place of what was said of it before.
    pub fn allow(&mut self, resource: ResourceId, rows: Rows) {
        self.rows.insert(resource, rows);
    }

    /// What may be seen of `resource`.
    #[must_use]
    pub fn rows(&self, resource: ResourceId) -> &Rows {
        if self.everything {
            return &Rows::All;
        }
        self.rows.get(&resource).unwrap_or(&Rows::None)
    }
}

/// Which fields a caller may be shown at all, in at least one of their feeds.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sight {
    everything: bool,
    fields: HashMap<ResourceId, FieldSet>,
}

impl Sight {
    /// Nothing at all.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Every field of every resource.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, fields: HashMap::new() }
    }

    /// Lets these fields of `resource` be seen too.
    pub fn allow(&mut self, resource: ResourceId, fields: &FieldSet) {
        self.fields.entry(resource).or_default().extend_from(fields);
    }

    /// Whether anything of `resource` may be seen.
    #[must_use]
    pub fn sees_resource(&self, resource: ResourceId) -> bool {
        self.everything || self.fields.contains_key(&resource)
    }

    /// Whether `field` of `resource` may be seen.
    #[must_use]
    pub fn sees(&self, resource: ResourceId, field: FieldId) -> bool {
        self.everything || self.fields.get(&resource).is_some_and(|set| set.contains(field))
    }
}
