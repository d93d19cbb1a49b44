//! Who may open which box, and until when: pure rules over plain inputs.
//!
//! A decision looks at four things in turn and tells of everything that speaks against it at once: the
//! *person*'s standing (account, service, member, office, type), the *box* (whose it is, what it hangs at),
//! the *listing* (coming soon, off the market), and a *ground*: who belongs to the listing's side needs none
//! besides that; everybody else needs showing hours, an appointment, a grant or a code, as the box's
//! restriction mode says.
//!
//! Nothing here reads the clock or a store. `docs/reference/lockbox.md` lists every reason.

mod case;
mod ground;
mod hours;
mod reason;
mod side;
#[cfg(test)]
mod tests;

use dictionary::Timestamp;
use jiff::SignedDuration;

pub(crate) use case::{
    Case, CodeUse, Compartment, Listing, Lockbox, Mode, Office, Party, Person, ShownCode, Span, Status,
    UserType,
};
pub(crate) use hours::{Days, Hours};
pub(crate) use reason::Reason;

/// What holds without the network may be relied on for so long at most (LBX-095).
pub(crate) const LONGEST_PERMIT: SignedDuration = SignedDuration::from_hours(24);

/// Yes, until an instant, or no; and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    /// The box opens.
    Permit {
        /// Up to this instant nothing that is known now ends the permission; not at it any more.
        valid_until: Timestamp,
        /// Every ground that there is, never none.
        reasons: Vec<Reason>,
    },
    /// The box stays shut.
    Deny {
        /// Everything that speaks against it, never nothing.
        reasons: Vec<Reason>,
    },
}

impl Decision {
    /// Whether it is a yes.
    pub(crate) fn is_permit(&self) -> bool {
        matches!(self, Self::Permit { .. })
    }

    /// Why.
    pub(crate) fn reasons(&self) -> &[Reason] {
        match self {
            Self::Permit { reasons, .. } | Self::Deny { reasons } => reasons,
        }
    }
}

/// Decides a case at an instant (LBX-090 to 093).
pub(crate) fn decide(case: &Case<'_>, at: Timestamp) -> Decision {
    let mut against = Vec::new();
    if let Some(person) = case.person {
        standing(person, &mut against);
    }
    let for_it = match case.compartment {
        Compartment::Shackle => ground::shackle(case, &mut against),
        Compartment::KeyBin => key_bin(case, at, &mut against),
    };
    if !against.is_empty() || for_it.is_empty() {
        return Decision::Deny { reasons: against };
    }
    let until = for_it.iter().map(|(_, until)| *until).max().unwrap_or(at);
    let longest = at.checked_add(LONGEST_PERMIT).unwrap_or(Timestamp::MAX);
    let off = case.listing.and_then(Listing::shown_until).filter(|_| case.compartment == Compartment::KeyBin);
    Decision::Permit {
        valid_until: until.min(longest).min(off.unwrap_or(Timestamp::MAX)),
        reasons: for_it.into_iter().map(|(reason, _)| reason).collect(),
    }
}

/// What of the person alone stands in the way (LBX-091): the two statuses that control opening, the member
/// and the office behind the user, and a type that holds no keys.
fn standing(person: &Person<'_>, against: &mut Vec<Reason>) {
    let holds = [
        (person.kind.holds_keys(), Reason::TypeNotAllowed),
        (person.account, Reason::AccountInactive),
        (person.member, Reason::MemberInactive),
        (person.service, Reason::LockboxServiceInactive),
        (person.office.is_some_and(|office| office.active), Reason::OfficeTerminated),
    ];
    against.extend(holds.into_iter().filter(|(holds, _)| !holds).map(|(_, reason)| reason));
}

/// The grounds on which the key bin opens, each with its end.
fn key_bin(case: &Case<'_>, at: Timestamp, against: &mut Vec<Reason>) -> Vec<(Reason, Timestamp)> {
    if case.lockbox.owner.is_none() || !case.lockbox.assigned {
        against.push(Reason::BoxUnassigned);
        return Vec::new();
    }
    let Some(listing) = case.listing else {
        against.push(Reason::ListingNotShowable);
        return Vec::new();
    };
    let side = case.person.and_then(|person| side::side(person, case.lockbox, listing));
    showable(listing, side.is_some(), at, against);
    if let Some(side) = side {
        return vec![(side, Timestamp::MAX)];
    }
    match case.person {
        // LBX-045: an assistant opens boxes of the team and no others, whatever code is at hand.
        Some(person) if person.kind == UserType::Assistant => {
            against.push(Reason::NotOfTeam);
            Vec::new()
        }
        _ => ground::others(case, listing, at, against),
    }
}

/// What of the listing stands in the way (LBX-018, LBX-019), in the days of where it lies.
fn showable(listing: &Listing<'_>, of_its_side: bool, at: Timestamp, against: &mut Vec<Reason>) {
    if !listing.status.is_showable() {
        against.push(Reason::ListingNotShowable);
    }
    let today = listing.zone.as_ref().map(|zone| zone.to_datetime(at).date());
    let dated = listing.on_market.is_some() || listing.off_market.is_some();
    if dated && today.is_none() {
        against.push(Reason::ZoneUnknown);
    }
    if today.zip(listing.off_market).is_some_and(|(today, last)| today > last) {
        against.push(Reason::OffMarket);
    }
    let coming = match listing.on_market {
        Some(first) => today.is_some_and(|today| today < first),
        None => listing.status == Status::ComingSoon,
    };
    if coming && !of_its_side {
        against.push(Reason::ComingSoon);
    }
}
