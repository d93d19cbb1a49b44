//! What a contact is: a record of one of four resources.

use dictionary::{Dictionary, Resource, ResourceId};

/// The resources of contacts, in the order in which they are pulled: what others refer to goes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Contact {
    Office,
    Member,
    OfficeAssociation,
    MemberAssociation,
}

impl Contact {
    pub(crate) const ALL: [Self; 4] =
        [Self::Office, Self::Member, Self::OfficeAssociation, Self::MemberAssociation];

    /// The resource's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Office => "Office",
            Self::Member => "Member",
            Self::OfficeAssociation => "OfficeAssociation",
            Self::MemberAssociation => "MemberAssociation",
        }
    }

    /// The contact of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The contact whose records a resource holds.
    pub(crate) fn of(dictionary: &Dictionary, resource: ResourceId) -> Option<Self> {
        Self::find(&dictionary.resource(resource).name)
    }

    /// Its resource.
    pub(crate) fn resource(self, dictionary: &Dictionary) -> &Resource {
        dictionary.known(self.name())
    }

    /// Its place among the four.
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}
