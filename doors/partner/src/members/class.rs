//! The API's classes, and the types of their members.

use super::Kind;

/// A class whose objects are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Class {
    Summary,
    Details,
    Agent,
    Office,
    ListingOpenHouse,
    ListingMedia,
    Photo,
    OpenHouse,
}

impl Class {
    pub(crate) const ALL: [Self; 8] = [
        Self::Summary,
        Self::Details,
        Self::Agent,
        Self::Office,
        Self::ListingOpenHouse,
        Self::ListingMedia,
        Self::Photo,
        Self::OpenHouse,
    ];

    /// The name, as the API's document has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Summary => "ListingSummary",
            Self::Details => "ListingDetails",
            Self::Agent => "Agent",
            Self::Office => "Office",
            Self::ListingOpenHouse => "ListingOpenHouse",
            Self::ListingMedia => "ListingMedia",
            Self::Photo => "Photo",
            Self::OpenHouse => "OpenHouse",
        }
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The resource whose records become objects of this class.
    pub(super) fn resource(self) -> &'static str {
        match self {
            Self::Summary | Self::Details | Self::ListingMedia => "Property",
            Self::Agent => "Member",
            Self::Office => "Office",
            Self::ListingOpenHouse | Self::OpenHouse => "OpenHouse",
            Self::Photo => "Media",
        }
    }
}

impl From<Kind> for Class {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Summary => Self::Summary,
            Kind::Details => Self::Details,
            Kind::Agent => Self::Agent,
            Kind::Office => Self::Office,
            Kind::OpenHouse => Self::ListingOpenHouse,
        }
    }
}

/// The C# type of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClassType {
    /// Never null here: what is not known is empty.
    String,
    Bool,
    Int,
    IntOrNull,
    ShortOrNull,
    Float,
    /// `double?`, `float?` or `decimal?`: all are numbers in JSON.
    NumberOrNull,
    DateTime,
    DateTimeOrNull,
    OpenHouses,
    Photos,
    Media,
}

impl ClassType {
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "string" => Self::String,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "int?" => Self::IntOrNull,
            "short?" => Self::ShortOrNull,
            "float" => Self::Float,
            "double?" | "float?" | "decimal?" => Self::NumberOrNull,
            "DateTime" => Self::DateTime,
            "DateTime?" => Self::DateTimeOrNull,
            "OpenHouse[]" => Self::OpenHouses,
            "Photo[]" => Self::Photos,
            "ListingMedia" => Self::Media,
            _ => return None,
        })
    }

    /// What is written where there is no value, or none to be shown.
    pub(super) fn blank(self) -> &'static [u8] {
        match self {
            Self::String => b"\"\"",
            Self::Bool => b"false",
            Self::Int | Self::Float => b"0",
            Self::IntOrNull | Self::ShortOrNull | Self::NumberOrNull | Self::DateTimeOrNull => b"null",
            // .NET's own DateTime of nothing.
            Self::DateTime => b"\"0001-01-01T00:00:00\"",
            Self::OpenHouses | Self::Photos => b"[]",
            Self::Media => br#"{"PhotoCount":0,"Photos":[],"VirtualTourUrl":""}"#,
        }
    }

    /// The least and greatest whole number of the type, where it is one of whole numbers.
    pub(super) fn range(self) -> Option<(i64, i64)> {
        match self {
            Self::Int | Self::IntOrNull => Some((i32::MIN.into(), i32::MAX.into())),
            Self::ShortOrNull => Some((i16::MIN.into(), i16::MAX.into())),
            _ => None,
        }
    }
}
