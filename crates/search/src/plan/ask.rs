//! What a question is asked of: the index, who may see what, and what `now()` means.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use dictionary::{Dictionary, Link, LinkId, Record, ResourceId, Timestamp, Value, ValueRef};
use query::{Context, Expr, FeedRows, Linked, Rows, Scope};

use super::compile::compile;
use super::limits::join;
use super::needed::Needed;
use super::node::{Node, Numbers, Rest};
use crate::SearchError;
use crate::index::Index;
use crate::table::Table;

/// Parts of expressions that one question may have evaluated record by record: some seconds.
pub(crate) const MOST_PARTS: u64 = 200_000_000;
/// Parts that the record itself is worth.
const RECORD: u64 = 10;

/// A question being answered.
pub(crate) struct Ask<'i> {
    pub(crate) index: &'i Index,
    pub(crate) dictionary: &'i Dictionary,
    scope: &'i Scope,
    now: Timestamp,
    needed: RefCell<Needed>,
    visible: RefCell<Vec<(ResourceId, Rc<Node<'i>>)>>,
    /// Parts that may still be evaluated; none where nothing bounds them.
    left: Option<Rc<Cell<u64>>>,
    /// Parts of the largest expression that is evaluated.
    parts: Cell<u64>,
}

impl std::fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("now", &self.now).finish_non_exhaustive()
    }
}

impl<'i> Ask<'i> {
    pub(crate) fn new(
        index: &'i Index,
        dictionary: &'i Dictionary,
        scope: &'i Scope,
        now: Timestamp,
    ) -> Self {
        let (needed, visible) = (RefCell::default(), RefCell::default());
        Self { index, dictionary, scope, now, needed, visible, left: None, parts: Cell::new(0) }
    }

    /// The same, of which so many parts are evaluated and no more: what comes out is good where it is
    /// [`within`](Self::within) them. What the filters of grants look at record by record is not counted.
    pub(crate) fn bounded(self, parts: u64) -> Self {
        Self { left: Some(Rc::new(Cell::new(parts))), ..self }
    }

    /// Another question of the same, within the same bound.
    pub(crate) fn beside(&self) -> Self {
        let Self { index, dictionary, scope, now, .. } = *self;
        Self { left: self.left.clone(), ..Self::new(index, dictionary, scope, now) }
    }

    /// # Errors
    /// The bound was reached.
    pub(crate) fn within(&self) -> Result<(), SearchError> {
        match &self.left {
            Some(left) if left.get() == 0 => Err(SearchError::TooCostly),
            _ => Ok(()),
        }
    }

    /// Takes what it costs to evaluate an expression on so many records; false where that is more than is left.
    fn affords(&self, records: usize) -> bool {
        let Some(left) = &self.left else { return true };
        let cost = self.parts.get().saturating_mul(records as u64);
        left.set(left.get().saturating_sub(cost));
        left.get() > 0
    }

    /// Notes how much there is of an expression that will be evaluated.
    pub(crate) fn weigh(&self, expr: &Expr) {
        let mut parts = RECORD;
        expr.walk(&mut |_| parts += 1);
        self.parts.set(self.parts.get().max(parts));
    }

    pub(crate) fn table(&self, resource: ResourceId) -> &'i Table {
        self.index.table(resource)
    }

    /// Makes sure that records of `resource` are made with what `expr` looks at.
    pub(crate) fn need(&self, expr: &Expr, resource: ResourceId) {
        self.weigh(expr);
        self.needed.borrow_mut().add_expr(expr, resource, self.dictionary);
    }

    /// The value of an expression on a row's record; [`need`](Self::need) was told of it.
    pub(crate) fn value(&self, expr: &Expr, resource: ResourceId, row: u32, sees_all: bool) -> Option<Value> {
        if !sees_all && !self.affords(1) {
            return None;
        }
        let record = {
            let needed = self.needed.borrow();
            self.table(resource).record(row, Some(needed.of(resource)))
        };
        self.value_of(expr, &record, sees_all)
    }

    /// The value of an expression on a record that holds one value.
    pub(crate) fn value_of_one(&self, expr: &Expr, record: &Record) -> Option<Value> {
        if self.affords(1) { self.value_of(expr, record, true) } else { None }
    }

    /// The value of an expression on a record.
    pub(crate) fn value_of(&self, expr: &Expr, record: &Record, sees_all: bool) -> Option<Value> {
        let links = Links { ask: self, sees_all };
        query::evaluate(expr, record, Context { dictionary: self.dictionary, links: &links, now: self.now })
    }

    pub(crate) fn evaluate(&self, rest: &Rest<'_>, row: u32) -> bool {
        self.value(rest.expr, rest.resource, row, rest.sees_all) == Some(Value::Boolean(rest.want))
    }

    /// The test for the rows of `resource` that may be seen.
    ///
    /// The row filters of grants are the operator's: a link inside one leads to every record, whoever
    /// asks. So two resources whose filters look at each other have a meaning.
    pub(crate) fn visible(&self, resource: ResourceId) -> Rc<Node<'i>> {
        if let Some((_, node)) = self.visible.borrow().iter().find(|(of, _)| *of == resource) {
            return Rc::clone(node);
        }
        let node = Rc::new(self.see(resource));
        self.visible.borrow_mut().push((resource, Rc::clone(&node)));
        node
    }

    pub(crate) fn see(&self, resource: ResourceId) -> Node<'i> {
        let table = self.table(resource);
        match self.scope.rows(resource) {
            Rows::All => Node::Everything,
            Rows::None => Node::Nothing,
            Rows::Of(feeds) => {
                let code = |granted: &FeedRows| table.feeds.pool.find(&granted.feed);
                let whole = feeds.iter().filter(|granted| granted.filter.is_none()).filter_map(code);
                let mut nodes = vec![of_feeds(table, whole.collect())];
                for granted in feeds {
                    if let (Some(filter), Some(code)) = (&granted.filter, code(granted)) {
                        let filter = compile(self, resource, filter, true, true);
                        nodes.push(Node::all(vec![of_feeds(table, vec![code]), filter], table.len()));
                    }
                }
                Node::any(nodes)
            }
        }
    }

    /// The rows that a record leads to by `link`, of those that may be seen, in the order of their keys.
    pub(crate) fn linked(&self, record: &Record, link: LinkId, sees_all: bool) -> Vec<u32> {
        let link = self.dictionary.resource(record.resource()).link(link);
        let source = record.get(link.join.source);
        source.map_or_else(Vec::new, |source| self.joined(source.view(), link, sees_all))
    }

    /// The same of the row of a resource, without making a record of it.
    pub(crate) fn linked_to(&self, resource: ResourceId, row: u32, link: LinkId) -> Vec<u32> {
        let link = self.dictionary.resource(resource).link(link);
        let source = self.table(resource).look(row, link.join.source);
        source.map_or_else(Vec::new, |source| self.joined(source, link, false))
    }

    /// The rows that a link's source value leads to.
    fn joined(&self, source: ValueRef<'_>, link: &Link, sees_all: bool) -> Vec<u32> {
        let table = self.table(link.target);
        let mut rows = Vec::new();
        table.each_with(link.join.target, source, |row| rows.push(row));
        if let Some((field, text)) = &link.join.constant {
            table.retain_with_text(&mut rows, *field, text);
        }
        if !sees_all {
            let visible = self.visible(link.target);
            rows.retain(|row| visible.test(self, *row));
        }
        // Parts that came together lie in the order of their keys mostly, and keys lie anywhere.
        let mut keyed: Vec<(&str, u32)> = rows.iter().map(|row| (table.key(*row), *row)).collect();
        if !keyed.is_sorted() {
            keyed.sort_unstable();
            rows = keyed.into_iter().map(|(_, row)| row).collect();
        }
        rows
    }
}

/// The test for the rows of some feeds.
fn of_feeds(table: &Table, mut codes: Vec<u32>) -> Node<'_> {
    codes.sort_unstable();
    codes.dedup();
    let rows: usize = codes.iter().map(|code| table.feeds.pool.uses(*code) as usize).sum();
    match rows {
        0 => Node::Nothing,
        _ if rows == table.len() => Node::Everything,
        _ => {
            #[expect(clippy::cast_precision_loss, reason = "a guess")]
            let share = rows as f64 / table.len().max(1) as f64;
            let ranges = join(codes.into_iter().map(|code| (i64::from(code), i64::from(code))).collect());
            Node::Numbers(Numbers { field: None, ints: &table.feeds.codes, ranges, share, spots: None })
        }
    }
}

/// Links, followed through the index.
struct Links<'a, 'i> {
    ask: &'a Ask<'i>,
    sees_all: bool,
}

impl Linked for Links<'_, '_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        let target = self.ask.dictionary.resource(record.resource()).link(link).target;
        let table = self.ask.table(target);
        let rows = self.ask.linked(record, link, self.sees_all);
        if !self.sees_all && !self.ask.affords(rows.len()) {
            return Vec::new();
        }
        let needed = self.ask.needed.borrow();
        rows.into_iter().map(|row| Arc::new(table.record(row, Some(needed.of(target))))).collect()
    }
}
