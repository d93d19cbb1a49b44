//! Who belongs to a listing's side, and opens outside showing hours (LBX-092).

use super::{Listing, Lockbox, Party, Person, Reason, UserType};

/// As what the person belongs to the side of the box and its listing; none where to the others.
pub(crate) fn side(person: &Person<'_>, lockbox: &Lockbox<'_>, listing: &Listing<'_>) -> Option<Reason> {
    let parties =
        || [lockbox.owner_party, Some(listing.list_agent), listing.co_list_agent].into_iter().flatten();
    let is = |party: &Party<'_>| person.member_key.is_some() && person.member_key == party.member_key;
    // An affiliate or a member of the staff has no listings, whatever a record says.
    if person.kind.owns_boxes() {
        if lockbox.owner == Some(person.id) {
            return Some(Reason::BoxOwner);
        }
        if is(&listing.list_agent) {
            return Some(Reason::ListingAgent);
        }
        if listing.co_list_agent.as_ref().is_some_and(is) {
            return Some(Reason::CoListingAgent);
        }
    }
    match person.kind {
        UserType::Assistant if parties().any(|party| of_one_team(person, &party)) => {
            Some(Reason::TeamAssistant)
        }
        UserType::Broker if parties().any(|party| of_one_office(person, &party)) => {
            Some(Reason::OfficeBroker)
        }
        _ => None,
    }
}

/// Whether both belong to an active team.
pub(crate) fn of_one_team(person: &Person<'_>, party: &Party<'_>) -> bool {
    person.teams.iter().any(|team| party.teams.contains(team))
}

/// Whether both belong to one office.
pub(crate) fn of_one_office(person: &Person<'_>, party: &Party<'_>) -> bool {
    person.office.is_some_and(|office| party.office_key == Some(office.key))
}
