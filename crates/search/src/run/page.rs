//! One page.

use query::{Expr, Order, PageMark, Query, order_of};

use super::kept::Kept;
use super::nearest::near;
use super::order::{Sorting, sorting};
use super::pick::by_terms;
use super::scan::{collect, count};
use crate::plan::{Ask, Node, compile};
use crate::table::Table;
use crate::{Hits, Row, SearchError};

/// The test for the rows that `filter` and the scope let through.
pub(crate) fn root<'i>(ask: &Ask<'i>, table: &'i Table, filter: Option<&'i Expr>) -> Node<'i> {
    let mut nodes = vec![ask.see(table.resource)];
    nodes.extend(filter.map(|filter| compile(ask, table.resource, filter, true, false)));
    Node::all(nodes, table.len())
}

/// Rows among which a page is.
pub(super) struct Candidates {
    pub(super) rows: Vec<u32>,
    /// How many rows pass in all, where that came to be known on the way.
    pub(super) all: Option<u64>,
}

impl Candidates {
    /// These pass, and perhaps others.
    pub(super) fn some(rows: Vec<u32>) -> Self {
        Self { rows, all: None }
    }

    /// These pass, and no others.
    pub(super) fn all(rows: Vec<u32>) -> Self {
        Self { all: Some(rows.len() as u64), rows }
    }
}

/// The page that answers `query`.
pub(crate) fn page<'i>(ask: &Ask<'i>, query: &'i Query) -> Result<Hits, SearchError> {
    let table = ask.table(query.resource);
    let standing;
    let order = if query.order.is_empty() {
        standing = order_of(query, ask.dictionary.resource(query.resource));
        &standing
    } else {
        &query.order
    };
    if let Some(after) = &query.after
        && after.values.len() != order.len()
    {
        return Err(SearchError::MarkOfAnotherOrder { given: after.values.len(), terms: order.len() });
    }
    let root = root(ask, table, query.filter.as_ref());
    // What was skipped before the first page lies before its mark.
    let skip = if query.after.is_some() { 0 } else { usize::try_from(query.skip).unwrap_or(usize::MAX) };
    let page = u64::from(query.page_size).min(query.top.unwrap_or(u64::MAX));
    let another = query.top.is_none_or(|top| top > page) && page > 0;
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let need = skip.saturating_add(page).saturating_add(usize::from(another)).min(table.len());
    if page == 0 || need <= skip || matches!(root, Node::Nothing) {
        let count = query.count.then(|| count(ask, table, &root));
        return Ok(Hits { rows: Vec::new(), count, next: None });
    }
    let (sorting, mark) = sorting(ask, table, order, query.after.as_ref());
    let (found, all) = match sorting {
        Sorting::Kept { order, field, way, terms } => {
            let ties = !terms.is_empty();
            let kept = Kept { ask, table, root: &root, order, field, way, mark, ties };
            let Candidates { rows, all } = kept.first(need, query.count);
            let after = query.after.as_ref();
            (if ties { by_terms(ask, table, &rows, &terms, after, need) } else { rows }, all)
        }
        Sorting::Free(terms) => {
            let after = query.after.as_ref();
            let near = near(ask, table, &root, &terms, after, need);
            let Candidates { rows, all } =
                near.map_or_else(|| Candidates::all(collect(ask, table, &root)), Candidates::some);
            (by_terms(ask, table, &rows, &terms, after, need), all)
        }
    };
    let counted = query.count.then(|| {
        // Who was not full has told all, where nothing lies before a mark.
        let told = || (found.len() < need && query.after.is_none()).then_some(found.len() as u64);
        all.or_else(told).unwrap_or_else(|| count(ask, table, &root))
    });
    let rows: Vec<Row> = found.iter().skip(skip).take(page).map(|row| Row(*row)).collect();
    let more = another && found.len() > skip.saturating_add(page);
    let next = rows.last().filter(|_| more).map(|last| mark_of(ask, table, order, last.0));
    Ok(Hits { rows, count: counted, next })
}

/// The mark after a row.
fn mark_of(ask: &Ask<'_>, table: &Table, order: &[Order], row: u32) -> PageMark {
    let value = |term: &Order| match crate::plan::own(&term.by) {
        Some(field) => table.look(row, field).map(dictionary::ValueRef::to_value),
        None => {
            ask.need(&term.by, table.resource);
            ask.value(&term.by, table.resource, row, false)
        }
    };
    PageMark { values: order.iter().map(value).collect(), key: table.key(row).into() }
}
