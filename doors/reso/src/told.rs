//! Resources that are told and not kept: EntityEvent from the log, Lookup and Field from the dictionary.
//! They are asked like any other; the records are made first and then filtered by what a filter means.

use dictionary::{Feed, ResourceId, Timestamp};
use gate::Caller;
use odata::url::{KeyGiven, Place};
use odata::{Fault, json};
use query::{Expr, Order, Page, Query, Scope};

use crate::headers::Wishes;
use crate::page::{Walk, applied, context, page_size};
use crate::reply::{Refused, Reply, TEXT};
use crate::url::Url;
use crate::{Door, entity, events, words};

/// Whether a resource is told.
pub(crate) fn tells(door: &Door, resource: ResourceId) -> bool {
    let name = &door.dictionary.resource(resource).name;
    name == events::NAME || words::tells(name)
}

/// A page of a told resource.
pub(crate) async fn answer(
    door: &Door,
    caller: &Caller,
    query: Query,
    url: Url<'_>,
    token: Option<String>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    refuse_compute(door, &query)?;
    let size = page_size(door, wishes);
    let walk = Walk::of(query, url, token.as_deref(), size)?;
    let page = find(door, caller, &walk.query, now).await?;
    let resource = door.dictionary.resource(walk.query.resource);
    let shape = json::Shape::new(resource, &walk.query.select, caller.sight(), wishes.prefer.omit_nulls);
    let shape = door.dress(shape, wishes.metadata, wishes.numbers);
    let mut body = Vec::with_capacity(64 << 10);
    json::open_collection(&mut body, context(door, &walk.query, wishes, false).as_deref(), page.count);
    for record in &page.records {
        json::next_item(&mut body);
        json::write_record(&mut body, &**record, resource, &shape, None);
    }
    let next = page.next.map(|mark| walk.next(door, url, mark, page.records.len()));
    json::close_collection(&mut body, next.as_deref());
    let next = next.filter(|_| url.is_replication());
    Ok(Reply { applied: applied(wishes, size), next, ..Reply::json(body, wishes) })
}

/// How many of them match.
pub(crate) async fn count(
    door: &Door,
    caller: &Caller,
    query: Query,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let query = Query { count: true, top: None, skip: 0, page_size: 1, ..query };
    let page = find(door, caller, &query, now).await?;
    Ok(Reply::of(TEXT, page.count.unwrap_or(0).to_string()))
}

/// One of them.
pub(crate) async fn entity(
    door: &Door,
    caller: &Caller,
    at: &Place,
    query: Query,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    refuse_compute(door, &query)?;
    let resource = door.dictionary.resource(at.resource);
    let filter = match &at.key {
        KeyGiven::Filter(filter) => filter.clone(),
        KeyGiven::Key(key) => match key.parse::<i64>() {
            Ok(number) if resource.name == events::NAME => Expr::equal(resource.key[0], number),
            _ => Expr::equal(resource.key[0], key.clone()),
        },
    };
    let asked = Query { filter: Some(filter), page_size: 1, ..Query::all(at.resource) };
    let page = find(door, caller, &asked, now).await?;
    let Some(record) = page.records.first() else {
        let message = format!("There is no such record of {}.", resource.name);
        return Err(Fault::new(404, "record_unknown", message, "Look for it with $filter.").into());
    };
    let shape = json::Shape::new(resource, &query.select, caller.sight(), wishes.prefer.omit_nulls);
    let shape = door.dress(shape, wishes.metadata, wishes.numbers);
    let mut body = Vec::new();
    json::write_record(&mut body, &**record, resource, &shape, None);
    if let Some(context) = context(door, &query, wishes, true) {
        let mut before = b"\"@odata.context\":".to_vec();
        json::write_string(&mut before, &context);
        before.push(b',');
        body.splice(1..1, before);
    }
    Ok(Reply { applied: entity::single_applied(wishes), ..Reply::json(body, wishes) })
}

fn refuse_compute(door: &Door, query: &Query) -> Result<(), Fault> {
    if query.compute.is_empty() {
        return Ok(());
    }
    let resource = &door.dictionary.resource(query.resource).name;
    let message = format!("$compute of {resource} is not supported.");
    Err(Fault::new(501, "not_supported", message, "Compute it from what is told."))
}

async fn find(door: &Door, caller: &Caller, query: &Query, now: Timestamp) -> Result<Page, Refused> {
    let resource = door.dictionary.resource(query.resource);
    if resource.name == events::NAME {
        let mut query = query.clone();
        if query.order.is_empty() {
            // Keys are ordered as text, and these are numbers.
            query.order.push(Order::ascending(Expr::field(resource.key[0])));
        }
        return events::page(door, caller, &query, now).await;
    }
    let records = words::records(door, caller, query.resource, &door.search.read());
    let records: Vec<(Feed, _)> = records.into_iter().map(|record| (Feed::default(), record)).collect();
    Ok(query::answer(query, &Scope::everything(), &records, &door.dictionary, now))
}
