//! What windows codes may have, and how many of them: pure.

use dictionary::Timestamp;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use crate::book::CodeEntry;
use crate::decisions::Span;

/// The shortest window.
const SHORTEST: SignedDuration = SignedDuration::from_mins(30);
/// Days of the longest, on the wall where the property lies.
const LONGEST_DAYS: i32 = 31;
/// Codes of one box with the same window.
const MOST_EQUAL: usize = 4;
/// Codes of one box that are good at the same instant.
const MOST_OVERLAPPING: usize = 16;

/// Why there is no such code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    Border,
    TooShort,
    TooLong,
    Past,
    Equal,
    Overlapping,
}

impl Limit {
    /// The stable name, the sentence, and what would be right.
    pub(crate) fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Border => (
                "window_border",
                "A window begins and ends on a half hour, on the clock where the property lies.",
                "Send a start and an end whose minutes there are 00 or 30.",
            ),
            Self::TooShort => ("window_too_short", "A window has 30 minutes at least.", "Let it end later."),
            Self::TooLong => ("window_too_long", "A window has 31 days at most.", "Let it end earlier."),
            Self::Past => ("window_past", "The window is over.", "Let it end after now."),
            Self::Equal => (
                "codes_equal_window",
                "The box has four codes with this window already.",
                "Revoke one of them, or take another window.",
            ),
            Self::Overlapping => (
                "codes_overlapping",
                "The box has sixteen codes at some instant of this window already.",
                "Revoke one of them, or take another window.",
            ),
        }
    }
}

/// Whether a window can be one at all: its length and its borders.
pub(crate) fn window(window: Span, zone: &TimeZone, now: Timestamp) -> Result<(), Limit> {
    let (start, end) = (zone.to_datetime(window.start), zone.to_datetime(window.end));
    let on_border =
        |at: jiff::civil::DateTime| at.minute() % 30 == 0 && at.second() == 0 && at.subsec_nanosecond() == 0;
    if !on_border(start) || !on_border(end) {
        return Err(Limit::Border);
    }
    if window.end.duration_since(window.start) < SHORTEST {
        return Err(Limit::TooShort);
    }
    // A month in which clocks are put back is an hour longer.
    if start.checked_add(LONGEST_DAYS.days()).is_ok_and(|longest| end > longest) {
        return Err(Limit::TooLong);
    }
    if window.end <= now { Err(Limit::Past) } else { Ok(()) }
}

/// Whether a box with these codes takes another. What is revoked or over takes no place.
pub(crate) fn another(window: Span, codes: &[CodeEntry], now: Timestamp) -> Result<(), Limit> {
    let good = || codes.iter().filter(|code| !code.revoked && code.window.end > now).map(|code| code.window);
    if good().filter(|other| *other == window).count() >= MOST_EQUAL {
        return Err(Limit::Equal);
    }
    // The most of them stand at the start of the window, or where one of them begins within it.
    let starts = good().map(|other| other.start).filter(|start| window.holds(*start));
    let most = starts.chain([window.start]).map(|at| good().filter(|other| other.holds(at)).count()).max();
    if most.is_some_and(|most| most >= MOST_OVERLAPPING) { Err(Limit::Overlapping) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decisions::CodeUse;

    fn span(start: &str, end: &str) -> Span {
        Span { start: start.parse().unwrap(), end: end.parse().unwrap() }
    }

    /// LBX-094: 30 minutes to 31 days, on half hours of the clock where the property lies.
    #[test]
    fn lbx_094_windows_have_bounds_and_borders() {
        let check = |zone: &str, start: &str, end: &str, expect: Result<(), Limit>| {
            let zone = TimeZone::get(zone).unwrap();
            let now = "2026-02-01T00:00:00Z".parse().unwrap();
            assert_eq!(window(span(start, end), &zone, now), expect, "{start} to {end}");
        };
        let chicago = |start: &str, end: &str, expect| check("America/Chicago", start, end, expect);
        chicago("2026-03-01T15:00:00Z", "2026-03-01T15:30:00Z", Ok(()));
        chicago("2026-03-01T15:00:00Z", "2026-03-01T15:00:00Z", Err(Limit::TooShort));
        chicago("2026-03-01T16:00:00Z", "2026-03-01T15:00:00Z", Err(Limit::TooShort));
        chicago("2026-03-01T15:15:00Z", "2026-03-01T16:00:00Z", Err(Limit::Border));
        chicago("2026-03-01T15:00:00Z", "2026-03-01T16:00:30Z", Err(Limit::Border));
        chicago("2026-03-01T15:00:00Z", "2026-03-01T16:00:00.5Z", Err(Limit::Border));
        // 31 days from nine to nine are an hour less where clocks are put forward meanwhile, one more where back.
        chicago("2026-03-01T15:00:00Z", "2026-04-01T14:00:00Z", Ok(()));
        chicago("2026-03-01T15:00:00Z", "2026-04-01T14:30:00Z", Err(Limit::TooLong));
        chicago("2026-10-20T14:00:00Z", "2026-11-20T15:00:00Z", Ok(()));
        chicago("2026-10-20T14:00:00Z", "2026-11-20T15:30:00Z", Err(Limit::TooLong));
        chicago("2026-01-20T15:00:00Z", "2026-02-01T00:00:00Z", Err(Limit::Past));
        chicago("2026-01-20T15:00:00Z", "2026-02-01T00:30:00Z", Ok(()));
        // A quarter to the hour in UTC is a half hour in Nepal.
        check("Asia/Kathmandu", "2026-03-01T03:15:00Z", "2026-03-01T03:45:00Z", Ok(()));
        check("Asia/Kathmandu", "2026-03-01T03:00:00Z", "2026-03-01T04:00:00Z", Err(Limit::Border));
    }

    fn code(window: Span, revoked: bool) -> CodeEntry {
        CodeEntry {
            id: "c".into(),
            lockbox: "b".into(),
            hash: "h".into(),
            of: CodeUse::Access,
            window,
            revoked,
        }
    }

    /// LBX-094: four with an equal window, sixteen at one instant; revoked and ended ones take no place.
    #[test]
    fn lbx_094_a_box_has_so_many_codes() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        let day = |from: i64, to: i64| {
            let at = |day: i64| Timestamp::from_second(1_772_323_200 + day * 86_400).unwrap();
            Span { start: at(from), end: at(to) }
        };
        let several = |count: usize, window, revoked| vec![code(window, revoked); count];
        let check = |window, codes: Vec<CodeEntry>, expect| assert_eq!(another(window, &codes, now), expect);
        check(day(1, 2), several(3, day(1, 2), false), Ok(()));
        check(day(1, 2), several(4, day(1, 2), false), Err(Limit::Equal));
        check(day(1, 2), several(40, day(1, 2), true), Ok(()));
        check(day(1, 3), several(4, day(1, 2), false), Ok(()));
        // Windows that each differ, all over the same instant.
        let around = |count: i64| (0..count).map(|n| code(day(-n, 5 + n), false)).collect::<Vec<_>>();
        check(day(1, 2), around(15), Ok(()));
        check(day(1, 2), around(16), Err(Limit::Overlapping));
        // Sixteen in a row that never meet are one at a time.
        let row: Vec<CodeEntry> = (0..16).map(|n| code(day(n, n + 1), false)).collect();
        check(day(0, 16), row, Ok(()));
        // Sixteen that meet in the middle of the window alone.
        check(
            day(0, 40),
            (0..16).map(|n| code(day(20 - n, 21 + n), false)).collect(),
            Err(Limit::Overlapping),
        );
        check(day(1, 2), (0..16).map(|n| code(day(-40 - n, -1), false)).collect(), Ok(()));
    }
}
