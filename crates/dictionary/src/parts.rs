//! Records that are parts of another: a listing's pictures, rooms and open houses (RESO-045).
//!
//! A part is shown with the record that it belongs to. When it comes, changes or goes, what its whole shows has
//! changed too, and the dictionary has fields that say so: the resource's own timestamp, and PhotosChangeTimestamp,
//! PhotosCount and their like.

use crate::{Dictionary, FieldId, Key, LinkId, Record, Resource, ResourceId, Text, Timestamp, Value};

/// By which fields a whole tells of its parts of one kind.
struct Told {
    /// The resource of the parts.
    parts: &'static str,
    /// The MediaCategory of the parts, where they are Media.
    category: Option<&'static str>,
    /// When one of them last changed.
    changed: &'static str,
    /// How many there are.
    count: Option<&'static str>,
}

const TOLD: [Told; 4] = [
    Told {
        parts: "Media",
        category: Some("Photo"),
        changed: "PhotosChangeTimestamp",
        count: Some("PhotosCount"),
    },
    Told {
        parts: "Media",
        category: Some("Video"),
        changed: "VideosChangeTimestamp",
        count: Some("VideosCount"),
    },
    Told {
        parts: "Media",
        category: Some("Document"),
        changed: "DocumentsChangeTimestamp",
        count: Some("DocumentsCount"),
    },
    Told { parts: "OpenHouse", category: None, changed: "OpenHouseModificationTimestamp", count: None },
];

/// A record that another one is a part of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Whole {
    /// Its resource.
    pub resource: ResourceId,
    /// The link from it to the part.
    pub link: LinkId,
    /// Its key.
    pub key: Key,
}

/// How one part was changed; `before` and `after` are what it was and is, none where it was not or is no more.
#[derive(Clone, Copy, Debug)]
pub struct PartChange<'a> {
    /// The part before.
    pub before: Option<&'a Record>,
    /// The part after.
    pub after: Option<&'a Record>,
}

impl Dictionary {
    /// The links by which records of `resource` have parts: to many, by their key. What happened to a record
    /// (HistoryTransactional) is no part of it.
    pub fn part_links<'d>(
        &'d self,
        resource: &'d Resource,
    ) -> impl Iterator<Item = (LinkId, &'d crate::Link)> + 'd {
        resource.each_link().filter(|(_, link)| {
            link.many
                && *resource.key == [link.join.source]
                && self.resource(link.target).name != "HistoryTransactional"
        })
    }

    /// The records that `part` is a part of, by what its fields say; whether they are there is not looked at.
    #[must_use]
    pub fn wholes(&self, part: &Record) -> Vec<Whole> {
        let mut found = Vec::new();
        for resource in self.resources() {
            for (link, declared) in self.part_links(resource).filter(|(_, l)| l.target == part.resource()) {
                let joins = |constant: &(FieldId, Text)| {
                    part.get(constant.0).and_then(Value::as_text) == Some(constant.1.as_str())
                };
                let key = part.get(declared.join.target).and_then(Value::as_text);
                if let Some(key) = key.filter(|key| !key.is_empty())
                    && declared.join.constant.as_ref().is_none_or(joins)
                {
                    found.push(Whole { resource: resource.id, link, key: Text::new(key) });
                }
            }
        }
        found
    }

    /// Sets on `whole` what tells of a change of one of its parts: its resource's timestamp, the timestamp of the
    /// parts' kind, and, where `counted`, their number. A whole without a number is given `there`, how many parts
    /// there were before; a timestamp never goes back.
    pub fn tell_of_part(
        &self,
        whole: &mut Record,
        change: PartChange<'_>,
        at: Timestamp,
        counted: Option<&dyn Fn(&str) -> i64>,
    ) {
        let resource = self.resource(whole.resource());
        for told in &TOLD {
            let is = |part: Option<&Record>| part.is_some_and(|part| told.is_of(self, part));
            let (before, after) = (is(change.before), is(change.after));
            if !before && !after {
                continue;
            }
            if let Some(field) = resource.find(told.changed) {
                forward(whole, field, at);
            }
            if let (Some(there), Some(name)) = (counted, told.count)
                && let Some(field) = resource.find(name)
            {
                let kept = whole.get(field).and_then(Value::as_integer);
                let count = kept.unwrap_or_else(|| there(told.category.unwrap_or_default()));
                whole.set(field, (count + i64::from(after) - i64::from(before)).max(0));
            }
        }
        if let Some(field) = resource.timestamp {
            forward(whole, field, at);
        }
    }
}

impl Resource {
    /// The fields, but for its timestamp, that say when its parts changed.
    pub fn part_timestamps(&self) -> impl Iterator<Item = FieldId> {
        TOLD.iter().filter_map(|told| self.find(told.changed))
    }

    /// The fields that say how many parts it has.
    pub fn part_counts(&self) -> impl Iterator<Item = FieldId> {
        TOLD.iter().filter_map(|told| self.find(told.count?))
    }
}

impl Told {
    fn is_of(&self, dictionary: &Dictionary, part: &Record) -> bool {
        let resource = dictionary.resource(part.resource());
        resource.name == self.parts
            && self.category.is_none_or(|category| {
                let field = resource.find("MediaCategory");
                field.and_then(|field| part.get(field)).and_then(Value::as_text) == Some(category)
            })
    }
}

fn forward(record: &mut Record, field: FieldId, at: Timestamp) {
    let kept = record.get(field).and_then(Value::as_timestamp);
    record.set(field, kept.map_or(at, |kept| kept.max(at)));
}

#[cfg(test)]
mod tests;
