//! Every rule by tables: what is changed of one case, and what is said then.

use super::scene::{Scene, Somebody, at, span};
use crate::decisions::{CodeUse, Compartment, Decision, Mode, Reason, ShownCode, UserType};

/// Tuesday, 10:00 in Chicago: within the hours.
const WITHIN: &str = "2026-11-24T16:00:00Z";
/// Tuesday, 20:00 in Chicago: outside.
const OUTSIDE: &str = "2026-11-25T02:00:00Z";

fn check(scene: &Scene, when: &str, expect: &str) {
    assert_eq!(scene.said(when), expect, "at {when}: {scene:#?}");
}

fn by(change: impl FnOnce(&mut Somebody)) -> Scene {
    Scene::other_agent().by(change)
}

/// LBX-091: everything that speaks against it has a reason code of its own, and all of them are told.
#[test]
fn lbx_091_each_thing_in_the_way_has_its_own_reason() {
    check(&by(|_| {}), WITHIN, "+showing_hours");
    check(&by(|p| p.account = false), WITHIN, "-account_inactive");
    check(&by(|p| p.service = false), WITHIN, "-lockbox_service_inactive");
    check(&by(|p| p.member = false), WITHIN, "-member_inactive");
    check(&by(|p| p.office = Some(("O-OTHER", false))), WITHIN, "-office_terminated");
    check(&by(|p| p.office = None), WITHIN, "-office_terminated");
    check(&by(|p| p.kind = UserType::OfficeStaff), WITHIN, "-type_not_allowed");
    check(&by(|p| p.kind = UserType::Administrator), WITHIN, "-type_not_allowed");
    let here = Scene::other_agent;
    check(&here().with(|s| s.assigned = false), WITHIN, "-box_unassigned");
    check(&here().with(|s| s.owner = None), WITHIN, "-box_unassigned");
    check(&here().with(|s| s.house = None), WITHIN, "-listing_not_showable");
    check(&here(), OUTSIDE, "-outside_showing_hours");
    let all = by(|p| (p.account, p.service, p.office) = (false, false, None));
    check(
        &all,
        OUTSIDE,
        "-account_inactive lockbox_service_inactive office_terminated outside_showing_hours",
    );
    // What is in the way of a person is in the way of an owner, too.
    let owner = by(|p| (p.id, p.account) = ("owner", false));
    check(&owner, WITHIN, "-account_inactive");
    for status in ["Closed", "Withdrawn", "Expired", "Canceled", "Delete", "Incomplete", "Hold"] {
        check(&here().at_house(|h| h.status = Some(status)), WITHIN, "-listing_not_showable");
    }
    for status in [None, Some("Active"), Some("Active Under Contract"), Some("Pending")] {
        check(&here().at_house(|h| h.status = status), WITHIN, "+showing_hours");
    }
}

/// LBX-018: before OnMarketDate a listing opens for its own agents alone, and from its first minute there on
/// for others.
#[test]
fn lbx_018_coming_soon_opens_for_its_own_alone() {
    let soon = |scene: Scene| scene.at_house(|h| h.on_market = Some("2026-11-25".parse().unwrap()));
    check(&soon(by(|_| {})), WITHIN, "-coming_soon");
    check(&soon(by(|p| p.id = "owner")), WITHIN, "+box_owner");
    check(&soon(by(|p| p.member_key = Some("M-CO"))), WITHIN, "+co_listing_agent");
    // Nobody's word opens it for others before.
    let granted =
        soon(by(|_| {})).with(|s| s.grants = vec![span("2026-11-20T00:00:00Z", "2026-12-01T00:00:00Z")]);
    check(&granted, WITHIN, "-coming_soon");
    // Midnight of the 25th in Chicago is 06:00 in UTC.
    let night = soon(by(|_| {})).at_house(|h| (h.opens, h.closes) = (None, None));
    check(&night, "2026-11-25T05:59:59Z", "-coming_soon");
    check(&night, "2026-11-25T06:00:00Z", "+showing_hours");
    let by_status = |scene: Scene| scene.at_house(|h| h.status = Some("Coming Soon"));
    check(&by_status(by(|_| {})), WITHIN, "-coming_soon");
    check(&by_status(by(|p| p.id = "owner")), WITHIN, "+box_owner");
    // A status that lags behind its date: the date counts.
    let lagging = by_status(by(|_| {})).at_house(|h| h.on_market = Some("2026-11-23".parse().unwrap()));
    check(&lagging, WITHIN, "+showing_hours");
}

/// LBX-019: OffMarketDate is the last day; after it nobody shows, its own agents neither.
#[test]
fn lbx_019_after_the_off_market_date_nobody_shows() {
    let off = |scene: Scene| {
        scene.at_house(|h| {
            (h.off_market, h.opens, h.closes) = (Some("2026-11-24".parse().unwrap()), None, None);
        })
    };
    for scene in [by(|_| {}), by(|p| p.id = "owner"), by(|p| p.member_key = Some("M-CO"))] {
        assert!(off(scene.clone()).decide(at("2026-11-25T05:59:59Z")).is_permit());
        check(&off(scene), "2026-11-25T06:00:00Z", "-off_market");
    }
    let Decision::Permit { valid_until, .. } = off(by(|p| p.id = "owner")).decide(at(WITHIN)) else {
        panic!("the last day is a day")
    };
    assert_eq!(valid_until, at("2026-11-25T06:00:00Z"), "a permission ends with the day");
    // The box is taken away by whose it is.
    let away = |scene: Scene| off(scene).with(|s| s.compartment = Compartment::Shackle);
    check(&away(by(|p| p.id = "owner")), "2026-12-24T16:00:00Z", "+box_owner");
    check(&away(by(|_| {})), "2026-12-24T16:00:00Z", "-shackle_is_the_owners");
}

/// LBX-092: owner, listing agent, co-listing agent, their teams' assistants and their offices' brokers come at
/// any time, and nobody else does.
#[test]
fn lbx_092_the_listings_side_comes_at_any_time() {
    check(&by(|p| p.id = "owner"), OUTSIDE, "+box_owner");
    check(&by(|p| p.member_key = Some("M-OWNER")), OUTSIDE, "+listing_agent");
    check(&by(|p| p.member_key = Some("M-CO")), OUTSIDE, "+co_listing_agent");
    let of_office = |kind, office| by(|p| (p.kind, p.office) = (kind, Some((office, true))));
    check(&of_office(UserType::Broker, "O-OWN"), OUTSIDE, "+office_broker");
    check(&of_office(UserType::Broker, "O-CO"), OUTSIDE, "+office_broker");
    check(&of_office(UserType::Broker, "O-OTHER"), OUTSIDE, "-outside_showing_hours");
    check(&of_office(UserType::Broker, "O-OTHER"), WITHIN, "+showing_hours");
    check(&of_office(UserType::Agent, "O-OWN"), OUTSIDE, "-outside_showing_hours");
    // What a record says of someone who can have no listings does not make them its agent.
    check(&by(|p| (p.kind, p.id) = (UserType::Affiliate, "owner")), OUTSIDE, "-grant_or_code_needed");
    // Two members without keys are not one.
    let nameless =
        by(|p| p.member_key = None).with(|s| s.house.as_mut().unwrap().list_agent.member_key = None);
    check(&nameless, OUTSIDE, "-outside_showing_hours");
}

/// LBX-045, LBX-092: an assistant opens boxes of the team at any time, and no others, whatever is at hand.
#[test]
fn lbx_045_an_assistant_opens_the_teams_boxes_alone() {
    let assistant = |team: &str| by(|p| (p.kind, p.teams) = (UserType::Assistant, vec![team.into()]));
    for (team, expect) in [("T", "+team_assistant"), ("C", "+team_assistant"), ("X", "-not_of_team")] {
        check(&assistant(team), OUTSIDE, expect);
        check(&assistant(team), WITHIN, expect);
    }
    let at_hand = assistant("X").with(|s| {
        let window = span("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
        s.grants = vec![window];
        s.appointments = vec![window];
        s.code = Some(ShownCode::Known { of: CodeUse::Access, window, revoked: false });
    });
    check(&at_hand, WITHIN, "-not_of_team");
    // An agent of the team is no assistant, and waits for the hours.
    check(&by(|p| p.teams = vec!["T".into()]), OUTSIDE, "-outside_showing_hours");
}

/// LBX-092: an appointment opens outside the hours, from its first instant up to its last.
#[test]
fn lbx_092_an_appointment_opens_for_its_time() {
    let booked =
        by(|_| {}).with(|s| s.appointments = vec![span("2026-11-25T01:30:00Z", "2026-11-25T02:30:00Z")]);
    check(&booked, "2026-11-25T01:29:59Z", "-outside_showing_hours");
    check(&booked, "2026-11-25T01:30:00Z", "+appointment");
    check(&booked, "2026-11-25T02:29:59Z", "+appointment");
    check(&booked, "2026-11-25T02:30:00Z", "-outside_showing_hours");
    let Decision::Permit { valid_until, .. } = booked.decide(at(OUTSIDE)) else { panic!("it opens") };
    assert_eq!(valid_until, at("2026-11-25T02:30:00Z"));
}

fn code(of: CodeUse, start: &str, end: &str, revoked: bool) -> ShownCode {
    ShownCode::Known { of, window: span(start, end), revoked }
}

fn access() -> ShownCode {
    code(CodeUse::Access, "2026-11-25T01:00:00Z", "2026-11-25T03:00:00Z", false)
}

fn called() -> ShownCode {
    code(CodeUse::CallBeforeShowing, "2026-11-20T00:00:00Z", "2026-11-30T00:00:00Z", false)
}

/// LBX-093: the restriction modes: open hours, appointment only, call before showing.
#[test]
fn lbx_093_the_restriction_mode_says_what_opens() {
    let in_mode = |mode| by(|_| {}).with(|s| s.mode = mode);
    let booked = |scene: Scene| {
        scene.with(|s| s.appointments = vec![span("2026-11-24T15:00:00Z", "2026-11-25T03:00:00Z")])
    };
    let shows = |scene: Scene, code| scene.with(|s| s.code = Some(code));
    check(&in_mode(Mode::OpenHours), WITHIN, "+showing_hours");
    check(&booked(in_mode(Mode::OpenHours)), WITHIN, "+appointment showing_hours");
    check(&in_mode(Mode::AppointmentOnly), WITHIN, "-appointment_needed");
    check(&booked(in_mode(Mode::AppointmentOnly)), WITHIN, "+appointment");
    check(&booked(in_mode(Mode::AppointmentOnly)), OUTSIDE, "+appointment");
    let call = || in_mode(Mode::CallBeforeShowing);
    check(&call(), WITHIN, "-call_needed");
    check(&booked(call()), WITHIN, "-call_needed");
    check(&call(), OUTSIDE, "-call_needed outside_showing_hours");
    check(&shows(call(), called()), WITHIN, "+showing_hours called_before");
    check(&shows(call(), called()), OUTSIDE, "-outside_showing_hours");
    check(&shows(booked(call()), called()), OUTSIDE, "+appointment called_before");
    // The listing's side needs no call.
    check(&call().by(|p| p.id = "owner"), OUTSIDE, "+box_owner");
    // A one-day code is the listing agent's word, whatever the mode.
    for mode in [Mode::OpenHours, Mode::AppointmentOnly, Mode::CallBeforeShowing] {
        check(&shows(in_mode(mode), access()), OUTSIDE, "+access_code");
    }
}

/// LBX-093: affiliates always need a grant or a code, within the hours too.
#[test]
fn lbx_093_affiliates_always_need_a_grant_or_a_code() {
    let affiliate = || by(|p| p.kind = UserType::Affiliate);
    let granted =
        |scene: Scene| scene.with(|s| s.grants = vec![span("2026-11-25T01:00:00Z", "2026-11-25T03:00:00Z")]);
    for mode in [Mode::OpenHours, Mode::AppointmentOnly, Mode::CallBeforeShowing] {
        let here = || affiliate().with(|s| s.mode = mode);
        check(&here(), WITHIN, "-grant_or_code_needed");
        check(&here(), OUTSIDE, "-grant_or_code_needed");
        check(&granted(here()), OUTSIDE, "+grant");
        check(&granted(here()), WITHIN, "-grant_or_code_needed");
        check(&here().with(|s| s.code = Some(access())), OUTSIDE, "+access_code");
        // An appointment is an agent's; it is no grant.
        let booked =
            here().with(|s| s.appointments = vec![span("2026-11-24T15:00:00Z", "2026-11-25T03:00:00Z")]);
        check(&booked, OUTSIDE, "-grant_or_code_needed");
    }
    let called = |when, expect| check(&affiliate().with(|s| s.code = Some(called())), when, expect);
    called(WITHIN, "+showing_hours called_before");
    called(OUTSIDE, "-outside_showing_hours");
}

/// LBX-090, LBX-094: a code alone opens within its window, and says what is wrong with it elsewhere.
#[test]
fn lbx_090_a_code_alone_opens_within_its_window() {
    let alone = |code| Scene::other_agent().with(|s| (s.somebody, s.code) = (None, code));
    check(&alone(Some(access())), OUTSIDE, "+access_code");
    check(&alone(Some(access())), "2026-11-25T00:59:59Z", "-code_not_yet");
    check(&alone(Some(access())), "2026-11-25T03:00:00Z", "-code_expired");
    check(&alone(Some(ShownCode::Wrong)), OUTSIDE, "-code_wrong");
    let revoked = code(CodeUse::Access, "2026-11-25T01:00:00Z", "2026-11-25T03:00:00Z", true);
    check(&alone(Some(revoked)), OUTSIDE, "-code_revoked");
    check(&alone(Some(called())), WITHIN, "-user_needed");
    check(&alone(None), WITHIN, "-user_needed");
    // A listing that has ended opens for no code.
    let ended = alone(Some(access())).at_house(|h| h.status = Some("Closed"));
    check(&ended, OUTSIDE, "-listing_not_showable");
    // A wrong code does not shut what the hours open.
    check(&by(|_| {}).with(|s| s.code = Some(ShownCode::Wrong)), WITHIN, "+showing_hours");
    check(
        &by(|_| {}).with(|s| s.code = Some(ShownCode::Wrong)),
        OUTSIDE,
        "-outside_showing_hours code_wrong",
    );
}

/// LBX-092: without a zone nobody knows what the wall clock shows: hours and dates deny, the side comes in.
#[test]
fn lbx_092_without_a_zone_hours_deny() {
    let nowhere = |scene: Scene| scene.at_house(|h| h.zone = None);
    check(&nowhere(by(|_| {})), WITHIN, "-zone_unknown");
    check(&nowhere(by(|p| p.id = "owner")), WITHIN, "+box_owner");
    let dated =
        nowhere(by(|p| p.id = "owner")).at_house(|h| h.off_market = Some("2030-01-01".parse().unwrap()));
    check(&dated, WITHIN, "-zone_unknown");
    let always = nowhere(by(|_| {})).at_house(|h| (h.days, h.opens, h.closes) = (None, None, None));
    check(&always, OUTSIDE, "+showing_hours");
}

/// LBX-095: nothing is promised for longer than a day.
#[test]
fn lbx_095_a_permission_lasts_a_day_at_most() {
    let Decision::Permit { valid_until, .. } = by(|p| p.id = "owner").decide(at(WITHIN)) else {
        panic!("the owner comes in")
    };
    assert_eq!(valid_until, at("2026-11-25T16:00:00Z"));
}

/// The table of reasons is in the order of the enumeration, and its codes are all different.
#[test]
fn every_reason_has_its_own_line() {
    let mut codes: Vec<&str> = Vec::new();
    for (at, reason) in Reason::all().enumerate() {
        assert_eq!(reason as usize, at, "{reason:?}");
        assert!(!codes.contains(&reason.code()), "{reason:?}");
        assert_eq!(reason.hint().is_none(), reason.permits(), "{reason:?}");
        assert!(reason.message().ends_with('.'));
        codes.push(reason.code());
    }
}

/// `docs/reference/lockbox.md` lists every reason with what it says.
#[test]
fn lbx_091_the_reference_lists_every_reason() {
    let page = include_str!("../../../../../docs/reference/lockbox.md");
    for reason in Reason::all() {
        let line = format!("| `{}` | {} |", reason.code(), reason.message());
        assert!(page.contains(&line), "the page lacks: {line}");
    }
}
