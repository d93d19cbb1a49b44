//! The numbers that stand for names on disk.

use std::collections::{HashMap, HashSet};

use dictionary::{Dictionary, FieldId, ResourceId, Type};

/// What stands for a resource's name on disk. The store gives it out once and keeps it for ever.
pub(crate) type ResourceNumber = u16;

/// What stands for a field's name on disk, whatever its resource.
pub(crate) type FieldNumber = u32;

/// What the dictionary of now knows of a field on disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) field: FieldId,
    pub(crate) ty: Type,
}

/// Which number stands for which name, and what the dictionary of now makes of it.
#[derive(Debug, Default)]
pub(crate) struct Names {
    resources: Vec<ResourceNumber>,
    resource_ids: HashMap<ResourceNumber, ResourceId>,
    fields: Vec<Vec<FieldNumber>>,
    slots: Vec<Option<Slot>>,
    timestamps: Vec<Option<FieldNumber>>,
}

/// What the tables `resources` and `fields` hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Numbered {
    pub(crate) resources: Vec<(ResourceNumber, String)>,
    pub(crate) fields: Vec<(FieldNumber, ResourceNumber, String)>,
}

impl Numbered {
    /// Gives a number to each name of the dictionary that has none, after the highest given so far.
    /// Returns how many resources and fields there were before.
    pub(crate) fn complete(&mut self, dictionary: &Dictionary) -> (usize, usize) {
        let before = (self.resources.len(), self.fields.len());
        let known: HashMap<String, ResourceNumber> =
            self.resources.iter().map(|(number, name)| (name.clone(), *number)).collect();
        let mut next_resource = self.resources.iter().map(|(number, _)| *number + 1).max().unwrap_or(1);
        let mut next_field = self.fields.iter().map(|(number, ..)| *number + 1).max().unwrap_or(1);
        let fields: HashSet<(ResourceNumber, String)> =
            self.fields.iter().map(|(_, resource, name)| (*resource, name.clone())).collect();
        for resource in dictionary.resources() {
            let number = known.get(resource.name.as_str()).copied().unwrap_or_else(|| {
                let number = next_resource;
                next_resource += 1;
                self.resources.push((number, resource.name.to_string()));
                number
            });
            for field in &resource.fields {
                if !fields.contains(&(number, field.name.to_string())) {
                    self.fields.push((next_field, number, field.name.to_string()));
                    next_field += 1;
                }
            }
        }
        before
    }

    /// The number of each resource's timestamp, by the name that every dictionary gives it: this needs
    /// no dictionary that knows the resource.
    pub(crate) fn timestamps(&self) -> HashMap<ResourceNumber, FieldNumber> {
        let stamps = self.fields.iter().filter(|(.., name)| name == "ModificationTimestamp");
        stamps.map(|(number, resource, _)| (*resource, *number)).collect()
    }
}

impl Names {
    /// Joins the numbers to a dictionary that they are complete for.
    pub(crate) fn join(numbered: &Numbered, dictionary: &Dictionary) -> Self {
        let mut names = Self::default();
        let by_name: HashMap<&str, ResourceNumber> =
            numbered.resources.iter().map(|(number, name)| (name.as_str(), *number)).collect();
        let by_field: HashMap<(ResourceNumber, &str), FieldNumber> = numbered
            .fields
            .iter()
            .map(|(number, resource, name)| ((*resource, name.as_str()), *number))
            .collect();
        let highest = numbered.fields.iter().map(|(number, ..)| *number as usize).max().unwrap_or(0);
        names.slots = vec![None; highest + 1];
        for resource in dictionary.resources() {
            // A store opened for reading alone may lack a name: 0 stands for it, which no body holds.
            let number = by_name.get(resource.name.as_str()).copied().unwrap_or(0);
            names.resources.push(number);
            if number != 0 {
                names.resource_ids.insert(number, resource.id);
            }
            let mut fields = Vec::with_capacity(resource.fields.len());
            for (id, field) in resource.each() {
                let at = by_field.get(&(number, field.name.as_str())).copied().unwrap_or(0);
                if at != 0 {
                    names.slots[at as usize] = Some(Slot { field: id, ty: field.ty });
                }
                fields.push(at);
            }
            names.timestamps.push(resource.timestamp.map(|id| fields[id.index()]));
            names.fields.push(fields);
        }
        names
    }

    /// The number of a resource; none where the id is of another dictionary.
    pub(crate) fn resource(&self, id: ResourceId) -> Option<ResourceNumber> {
        self.resources.get(id.index()).copied()
    }

    /// The resource of a number; none where the dictionary of now does not know it.
    pub(crate) fn resource_id(&self, number: ResourceNumber) -> Option<ResourceId> {
        self.resource_ids.get(&number).copied()
    }

    /// The number of a field; none where the id is of another dictionary.
    pub(crate) fn field(&self, resource: ResourceId, field: FieldId) -> Option<FieldNumber> {
        self.fields.get(resource.index())?.get(field.index()).copied()
    }

    /// How many fields the dictionary of now has for a resource.
    pub(crate) fn field_count(&self, resource: ResourceId) -> usize {
        self.fields.get(resource.index()).map_or(0, Vec::len)
    }

    /// The number of the resource's timestamp.
    pub(crate) fn timestamp(&self, resource: ResourceId) -> Option<FieldNumber> {
        self.timestamps.get(resource.index()).copied().flatten()
    }

    /// What the dictionary of now knows of a field.
    #[inline]
    pub(crate) fn slot(&self, number: FieldNumber) -> Option<Slot> {
        self.slots.get(number as usize).copied().flatten()
    }
}
