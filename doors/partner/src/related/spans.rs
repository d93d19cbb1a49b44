//! How long a home was on the market over all of its listings.

use dictionary::Date;

/// When a home was on the market for one listing: from a day up to, and without, another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) from: Date,
    pub(crate) to: Date,
    /// When it was sold, where that is how it ended.
    pub(crate) sold: Option<Date>,
}

/// The days on which at least one listing was on the market, each counted once, and none between listings.
///
/// A sale ends the count: what came on the market after the last one that was followed by anything is counted
/// alone, as it is another owner's attempt.
pub(crate) fn cumulative(spans: &[Span]) -> i64 {
    let followed = |sold: &Date| spans.iter().any(|later| later.from > *sold);
    let since = spans.iter().filter_map(|span| span.sold).filter(followed).max();
    let mut counted: Vec<&Span> =
        spans.iter().filter(|span| since.is_none_or(|sold| span.from > sold)).collect();
    counted.sort_unstable_by_key(|span| span.from);
    let (mut days, mut until) = (0, Date::MIN);
    for span in counted {
        let from = span.from.max(until);
        if span.to > from {
            days += days_between(from, span.to);
            until = span.to;
        }
    }
    days
}

/// From a day to another; none backwards.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()).max(0))
}
