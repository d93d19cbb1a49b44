//! GetListingFacets: how many listings of a search have which value (SRCH-001).

use dictionary::{Decimal, Timestamp, Value};
use gate::Caller;
use query::Expr;
use search::{Facet, FacetCounts};
use serde_json::{Map, Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find::{self, Question};
use crate::members::Vocabulary;
use crate::reply::Reply;
use crate::request::Asked;

/// Values of one facet that are told.
const TOP: usize = 100;
/// Where price bands end and begin, where the request does not say.
const BANDS: [i64; 8] = [100_000, 200_000, 300_000, 400_000, 500_000, 750_000, 1_000_000, 2_000_000];

/// Answers GetListingFacets.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let mut edges = Vec::new();
    for text in asked.texts("PriceBands").to_vec() {
        match text.parse::<Decimal>() {
            Ok(edge) => edges.push(Value::Decimal(edge)),
            Err(_) => asked.refuse("PriceBands", format!("The value '{text}' is not valid for PriceBands.")),
        }
    }
    if edges.is_empty() {
        edges = BANDS.map(|edge| Value::Decimal(Decimal::from(edge))).to_vec();
    }
    let mut wanted = find::listings(door, caller, asked, None, now);
    checked(asked)?;
    let of = &door.bound.summed;
    wanted.looks = vec![of.city, of.zip, of.beds, of.list_price];
    let Some(question) = wanted.permit(door, caller)? else { return Ok(Reply::of(nothing())) };
    let (reader, query) = (door.search.read(), question.query());
    let values = |field| Facet::Values { field, top: TOP };
    let facets =
        [values(of.city), values(of.zip), values(of.beds), Facet::Bands { field: of.list_price, edges }];
    let filter = query.filter.as_ref();
    let counts = reader.facets(query.resource, filter, question.scope(), &facets, now);
    let mut told: Map<String, Json> = ["City", "Zip", "Beds", "Price"]
        .into_iter()
        .zip(&counts)
        .map(|(n, c)| (n.into(), buckets(c)))
        .collect();
    for (name, vocabulary) in [("PropertyType", Vocabulary::PropertyType), ("Status", Vocabulary::Status)] {
        told.insert(name.to_owned(), words(door, &question, &reader, vocabulary, now));
    }
    told.insert("Total".to_owned(), reader.count(query.resource, filter, question.scope(), now).into());
    Ok(Reply::of(Json::Object(told).to_string().into_bytes()))
}

/// The counts of no listing at all.
fn nothing() -> Vec<u8> {
    let none = json!({ "Values": [], "Distinct": 0, "Missing": 0 });
    let no_word = json!({ "Values": [], "Distinct": 0 });
    let told = json!({
        "City": none, "Zip": none, "Beds": none, "Price": none,
        "PropertyType": no_word, "Status": no_word, "Total": 0,
    });
    told.to_string().into_bytes()
}

fn buckets(counts: &FacetCounts) -> Json {
    let one = |bucket: &search::Bucket| json!({ "Value": bucket.value.as_ref().map(spelled), "Count": bucket.count });
    json!({
        "Values": counts.buckets.iter().map(one).collect::<Vec<_>>(),
        "Distinct": counts.distinct,
        "Missing": counts.missing,
    })
}

fn spelled(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Decimal(number) => f64::try_from(*number).unwrap_or_default().into(),
        _ => Json::Null,
    }
}

/// The words of a vocabulary, as the members spell them, the most frequent first.
fn words(
    door: &Door,
    question: &Question,
    reader: &search::Reader<'_>,
    vocabulary: Vocabulary,
    now: Timestamp,
) -> Json {
    let query = question.query();
    let mut counted: Vec<(&'static str, u64)> = Vec::new();
    for word in door.members.words(vocabulary) {
        let is = door.members.any_of(vocabulary, &[dictionary::Text::new_static(word)]);
        let filter = query.filter.clone().map_or(is.clone(), |filter| Expr::and(filter, is));
        counted.push((word, reader.count(query.resource, Some(&filter), question.scope(), now)));
    }
    counted.retain(|(_, count)| *count > 0);
    counted.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    let one = |(word, count): &(&str, u64)| json!({ "Value": word, "Count": count });
    json!({ "Values": counted.iter().map(one).collect::<Vec<_>>(), "Distinct": counted.len() })
}
