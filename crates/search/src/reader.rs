//! A consistent look at the index.

use dictionary::{
    Dictionary, Feed, FieldId, Fields, LinkId, Record, ResourceId, Text, Timestamp, Value, ValueRef,
};
use parking_lot::RwLockReadGuard;
use query::{Expr, PageMark, Query, Scope};
use store::Sequence;

use crate::SearchError;
use crate::index::Index;
use crate::plan::{Ask, MOST_PARTS};
use crate::run;
use crate::table::Table;

/// A row of one resource's columns. It names a record for as long as its [`Reader`] lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Row(pub(crate) u32);

impl Row {
    /// The row's number in its resource: for whoever keeps something beside a row.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

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

/// One state of the index, for whoever keeps rows of it beyond a [`Reader`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Moment {
    born: u64,
    applied: Sequence,
}

impl Moment {
    /// A number that no other state of this process has.
    #[must_use]
    pub fn number(self) -> u64 {
        // A log of 2^48 entries is never written.
        self.born << 48 ^ self.applied
    }
}

/// How many records a row is linked to, and the newest of their versions. Versions only grow, so these two
/// are the same only where the records are: one that comes or changes is the newest, one that goes is
/// missing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LinkedVersion {
    /// How many.
    pub count: u32,
    /// The newest version among them; 0 where there is none.
    pub newest: Sequence,
}

/// One state of every resource. It holds a lock that changes wait for: drop it soon, and never keep it
/// over an `await` (the compiler sees to that, as it cannot be sent between threads).
pub struct Reader<'s> {
    dictionary: &'s Dictionary,
    index: RwLockReadGuard<'s, Index>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("applied", &self.index.applied).finish_non_exhaustive()
    }
}

impl<'s> Reader<'s> {
    pub(crate) fn new(dictionary: &'s Dictionary, index: RwLockReadGuard<'s, Index>) -> Self {
        Self { dictionary, index }
    }

    /// The newest change that this state holds.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        self.index.applied
    }

    /// The state that is looked at.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { born: self.index.born, applied: self.index.applied }
    }

    /// Whether a row that was found at some moment holds the same record now.
    #[must_use]
    pub fn is_same(&self, resource: ResourceId, row: Row, then: Moment) -> bool {
        then.born == self.index.born && self.table(resource).is_held_since(row.0, then.applied)
    }

    pub(crate) fn ask<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Ask<'a> {
        Ask::new(&self.index, self.dictionary, scope, now)
    }

    fn table(&self, resource: ResourceId) -> &Table {
        self.index.table(resource)
    }

    /// The page of rows that answers `query`, of those that `scope` lets be seen. `now` is what `now()`
    /// means in it.
    ///
    /// With a page mark, `skip` does not count again and `top` is what is left of it: both are the first
    /// page's, and whoever hands the mark on keeps what is left.
    ///
    /// # Errors
    /// A page mark of another order; a question that would take too long.
    pub fn page(&self, query: &Query, scope: &Scope, now: Timestamp) -> Result<Hits, SearchError> {
        let ask = self.ask(scope, now).bounded(MOST_PARTS);
        let hits = run::page(&ask, query)?;
        ask.within().map(|()| hits)
    }

    /// How many records of `resource` match, of those that `scope` lets be seen.
    #[must_use]
    pub fn count(&self, resource: ResourceId, filter: Option<&Expr>, scope: &Scope, now: Timestamp) -> u64 {
        let ask = self.ask(scope, now);
        let table = self.table(resource);
        run::count(&ask, table, &run::root(&ask, table, filter))
    }

    /// The row of this key.
    #[must_use]
    pub fn row(&self, resource: ResourceId, key: &str) -> Option<Row> {
        self.table(resource).find(key).map(Row)
    }

    /// Whether `scope` lets this row be seen.
    #[must_use]
    pub fn sees(&self, resource: ResourceId, row: Row, scope: &Scope, now: Timestamp) -> bool {
        let ask = self.ask(scope, now);
        ask.see(resource).test(&ask, row.0)
    }

    /// The record of a row, looked at where it lies.
    #[must_use]
    pub fn view(&self, resource: ResourceId, row: Row) -> RowView<'_> {
        RowView { table: self.table(resource), row: row.0 }
    }

    /// The record of a row, as one of its own.
    #[must_use]
    pub fn record(&self, resource: ResourceId, row: Row) -> Record {
        self.table(resource).record(row.0, None)
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
        self.ask(scope, now).linked_to(resource, row.0, link).into_iter().map(Row).collect()
    }

    /// The same of each of these rows, in their order: who may see what is settled once.
    pub fn linked_of_each<'a>(
        &'a self,
        resource: ResourceId,
        rows: &'a [Row],
        link: LinkId,
        scope: &'a Scope,
        now: Timestamp,
    ) -> impl Iterator<Item = Vec<Row>> + use<'a, 's> {
        let ask = self.ask(scope, now);
        rows.iter().map(move |row| ask.linked_to(resource, row.0, link).into_iter().map(Row).collect())
    }

    /// Reads what is about to be read of these rows, of `fields` alone where some are named, so that memory is waited
    /// for once and not for one value after the other. Some dozens of rows are best: what is read has to stay near.
    pub fn look_ahead(&self, resource: ResourceId, rows: &[Row], fields: Option<&[FieldId]>) {
        let rows: Vec<u32> = rows.iter().map(|row| row.0).collect();
        std::hint::black_box(self.table(resource).look_ahead(&rows, fields));
    }

    /// What a row leads to by `link`, whoever may see it: another version says that it changed. For keeping
    /// what was made of a record and its linked ones together.
    ///
    /// It is found without making a record, in well under a microsecond for a few of them.
    #[must_use]
    pub fn linked_version(&self, resource: ResourceId, row: Row, link: LinkId) -> LinkedVersion {
        let link = self.dictionary.resource(resource).link(link);
        let mut version = LinkedVersion::default();
        let Some(source) = self.table(resource).look(row.0, link.join.source) else { return version };
        let table = self.table(link.target);
        let constant = link.join.constant.as_ref().map(|(field, text)| (*field, ValueRef::Text(text)));
        table.each_with(link.join.target, source, |row| {
            if constant.is_none_or(|(field, text)| table.look(row, field) == Some(text)) {
                version.count += 1;
                version.newest = version.newest.max(table.sequence(row));
            }
        });
        version
    }

    /// What is true of the records that a row leads to by `link`, and of no others; none where it leads nowhere.
    #[must_use]
    pub fn linked_filter(&self, resource: ResourceId, row: Row, link: LinkId) -> Option<Expr> {
        let join = &self.dictionary.resource(resource).link(link).join;
        let value = self.table(resource).look(row.0, join.source)?.to_value();
        let filter = Expr::equal(join.target, value);
        Some(match &join.constant {
            Some((field, text)) => filter.and(Expr::equal(*field, Value::Text(text.clone()))),
            None => filter,
        })
    }

    /// The page of `query` (whose resource is the link's target) among the records that a row leads to by
    /// `link`: for `/Property('K')/Media` and for an expansion with options of its own.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub fn linked_page(
        &self,
        resource: ResourceId,
        row: Row,
        link: LinkId,
        query: &Query,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Hits, SearchError> {
        let Some(mut filter) = self.linked_filter(resource, row, link) else { return Ok(Hits::default()) };
        if let Some(asked) = &query.filter {
            filter = filter.and(asked.clone());
        }
        let query = Query { filter: Some(filter), ..query.clone() };
        self.page(&query, scope, now)
    }

    /// The distinct values that live records hold in a text or list field, each with how many records
    /// hold it, in the order of the values (RESO-048). Of a field that is neither there are none.
    #[must_use]
    pub fn lookups_in_use(&self, resource: ResourceId, field: FieldId) -> Vec<(Text, u64)> {
        self.table(resource).values_in_use(field)
    }

    /// How many records of a resource there are, feed by feed, in the order of the feeds' names.
    #[must_use]
    pub fn counts(&self, resource: ResourceId) -> Vec<(Feed, u64)> {
        let pool = &self.table(resource).feeds.pool;
        let mut counts: Vec<(Feed, u64)> =
            pool.each().map(|(code, feed)| (feed.clone(), u64::from(pool.uses(code)))).collect();
        counts.sort_unstable();
        counts
    }

    /// How many records a resource has, whoever may see them.
    #[must_use]
    pub fn len(&self, resource: ResourceId) -> usize {
        self.table(resource).len()
    }
}

/// A record looked at where it lies in the columns.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'r> {
    pub(crate) table: &'r Table,
    pub(crate) row: u32,
}

impl<'r> RowView<'r> {
    /// The feed it came from.
    #[must_use]
    pub fn feed(&self) -> &'r str {
        self.table.feed(self.row).map_or("", Feed::as_str)
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &'r str {
        self.table.key(self.row)
    }

    /// Its version.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        self.table.sequence(self.row)
    }
}

impl Fields for RowView<'_> {
    fn look(&self, field: FieldId) -> Option<ValueRef<'_>> {
        self.table.look(self.row, field)
    }

    fn each(&self, visit: &mut dyn FnMut(FieldId, ValueRef<'_>)) {
        for field in self.table.present() {
            if let Some(value) = self.table.look(self.row, *field) {
                visit(*field, value);
            }
        }
    }
}
