//! Names resolved against the dictionary and what the caller may see.

use dictionary::{Dictionary, Field, FieldId, Link, LinkId, Resource, ResourceId};

use super::Reading;
use super::cursor::{Cursor, shown};
use crate::Fault;

/// What a name of a resource stands for.
pub(super) enum Named {
    Field(FieldId),
    Link(LinkId),
}

impl<'a> Reading<'a> {
    pub(super) fn words(&self, resource: ResourceId) -> &'a Resource {
        let dictionary: &'a Dictionary = self.dictionary;
        dictionary.resource(resource)
    }

    fn offers(&self, resource: ResourceId) -> bool {
        self.sight.sees_resource(resource) && (self.serves)(resource)
    }

    /// The resource of this name, if it may be seen.
    pub(super) fn resource(&self, name: &str) -> Option<&'a Resource> {
        self.dictionary.find(name).filter(|resource| self.offers(resource.id))
    }

    /// What to say of a resource that is not there: nothing that tells of one that may not be seen.
    pub(super) fn resource_hint(&self, name: &str) -> String {
        match self.dictionary.nearest(name).filter(|near| self.offers(near.id)) {
            Some(near) => format!("Did you mean {}?", near.name),
            None => "The service document lists what there is.".into(),
        }
    }

    /// Whether a field may be named. A key always may: a record could not be told of without it.
    fn sees(&self, resource: ResourceId, id: FieldId, field: &Field) -> bool {
        field.key || self.sight.sees(resource, id)
    }

    pub(super) fn field(&self, resource: ResourceId, name: &str) -> Option<FieldId> {
        let words = self.words(resource);
        words.find(name).filter(|id| self.sees(resource, *id, words.field(*id)))
    }

    pub(super) fn link(&self, resource: ResourceId, name: &str) -> Option<(LinkId, &'a Link)> {
        let words = self.words(resource);
        let id = words.find_link(name)?;
        let link = words.link(id);
        self.offers(link.target).then_some((id, link))
    }

    /// Every link that may be followed.
    pub(super) fn links(&self, resource: ResourceId) -> impl Iterator<Item = (LinkId, &'a Link)> {
        self.words(resource).each_link().filter(|(_, link)| self.offers(link.target))
    }

    pub(super) fn named(&self, resource: ResourceId, name: &str) -> Option<Named> {
        let field = self.field(resource, name).map(Named::Field);
        field.or_else(|| self.link(resource, name).map(|(id, _)| Named::Link(id)))
    }

    /// The fault of a name that is neither field nor link, which stands at byte `at`.
    pub(super) fn unknown(&self, cursor: &Cursor<'_>, at: usize, resource: ResourceId, name: &str) -> Fault {
        let message = format!("{} has no field {}.", self.words(resource).name, shown(name));
        cursor.bad(at, "unknown_field", message, self.field_hint(resource, name))
    }

    /// What was perhaps meant by the name of a field or link, of what may be seen.
    pub(super) fn field_hint(&self, resource: ResourceId, name: &str) -> String {
        let words = self.words(resource);
        let link = self.links(resource).find(|(_, link)| link.name.eq_ignore_ascii_case(name));
        let near = link.map(|(_, link)| link.name.as_str()).or_else(|| {
            let near = words.nearest(name)?;
            self.field(resource, &near.name).map(|_| near.name.as_str())
        });
        match near {
            Some(near) => format!("Did you mean {near}?"),
            None => format!("$metadata lists the fields of {}.", words.name),
        }
    }
}
