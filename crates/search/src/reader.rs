//! A consistent look at the index.

use dictionary::{Dictionary, Feed, FieldId, Fields, LinkId, Record, ResourceId, Text, Timestamp, ValueRef};
use query::{PageMark, Query, Scope};
use store::Sequence;

use crate::SearchError;

/// A row of one resource's columns. It names a record for as long as its [`Reader`] lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Row(pub(crate) u32);

/// The rows that answer a question.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Hits {
    /// The rows of this page, in order.
    pub rows: Vec<Row>,
    /// How many match in all, where it was asked.
    pub count: Option<u64>,
    /// Where this page ended, where there is another.
    pub next: Option<PageMark>,
}

/// One state of every resource.
#[derive(Debug)]
pub struct Reader<'s> {
    dictionary: &'s Dictionary,
}

impl<'s> Reader<'s> {
    pub(crate) fn new(dictionary: &'s Dictionary) -> Self {
        Self { dictionary }
    }

    /// The newest change that this state holds.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        0
    }

    /// The page of rows that answers `query`, of those that `scope` lets be seen. `now` is what `now()`
    /// means in it.
    ///
    /// # Errors
    /// A page mark of another order.
    pub fn page(&self, query: &Query, scope: &Scope, now: Timestamp) -> Result<Hits, SearchError> {
        let _ = (query, scope, now, self.dictionary);
        Ok(Hits::default())
    }

    /// How many records match, page and order aside.
    #[must_use]
    pub fn count(&self, query: &Query, scope: &Scope, now: Timestamp) -> u64 {
        let _ = (query, scope, now);
        0
    }

    /// The row of this key.
    #[must_use]
    pub fn row(&self, resource: ResourceId, key: &str) -> Option<Row> {
        let _ = (resource, key);
        None
    }

    /// Whether `scope` lets this row be seen.
    #[must_use]
    pub fn sees(&self, resource: ResourceId, row: Row, scope: &Scope, now: Timestamp) -> bool {
        let _ = (resource, row, scope, now);
        false
    }

    /// The record of a row, looked at where it lies.
    #[must_use]
    pub fn view(&self, resource: ResourceId, row: Row) -> RowView<'_> {
        let _ = (resource, row);
        RowView { dictionary: self.dictionary }
    }

    /// The record of a row, as one of its own.
    #[must_use]
    pub fn record(&self, resource: ResourceId, row: Row) -> Record {
        let _ = row;
        Record::new(resource)
    }

    /// The rows that a row leads to by `link`, of those that `scope` lets be seen, in the order of their
    /// keys.
    #[must_use]
    pub fn linked(
        &self,
        resource: ResourceId,
        row: Row,
        link: LinkId,
        scope: &Scope,
        now: Timestamp,
    ) -> Vec<Row> {
        let _ = (resource, row, link, scope, now);
        Vec::new()
    }

    /// The distinct values that live records hold in a text or list field, each with how many records
    /// hold it, in the order of the values (RESO-048).
    #[must_use]
    pub fn lookups_in_use(&self, resource: ResourceId, field: FieldId) -> Vec<(Text, u64)> {
        let _ = (resource, field);
        Vec::new()
    }

    /// How many records of a resource there are, feed by feed, in the order of the feeds' names.
    #[must_use]
    pub fn counts(&self, resource: ResourceId) -> Vec<(Feed, u64)> {
        let _ = resource;
        Vec::new()
    }
}

/// A record looked at where it lies in the columns.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'r> {
    dictionary: &'r Dictionary,
}

impl<'r> RowView<'r> {
    /// The feed it came from.
    #[must_use]
    pub fn feed(&self) -> &'r Feed {
        &self.dictionary.resources()[0].name
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &'r str {
        ""
    }

    /// Its version.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        0
    }
}

impl Fields for RowView<'_> {
    fn look(&self, field: FieldId) -> Option<ValueRef<'_>> {
        let _ = field;
        None
    }

    fn each(&self, visit: &mut dyn FnMut(FieldId, ValueRef<'_>)) {
        let _ = visit;
    }
}
