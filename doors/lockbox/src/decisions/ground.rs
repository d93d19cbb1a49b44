//! On what grounds a box opens for those who do not belong to the listing's side (LBX-092, LBX-093).

use dictionary::Timestamp;

use super::side::of_one_office;
use super::{Case, CodeUse, Listing, Mode, Reason, ShownCode, Span, UserType};

/// A ground and when it ends.
type Grounds = Vec<(Reason, Timestamp)>;

/// The grounds of somebody else; without one, what would have been needed is put against it.
pub(crate) fn others(
    case: &Case<'_>,
    listing: &Listing<'_>,
    at: Timestamp,
    against: &mut Vec<Reason>,
) -> Grounds {
    let mode = case.lockbox.mode;
    let code = code(case.code, at);
    let of_now = |spans: &[Span]| spans.iter().filter(|span| span.holds(at)).map(|span| span.end).max();
    let mut grounds: Grounds = Vec::new();
    grounds.extend(of_now(case.grants).map(|end| (Reason::Grant, end)));
    if let Ok(Some((CodeUse::Access, end))) = code {
        grounds.push((Reason::AccessCode, end));
    }
    // Hours and appointments are somebody's: of a code alone nobody knows whose hand holds it.
    let known = case.person.is_some();
    let affiliate = case.person.is_some_and(|person| person.kind == UserType::Affiliate);
    let appointment = of_now(case.appointments).filter(|_| known).map(|end| (Reason::Appointment, end));
    let within = match &listing.zone {
        _ if !known || mode == Mode::AppointmentOnly => None,
        Some(zone) => listing.hours.open_until(at, zone),
        None if listing.hours.is_always() => Some(Timestamp::MAX),
        None => None,
    };
    let hours = within.map(|end| (Reason::ShowingHours, end));
    let called = match code {
        Ok(Some((CodeUse::CallBeforeShowing, end))) => Some(end),
        _ => None,
    };
    let shown = appointment.into_iter().chain(hours);
    if mode == Mode::CallBeforeShowing || affiliate {
        if let Some(end) = called {
            let both: Grounds = shown.map(|(reason, until)| (reason, until.min(end))).collect();
            let until = both.iter().map(|(_, until)| *until).max();
            grounds.extend(both);
            grounds.extend(until.map(|until| (Reason::CalledBefore, until)));
        }
    } else {
        grounds.extend(shown);
    }
    if grounds.is_empty() {
        missing(case, listing, (appointment.is_some() || within.is_some(), called.is_some()), against);
        against.extend(code.err());
    }
    grounds
}

/// What would have been needed. `shown` is whether there were hours or an appointment, `called` whether the
/// code of the listing agent was at hand.
fn missing(case: &Case<'_>, listing: &Listing<'_>, (shown, called): (bool, bool), against: &mut Vec<Reason>) {
    let Some(person) = case.person else {
        // What only tells of a call opens nothing alone; a code that is not good says so itself.
        against.extend((called || case.code.is_none()).then_some(Reason::UserNeeded));
        return;
    };
    let mode = case.lockbox.mode;
    let affiliate = person.kind == UserType::Affiliate;
    if affiliate && !called {
        against.push(Reason::GrantOrCodeNeeded);
    } else if mode == Mode::CallBeforeShowing && !called {
        against.push(Reason::CallNeeded);
    }
    if !shown && (!affiliate || called) {
        against.push(match mode {
            Mode::AppointmentOnly => Reason::AppointmentNeeded,
            _ if listing.zone.is_none() => Reason::ZoneUnknown,
            _ => Reason::OutsideShowingHours,
        });
    }
}

/// What the code that was shown is good for and until when, or what is wrong with it.
fn code(shown: Option<ShownCode>, at: Timestamp) -> Result<Option<(CodeUse, Timestamp)>, Reason> {
    match shown {
        None => Ok(None),
        Some(ShownCode::Wrong) => Err(Reason::CodeWrong),
        Some(ShownCode::Known { revoked: true, .. }) => Err(Reason::CodeRevoked),
        Some(ShownCode::Known { window, .. }) if at < window.start => Err(Reason::CodeNotYet),
        Some(ShownCode::Known { window, .. }) if at >= window.end => Err(Reason::CodeExpired),
        Some(ShownCode::Known { of, window, .. }) => Ok(Some((of, window.end))),
    }
}

/// Who may take the box away: its owner, and the broker of the owner's office, whatever it hangs at.
pub(crate) fn shackle(case: &Case<'_>, against: &mut Vec<Reason>) -> Grounds {
    let reason = case.person.and_then(|person| {
        let owner = person.kind.owns_boxes() && case.lockbox.owner == Some(person.id);
        let party = case.lockbox.owner_party.as_ref();
        let broker =
            person.kind == UserType::Broker && party.is_some_and(|party| of_one_office(person, party));
        if owner { Some(Reason::BoxOwner) } else { broker.then_some(Reason::OfficeBroker) }
    });
    match reason {
        Some(reason) => vec![(reason, Timestamp::MAX)],
        None => {
            against.push(Reason::ShackleIsTheOwners);
            Vec::new()
        }
    }
}
