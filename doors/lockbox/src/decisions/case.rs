//! What a decision is made of: plain values, read from records elsewhere.

use dictionary::{Date, Timestamp};
use jiff::tz::TimeZone;

use super::Hours;

/// The six types of user (LBX-005).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum UserType {
    Administrator,
    Broker,
    OfficeStaff,
    Agent,
    Affiliate,
    Assistant,
}

impl UserType {
    /// Every type, in the order of the source document.
    pub(crate) const ALL: [Self; 6] =
        [Self::Administrator, Self::Broker, Self::OfficeStaff, Self::Agent, Self::Affiliate, Self::Assistant];

    /// The value of the lookup LockboxUserType.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Broker => "Broker",
            Self::OfficeStaff => "Office Staff",
            Self::Agent => "Agent",
            Self::Affiliate => "Affiliate",
            Self::Assistant => "Assistant",
        }
    }

    /// The type of this name, to the letter.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the type can be issued an account that opens boxes, full or limited. Administrators and office
    /// staff read; they hold no keys.
    pub(crate) fn holds_keys(self) -> bool {
        !matches!(self, Self::Administrator | Self::OfficeStaff)
    }

    /// Whether the type may own boxes and have listings (LBX-041 to 044).
    pub(crate) fn owns_boxes(self) -> bool {
        matches!(self, Self::Broker | Self::Agent)
    }
}

/// An office, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Office<'a> {
    /// OfficeKey.
    pub(crate) key: &'a str,
    /// Whether it is active and not terminated (LBX-003).
    pub(crate) active: bool,
}

/// Who wants to open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Person<'a> {
    /// LockboxUserId.
    pub(crate) id: &'a str,
    pub(crate) kind: UserType,
    /// AccountStatus is Active.
    pub(crate) account: bool,
    /// LockboxServiceStatus is Active.
    pub(crate) service: bool,
    /// The member that the user comes from is there and active.
    pub(crate) member: bool,
    /// MemberKey, where the user comes from a member.
    pub(crate) member_key: Option<&'a str>,
    pub(crate) office: Option<Office<'a>>,
    /// The keys of the active teams that the member belongs to.
    pub(crate) teams: &'a [dictionary::Text],
}

/// One of those whose the box or the listing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Party<'a> {
    pub(crate) member_key: Option<&'a str>,
    pub(crate) office_key: Option<&'a str>,
    pub(crate) teams: &'a [dictionary::Text],
}

/// The box's restriction mode (LBX-093).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) enum Mode {
    /// Opens within showing hours.
    OpenHours,
    /// Opens for whoever has an appointment. What is assumed where nothing is said: it denies most.
    #[default]
    AppointmentOnly,
    /// Opens within showing hours or an appointment, with the code that the listing agent tells on the phone.
    CallBeforeShowing,
}

impl Mode {
    /// The value of the lookup RestrictionMode.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OpenHours => "Open Hours",
            Self::AppointmentOnly => "Appointment Only",
            Self::CallBeforeShowing => "Call Before Showing",
        }
    }

    /// The mode of this name in the lookup RestrictionMode.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let all = [Self::OpenHours, Self::AppointmentOnly, Self::CallBeforeShowing];
        all.into_iter().find(|mode| mode.name() == name)
    }
}

/// A box.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Lockbox<'a> {
    /// LockboxOwnerId: a user.
    pub(crate) owner: Option<&'a str>,
    /// The owner as a party, where the owner is known.
    pub(crate) owner_party: Option<Party<'a>>,
    /// Whether it hangs at a listing.
    pub(crate) assigned: bool,
    pub(crate) mode: Mode,
}

/// What StandardStatus means for showing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// On the market, under contract, or nothing said.
    Showable,
    /// Coming Soon.
    ComingSoon,
    /// Closed, Withdrawn, Expired and the like.
    Ended,
}

impl Status {
    /// What a value of the lookup StandardStatus means.
    pub(crate) fn of(standard: Option<&str>) -> Self {
        match standard {
            None | Some("Active" | "Active Under Contract" | "Pending") => Self::Showable,
            Some("Coming Soon") => Self::ComingSoon,
            Some(_) => Self::Ended,
        }
    }

    pub(crate) fn is_showable(self) -> bool {
        self != Self::Ended
    }
}

/// The listing that a box hangs at.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Listing<'a> {
    pub(crate) list_agent: Party<'a>,
    pub(crate) co_list_agent: Option<Party<'a>>,
    pub(crate) status: Status,
    /// OnMarketDate, in the property's zone (LBX-018).
    pub(crate) on_market: Option<Date>,
    /// OffMarketDate, in the property's zone: its last day (LBX-019).
    pub(crate) off_market: Option<Date>,
    pub(crate) hours: Hours,
    /// PropertyTimeZoneName, else the tenant's.
    pub(crate) zone: Option<TimeZone>,
}

impl Listing<'_> {
    /// The first instant after OffMarketDate.
    pub(crate) fn shown_until(&self) -> Option<Timestamp> {
        let after = self.off_market?.tomorrow().ok()?;
        let start = self.zone.as_ref()?.to_ambiguous_timestamp(after.at(0, 0, 0, 0));
        start.compatible().ok()
    }
}

/// From an instant up to another, which no longer belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Span {
    pub(crate) fn holds(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

/// What a code is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CodeUse {
    /// A one-day code: opens within its own window, for whoever was given it.
    Access,
    /// Opens nothing by itself: it shows that the listing agent was called.
    CallBeforeShowing,
}

impl CodeUse {
    /// The value of the lookup LockboxCodeUse.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Access => "Access",
            Self::CallBeforeShowing => "Call Before Showing",
        }
    }

    /// The use of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        [Self::Access, Self::CallBeforeShowing].into_iter().find(|of| of.name() == name)
    }
}

/// A code as it was shown at the box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ShownCode {
    /// No code of this box.
    Wrong,
    /// One of this box's codes.
    Known { of: CodeUse, window: Span, revoked: bool },
}

/// Which part of a box is to open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) enum Compartment {
    /// Where the key lies.
    #[default]
    KeyBin,
    /// What holds the box at the door: whoever opens it takes the box away.
    Shackle,
}

/// Everything that a decision looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case<'a> {
    /// None where a code alone is shown.
    pub(crate) person: Option<&'a Person<'a>>,
    pub(crate) code: Option<ShownCode>,
    pub(crate) lockbox: &'a Lockbox<'a>,
    /// None where the box hangs at nothing, or at a listing that is not there.
    pub(crate) listing: Option<&'a Listing<'a>>,
    /// The person's confirmed appointments at the listing.
    pub(crate) appointments: &'a [Span],
    /// What the listing's side granted the person of this box (one person, one box, one window).
    pub(crate) grants: &'a [Span],
    pub(crate) compartment: Compartment,
}
