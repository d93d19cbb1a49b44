//! Parameters as filters, by the table of parameters.

use dictionary::{Decimal, FieldId, Text, Timestamp, Value as Held};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use query::{Comparison, Expr, Function};

use super::Wanted;
use crate::Door;
use crate::endpoint::Endpoint;
use crate::members::{Number, Vocabulary};
use crate::request::{Asked, Means, Member, Value};

/// The filters of a search of listings.
pub(super) fn compile(door: &Door, asked: &mut Asked, now: Timestamp) -> Wanted {
    let (mut filters, mut own) = (Vec::new(), Vec::new());
    let mut bounds: Vec<(Number, Option<Decimal>, Option<Decimal>)> = Vec::new();
    let mut bound = |number: Number, least: Option<Decimal>, most: Option<Decimal>| match bounds
        .iter_mut()
        .find(|(known, ..)| *known == number)
    {
        Some((_, low, high)) => {
            *low = least.or(*low);
            *high = most.or(*high);
        }
        None => bounds.push((number, least, most)),
    };
    let mut wrong: Vec<(&'static str, String)> = Vec::new();
    for parameter in asked.endpoint.parameters() {
        let name = parameter.name;
        let Some(value) = asked.value(name) else { continue };
        match (parameter.means, value) {
            (Means::Least(number), _) => bound(number, asked.number(name), None),
            (Means::Most(number), _) => bound(number, None, asked.number(name)),
            (Means::Below(number), Value::Whole(days)) => bound(number, None, Some(Decimal::from(days - 1))),
            (Means::OneOf(vocabulary), Value::Texts(words)) => {
                filters.push(door.members.any_of(vocabulary, words))
            }
            (Means::OneOf(vocabulary), Value::Text(word)) => {
                if door.members.knows(vocabulary, word) {
                    filters.push(door.members.any_of(vocabulary, std::slice::from_ref(word)));
                } else {
                    wrong.push((name, format!("The value '{word}' is not valid for {name}.")));
                }
            }
            (Means::Has(feature), Value::Truth(truth)) => filters.push(door.members.feature(feature, *truth)),
            (Means::Is(member), Value::Text(text)) => filters.push(member_is(door, member, text)),
            (Means::Phrase, Value::Text(text)) => match phrase(text) {
                Some(phrase) => filters.push(mentions(door.bound.remarks, &phrase)),
                None => wrong.push((name, format!("The field {name} holds no word."))),
            },
            (Means::Keyword, Value::Text(text)) => match keyword(door, text) {
                Some(filter) => filters.push(filter),
                None => wrong.push((name, format!("The field {name} holds no word."))),
            },
            (Means::UpdatedAfter, Value::Moment(at)) => {
                own.push(Expr::compare(door.hub.updated(door.bound.property), Comparison::Greater, *at));
            }
            (Means::SeenAfter, Value::Moment(at)) => {
                own.push(Expr::compare(door.hub.seen, Comparison::Greater, *at));
            }
            _ => {}
        }
    }
    for (number, least, most) in bounds {
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            let (min, max) = names(asked, number);
            wrong.push((min, format!("The field {min} must not be greater than {max}.")));
        }
        filters.push(door.members.within(number, least, most, now));
    }
    wrong.into_iter().for_each(|(name, text)| asked.refuse(name, text));
    let statuses = asked.texts("StatusList").is_empty() && asked.endpoint != Endpoint::SoldListingsByLocation;
    if statuses {
        // PAR-103
        let shown = ["Active", "Contingent", "Pending"].map(Text::new_static);
        filters.push(door.members.any_of(Vocabulary::Status, &shown));
    }
    if matches!(asked.endpoint, Endpoint::ListingsByGeography)
        && ["Neighborhood", "Zip", "City"].iter().all(|name| asked.value(name).is_none())
    {
        for name in ["Neighborhood", "Zip", "City"] {
            asked.refuse(name, "One of Neighborhood, Zip and City is required.");
        }
    }
    Wanted { own, ..Wanted::of(door.bound.property, filters, Vec::new()) }
}

/// The parameters that bound a number from below and from above.
fn names(asked: &Asked, number: Number) -> (&'static str, &'static str) {
    let name = |means: Means| {
        asked.endpoint.parameters().find(|parameter| parameter.means == means).map_or("", |found| found.name)
    };
    (name(Means::Least(number)), name(Means::Most(number)))
}

/// Sold, and since when (PAR-128, PAR-129).
pub(super) fn sold(door: &Door, asked: &mut Asked, now: Timestamp) -> Vec<Expr> {
    let mut filters = vec![door.members.any_of(Vocabulary::Status, &[Text::new_static("Sold")])];
    let Some(range) = asked.text("SoldDateRange").cloned() else { return filters };
    let today = now.to_zoned(TimeZone::UTC).date();
    match SoldDateRange::find(&range) {
        None => asked.refuse("SoldDateRange", format!("The value '{range}' is not valid for SoldDateRange.")),
        Some(SoldDateRange { back: None, .. }) => {}
        Some(SoldDateRange { back: Some(back), .. }) => {
            let from = today.saturating_sub(back);
            filters.push(Expr::compare(door.bound.close_date, Comparison::GreaterOrEqual, from));
        }
    }
    filters
}

/// A value of the lookup SoldDateRange.
pub(crate) struct SoldDateRange {
    pub(crate) name: &'static str,
    /// How far back from today in UTC; none is all.
    back: Option<Span>,
}

impl SoldDateRange {
    /// Every one, in order.
    pub(crate) fn all() -> [Self; 7] {
        let last = |name, back| Self { name, back: Some(back) };
        [
            Self { name: "All", back: None },
            last("Last 30 days", 30.days()),
            last("Last 3 months", 3.months()),
            last("Last 6 months", 6.months()),
            last("Last 12 months", 12.months()),
            last("Last 24 months", 24.months()),
            last("Last 36 months", 36.months()),
        ]
    }

    fn find(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|range| range.name.eq_ignore_ascii_case(name))
    }
}

/// The records whose text field is this, in whatever case and with whatever space around it.
pub(crate) fn text_is(field: FieldId, text: &str) -> Expr {
    let own = Expr::Call(Function::Trim, vec![Expr::Call(Function::ToLower, vec![Expr::field(field)])]);
    let wanted = Expr::Value(Held::from(text.trim().to_lowercase()));
    Expr::Compare(Comparison::Equal, Box::new(own), Box::new(wanted))
}

/// The listings whose member is this: the first of its sources that has a value decides.
fn member_is(door: &Door, member: Member, text: &Text) -> Expr {
    let exact = matches!(member, Member::AgentId | Member::OfficeId);
    let is = |field: FieldId| match member {
        _ if exact => Expr::equal(field, text.clone()),
        Member::Zip => {
            // The first five digits count, on either side (PAR-124).
            let five: String = text.chars().take(5).collect();
            Expr::Call(Function::StartsWith, vec![Expr::field(field), Expr::Value(Held::from(five))])
        }
        _ => text_is(field, text),
    };
    let mut sources = door.bound.sources(member).iter().rev().copied();
    let last = sources.next().map_or(Expr::Value(Held::Boolean(false)), is);
    sources.fold(last, |rest, field| {
        let empty = Expr::Compare(Comparison::Equal, Box::new(Expr::field(field)), Box::new(Expr::Null));
        Expr::Or(vec![is(field), Expr::And(vec![empty, rest])])
    })
}

/// A phrase as words that stand together; none where it holds no word.
fn phrase(text: &str) -> Option<String> {
    let words: Vec<String> = query::words::of(text).collect();
    (!words.is_empty()).then(|| format!("\"{}\"", words.join(" ")))
}

fn mentions(field: FieldId, words: &str) -> Expr {
    Expr::Call(Function::Mentions, vec![Expr::field(field), Expr::Value(Held::from(words))])
}

/// A listing's id, its address where that is shown, or its remarks (SRCH-006).
fn keyword(door: &Door, text: &Text) -> Option<Expr> {
    let words: Vec<String> = query::words::of(text).collect();
    if words.is_empty() {
        return None;
    }
    let words = words.join(" ");
    let bound = &door.bound;
    let address = Expr::And(vec![mentions(bound.address, &words), address_is_shown(door)]);
    Some(Expr::Or(vec![Expr::equal(bound.listing_id, text.trim()), address, mentions(bound.remarks, &words)]))
}

/// Listings whose address is not kept from display.
pub(super) fn address_is_shown(door: &Door) -> Expr {
    Expr::compare(door.bound.address_shown, Comparison::NotEqual, false)
}
