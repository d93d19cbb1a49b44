//! GetRelatedListings: every listing of one home, and its days on the market in all (SRCH-009).

use std::collections::BTreeSet;

use dictionary::{Date, FieldId, FieldSet, Fields, Timestamp, Value as Held, ValueRef};
use gate::Caller;
use jiff::tz::TimeZone;
use query::{Comparison, Expr, Function};
use search::{Reader, Row, RowView};

use super::write::Writer;
use super::{check_fields, checked, detail, headers};
use crate::Door;
use crate::envelope::Refused;
use crate::find::{Wanted, granted, text_is};
use crate::members::Kind;
use crate::related::{Home, Span, cumulative};
use crate::reply::Reply;
use crate::request::Asked;

/// Listings that are looked at, at most, of those that may be of one parcel, and of those at one house.
const MOST: u32 = 1_000;

/// Answers GetRelatedListings.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    check_fields(door, Kind::Summary, asked);
    checked(asked)?;
    let reader = door.search.read();
    let row = detail::find(door, caller, asked, &reader, now)?;
    let all = all_of_home(door, caller, &reader, row, now)?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let days = days(door, caller, &reader, &all, today);
    let mut writer = Writer::new(door, caller, &reader, Kind::Summary, asked, now);
    writer.text("{\"Results\":");
    writer.list(&all);
    writer.text(&format!(",\"Count\":{},\"CumulativeDaysOnMarket\":{days}}}", all.len()));
    Ok(headers::notices(writer.finish(), caller, asked))
}

/// The listings of the home of this one, itself among them, the oldest first.
fn all_of_home(
    door: &Door,
    caller: &Caller,
    reader: &Reader<'_>,
    row: Row,
    now: Timestamp,
) -> Result<Vec<Row>, Refused> {
    let of = Seen::new(door, caller, reader, row);
    // A home whose address is kept from display is linked to nothing, or its other listings tell it.
    if !of.address_shown {
        return Ok(vec![row]);
    }
    let home = Home::of(&of, &door.related.home);
    let mut found = BTreeSet::from([row]);
    for filters in [by_parcel(door, &of, &home), by_house(door, &home)].into_iter().flatten() {
        let feeds = granted(caller, door.bound.property, &[]);
        let Some(mut question) = Wanted::of(door.bound.property, filters, feeds).permit(door, caller)? else {
            continue;
        };
        found.extend(question.page(door, reader, (0, MOST), now)?.rows);
    }
    let mut listings: Vec<(Row, Seen<'_>)> =
        found.into_iter().map(|row| (row, Seen::new(door, caller, reader, row))).collect();
    listings.retain(|(other, seen)| {
        *other == row || (seen.address_shown && Home::of(seen, &door.related.home).is(&home))
    });
    let age = |seen: &Seen<'_>| door.related.market.start(seen).unwrap_or(Date::MIN);
    let id = |seen: &Seen<'_>| match seen.look(door.bound.listing_id) {
        Some(ValueRef::Text(id)) => id.to_owned(),
        _ => String::new(),
    };
    listings.sort_by_cached_key(|(_, seen)| (age(seen), seen.view.feed().to_owned(), id(seen)));
    Ok(listings.into_iter().map(|(row, _)| row).collect())
}

/// Days on which the home was on the market; never fewer than a listing states that does not say when.
fn days(door: &Door, caller: &Caller, reader: &Reader<'_>, all: &[Row], today: Date) -> i64 {
    let market = &door.related.market;
    let (mut spans, mut without): (Vec<Span>, i64) = (Vec::new(), 0);
    for row in all {
        let seen = Seen::new(door, caller, reader, *row);
        match market.span(&seen, today) {
            Some(span) => spans.push(span),
            None => without = without.max(market.stated(&seen).unwrap_or_default()),
        }
    }
    cumulative(&spans).max(without)
}

/// The listings whose parcel number is written like this one's.
fn by_parcel(door: &Door, of: &Seen<'_>, home: &Home) -> Option<Vec<Expr>> {
    home.parcel.as_ref()?;
    let field = door.related.home.parcel;
    let Some(ValueRef::Text(written)) = of.look(field) else { return None };
    Some(vec![text_is(field, written)])
}

/// The listings of the ZIP code with this house number.
fn by_house(door: &Door, home: &Home) -> Option<Vec<Expr>> {
    let (address, zip) = home.house.as_ref()?;
    let fields = &door.related.home;
    let begins = |field: FieldId, text: &str| {
        let text = Expr::Value(Held::from(text));
        Expr::Call(Function::StartsWith, vec![Expr::field(field), text])
    };
    let number = address.number?.to_string();
    let null = Expr::Compare(Comparison::Equal, Box::new(Expr::field(fields.number)), Box::new(Expr::Null));
    let unparsed = null.and(begins(fields.whole, &number));
    Some(vec![begins(fields.zip, zip), Expr::Or(vec![begins(fields.number, &number), unparsed])])
}

/// A listing, as far as the client may see it.
struct Seen<'a> {
    view: RowView<'a>,
    shown: &'a FieldSet,
    /// Whether its address may be told, whoever may see that this is so.
    address_shown: bool,
}

impl<'a> Seen<'a> {
    fn new(door: &Door, caller: &'a Caller, reader: &'a Reader<'_>, row: Row) -> Self {
        let view = reader.view(door.bound.property, row);
        let shown = caller.shown(door.bound.property, view.feed());
        let address_shown = view.look(door.bound.address_shown) != Some(ValueRef::Boolean(false));
        Self { view, shown, address_shown }
    }
}

impl Fields for Seen<'_> {
    fn look(&self, field: FieldId) -> Option<ValueRef<'_>> {
        self.shown.contains(field).then(|| self.view.look(field)).flatten()
    }

    fn each(&self, visit: &mut dyn FnMut(FieldId, ValueRef<'_>)) {
        self.view.each(&mut |field, value| {
            if self.shown.contains(field) {
                visit(field, value);
            }
        });
    }
}
