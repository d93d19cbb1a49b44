//! The words of a source for statuses and types, and what they mean.

use super::part::Part;

/// What a person is to the lockbox system (LBX-005): a value of the lookup LockboxUserType.
pub(crate) const USER_TYPES: [&str; 6] =
    ["Administrator", "Broker", "Office Staff", "Agent", "Affiliate", "Assistant"];

/// The type of this name, in any case, with or without the space.
pub(crate) fn user_type(word: &str) -> Option<&'static str> {
    let plain = super::heading::squeezed(word);
    USER_TYPES.into_iter().find(|name| super::heading::squeezed(name) == plain)
}

/// Whether a word says that an office, an account or a service is active; none where it says neither.
pub(crate) fn active(part: Part, word: &str) -> Option<bool> {
    match (part, word.trim().to_lowercase().as_str()) {
        (_, "active" | "a") => Some(true),
        (_, "terminated" | "inactive" | "t" | "i") => Some(false),
        (Part::Members, "expired" | "suspended" | "deceased" | "retired") => Some(false),
        _ => None,
    }
}

/// Whether a service is on; none where the word says neither.
pub(crate) fn service(word: &str) -> Option<bool> {
    active(Part::Members, word).or(match word.trim().to_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "on" | "enabled" => Some(true),
        "n" | "no" | "false" | "0" | "off" | "disabled" => Some(false),
        _ => None,
    })
}

/// The lookup LockboxServiceStatus, RESO's MemberStatus and OfficeStatus.
pub(crate) fn status(active: bool) -> &'static str {
    if active { "Active" } else { "Inactive" }
}

/// RESO's StandardStatus for a board's own word.
pub(crate) fn standard_status(word: &str) -> Option<&'static str> {
    const ALL: [&str; 11] = [
        "Active",
        "Active Under Contract",
        "Canceled",
        "Closed",
        "Coming Soon",
        "Delete",
        "Expired",
        "Hold",
        "Incomplete",
        "Pending",
        "Withdrawn",
    ];
    let plain = super::heading::squeezed(word);
    match plain.as_str() {
        "cancelled" => Some("Canceled"),
        "sold" => Some("Closed"),
        _ => ALL.into_iter().find(|name| super::heading::squeezed(name) == plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lbx_003_an_offices_status_is_active_or_terminated_and_nothing_else() {
        let check =
            |word: &str, expect: Option<bool>| assert_eq!(active(Part::Offices, word), expect, "{word}");
        check("Active", Some(true));
        check(" ACTIVE ", Some(true));
        check("terminated", Some(false));
        check("Inactive", Some(false));
        check("T", Some(false));
        check("suspended", None);
        check("", None);
        check("merged", None);
    }

    #[test]
    fn lbx_005_there_are_six_types() {
        let check = |word: &str, expect: Option<&str>| assert_eq!(user_type(word), expect, "{word}");
        for name in USER_TYPES {
            check(name, Some(name));
            check(&name.to_uppercase(), Some(name));
        }
        check("officestaff", Some("Office Staff"));
        check("office_staff", Some("Office Staff"));
        check("Realtor", None);
        check("1", None);
        check("", None);
    }

    #[test]
    fn a_boards_word_for_a_listing_is_resos_where_it_is_the_same() {
        let check = |word: &str, expect: Option<&str>| assert_eq!(standard_status(word), expect, "{word}");
        check("ACTIVE", Some("Active"));
        check("Coming soon", Some("Coming Soon"));
        check("Sold", Some("Closed"));
        check("Cancelled", Some("Canceled"));
        check("Back on market", None);
    }
}
