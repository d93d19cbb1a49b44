//! When Freehold itself saw a record: the instants that clients synchronise by.

use dictionary::{Dictionary, FieldId, HubFields, ResourceId};

/// The fields that hold them.
pub(crate) struct Hub {
    fields: Vec<HubFields>,
    /// When a listing was first seen in its feed.
    pub(crate) seen: FieldId,
}

impl Hub {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let fields = dictionary.resources().iter().map(dictionary::Resource::hub_fields).collect();
        let seen = dictionary.known("Property").hub_fields().entry;
        Self { fields, seen: seen.expect("Property has HubEntryTimestamp") }
    }

    /// When a record last changed in our data set.
    pub(crate) fn updated(&self, resource: ResourceId) -> FieldId {
        self.fields[resource.index()].modification.expect("what is synchronised has HubModificationTimestamp")
    }
}
