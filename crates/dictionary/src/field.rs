//! What a field is declared to be.

use crate::{LookupId, Text};

/// The type of a field, in OData's terms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.Int16`
    Int16,
    /// `Edm.Int32`
    Int32,
    /// `Edm.Int64`
    Int64,
    /// `Edm.Decimal`: at most `precision` digits, of which at most `scale` after the point.
    Decimal {
        /// Digits in all; none where the table leaves it open.
        precision: Option<u8>,
        /// Digits after the point; none where the table leaves it open.
        scale: Option<u8>,
    },
    /// `Edm.Double`
    Double,
    /// `Edm.Date`
    Date,
    /// `Edm.DateTimeOffset`
    Timestamp,
    /// `Edm.TimeOfDay`
    Time,
    /// `Edm.String` of at most `max_chars` characters.
    Text {
        /// Characters (Unicode scalar values); none where the table leaves it open.
        max_chars: Option<u32>,
    },
    /// `Collection(Edm.String)`, each element of at most `max_chars` characters.
    TextList {
        /// Characters of one element; none where the table leaves it open.
        max_chars: Option<u32>,
    },
    /// `Edm.GeographyPoint`
    Point,
}

impl Type {
    /// The name in OData's CSDL, such as `Edm.Decimal`.
    #[must_use]
    pub fn edm(self) -> &'static str {
        match self {
            Self::Boolean => "Edm.Boolean",
            Self::Int16 => "Edm.Int16",
            Self::Int32 => "Edm.Int32",
            Self::Int64 => "Edm.Int64",
            Self::Decimal { .. } => "Edm.Decimal",
            Self::Double => "Edm.Double",
            Self::Date => "Edm.Date",
            Self::Timestamp => "Edm.DateTimeOffset",
            Self::Time => "Edm.TimeOfDay",
            Self::Text { .. } => "Edm.String",
            Self::TextList { .. } => "Collection(Edm.String)",
            Self::Point => "Edm.GeographyPoint",
        }
    }

    /// Whether the field holds a list.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Self::TextList { .. })
    }

    /// Whether the field holds a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int16 | Self::Int32 | Self::Int64 | Self::Decimal { .. } | Self::Double)
    }
}

/// How far a lookup may be extended by whoever fills it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookupStatus {
    /// Any value; the dictionary suggests none.
    Open,
    /// The dictionary's values, and others beside them.
    OpenWithEnumerations,
    /// The dictionary's values and no others.
    Locked,
}

/// Who declared a resource or a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The RESO Data Dictionary.
    Reso,
    /// Freehold: seen by operators alone.
    Freehold,
    /// This installation.
    Local,
}

/// One field of one resource.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// The name, as it is sent.
    pub name: Text,
    /// The type of its value.
    pub ty: Type,
    /// The list that its values come from.
    pub lookup: Option<LookupId>,
    /// How far that list may be extended.
    pub lookup_status: Option<LookupStatus>,
    /// Whether it is the key or a part of it.
    pub key: bool,
    /// Names by which the field is known elsewhere; a local field may not bear one.
    pub synonyms: Box<[Text]>,
    /// The dictionary version that brought it: `2.0`, `2.1`; empty for local fields.
    pub since: Text,
    /// Who declared it.
    pub origin: Origin,
}
