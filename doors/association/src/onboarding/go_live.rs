//! When a go-live may be: what is refused and what is warned of (AMS-007, AMS-008, AMS-009, AMS-012).

use dictionary::{Date, Text, Timestamp};
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, ToSpan};
use odata::Fault;

/// How long before it a go-live is set at the latest: every contact has to come through by then.
const NOTICE: SignedDuration = SignedDuration::from_hours(2);
/// Days between a test and its go-live at the least: vendors want about a month.
const TEST_DAYS: i64 = 21;
/// Days ahead at the most: what is further away is a slip of the pen.
const FARTHEST_DAYS: i64 = 2 * 366;

fn wrong(code: &'static str, message: String, hint: &str) -> Fault {
    Fault::bad(code, message, hint).about("goLive")
}

/// Reads an instant: with an offset, or as the clock on the tenant's wall shows it.
///
/// # Errors
/// 400 for a text that is neither, for a wall time that the clock leaves out, and for one that it shows twice.
pub(crate) fn read(text: &str, zone: &TimeZone) -> Result<Timestamp, Fault> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    // What bears an offset is an instant or nothing: a civil time would forget the offset.
    let wall: DateTime = text.parse().map_err(|_| {
        let hint = "Write 2026-11-30T10:00 for the tenant's clock, or 2026-11-30T15:00:00Z.";
        wrong("go_live_unreadable", format!("{text:?} is no instant."), hint)
    })?;
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible().map_err(|_| {
            wrong("go_live_unreadable", format!("{text:?} is beyond all clocks."), "Name another.")
        }),
        AmbiguousOffset::Gap { .. } => {
            let message = format!("The tenant's clock never shows {wall}: it is put forward over it.");
            Err(wrong("go_live_missing_hour", message, "Take an hour before or after the change."))
        }
        AmbiguousOffset::Fold { before, after } => {
            let message = format!("The tenant's clock shows {wall} twice: it is put back.");
            let hint = format!("Say which by its offset: {wall}{before} or {wall}{after}.");
            Err(wrong("go_live_doubled_hour", message, &hint))
        }
    }
}

/// What else is to be known of a go-live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'a> {
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
    pub(crate) holidays: &'a [Date],
    /// When the test was passed.
    pub(crate) tested: Option<Timestamp>,
}

/// Judges an instant: the warnings that come with it.
///
/// # Errors
/// 400 for one that is past, sooner than in two hours, too far away, or on a Friday in the tenant's zone.
pub(crate) fn judge(at: Timestamp, of: Circumstances<'_>) -> Result<Vec<Text>, Fault> {
    let Circumstances { now, zone, holidays, tested } = of;
    let local = at.to_zoned(zone.clone());
    if at <= now {
        return Err(wrong(
            "go_live_past",
            format!("{at} has been."),
            "Name an instant two hours ahead or more.",
        ));
    }
    if at.duration_since(now) < NOTICE {
        let earliest = (now + NOTICE).to_zoned(zone.clone()).datetime();
        let message = format!("{} is sooner than in two hours.", local.datetime());
        let hint = format!("The earliest is {earliest}: by then every contact has come through.");
        return Err(wrong("go_live_too_soon", message, &hint));
    }
    if at > now + (FARTHEST_DAYS * 24).hours() {
        let message = format!("{} is more than two years away.", local.date());
        return Err(wrong("go_live_too_far", message, "Look at the year."));
    }
    if local.weekday() == Weekday::Friday {
        let message = format!("{} is a Friday.", local.date());
        return Err(wrong(
            "go_live_on_friday",
            message,
            "Take Monday to Thursday: nobody goes live on a Friday.",
        ));
    }
    let mut warnings = Vec::new();
    if matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday) {
        warnings.push(Text::from(format!("weekend: {} is a {:?}.", local.date(), local.weekday())));
    }
    if holidays.contains(&local.date()) {
        warnings.push(Text::from(format!("holiday: {} is a holiday of the association's.", local.date())));
    }
    if let Some(tested) = tested
        && at.duration_since(tested) < SignedDuration::from_hours(TEST_DAYS * 24)
    {
        let days = at.duration_since(tested).as_hours() / 24;
        let message = format!("short_test: the test was passed {days} days before, fewer than {TEST_DAYS}.");
        warnings.push(message.into());
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn florida() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    /// On Monday, 23 November 2026, at 08:00 in Florida; Thursday of that week is a holiday.
    fn said(text: &str, tested: Option<&str>) -> String {
        let zone = florida();
        let of = Circumstances {
            now: "2026-11-23T13:00:00Z".parse().unwrap(),
            zone: &zone,
            holidays: &["2026-11-26".parse().unwrap()],
            tested: tested.map(|at| at.parse().unwrap()),
        };
        match read(text, &zone).and_then(|at| judge(at, of)) {
            Ok(warnings) => {
                let codes = warnings.iter().map(|one| one.split(':').next().unwrap().to_owned());
                format!("may {}", codes.collect::<Vec<_>>().join(" ")).trim().to_owned()
            }
            Err(fault) => {
                assert_eq!(fault.status, 400);
                fault.code.to_owned()
            }
        }
    }

    /// AMS-007: no Friday in the tenant's zone; AMS-008: two hours ahead, 08:00 → 10:00; AMS-009: weekends and
    /// holidays warn; AMS-012: so does a test of less than 21 days before.
    #[test]
    fn ams_007_ams_008_ams_009_ams_012_when_a_go_live_may_be() {
        for (text, expect) in [
            ("2026-11-23T10:00", "may"),
            ("2026-11-23T09:59:59", "go_live_too_soon"),
            ("2026-11-23T15:00:00Z", "may"),
            ("2026-11-23T14:59:59Z", "go_live_too_soon"),
            ("2026-11-23T08:00", "go_live_past"),
            ("2026-11-20T10:00", "go_live_past"),
            ("2026-11-27T10:00", "go_live_on_friday"),
            ("2026-11-27T00:00", "go_live_on_friday"),
            ("2026-11-27T23:59:59", "go_live_on_friday"),
            // Friday in Greenwich and Thursday in Florida, and the other way round.
            ("2026-12-04T04:59:59Z", "may"),
            ("2026-12-05T04:59:59Z", "go_live_on_friday"),
            ("2026-11-26T10:00", "may holiday"),
            ("2026-11-28T10:00", "may weekend"),
            ("2026-11-29T10:00", "may weekend"),
            ("2026-11-30T10:00", "may"),
            ("2029-11-30T10:00", "go_live_too_far"),
            ("soon", "go_live_unreadable"),
            ("2026-11-31T10:00", "go_live_unreadable"),
            ("2027-03-14T02:30", "go_live_missing_hour"),
            ("2027-03-14T01:59", "may weekend"),
            ("2027-03-14T03:00", "may weekend"),
            ("2027-11-07T01:30", "go_live_doubled_hour"),
            ("2027-11-07T01:30:00-05:00", "may weekend"),
            ("2027-11-07T01:30:00-04:00", "may weekend"),
            ("2027-11-07T02:00", "may weekend"),
        ] {
            assert_eq!(said(text, None), expect, "{text}");
        }
        for (tested, expect) in [
            ("2026-11-23T12:00:00Z", "may short_test"),
            ("2026-11-09T15:00:01Z", "may short_test"),
            ("2026-11-09T15:00:00Z", "may"),
            ("2026-11-01T15:00:00Z", "may"),
        ] {
            assert_eq!(said("2026-11-30T10:00", Some(tested)), expect, "tested at {tested}");
        }
        assert_eq!(said("2026-11-26T10:00", Some("2026-11-22T00:00:00Z")), "may holiday short_test");
    }
}
