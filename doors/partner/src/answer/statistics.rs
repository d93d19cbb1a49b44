//! GetListingStatistics: what figures of a search's listings come to (SRCH-003).

use dictionary::{FieldId, Text, Timestamp};
use gate::Caller;
use query::{Arithmetic, Expr};
use search::{Group, Statistics};
use serde_json::{Map, Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find;
use crate::members::Vocabulary;
use crate::reply::Reply;
use crate::request::Asked;

/// The measures, in their order.
pub(super) const NAMES: [&str; 5] = ["Price", "SalePrice", "PricePerSqft", "DaysOnMarket", "SaleToListRatio"];

/// Answers GetListingStatistics. By month sold listings are grouped by their sale, others by their listing
/// date; absorption is what is for sale, divided by what one month sells.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let sold = asked.texts("StatusList").iter().any(|word| word.eq_ignore_ascii_case("sold"));
    let mut wanted = find::listings(door, caller, asked, None, now);
    checked(asked)?;
    let of = &door.bound.summed;
    wanted.looks = vec![of.list_price, of.close_price, of.area, of.days, door.bound.close_date, of.listed];
    // A sum over one sale is its price (PAR-130).
    wanted.feeds.retain(|feed| caller.feed_terms(feed).is_none_or(|terms| !terms.non_disclosure));
    let Some(question) = wanted.permit(door, caller)? else { return Ok(Reply::of(b"[]".to_vec())) };
    let ratio = |of: FieldId, to: FieldId| {
        Expr::Arithmetic(Arithmetic::DivideBy, Box::new(Expr::field(of)), Box::new(Expr::field(to)))
    };
    let measures = [
        Expr::field(of.list_price),
        Expr::field(of.close_price),
        ratio(of.list_price, of.area),
        Expr::field(of.days),
        ratio(of.close_price, of.list_price),
    ];
    let by = asked.is("ByMonth").then_some(if sold { door.bound.close_date } else { of.listed });
    let (reader, query) = (door.search.read(), question.query());
    let groups =
        reader.statistics(query.resource, query.filter.as_ref(), question.scope(), &measures, by, now);
    let for_sale = {
        let words = ["Active", "Contingent", "Pending"].map(Text::new_static);
        let filter = door.members.any_of(Vocabulary::Status, &words);
        reader.count(query.resource, Some(&filter), question.scope(), now)
    };
    let groups: Vec<Json> = groups.iter().map(|group| told(group, for_sale, sold)).collect();
    Ok(Reply::of(Json::Array(groups).to_string().into_bytes()))
}

fn told(group: &Group, for_sale: u64, sold: bool) -> Json {
    let month = group.month.map(|month| format!("{:04}-{:02}", month.year, month.month));
    let mut object = Map::new();
    object.insert("Month".into(), month.clone().into());
    object.insert("Count".into(), group.count.into());
    for (name, figures) in NAMES.iter().zip(&group.of) {
        object.insert((*name).to_owned(), figure(figures));
    }
    if sold && month.is_some() && group.count > 0 {
        #[expect(clippy::cast_precision_loss, reason = "counts of listings are far below 2^53")]
        let absorption = for_sale as f64 / group.count as f64;
        object.insert("Absorption".into(), absorption.into());
    }
    Json::Object(object)
}

fn figure(of: &Statistics) -> Json {
    if of.count == 0 {
        return json!({ "Count": 0 });
    }
    json!({
        "Count": of.count, "Sum": of.sum, "Average": of.average, "Median": of.median, "Min": of.min, "Max": of.max,
    })
}
