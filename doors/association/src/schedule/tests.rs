use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;

use super::*;

/// Zones whose clocks do what clocks may do: change by an hour, by half of one and by two, at midnight and in the
/// afternoon of UTC, four times a year, the other way round, never, and leave out a day.
const ZONES: [(&str, i16); 18] = [
    ("America/New_York", 2026),
    ("America/Puerto_Rico", 2026),
    ("America/St_Johns", 2026),
    ("America/Santiago", 2025),
    ("America/Sao_Paulo", 2018),
    ("America/Scoresbysund", 2024),
    ("Africa/Casablanca", 2026),
    ("Africa/Cairo", 2025),
    ("Antarctica/Troll", 2026),
    ("Asia/Beirut", 2025),
    ("Asia/Gaza", 2025),
    ("Asia/Tehran", 2022),
    ("Atlantic/Azores", 2025),
    ("Australia/Lord_Howe", 2026),
    ("Europe/Dublin", 2026),
    ("Pacific/Apia", 2011),
    ("Pacific/Chatham", 2026),
    ("Pacific/Kwajalein", 1993),
];

/// The year's runs as somebody with a clock on the wall would make them, who looks at it every five minutes, and runs
/// when it shows a time of the list, or one behind that, for the first time.
fn by_looking(zone: &TimeZone, year: i16, times: &[Time]) -> Vec<Timestamp> {
    let begin = |year| Date::constant(year, 1, 1).to_zoned(zone.clone()).unwrap().timestamp().as_second();
    let first = Date::constant(year, 1, 1);
    let mut wanted = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
    let mut wanted =
        wanted.by_ref().flat_map(|day| times.iter().map(move |time| day.to_datetime(*time))).peekable();
    let (mut days, mut runs) = (BTreeSet::new(), Vec::new());
    for second in (begin(year)..begin(year + 1)).step_by(300) {
        let at = Timestamp::from_second(second).unwrap();
        let now = at.to_zoned(zone.clone()).datetime();
        days.insert(now.date());
        while let Some(time) = wanted.next_if(|time| *time <= now) {
            // A day that is over and was never shown is none.
            if days.contains(&time.date()) && runs.last() != Some(&at) {
                runs.push(at);
            }
        }
    }
    runs
}

fn planned(plan: &Plan, year: i16) -> Vec<Timestamp> {
    let before = |year| {
        let first = Date::constant(year, 1, 1).to_zoned(plan.zone().clone()).unwrap().timestamp();
        first.checked_sub(SignedDuration::from_nanos(1)).unwrap()
    };
    plan.between(before(year), before(year + 1)).collect()
}

/// AMS-030, AMS-035: every day of a year, in every zone, the plan is what a plain look at the wall gives: at the
/// times of the MLS, and at times that the clocks of these zones jump over or show twice.
#[test]
fn ams_030_runs_are_planned_at_the_times_of_the_wall_whatever_the_clocks_do() {
    let cadence = "00:00 00:30 01:00 01:30 02:00 02:10 02:30 03:00 10:00 12:00 15:00 18:00 23:30";
    let cadence: Cadence = cadence.parse().unwrap();
    let Cadence::At(times) = &cadence else { panic!("{cadence}") };
    for (name, year) in ZONES {
        let zone = TimeZone::get(name).unwrap();
        let expect = by_looking(&zone, year, times);
        let found = planned(&Plan::new(cadence.clone(), zone), year);
        assert!(found.is_sorted_by(|a, b| a < b), "{name} {year}");
        assert_eq!(found, expect, "{name} {year}");
    }
}

/// AMS-030: none is lost and none is doubled: a year has four runs a day, at 10, 12, 15 and 18 o'clock.
#[test]
fn ams_030_a_year_of_an_association_has_four_runs_a_day() {
    let check = |name: &str, year: i16, days: usize| {
        let plan = Plan::new(Cadence::default(), TimeZone::get(name).unwrap());
        let runs = planned(&plan, year);
        assert_eq!(runs.len(), days * 4, "{name}");
        for (at, run) in runs.iter().enumerate() {
            let shown = run.to_zoned(plan.zone().clone());
            assert_eq!((shown.hour(), shown.minute()), ([10, 12, 15, 18][at % 4], 0), "{name} {shown}");
        }
    };
    check("America/New_York", 2026, 365);
    check("America/Puerto_Rico", 2028, 366);
    // Samoa went from Thursday to Saturday.
    check("Pacific/Apia", 2011, 364);
    let zone = TimeZone::get("America/New_York").unwrap();
    let plan = Plan::new(Cadence::default(), zone);
    let check = |after: &str, expect: &str| {
        assert_eq!(plan.after(after.parse().unwrap()), Some(expect.parse().unwrap()), "{after}");
    };
    check("2026-03-07T23:00:00Z", "2026-03-08T14:00:00Z");
    check("2026-03-07T22:59:59.999Z", "2026-03-07T23:00:00Z");
    check("2026-11-01T14:59:59Z", "2026-11-01T15:00:00Z");
    check("2026-10-31T22:00:00Z", "2026-11-01T15:00:00Z");
}

/// AMS-035: other cadences are settings of the same scheduler, and what cannot be one is refused with a sentence.
#[test]
fn ams_035_cadences_are_settings() {
    let check = |text: &str, expect: Result<&str, &str>| {
        let read = text.parse::<Cadence>().map(|cadence| cadence.to_string());
        assert_eq!(read.as_deref().map_err(|fault| fault.message.as_str()), expect, "{text:?}");
    };
    check("10:00 12:00 15:00 18:00", Ok("10:00 12:00 15:00 18:00"));
    check(" 18:00  09:05 18:00 ", Ok("09:05 18:00"));
    check("every 10 minutes", Ok("every 10 minutes"));
    check("every 1 minute", Ok("every 1 minutes"));
    check("every 60 minutes", Ok("hourly"));
    check("hourly", Ok("hourly"));
    check("", Err("A cadence has no times."));
    check("every 0 minutes", Err("\"0\" is no number of minutes from 1 to 1440."));
    check("every 1441 minutes", Err("\"1441\" is no number of minutes from 1 to 1440."));
    check("24:00", Err("\"24:00\" is no time from 00:00 to 23:59."));
    check("9:00", Err("\"9:00\" is no time from 00:00 to 23:59."));
    check("10:00 -1:00", Err("\"-1:00\" is no time from 00:00 to 23:59."));
    check(&"10:00 ".repeat(97), Err("A day has 97 runs, and 96 at most."));
    let runs = |cadence: &str, from: &str, until: &str| {
        let plan = Plan::new(cadence.parse().unwrap(), TimeZone::get("America/New_York").unwrap());
        plan.between(from.parse().unwrap(), until.parse().unwrap()).count()
    };
    // The day of 25 hours has so many more.
    assert_eq!(runs("every 10 minutes", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"), 150);
    assert_eq!(runs("every 15 minutes", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"), 92);
    assert_eq!(runs("hourly", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"), 24);
}

/// AMS-033: a run is missed when a quarter of an hour has passed and nobody pulled; after a time of nothing one run
/// makes up for all.
#[test]
fn ams_033_a_missed_run_is_told_and_made_up_for_once() {
    let plan = Plan::new(Cadence::default(), TimeZone::UTC);
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let check = |pulled: &str, now: &str, since: Option<&str>, missed: usize, next: Option<&str>| {
        let found = standing(&plan, at(pulled), at(now));
        assert_eq!(found, Standing { missed_since: since.map(at), missed }, "{pulled} {now}");
        assert_eq!(due(&plan, at(pulled), at(now)), next.map(at), "{pulled} {now}");
    };
    let ten = Some("2026-06-01T10:00:00Z");
    check("2026-06-01T09:00:00Z", "2026-06-01T09:59:59Z", None, 0, None);
    check("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z", None, 0, ten);
    check("2026-06-01T09:00:00Z", "2026-06-01T10:15:00Z", None, 0, ten);
    check("2026-06-01T09:00:00Z", "2026-06-01T10:15:00.001Z", ten, 1, ten);
    // Whoever pulled at the time or after it has made the run.
    check("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", None, 0, None);
    check("2026-06-01T10:40:00Z", "2026-06-01T11:00:00Z", None, 0, None);
    // Two days of nothing: eight runs were missed, one is to be made.
    check("2026-06-01T09:00:00Z", "2026-06-03T09:00:00Z", ten, 8, Some("2026-06-02T18:00:00Z"));
    check("2026-06-03T09:00:00Z", "2026-06-03T09:00:01Z", None, 0, None);
    // What nobody ever pulled is counted to an end.
    let long = standing(&plan, at("2000-01-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
    assert_eq!((long.missed_since, long.missed), (Some(at("2000-01-01T10:00:00Z")), 1_000));
}
