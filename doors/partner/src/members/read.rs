//! How the cells of the tables are read against a dictionary.

use std::str::FromStr;

use dictionary::{Decimal, Dictionary, FieldId, LinkId, Resource, ResourceId, Text, Type};

use super::condition::{Condition, Holds, Test, Want};

/// Reads cells that name fields of one resource, and keeps what it has read and what it could not.
pub(super) struct Names<'d> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) resource: &'d Resource,
    /// The fields that were named, of this resource and of those it links to.
    pub(super) named: Vec<(ResourceId, FieldId)>,
    /// Names that the dictionary does not have.
    pub(super) strange: Vec<String>,
}

/// A field, of the record or of the first one that a link leads to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Source {
    pub(super) link: Option<(LinkId, ResourceId)>,
    pub(super) field: FieldId,
}

/// The parts of a cell.
pub(super) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|part| !part.is_empty())
}

impl<'d> Names<'d> {
    pub(super) fn of(dictionary: &'d Dictionary, resource: &'d Resource) -> Self {
        Self { dictionary, resource, named: Vec::new(), strange: Vec::new() }
    }

    /// `Field`, of this resource.
    pub(super) fn field(&mut self, name: &str) -> Option<FieldId> {
        self.field_of(self.resource, name)
    }

    pub(super) fn field_of(&mut self, resource: &Resource, name: &str) -> Option<FieldId> {
        let found = resource.find(name.trim());
        match found {
            Some(id) => self.named.push((resource.id, id)),
            None => self.strange.push(format!("{}.{name}", resource.name)),
        }
        found
    }

    /// Names fields that the rule knows by itself.
    pub(super) fn look_at(&mut self, cell: &str) {
        parts(cell).for_each(|name| {
            self.field(name);
        });
    }

    /// What stands before `/`, and the name after it.
    fn path<'a>(&mut self, path: &'a str) -> Option<(Option<LinkId>, &'d Resource, &'a str)> {
        let Some((link, name)) = path.split_once('/').filter(|(link, _)| !link.contains(' ')) else {
            return Some((None, self.resource, path));
        };
        let Some(id) = self.resource.find_link(link) else {
            // The slash may belong to the field's own words.
            self.strange.push(format!("{}/{link}", self.resource.name));
            return None;
        };
        Some((Some(id), self.dictionary.resource(self.resource.link(id).target), name))
    }

    /// `Field` or `Link/Field`. A field beyond a link is a fallback: it is not among the named ones, as its
    /// own resource's grant decides on it.
    pub(super) fn source(&mut self, path: &str) -> Option<Source> {
        let (link, resource, name) = self.path(path.trim())?;
        let before = self.named.len();
        let field = self.field_of(resource, name)?;
        if link.is_some() {
            self.named.truncate(before);
        }
        Some(Source { link: link.map(|link| (link, resource.id)), field })
    }

    /// `Field`, `Field = a|b`, `Link/Field - a & Field >= 3`.
    pub(super) fn test(&mut self, part: &str) -> Option<Test> {
        let head = part.split_once(' ').map_or(part, |(head, _)| head);
        let (link, resource, name) = self.path(head)?;
        let rest = part[head.len() - name.len()..].split(" & ");
        let all = rest.map(|one| self.condition(resource, one)).collect::<Option<Vec<_>>>()?;
        Some(Test { link: link.map(|link| (link, resource.id)), all })
    }

    pub(super) fn tests(&mut self, cell: &str) -> Vec<Test> {
        parts(cell).filter_map(|part| self.test(part)).collect()
    }

    fn condition(&mut self, resource: &Resource, text: &str) -> Option<Condition> {
        let (name, operator, words) = match text.split_once(' ') {
            None => (text, "", ""),
            Some((name, rest)) => {
                let (operator, words) = rest.split_once(' ').unwrap_or((rest, ""));
                (name, operator, words)
            }
        };
        let field = self.field_of(resource, name)?;
        let is = match resource.field(field).ty {
            Type::Boolean => Holds::Truth,
            Type::TextList { .. } => Holds::List,
            ty if ty.is_number() => Holds::Number,
            _ => Holds::Text,
        };
        let list = || words.split('|').map(Text::new).collect();
        let number = |text: &str| Decimal::from_str(text).ok();
        let want = match (operator, is) {
            ("", _) => Want::Some,
            ("=", Holds::Number) => Want::OneOfNumbers(words.split('|').map(number).collect::<Option<_>>()?),
            (">=", Holds::Number) => Want::AtLeast(number(words)?),
            ("=", _) => Want::OneOf(list()),
            ("-", _) => Want::OtherThan(list()),
            _ => {
                self.strange.push(format!("{text:?} is no test"));
                return None;
            }
        };
        Some(Condition { field, is, want })
    }
}
