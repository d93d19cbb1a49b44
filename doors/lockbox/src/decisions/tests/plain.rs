//! The rules once more, read plainly: no grounds, no ends, nothing shared with what is tried. It says whether a
//! box opens at an instant, and that alone.

use dictionary::Timestamp;
use jiff::tz::TimeZone;

use super::scene::{House, Scene, Side, Somebody};
use crate::decisions::{CodeUse, Compartment, Mode, ShownCode, Span, UserType};

const MINUTES: i64 = 24 * 60;

/// What a clock on the property's wall shows: the day, counted from a Thursday, and the microsecond of it.
struct Wall {
    day: i64,
    micros: i64,
}

impl Wall {
    fn read(zone: &str, at: Timestamp) -> Self {
        let offset = i64::from(TimeZone::get(zone).unwrap().to_offset(at).seconds());
        let local = at.as_microsecond() + offset * 1_000_000;
        let day_long = MINUTES * 60 * 1_000_000;
        Self { day: local.div_euclid(day_long), micros: local.rem_euclid(day_long) }
    }
}

/// The day of a date, counted as [`Wall`] does.
fn day_of(date: dictionary::Date) -> i64 {
    let epoch = dictionary::Date::constant(1970, 1, 1);
    i64::from((date - epoch).get_days())
}

/// Whether the person may open the box of this scene at this instant.
pub(crate) fn opens(scene: &Scene, at: Timestamp) -> bool {
    let somebody = scene.somebody.as_ref();
    if somebody.is_some_and(|one| !is_in_good_standing(one)) {
        return false;
    }
    if scene.compartment == Compartment::Shackle {
        return somebody.is_some_and(|one| may_take_away(scene, one));
    }
    let Some(house) = &scene.house else { return false };
    if scene.owner.is_none() || !scene.assigned || has_ended(house) {
        return false;
    }
    let dated = house.on_market.is_some() || house.off_market.is_some();
    if dated && house.zone.is_none() {
        return false;
    }
    let own = somebody.is_some_and(|one| is_of_the_side(scene, house, one));
    if let Some(zone) = house.zone {
        let today = Wall::read(zone, at).day;
        if house.off_market.is_some_and(|last| today > day_of(last)) {
            return false;
        }
        if !own && house.on_market.is_some_and(|first| today < day_of(first)) {
            return false;
        }
    }
    if own {
        return true;
    }
    if house.status == Some("Coming Soon") && house.on_market.is_none() {
        return false;
    }
    if somebody.is_some_and(|one| one.kind == UserType::Assistant) {
        return false;
    }
    let within = |spans: &[Span]| spans.iter().any(|span| at >= span.start && at < span.end);
    let good = |wanted: CodeUse| match scene.code {
        Some(ShownCode::Known { of, window, revoked }) => of == wanted && !revoked && within(&[window]),
        _ => false,
    };
    if within(&scene.grants) || good(CodeUse::Access) {
        return true;
    }
    let Some(one) = somebody else { return false };
    let may_show =
        within(&scene.appointments) || (scene.mode != Mode::AppointmentOnly && is_within_hours(house, at));
    let must_call = scene.mode == Mode::CallBeforeShowing || one.kind == UserType::Affiliate;
    may_show && (!must_call || good(CodeUse::CallBeforeShowing))
}

fn is_in_good_standing(one: &Somebody) -> bool {
    let holds_keys = [UserType::Broker, UserType::Agent, UserType::Affiliate, UserType::Assistant];
    holds_keys.contains(&one.kind)
        && one.account
        && one.service
        && one.member
        && matches!(one.office, Some((_, true)))
}

fn may_take_away(scene: &Scene, one: &Somebody) -> bool {
    let Some((owner, side)) = &scene.owner else { return false };
    let own = [UserType::Agent, UserType::Broker].contains(&one.kind) && one.id == *owner;
    own || (one.kind == UserType::Broker && one.office.map(|office| office.0) == side.office_key)
}

fn has_ended(house: &House) -> bool {
    let on = ["Active", "Active Under Contract", "Pending", "Coming Soon"];
    house.status.is_some_and(|status| !on.contains(&status))
}

fn is_of_the_side(scene: &Scene, house: &House, one: &Somebody) -> bool {
    let mut sides: Vec<&Side> = vec![&house.list_agent];
    sides.extend(&house.co_list_agent);
    let agents = sides.clone();
    sides.extend(scene.owner.as_ref().map(|owner| &owner.1));
    let agent = [UserType::Agent, UserType::Broker].contains(&one.kind)
        && (scene.owner.as_ref().is_some_and(|owner| owner.0 == one.id)
            || (one.member_key.is_some() && agents.iter().any(|side| side.member_key == one.member_key)));
    let assistant = one.kind == UserType::Assistant
        && sides.iter().any(|side| side.teams.iter().any(|team| one.teams.contains(team)));
    let broker = one.kind == UserType::Broker
        && one.office.is_some_and(|(office, _)| sides.iter().any(|side| side.office_key == Some(office)));
    agent || assistant || broker
}

/// Whether the clock on the wall is within the hours of today, or those that began yesterday.
fn is_within_hours(house: &House, at: Timestamp) -> bool {
    let micros = |time: Option<dictionary::Time>| {
        time.map_or(0, |time| (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60_000_000)
    };
    let (opens, closes) = (micros(house.opens), micros(house.closes));
    if house.days.as_ref().is_none_or(|days| days.len() == 7) && opens == closes {
        return true;
    }
    let Some(zone) = house.zone else { return false };
    let wall = Wall::read(zone, at);
    // The first day of the epoch was a Thursday.
    const NAMES: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    let shown_on =
        |day: i64| house.days.as_ref().is_none_or(|days| days.contains(&NAMES[day.rem_euclid(7) as usize]));
    let length = if closes > opens { closes - opens } else { closes - opens + MINUTES * 60_000_000 };
    let since_today = wall.micros - opens;
    let since_yesterday = since_today + MINUTES * 60_000_000;
    (since_today >= 0 && since_today < length && shown_on(wall.day))
        || (since_yesterday < length && shown_on(wall.day - 1))
}
