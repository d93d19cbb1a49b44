//! The whole question, and the page that answers it.

use std::sync::Arc;

use dictionary::{FieldId, Key, LinkId, Record, ResourceId, Text, Timestamp, Value};

use crate::Expr;

/// Where null lies among the values of an order's term.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Nulls {
    /// Below every value: first when ascending, last when descending (OData 4.01, 11.2.6.2).
    #[default]
    Lowest,
    /// After every value, whatever the direction (PAR-119).
    Last,
}

/// One `$orderby` term.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// What to order by.
    pub by: Expr,
    /// From high to low.
    pub descending: bool,
    /// Where null lies.
    pub nulls: Nulls,
}

/// Which fields to show.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Selection {
    /// Every one that has a value and may be seen.
    #[default]
    All,
    /// These, in ascending order, null where they have no value.
    Fields(Vec<FieldId>),
}

/// Linked records to show inside a record.
#[derive(Clone, PartialEq, Debug)]
pub struct Expand {
    /// The link.
    pub link: LinkId,
    /// What is asked of the link's records.
    pub query: Query,
}

/// Where a page ended: what the last record of it had in each term of the order, and its key.
///
/// The next page begins after it. The mark holds values and no position, so it stays good while others
/// write, after a restart and on another node (RESO-041).
#[derive(Clone, PartialEq, Debug)]
pub struct PageMark {
    /// The value of each term of the effective order (see [`Query::order`]).
    pub values: Vec<Option<Value>>,
    /// The key of the last record.
    pub key: Key,
}

/// A question about the records of one resource.
#[derive(Clone, PartialEq, Debug)]
pub struct Query {
    /// Whose records.
    pub resource: ResourceId,
    /// Which records; every one where there is none.
    pub filter: Option<Expr>,
    /// In which order. The key, ascending, always decides last. Where no order is asked, the order is the
    /// resource's timestamp ascending, then the key: the one in which a walk loses nothing (RESO-042).
    pub order: Vec<Order>,
    /// How many to skip before the first page.
    pub skip: u64,
    /// How many records in all, over all pages; no bound where there is none.
    pub top: Option<u64>,
    /// How many records this page may hold; what is left is for the next one.
    pub page_size: u32,
    /// Where the page before ended.
    pub after: Option<PageMark>,
    /// Whether to count every match, `skip` and `top` aside.
    pub count: bool,
    /// Which fields to show.
    pub select: Selection,
    /// Which links to follow.
    pub expand: Vec<Expand>,
    /// What to show beside a record's own fields (`$compute`).
    pub compute: Vec<Computed>,
}

/// A value that is computed of a record, and its name.
#[derive(Clone, PartialEq, Debug)]
pub struct Computed {
    /// The name: an identifier, and no field's.
    pub name: Text,
    /// Of what.
    pub of: Expr,
}

impl Order {
    /// From low to high, null first.
    #[must_use]
    pub fn ascending(by: Expr) -> Self {
        Self { by, descending: false, nulls: Nulls::Lowest }
    }

    /// From high to low, null last.
    #[must_use]
    pub fn descending(by: Expr) -> Self {
        Self { descending: true, ..Self::ascending(by) }
    }

    /// The same with null last, whatever the direction.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { nulls: Nulls::Last, ..self }
    }
}

impl Query {
    /// Every record of `resource`, a page of 1,000 at a time.
    #[must_use]
    pub fn all(resource: ResourceId) -> Self {
        Self {
            resource,
            filter: None,
            order: Vec::new(),
            skip: 0,
            top: None,
            page_size: 1_000,
            after: None,
            count: false,
            select: Selection::All,
            expand: Vec::new(),
            compute: Vec::new(),
        }
    }
}

/// One page of records.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The records, in order.
    pub records: Vec<Arc<Record>>,
    /// How many match in all, where it was asked.
    pub count: Option<u64>,
    /// Where this page ended, where there is another.
    pub next: Option<PageMark>,
}

impl PageMark {
    /// The mark of a record in the standing order (timestamp, key).
    #[must_use]
    pub fn standing(at: Option<Timestamp>, key: Key) -> Self {
        Self { values: vec![at.map(Value::Timestamp)], key }
    }
}
