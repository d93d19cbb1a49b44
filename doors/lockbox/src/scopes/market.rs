//! Offices and listings, listed and told: found in the index, then held against the rule.

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Named, Record, Text};
use gate::Caller;
use http::StatusCode;
use query::{Comparison, Expr, FeedRows, Order, Query, Rows, Scope};
use serde_json::{Value as Json, json as object};
use store::Stored;

use super::{Concerns, Page, Visit, What};
use crate::Door;
use crate::decisions::UserType;
use crate::reply::{Answer, Refused, json};

/// `GET …/offices`
pub(crate) async fn offices(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let page = Page::read(query.as_deref())?;
    let own = door.dictionary.known("Office");
    let key = own.key[0];
    let theirs = visit.viewers().iter().map(|viewer| Expr::equal(key, viewer.office.clone())).collect();
    list(&door, &visit, (What::Office, "Office"), theirs, &page)
}

/// `GET …/offices/{office}`
pub(crate) async fn office(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, key)): Path<(String, String, String)>,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    one(&door, &visit, (What::Office, "Office"), &key).await
}

/// `GET …/listings`
pub(crate) async fn listings(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let page = Page::read(query.as_deref())?;
    let own = door.dictionary.known("Property");
    let mut theirs = Vec::new();
    let mut any = |fields: [&str; 2], values: &[Text]| {
        for field in fields.iter().filter_map(|name| own.find(name)) {
            theirs.extend(values.iter().map(|value| Expr::equal(field, value.clone())));
        }
    };
    for viewer in visit.viewers() {
        if matches!(viewer.kind, UserType::Broker | UserType::OfficeStaff) {
            any(["ListOfficeKey", "CoListOfficeKey"], std::slice::from_ref(&viewer.office));
        }
        let team = door.memory.book().members_of(&viewer.teams);
        let members = if viewer.kind == UserType::Assistant { team } else { Vec::new() };
        let members: Vec<Text> = members.into_iter().chain(viewer.member.clone()).collect();
        any(["ListAgentKey", "CoListAgentKey"], &members);
        let known = door.memory.book().mls_ids_of(&members);
        any(["ListAgentMlsId", "CoListAgentMlsId"], &known);
    }
    list(&door, &visit, (What::Listing, "Property"), theirs, &page)
}

/// `GET …/listings/{listing}`
pub(crate) async fn listing(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, key)): Path<(String, String, String)>,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    one(&door, &visit, (What::Listing, "Property"), &key).await
}

/// A page of the association's records, of those that one of `theirs` finds unless the caller sees everything.
fn list(
    door: &Door,
    visit: &Visit,
    (what, resource): (What, &str),
    theirs: Vec<Expr>,
    page: &Page,
) -> Answer {
    let own = door.dictionary.known(resource);
    let feed = visit.tenant.feed.clone();
    let mut scope = Scope::nothing();
    scope.allow(own.id, Rows::Of(vec![FeedRows { feed, filter: None }]));
    let key = own.key[0];
    let mut filters = Vec::new();
    if !page.after.is_empty() {
        filters.push(Expr::compare(key, Comparison::Greater, page.after.clone()));
    }
    let everything = visit.sees_everything();
    if !everything {
        filters.push(Expr::Or(theirs.clone()));
    }
    let records: Vec<(Text, Record)> = if theirs.is_empty() && !everything {
        Vec::new()
    } else {
        let query = Query {
            filter: (!filters.is_empty()).then_some(Expr::And(filters)),
            order: vec![Order::ascending(Expr::field(key))],
            page_size: u32::try_from(page.limit + 1).unwrap_or(u32::MAX),
            ..Query::all(own.id)
        };
        let reader = door.search.read();
        let hits = reader.page(&query, &scope, (door.clock)()).map_err(|error| {
            tracing::error!("the index did not answer: {error}");
            Refused::new(503, "index_unavailable", "The index does not answer.", "Try again in a moment.")
        })?;
        let record = |row| (Text::new(reader.view(own.id, row).key()), reader.record(own.id, row));
        hits.rows.into_iter().map(record).collect()
    };
    let more = records.len() > page.limit;
    let next = records.get(page.limit.wrapping_sub(1)).map(|(key, _)| key.as_str()).filter(|_| more);
    let seen = records.iter().take(page.limit).map(|(_, record)| Named { own, record });
    let seen = seen.filter(|words| visit.sees(what, &concerns(door, visit, what, *words)));
    let items: Vec<Json> = seen.map(|words| told(door, visit, what, words)).collect();
    Ok(json(StatusCode::OK, &object!({ "items": items, "next": next })))
}

async fn one(door: &Door, visit: &Visit, (what, resource): (What, &str), key: &str) -> Answer {
    let own = door.dictionary.known(resource);
    let kept = door.store.get(own.id, key).await?.filter(|kept| kept.feed == visit.tenant.feed);
    let kept = kept
        .filter(|kept| visit.sees(what, &concerns(door, visit, what, Named { own, record: &kept.record })));
    let kept = kept.ok_or_else(|| {
        let what = if what == What::Office { "office" } else { "listing" };
        let message = format!("There is no {what} {key} that you may see.");
        Refused::new(404, "not_found", message, "The list has those that you may.")
    })?;
    Ok(json(StatusCode::OK, &told(door, visit, what, Named { own, record: &kept.record })))
}

/// Whom a listing concerns.
pub(crate) fn of_listing(door: &Door, visit: &Visit, kept: &Stored) -> Concerns {
    let words = Named { own: door.dictionary.known("Property"), record: &kept.record };
    concerns(door, visit, What::Listing, words)
}

fn concerns(door: &Door, visit: &Visit, what: What, words: Named<'_>) -> Concerns {
    if what == What::Office {
        return Concerns { offices: words.text("OfficeKey").into_iter().collect(), ..Concerns::default() };
    }
    let feed = &visit.tenant.feed;
    let book = door.memory.book();
    let mut concerns = Concerns::default();
    for (agent, office) in [("ListAgent", "ListOfficeKey"), ("CoListAgent", "CoListOfficeKey")] {
        let (key, mls_id) = (words.text(&format!("{agent}Key")), words.text(&format!("{agent}MlsId")));
        concerns.extend(book.concerns_agent(feed, book.named_agent(feed, key, mls_id), words.text(office)));
    }
    concerns
}

fn told(door: &Door, visit: &Visit, what: What, words: Named<'_>) -> Json {
    let text = |name: &str| words.text(name).map(String::from);
    if what == What::Office {
        return object!({
            "office": text("OfficeKey"), "officeMlsId": text("OfficeMlsId"), "name": text("OfficeName"),
            "status": text("OfficeStatus"), "phone": text("OfficePhone"), "address": text("OfficeAddress1"),
            "city": text("OfficeCity"), "stateOrProvince": text("OfficeStateOrProvince"),
            "postalCode": text("OfficePostalCode"),
        });
    }
    let date = |name: &str| words.date(name).map(|date| date.to_string());
    let zone = words.text("PropertyTimeZoneName").or_else(|| visit.tenant.zone.clone()).map(String::from);
    let key = words.text("ListingKey").unwrap_or_default();
    let boxes: Vec<String> = {
        let book = door.memory.book();
        book.boxes_at(&visit.tenant.feed, &key).into_iter().map(String::from).collect()
    };
    object!({
        "listing": key.as_str(), "listingId": text("ListingId"), "status": text("StandardStatus"),
        "mlsStatus": text("MlsStatus"), "listAgent": text("ListAgentKey"), "listAgentMlsId": text("ListAgentMlsId"),
        "coListAgent": text("CoListAgentKey"), "coListAgentMlsId": text("CoListAgentMlsId"),
        "office": text("ListOfficeKey"), "address": text("UnparsedAddress"), "city": text("City"),
        "stateOrProvince": text("StateOrProvince"), "postalCode": text("PostalCode"),
        "onMarketDate": date("OnMarketDate"), "offMarketDate": date("OffMarketDate"), "timeZone": zone,
        "boxes": boxes,
    })
}
