//! Hours on the wall clock through both changes of clocks (LBX-092).

use dictionary::{Time, Timestamp};
use jiff::tz::TimeZone;

use super::scene::{at, days};
use crate::decisions::{Days, Hours};

/// Holds hours such as `09:00-17:00` against an instant: until when they last, `-` where they do not.
fn check(zone: &str, names: Option<&[&'static str]>, hours: &str, when: &str, expect: &str) {
    let (opens, closes) = hours.split_once('-').unwrap();
    let time = |text: &str| text.parse::<Time>().unwrap();
    let hours = Hours { days: days(names), opens: time(opens), closes: time(closes) };
    let zone = TimeZone::get(zone).unwrap();
    let said = hours.open_until(at(when), &zone);
    let said = said.map_or("-".to_owned(), |until| {
        if until == Timestamp::MAX { "always".into() } else { until.to_string() }
    });
    assert_eq!(said, expect, "{names:?} {hours:?} at {when}, {}", zone.to_datetime(at(when)));
}

/// LBX-092: nine to five is nine to five in winter and in summer.
#[test]
fn lbx_092_hours_do_not_shift_with_daylight_saving() {
    let chicago = |when, expect| check("America/Chicago", None, "09:00-17:00", when, expect);
    chicago("2026-01-14T14:59:59Z", "-");
    chicago("2026-01-14T15:00:00Z", "2026-01-14T23:00:00Z");
    chicago("2026-07-14T13:59:59Z", "-");
    chicago("2026-07-14T14:00:00Z", "2026-07-14T22:00:00Z");
    chicago("2026-07-14T22:00:00Z", "-");
    // Where clocks never change, and where they differ by three quarters of an hour.
    check("America/Phoenix", None, "09:00-17:00", "2026-07-14T16:00:00Z", "2026-07-15T00:00:00Z");
    check("Asia/Kathmandu", None, "09:00-17:00", "2026-07-14T03:15:00Z", "2026-07-14T11:15:00Z");
}

/// LBX-092: clocks put forward on 2026-03-08 in Chicago: 02:00 is 03:00, 08:00 in UTC.
#[test]
fn lbx_092_the_missing_hour() {
    let chicago = |hours, when, expect| check("America/Chicago", None, hours, when, expect);
    // A window that begins within it begins after it.
    chicago("02:30-10:00", "2026-03-08T07:59:59Z", "-");
    chicago("02:30-10:00", "2026-03-08T08:00:00Z", "2026-03-08T15:00:00Z");
    // One that ends within it ends with it.
    chicago("00:00-02:30", "2026-03-08T07:59:59Z", "2026-03-08T08:00:00Z");
    chicago("00:00-02:30", "2026-03-08T08:00:00Z", "-");
    // One around it is an hour shorter.
    chicago("01:00-04:00", "2026-03-08T07:00:00Z", "2026-03-08T09:00:00Z");
    // One within it does not come on that day.
    chicago("02:10-02:50", "2026-03-08T08:00:00Z", "-");
    chicago("02:10-02:50", "2026-03-09T07:10:00Z", "2026-03-09T07:50:00Z");
}

/// LBX-092: clocks put back on 2026-11-01 in Chicago: 02:00 is 01:00 again, 07:00 in UTC.
#[test]
fn lbx_092_the_doubled_hour() {
    let chicago = |hours, when, expect| check("America/Chicago", None, hours, when, expect);
    // 01:15 comes twice, and both are within.
    chicago("00:00-01:30", "2026-11-01T06:15:00Z", "2026-11-01T06:30:00Z");
    chicago("00:00-01:30", "2026-11-01T06:45:00Z", "-");
    chicago("00:00-01:30", "2026-11-01T07:15:00Z", "2026-11-01T07:30:00Z");
    chicago("00:00-01:30", "2026-11-01T07:30:00Z", "-");
    // A window that begins within it is interrupted by the clock.
    chicago("01:30-05:00", "2026-11-01T06:45:00Z", "2026-11-01T07:00:00Z");
    chicago("01:30-05:00", "2026-11-01T07:15:00Z", "-");
    chicago("01:30-05:00", "2026-11-01T07:30:00Z", "2026-11-01T11:00:00Z");
    // One around it is an hour longer.
    chicago("00:00-04:00", "2026-11-01T05:00:00Z", "2026-11-01T10:00:00Z");
}

/// Days are those on which hours begin; midnight ends a day, and windows that meet are one.
#[test]
fn days_and_nights() {
    let chicago = |names: &[&'static str], hours, when, expect| {
        check("America/Chicago", Some(names), hours, when, expect);
    };
    // 2026-11-24 is a Tuesday; midnight is 06:00 in UTC.
    chicago(&["Tue"], "00:00-00:00", "2026-11-24T05:59:59Z", "-");
    chicago(&["Tue"], "00:00-00:00", "2026-11-24T06:00:00Z", "2026-11-25T06:00:00Z");
    chicago(&["tuesday", "WED"], "00:00-00:00", "2026-11-24T06:00:00Z", "2026-11-26T06:00:00Z");
    chicago(&["Tuesday"], "20:00-02:00", "2026-11-25T07:59:59Z", "2026-11-25T08:00:00Z");
    chicago(&["Tuesday"], "20:00-02:00", "2026-11-24T07:00:00Z", "-");
    chicago(&["Tuesday"], "20:00-00:00", "2026-11-25T02:00:00Z", "2026-11-25T06:00:00Z");
    chicago(&["By Appointment"], "00:00-00:00", "2026-11-24T18:00:00Z", "-");
    check("America/Chicago", None, "00:00-00:00", "2026-11-24T18:00:00Z", "always");
    assert_eq!(Days::read(["Monday", "tue", " Wed ", "thursday", "Fri", "sat", "SUNDAY"]), Days::ALL);
}
