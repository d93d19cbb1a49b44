//! The reasons of a decision, each with a code that never changes.

/// One reason, for a permission or against it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Reason {
    BoxOwner,
    ListingAgent,
    CoListingAgent,
    TeamAssistant,
    OfficeBroker,
    ShowingHours,
    Appointment,
    Grant,
    AccessCode,
    CalledBefore,
    AccountInactive,
    MemberInactive,
    LockboxServiceInactive,
    OfficeTerminated,
    TypeNotAllowed,
    BoxUnassigned,
    ListingNotShowable,
    ComingSoon,
    OffMarket,
    ZoneUnknown,
    NotOfTeam,
    OutsideShowingHours,
    AppointmentNeeded,
    CallNeeded,
    GrantOrCodeNeeded,
    UserNeeded,
    CodeWrong,
    CodeRevoked,
    CodeNotYet,
    CodeExpired,
    TooManyWrongCodes,
    ShackleIsTheOwners,
}

/// A line of the table: the reason, whether it permits, its code, what it says, and what would help.
type Line = (Reason, bool, &'static str, &'static str, &'static str);

const TABLE: [Line; 32] = {
    use Reason::*;
    [
        (BoxOwner, true, "box_owner", "The box is the user's own.", ""),
        (ListingAgent, true, "listing_agent", "The user is the listing agent.", ""),
        (CoListingAgent, true, "co_listing_agent", "The user is the co-listing agent.", ""),
        (
            TeamAssistant,
            true,
            "team_assistant",
            "The user assists the team of the box's owner or listing agent.",
            "",
        ),
        (
            OfficeBroker,
            true,
            "office_broker",
            "The user is a broker of the owner's or listing agent's office.",
            "",
        ),
        (ShowingHours, true, "showing_hours", "It is within the listing's showing hours.", ""),
        (Appointment, true, "appointment", "The user has a confirmed appointment.", ""),
        (Grant, true, "grant", "The user was granted this box for this time.", ""),
        (AccessCode, true, "access_code", "The code opens this box for this time.", ""),
        (CalledBefore, true, "called_before", "The code shows that the listing agent was called.", ""),
        (
            AccountInactive,
            false,
            "account_inactive",
            "The user's account is not active.",
            "The association's administrator makes it active.",
        ),
        (
            MemberInactive,
            false,
            "member_inactive",
            "The member is not active in the association.",
            "The association's membership staff reinstates members.",
        ),
        (
            LockboxServiceInactive,
            false,
            "lockbox_service_inactive",
            "The user's lockbox service is not active.",
            "The association's administrator makes it active.",
        ),
        (
            OfficeTerminated,
            false,
            "office_terminated",
            "The user's office is terminated, or is not known.",
            "Move the member to an office that is active.",
        ),
        (
            TypeNotAllowed,
            false,
            "type_not_allowed",
            "Users of this type open no boxes.",
            "Brokers, agents, affiliates and assistants do.",
        ),
        (
            BoxUnassigned,
            false,
            "box_unassigned",
            "The box has no owner, or hangs at no listing.",
            "Assign it first; the shackle opens for its owner all the same.",
        ),
        (
            ListingNotShowable,
            false,
            "listing_not_showable",
            "The listing is not to be shown: it has ended, or is not there.",
            "Move the box to a listing that is on the market.",
        ),
        (
            ComingSoon,
            false,
            "coming_soon",
            "The listing is not on the market yet.",
            "Before OnMarketDate it opens for its own agents alone.",
        ),
        (
            OffMarket,
            false,
            "off_market",
            "OffMarketDate has passed.",
            "The shackle opens for the box's owner, who takes the box away.",
        ),
        (
            ZoneUnknown,
            false,
            "zone_unknown",
            "Nobody says in which time zone the property lies.",
            "Give the listing a PropertyTimeZoneName, or the tenant a zone.",
        ),
        (
            NotOfTeam,
            false,
            "not_of_team",
            "An assistant opens boxes of the own team alone.",
            "Add the assistant to the listing agent's team.",
        ),
        (
            OutsideShowingHours,
            false,
            "outside_showing_hours",
            "It is outside the listing's showing hours.",
            "Come within ShowingDays, ShowingStartTime and ShowingEndTime, or make an appointment.",
        ),
        (
            AppointmentNeeded,
            false,
            "appointment_needed",
            "The box opens with an appointment, and there is none now.",
            "Make an appointment with the listing agent.",
        ),
        (
            CallNeeded,
            false,
            "call_needed",
            "The listing agent wants to be called before a showing.",
            "Call for the code, and enter it.",
        ),
        (
            GrantOrCodeNeeded,
            false,
            "grant_or_code_needed",
            "An affiliate always needs a grant or a code.",
            "Ask the listing agent for one.",
        ),
        (UserNeeded, false, "user_needed", "This code opens nothing by itself.", "Say which user enters it."),
        (
            CodeWrong,
            false,
            "code_wrong",
            "The code is none of this box's.",
            "Look for a digit that is wrong.",
        ),
        (CodeRevoked, false, "code_revoked", "The code has been revoked.", "Ask for a new one."),
        (CodeNotYet, false, "code_not_yet", "The code is not good yet.", "Come back within its window."),
        (CodeExpired, false, "code_expired", "The code is not good any more.", "Ask for a new one."),
        (
            TooManyWrongCodes,
            false,
            "too_many_wrong_codes",
            "Too many wrong codes were entered at this box.",
            "Wait a quarter of an hour.",
        ),
        (
            ShackleIsTheOwners,
            false,
            "shackle_is_the_owners",
            "The shackle opens for the box's owner and the broker of the owner's office.",
            "Ask the owner.",
        ),
    ]
};

impl Reason {
    /// Every reason, in the order of the table.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|line| line.0)
    }

    fn line(self) -> &'static Line {
        // The order of the table is that of the enumeration, which a test holds.
        &TABLE[self as usize]
    }

    /// Whether it is a ground, and not in the way.
    #[cfg(test)]
    pub(crate) fn permits(self) -> bool {
        self.line().1
    }

    /// The code, such as `outside_showing_hours`.
    pub(crate) fn code(self) -> &'static str {
        self.line().2
    }

    /// What it says, in a sentence.
    pub(crate) fn message(self) -> &'static str {
        self.line().3
    }

    /// What would help; nothing of a reason that permits.
    pub(crate) fn hint(self) -> Option<&'static str> {
        Some(self.line().4).filter(|hint| !hint.is_empty())
    }
}
