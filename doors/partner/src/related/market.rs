//! When a listing was on the market.

use dictionary::{Date, Dictionary, FieldId, Fields, ValueRef};
use jiff::Span as Length;

use super::Span;
use crate::members::ON_MARKET;

/// The fields that say when.
pub(crate) struct MarketFields {
    status: FieldId,
    starts: [FieldId; 2],
    stated: FieldId,
    close: FieldId,
    /// Days on which it left the market; the first of them counts.
    ends: [FieldId; 5],
}

/// Longer than any listing.
const FARTHEST: i64 = 1_000_000;

impl MarketFields {
    pub(super) fn bind(dictionary: &Dictionary) -> Self {
        let own = |name: &str| super::field(dictionary, name);
        Self {
            status: own("StandardStatus"),
            starts: ["OnMarketDate", "ListingContractDate"].map(own),
            stated: own("DaysOnMarket"),
            close: own("CloseDate"),
            ends: ["PurchaseContractDate", "OffMarketDate", "WithdrawnDate", "CancellationDate", "CloseDate"]
                .map(own),
        }
    }

    /// When a listing was on the market, until today where it still is. Where it is not, the days that the MLS
    /// states say how long it was; without them the day on which it left. None where too little is known.
    pub(crate) fn span(&self, listing: &impl Fields, today: Date) -> Option<Span> {
        let date = |field: FieldId| match listing.look(field)? {
            ValueRef::Date(date) => Some(date),
            _ => None,
        };
        let start = self.start(listing);
        let is =
            |status: &str| matches!(listing.look(self.status), Some(ValueRef::Text(own)) if own == status);
        let sold = date(self.close).filter(|_| is("Closed"));
        if ON_MARKET.iter().any(|status| is(status)) {
            return start.map(|from| Span { from, to: today.max(from), sold: None });
        }
        let left =
            self.ends.iter().filter_map(|field| date(*field)).filter(|end| start.is_none_or(|at| *end >= at));
        let stated = self.stated(listing).map(|days| Length::new().days(days));
        let (from, to) = match (start, stated, left.min()) {
            (Some(from), Some(days), _) => (from, from.saturating_add(days)),
            (Some(from), None, Some(left)) => (from, left),
            (None, Some(days), Some(left)) => (left.saturating_sub(days), left),
            _ => return None,
        };
        Some(Span { from, to: to.min(today), sold })
    }

    /// The day on which it came on the market.
    pub(crate) fn start(&self, listing: &impl Fields) -> Option<Date> {
        self.starts.iter().find_map(|field| match listing.look(*field)? {
            ValueRef::Date(date) => Some(date),
            _ => None,
        })
    }

    /// The days that the MLS states.
    pub(crate) fn stated(&self, listing: &impl Fields) -> Option<i64> {
        match listing.look(self.stated)? {
            ValueRef::Integer(days) => Some(days.clamp(0, FARTHEST)),
            _ => None,
        }
    }
}
