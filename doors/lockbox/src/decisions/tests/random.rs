//! Random users, boxes, windows and instants, held against the plain reading.

use dictionary::{Date, Text, Time, Timestamp};
use testkit::Rng;

use super::plain;
use super::scene::{House, Scene, Side, Somebody};
use crate::decisions::{CodeUse, Compartment, Decision, LONGEST_PERMIT, Mode, ShownCode, Span, UserType};

const USERS: [&str; 3] = ["owner", "other", "third"];
const MEMBERS: [Option<&str>; 4] = [Some("M1"), Some("M2"), Some("M3"), None];
const OFFICES: [&str; 2] = ["O1", "O2"];
const ZONES: [Option<&str>; 5] = [
    Some("America/Chicago"),
    Some("America/Los_Angeles"),
    Some("America/Phoenix"),
    // Half an hour of daylight saving, and none of it where nobody says the zone.
    Some("Australia/Lord_Howe"),
    None,
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const STATUSES: [Option<&str>; 6] =
    [None, Some("Active"), Some("Active"), Some("Pending"), Some("Coming Soon"), Some("Closed")];
/// The days around which instants lie: both changes of clocks in America and on Lord Howe, and none.
const AROUND: [&str; 5] = [
    "2026-03-08T08:00:00Z",
    "2026-11-01T07:00:00Z",
    "2026-04-04T15:00:00Z",
    "2026-10-03T15:30:00Z",
    "2026-07-14T12:00:00Z",
];

fn one<T: Clone>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())].clone()
}

fn often(rng: &mut Rng) -> bool {
    rng.u8(..16) > 0
}

fn instant(rng: &mut Rng, around: Timestamp) -> Timestamp {
    // To the half hour often: borders are where rules go wrong.
    let minutes = rng.i64(-40 * 60..40 * 60);
    let minutes = if rng.bool() { minutes / 30 * 30 } else { minutes };
    Timestamp::from_second(around.as_second() + minutes * 60 - i64::from(rng.u8(..2))).unwrap()
}

fn span(rng: &mut Rng, around: Timestamp) -> Span {
    let (a, b) = (instant(rng, around), instant(rng, around));
    Span { start: a.min(b), end: a.max(b) }
}

fn spans(rng: &mut Rng, around: Timestamp) -> Vec<Span> {
    (0..rng.usize(..3)).map(|_| span(rng, around)).collect()
}

fn teams(rng: &mut Rng) -> Vec<Text> {
    ["T1", "T2"].into_iter().filter(|_| rng.u8(..3) == 0).map(Text::from).collect()
}

fn side(rng: &mut Rng) -> Side {
    Side {
        member_key: one(rng, &MEMBERS),
        office_key: rng.bool().then(|| one(rng, &OFFICES)),
        teams: teams(rng),
    }
}

fn time(rng: &mut Rng) -> Option<Time> {
    rng.bool().then(|| Time::constant(rng.i8(0..24), one(rng, &[0, 30]), 0, 0))
}

fn date(rng: &mut Rng, around: Timestamp) -> Option<Date> {
    let day = jiff::tz::TimeZone::UTC.to_datetime(around).date();
    (rng.u8(..4) == 0).then(|| {
        let mut day = day;
        for _ in 0..rng.u8(..3) {
            day = if rng.bool() { day.tomorrow().unwrap() } else { day.yesterday().unwrap() };
        }
        day
    })
}

fn scene(rng: &mut Rng, around: Timestamp) -> Scene {
    let somebody = Somebody {
        id: one(rng, &USERS),
        kind: one(rng, &UserType::ALL),
        account: often(rng),
        service: often(rng),
        member: often(rng),
        member_key: one(rng, &MEMBERS),
        office: often(rng).then(|| (one(rng, &OFFICES), often(rng))),
        teams: teams(rng),
    };
    let code = rng.bool().then(|| match rng.u8(..5) {
        0 => ShownCode::Wrong,
        of => ShownCode::Known {
            of: if of > 2 { CodeUse::Access } else { CodeUse::CallBeforeShowing },
            window: span(rng, around),
            revoked: !often(rng),
        },
    });
    let house = House {
        list_agent: side(rng),
        co_list_agent: rng.bool().then(|| side(rng)),
        status: one(rng, &STATUSES),
        on_market: date(rng, around),
        off_market: date(rng, around),
        days: rng.bool().then(|| DAYS.into_iter().filter(|_| rng.u8(..3) > 0).collect()),
        opens: time(rng),
        closes: time(rng),
        zone: one(rng, &ZONES),
    };
    Scene {
        somebody: often(rng).then_some(somebody),
        code,
        owner: often(rng).then(|| ("owner", side(rng))),
        assigned: often(rng),
        mode: one(rng, &[Mode::OpenHours, Mode::AppointmentOnly, Mode::CallBeforeShowing]),
        house: often(rng).then_some(house),
        appointments: spans(rng, around),
        grants: if rng.u8(..3) == 0 { spans(rng, around) } else { Vec::new() },
        compartment: if often(rng) { Compartment::KeyBin } else { Compartment::Shackle },
    }
}

/// LBX-090 to 093: the decision is what the rules say, read plainly; and what it promises until an instant
/// holds up to there.
#[test]
fn lbx_093_decisions_are_what_the_rules_say() {
    let mut rng = testkit::rng("lbx_093_decisions_are_what_the_rules_say");
    let (mut permitted, mut denied) = (0, 0);
    for _ in 0..20_000 {
        let around = one(&mut rng, &AROUND).parse().unwrap();
        let scene = scene(&mut rng, around);
        let at = instant(&mut rng, around);
        let decision = scene.decide(at);
        let expect = plain::opens(&scene, at);
        assert_eq!(decision.is_permit(), expect, "at {at}: {decision:?}\n{scene:#?}");
        assert!(!decision.reasons().is_empty(), "no reason at {at}: {scene:#?}");
        assert!(decision.reasons().iter().all(|reason| reason.permits() == expect), "{decision:?}");
        let Decision::Permit { valid_until, .. } = decision else {
            denied += 1;
            continue;
        };
        permitted += 1;
        assert!(
            valid_until > at && valid_until.duration_since(at) <= LONGEST_PERMIT,
            "{valid_until} after {at}"
        );
        let length = valid_until.as_microsecond() - at.as_microsecond();
        for part in 0..8 {
            let inside = at.as_microsecond() + if part == 7 { length - 1 } else { rng.i64(0..length) };
            let inside = Timestamp::from_microsecond(inside).unwrap();
            assert!(
                plain::opens(&scene, inside),
                "promised until {valid_until}, shut at {inside}: {scene:#?}"
            );
        }
    }
    assert!(
        permitted > 1_500 && denied > 1_500,
        "{permitted} permitted, {denied} denied: too few of one kind"
    );
}
