//! From parameters to a permitted question.

mod feeds;
mod filter;
mod order;
mod place;
mod sorted;

use std::sync::Arc;

use dictionary::{FieldId, ResourceId, Text, Timestamp};
use gate::Caller;
use query::{Expr, Order, Query, Scope};
use search::{Reader, Row};

pub(crate) use feeds::{granted, one_feed};
pub(crate) use filter::{SoldDateRange, text_is};
pub(crate) use place::Around;
pub(crate) use sorted::Sorted;

use crate::Door;
use crate::endpoint::Endpoint;
use crate::envelope::Refused;
use crate::request::Asked;

/// A question that may be answered.
pub(crate) struct Question {
    query: Query,
    scope: Arc<Scope>,
    sorted: Option<Sorted>,
}

/// A page of what was found.
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    /// Whether there is another.
    pub(crate) more: bool,
    /// How many there are in all, where that was asked, and one search finds all of the page.
    pub(crate) total: Option<u64>,
}

/// What is asked before it is permitted.
pub(crate) struct Wanted {
    pub(crate) resource: ResourceId,
    /// What the client may only ask of fields that it may see.
    pub(crate) filters: Vec<Expr>,
    pub(crate) order: Vec<Order>,
    /// What the door asks by itself, of fields that say nothing about a listing but when Freehold saw it.
    pub(crate) own: Vec<Expr>,
    /// In which order by a member of several sources, where `order` is empty.
    pub(crate) sorted: Option<Sorted>,
    /// In which order by such a field, where `order` is empty.
    pub(crate) own_order: Option<Order>,
    /// Fields whose values the answer tells in sum: feeds that hide one of them are left out.
    pub(crate) looks: Vec<FieldId>,
    /// Permitted feeds that are asked for.
    pub(crate) feeds: Vec<Text>,
}

/// A question about listings by the parameters of a search. What is wrong with them is noted in `asked`.
pub(crate) fn listings(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    around: Option<Around>,
    now: Timestamp,
) -> Wanted {
    let sold_only = asked.endpoint == Endpoint::SoldListingsByLocation;
    if sold_only {
        // PAR-128: it is ignored.
        asked.forget("StatusList");
    }
    let mut wanted = filter::compile(door, asked, now);
    wanted.feeds = granted(caller, door.bound.property, asked.texts("FeedIdList"));
    let order = order::read(door, asked, around.as_ref());
    if order.as_ref().is_some_and(|order| order.by_sold_price) {
        // The order would tell what is not to be told (PAR-130).
        wanted.feeds.retain(|feed| caller.feed_terms(feed).is_none_or(|terms| !terms.non_disclosure));
    }
    match order.map(|order| order.by) {
        Some(order::By::Asked(order)) => wanted.order = vec![order],
        Some(order::By::Member(sorted)) => {
            wanted.looks.extend(door.members.sorted_by(sorted.key));
            wanted.sorted = Some(sorted);
        }
        Some(order::By::Own(order)) => wanted.own_order = Some(order),
        None => {}
    }
    if let Some(around) = around {
        wanted.filters.push(around.filter(door));
    }
    if sold_only {
        wanted.filters.extend(filter::sold(door, asked, now));
    }
    wanted
}

impl Wanted {
    /// What matches all of `filters`, in no order.
    pub(crate) fn of(resource: ResourceId, filters: Vec<Expr>, feeds: Vec<Text>) -> Self {
        Self {
            resource,
            filters,
            order: Vec::new(),
            own: Vec::new(),
            sorted: None,
            own_order: None,
            looks: Vec::new(),
            feeds,
        }
    }

    /// Asks the gate. None where nothing can match: no feed is left, or what is asked about is shown in
    /// none of them, so that it is not there (PAR-101).
    pub(crate) fn permit(self, door: &Door, caller: &Caller) -> Result<Option<Question>, Refused> {
        if self.feeds.is_empty() {
            return Ok(None);
        }
        let filter = (!self.filters.is_empty()).then_some(Expr::And(self.filters));
        let terms = self.order.len();
        let looks = self.looks.into_iter().map(|field| Order::ascending(Expr::field(field)));
        let order = self.order.into_iter().chain(looks).collect();
        let query = Query { filter, order, ..Query::all(self.resource) };
        let permitted = match door.gate.permit(caller, query) {
            Ok(permitted) => permitted,
            Err(refusal) if matches!(refusal.status, 400 | 404) => return Ok(None),
            Err(refusal) => return Err(Refused::gate(refusal)),
        };
        let mut query = permitted.query;
        query.order.truncate(terms);
        if query.order.is_empty() {
            query.order.extend(self.own_order);
        }
        for own in self.own {
            query.filter = Some(match query.filter.take() {
                Some(filter) => filter.and(own),
                None => own,
            });
        }
        let mut scope = permitted.scope;
        // A scope is large: it is made anew only where the request names fewer feeds than it has.
        if let Some(rows) = feeds::narrowed(scope.rows(self.resource), &self.feeds) {
            Arc::make_mut(&mut scope).allow(self.resource, rows);
        }
        Ok(Some(Question { query, scope, sorted: self.sorted }))
    }
}

impl Question {
    /// Which records may be told of.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What is asked.
    pub(crate) fn query(&self) -> &Query {
        &self.query
    }

    /// Whether its pages tell how many there are in all.
    pub(crate) fn count(&mut self, counted: bool) {
        self.query.count = counted;
    }

    /// A page of so many rows after so many.
    pub(crate) fn page(
        &mut self,
        door: &Door,
        reader: &Reader<'_>,
        (skip, size): (u64, u32),
        now: Timestamp,
    ) -> Result<Page, Refused> {
        self.query.skip = skip;
        self.query.page_size = size;
        if let Some(sorted) = &self.sorted {
            return sorted.page(door, self, reader, (skip, size), now);
        }
        let hits = reader.page(&self.query, &self.scope, now)?;
        Ok(Page { more: hits.next.is_some(), rows: hits.rows, total: hits.count })
    }
}
