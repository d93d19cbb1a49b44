//! Holds a mapping against the dictionary and a file's headings. Every fault is found before a row is read.

use std::collections::HashMap;

use dictionary::{Dictionary, Field, FieldId, FieldSet, Record, Resource, Text, Type, Value};

use super::columns::Columns;
use super::condition::Condition;
use super::plan::{FieldPlan, From, Plan, Target, ValueMap};
use super::raw::{Duplicates, RawCondition, RawField, RawRecord, Unknown};
use super::template::Template;
use super::words::Spellings;
use super::{Mapping, kept};
use crate::source::Layout;
use crate::value::{Bad, Parse, ParseSettings, read};
use crate::{IntakeError, MappingFault};

/// The plan for one file.
///
/// # Errors
/// `mapping_wrong`, with every fault.
pub(crate) fn bind(mapping: &Mapping, dictionary: &Dictionary, layout: &Layout) -> Result<Plan, IntakeError> {
    let raw = &mapping.raw;
    let mut binder = Binder {
        dictionary,
        feed: &raw.feed,
        parse: &raw.parse,
        columns: Columns::new(layout, &raw.aliases),
        faults: Vec::new(),
    };
    if let Err(bad) = raw.parse.ready() {
        binder.bad("[parse]", bad);
    }
    binder.columns.ignore(&raw.ignore_columns);
    let mut targets: Vec<Target> =
        raw.record.iter().enumerate().filter_map(|(at, record)| binder.target(at, record)).collect();
    let unused = binder.columns.unused();
    let mut notes = layout.notes.clone();
    match raw.unknown_columns {
        Unknown::Ignore => {}
        // A column that only some objects have is no reason to refuse a file, nor to be silent.
        Unknown::Refuse if !layout.complete => notes.extend(kept::note(&unused, layout)),
        Unknown::Refuse => binder.faults.extend(kept::refuse(&unused, layout)),
        Unknown::Keep => {
            if let Some(first) = targets.first_mut() {
                let resource = dictionary.resource(first.resource);
                for at in unused {
                    binder.keep(first, resource, at);
                }
            }
        }
    }
    let mut faults = binder.faults;
    faults.append(&mut binder.columns.faults);
    if !faults.is_empty() {
        return Err(IntakeError::mapping(faults));
    }
    Ok(Plan { feed: Text::new(&raw.feed), targets, headings: layout.headings.clone(), notes })
}

struct Binder<'a> {
    dictionary: &'a Dictionary,
    feed: &'a str,
    parse: &'a ParseSettings,
    columns: Columns<'a>,
    faults: Vec<MappingFault>,
}

impl Binder<'_> {
    fn fault(
        &mut self,
        code: &'static str,
        place: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.faults.push(MappingFault::new(code, place, message, hint));
    }

    fn bad(&mut self, place: &str, bad: Bad) {
        self.fault(bad.code, place, bad.message, bad.hint);
    }

    fn target(&mut self, at: usize, raw: &RawRecord) -> Option<Target> {
        let place = format!("record {} ({})", at + 1, raw.resource);
        let Some(resource) = self.dictionary.find(&raw.resource) else {
            let hint = match self.dictionary.nearest(&raw.resource) {
                Some(near) => format!("Did you mean {:?}?", near.name),
                None => "Name a resource of the dictionary, such as Property.".into(),
            };
            self.fault("unknown_resource", &place, format!("There is no resource {:?}.", raw.resource), hint);
            return None;
        };
        let mut fields = Vec::new();
        let mut mapped = FieldSet::default();
        if let Some(key) = &raw.key {
            match *resource.key {
                [id] => {
                    let source = RawField { template: Some(key.clone()), ..RawField::default() };
                    fields.extend(self.field(resource, id, &source));
                    mapped.insert(id);
                }
                _ => self.fault(
                    "key_of_several_fields",
                    &place,
                    format!("The key of {} has several fields.", resource.name),
                    "Map each of them under fields.",
                ),
            }
        }
        for (name, source) in &raw.fields {
            let place = format!("{}.{name}", resource.name);
            let Some(id) = resource.find(name) else {
                let hint = match resource.nearest(name) {
                    Some(near) => format!("Did you mean {:?}?", near.name),
                    None => "Declare a local field, or take one of the dictionary.".into(),
                };
                self.fault(
                    "unknown_field",
                    &place,
                    format!("{} has no field {name:?}.", resource.name),
                    hint,
                );
                continue;
            };
            if mapped.contains(id) {
                self.fault(
                    "field_twice",
                    &place,
                    format!("{name} has two sources: `key`, and one under fields."),
                    "Leave one of them.",
                );
                continue;
            }
            mapped.insert(id);
            match source_of(source) {
                Ok(source) => fields.extend(self.field(resource, id, &source)),
                Err(message) => {
                    self.fault(
                        "setting_wrong",
                        &place,
                        format!("{message}."),
                        "Write the name of a column, or { column = …, … }.",
                    );
                }
            }
        }
        for id in &resource.key {
            if !mapped.contains(*id) {
                let name = &resource.field(*id).name;
                self.fault(
                    "key_unmapped",
                    &place,
                    format!("The key {name} has no source."),
                    "Set key, such as key = \"{feed}-{id}\".",
                );
            }
        }
        let conditions = |columns: &mut Columns<'_>, list: &[RawCondition]| {
            list.iter().filter_map(|raw| Condition::read(raw, columns, &place)).collect()
        };
        let keep_if = conditions(&mut self.columns, &raw.keep_if);
        let drop_if = conditions(&mut self.columns, &raw.drop_if);
        // What a row says beside its main record is said again in other rows: that is no fault.
        let usual = if at == 0 { Duplicates::Refuse } else { Duplicates::First };
        Some(Target {
            resource: resource.id,
            resource_name: resource.name.clone(),
            write: raw.write.unwrap_or_default(),
            duplicates: raw.duplicates.unwrap_or(usual),
            keep_if,
            drop_if,
            fields,
            mapped,
        })
    }

    fn field(&mut self, resource: &Resource, id: FieldId, raw: &RawField) -> Option<FieldPlan> {
        let field = resource.field(id);
        let place = format!("{}.{}", resource.name, field.name);
        let parse = match raw.parse().or(self.parse).ready() {
            Ok(parse) => parse,
            Err(bad) => {
                self.bad(&place, bad);
                return None;
            }
        };
        let from = self.from(resource, id, raw, &parse, &place)?;
        let map = match &raw.map {
            Some(map) => Some(self.map(resource, id, map, raw.ignore_case, &parse, &place)?),
            None => None,
        };
        let spellings = field.lookup.and_then(|lookup| Spellings::of(self.dictionary.lookup(lookup)));
        Some(FieldPlan {
            id,
            name: field.name.clone(),
            ty: field.ty,
            from,
            map,
            spellings,
            on_fault: raw.on_fault,
            parse,
        })
    }

    fn from(
        &mut self,
        resource: &Resource,
        id: FieldId,
        raw: &RawField,
        parse: &Parse,
        place: &str,
    ) -> Option<From> {
        let column = |found: Option<usize>| found.map_or(From::Nowhere, From::Column);
        let given = (&raw.column, &raw.columns, &raw.template, &raw.constant);
        match given {
            (Some(name), None, None, None) => Some(column(self.columns.place(name, place))),
            (None, Some(names), None, None) => {
                let columns = names.iter().filter_map(|name| self.columns.place(name, place)).collect();
                Some(From::Joined { columns, with: raw.join.clone().unwrap_or_else(|| " ".into()) })
            }
            (None, None, Some(text), None) => {
                let key = resource.field(id).key;
                Template::read(text, self.feed, key, &mut self.columns, place).map(From::Template)
            }
            (None, None, None, Some(value)) => {
                self.constant(resource, id, value, parse, place)?.map(From::Constant).or(Some(From::Nowhere))
            }
            _ => {
                self.fault(
                    "sources_wrong",
                    place,
                    "The field does not have one source.",
                    "Give one of: column, columns, template, constant.",
                );
                None
            }
        }
    }

    /// A value that the mapping itself holds, as the field takes it: none for an empty text, and none at
    /// all where it is a fault. A list is written as one; text is one element of it.
    fn constant(
        &mut self,
        resource: &Resource,
        id: FieldId,
        given: &toml::Value,
        parse: &Parse,
        place: &str,
    ) -> Option<Option<Value>> {
        let field = resource.field(id);
        let Some(words) = plain(given) else {
            let hint = "Give text, a number, true or false; a list for a field that holds one.";
            self.fault("wrong_type", place, "What the field becomes is a table or a list of lists.", hint);
            return None;
        };
        let value = match (field.ty, &words[..]) {
            (_, []) => return Some(None),
            (_, [word]) if word.is_empty() => return Some(None),
            (Type::TextList { .. }, words) => Ok(Value::TextList(words.iter().map(Text::new).collect())),
            (ty, [word]) => read(ty, word, false, parse),
            _ => Err(Bad::new(
                "wrong_type",
                format!("{} holds one value, not a list.", field.name),
                "Give one value.",
            )),
        };
        match value {
            Ok(value) => self.fits(resource, field, id, value, place).map(Some),
            Err(bad) => {
                self.fault("wrong_type", place, bad.message, bad.hint);
                None
            }
        }
    }

    /// The value, where the field may hold it.
    fn fits(
        &mut self,
        resource: &Resource,
        field: &Field,
        id: FieldId,
        value: Value,
        place: &str,
    ) -> Option<Value> {
        let record = Record::from_values(resource.id, vec![(id, value.clone())]);
        let faults = dictionary::check(self.dictionary, &record);
        match faults.into_iter().find(|fault| fault.field == field.name) {
            None => Some(value),
            Some(fault) => {
                self.fault(fault.code.name(), place, fault.message, fault.hint);
                None
            }
        }
    }

    fn map(
        &mut self,
        resource: &Resource,
        id: FieldId,
        map: &toml::Table,
        ignore_case: bool,
        parse: &Parse,
        place: &str,
    ) -> Option<ValueMap> {
        let mut words = HashMap::new();
        let mut other = None;
        let before = self.faults.len();
        for (word, becomes) in map {
            let place = format!("{place}, map {word:?}");
            // Nothing is a target, too: the word then means that there is no value.
            let Some(value) = self.constant(resource, id, becomes, parse, &place) else { continue };
            match (word.as_str(), ignore_case) {
                ("*", _) => other = Some(value),
                (_, true) => drop(words.insert(word.to_lowercase(), value)),
                (_, false) => drop(words.insert(word.clone(), value)),
            }
        }
        (self.faults.len() == before).then_some(ValueMap { words, other, ignore_case })
    }

    /// A column that the mapping does not name becomes a local field, where one is declared.
    fn keep(&mut self, target: &mut Target, resource: &Resource, at: usize) {
        let heading = self.columns.heading(at).to_owned();
        match kept::local(resource, &heading) {
            Ok(id) if target.mapped.contains(id) => {}
            Ok(id) => {
                let source = RawField { column: Some(heading), ..RawField::default() };
                target.fields.extend(self.field(resource, id, &source));
                target.mapped.insert(id);
            }
            Err(fault) => self.faults.push(fault),
        }
    }
}

/// A field's source: a name, or a table of settings.
fn source_of(value: &toml::Value) -> Result<RawField, String> {
    match value {
        toml::Value::String(column) => Ok(RawField { column: Some(column.clone()), ..RawField::default() }),
        toml::Value::Table(_) => {
            value.clone().try_into().map_err(|e: toml::de::Error| e.message().replace('\n', ", "))
        }
        other => Err(format!("A source is text or a table, not {}", other.type_str())),
    }
}

/// A value of TOML as words: one, or those of a list; none for a table or a list of lists.
fn plain(value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::String(text) => Some(vec![text.clone()]),
        toml::Value::Table(_) => None,
        toml::Value::Array(list) => {
            let one = |item: &toml::Value| match item {
                toml::Value::Array(_) => None,
                other => plain(other)?.pop(),
            };
            list.iter().map(one).collect()
        }
        other => Some(vec![other.to_string()]),
    }
}
