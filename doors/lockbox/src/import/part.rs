//! The three parts of an association's data, in the order in which they build on each other.

/// Whose rows a file holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Part {
    /// RESO's Office.
    Offices,
    /// RESO's Member, and the lockbox's user beside each.
    Members,
    /// RESO's Property.
    Listings,
}

impl Part {
    /// Offices before their members, members before their listings.
    pub(crate) const ALL: [Self; 3] = [Self::Offices, Self::Members, Self::Listings];

    /// As a path or a setting spells it, or by its resource.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name || part.resource() == name)
    }

    /// As a path spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Offices => "offices",
            Self::Members => "members",
            Self::Listings => "listings",
        }
    }

    /// The resource of its records.
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Offices => "Office",
            Self::Members => "Member",
            Self::Listings => "Property",
        }
    }

    /// The field that is unique in its board.
    pub(crate) fn id_field(self) -> &'static str {
        match self {
            Self::Offices => "OfficeMlsId",
            Self::Members => "MemberMlsId",
            Self::Listings => "ListingId",
        }
    }

    /// What a row must have (LBX-062). A listing's address is either of two and looked at apart.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Offices => &["OfficeMlsId", "OfficeName", "OfficeStatus"],
            Self::Members => &[
                "MemberMlsId",
                "MemberFirstName",
                "MemberLastName",
                "MemberType",
                "OfficeMlsId",
                "MemberStatus",
            ],
            Self::Listings => &["ListingId", "ListAgentMlsId", "City", "MlsStatus"],
        }
    }

    /// Fields whose values are words of a list: a new one is said before it is applied (LBX-073).
    pub(crate) fn listed(self) -> &'static [&'static str] {
        match self {
            Self::Offices => &["OfficeStatus"],
            Self::Members => &["MemberType", "MemberStatus"],
            Self::Listings => &["MlsStatus"],
        }
    }
}
