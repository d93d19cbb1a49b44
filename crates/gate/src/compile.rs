//! From a grant's record to what it shows.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Dictionary, Feed, FieldSet, Origin, Record, Resource, ResourceId, Text, Timestamp, Value};
use query::{Comparison, Expr};

use crate::Class;
use crate::classes::{Classes, completed, fits};
use crate::feed_terms::FeedTerms;
use crate::row_rules::TargetRules;

/// Reads a grant's row filter, as it is spelled for this resource, into an expression; on a filter that
/// cannot be read, what is wrong with it. The gate does not know the spelling.
pub type RowFilterReader = Arc<dyn Fn(&Dictionary, ResourceId, &str) -> Result<Expr, String> + Send + Sync>;

/// What compiling needs beside the records.
pub(crate) struct Lexicon {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) classes: Classes,
    /// Every field of each resource.
    pub(crate) full: Vec<FieldSet>,
    pub(crate) row_filters: Option<RowFilterReader>,
}

impl Lexicon {
    pub(crate) fn new(dictionary: Arc<Dictionary>, row_filters: Option<RowFilterReader>) -> Self {
        let (classes, _) = Classes::built_in(&dictionary);
        let full = dictionary.resources().iter().map(|r| FieldSet::first(r.fields.len())).collect();
        Self { dictionary, classes, full, row_filters }
    }
}

/// What one grant shows of one resource.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) shown: Arc<FieldSet>,
    /// Which records; every one of the feed where there is none.
    pub(crate) rows: Option<Expr>,
}

/// A grant, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub(crate) feed: Feed,
    pub(crate) class: Class,
    pub(crate) write: bool,
    pub(crate) expires: Option<Timestamp>,
    /// What the feed says of itself.
    pub(crate) terms: FeedTerms,
    pub(crate) parts: HashMap<ResourceId, Part>,
}

/// Everything that is wrong with a grant's own words, as the field and a sentence: its names of
/// resources and fields and its row filters. What the dictionary says of types is not looked at.
#[must_use]
pub fn check_grant(
    dictionary: &Arc<Dictionary>,
    record: &Record,
    row_filters: Option<&RowFilterReader>,
) -> Vec<(&'static str, String)> {
    let lexicon = Lexicon::new(dictionary.clone(), row_filters.cloned());
    grant(&lexicon, record).err().unwrap_or_default()
}

type Faults = Vec<(&'static str, String)>;

/// Compiles a grant. One with a fault shows nothing: half of it might be more than was meant.
pub(crate) fn grant(lexicon: &Lexicon, record: &Record) -> Result<Granted, Faults> {
    let words = Words { own: lexicon.dictionary.known("Grant"), record };
    let mut faults = Faults::new();
    let feed = words.text("FeedId").unwrap_or_default();
    if feed.is_empty() {
        faults.push(("FeedId", "FeedId is missing.".into()));
    }
    let write = match words.text("AccessLevel").as_deref() {
        Some("Write") => true,
        Some("Read") => false,
        _ => {
            faults.push(("AccessLevel", "AccessLevel is Read or Write.".into()));
            false
        }
    };
    let Some(class) = words.text("PermissionClass").as_deref().and_then(Class::find) else {
        faults
            .push(("PermissionClass", "PermissionClass is IDX, VOW, BBO, Participant or Analytics.".into()));
        return Err(faults);
    };
    let masks = Masks {
        only: words.list("ResourceNames"),
        shown: words.list("ShownFields"),
        hidden: words.list("HiddenFields"),
    };
    masks.check(&lexicon.dictionary, &mut faults);
    let filters = row_filters(lexicon, &words.list("RowFilters"), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    // For whoever owns the data: the class says which fields, and hides no record.
    let every = words.truth("EveryRecordYN");
    let of_class = |of: ResourceId| if every { None } else { lexicon.classes.rows(class, of) };
    let mut parts = HashMap::new();
    for resource in lexicon.dictionary.resources().iter().filter(|r| r.origin != Origin::Freehold) {
        let Some(shown) = masks.of(resource, lexicon.classes.shown(class, resource.id)) else { continue };
        let own = |of: ResourceId| {
            filters.iter().filter(|(id, _)| *id == of).map(|(_, filter)| filter.clone()).reduce(Expr::and)
        };
        let with =
            lexicon.classes.companions().iter().filter(|c| c.resource == resource.id).filter_map(|c| {
                let rules = TargetRules { class: of_class(c.target), own: own(c.target) };
                c.filter(class, &lexicon.dictionary, rules)
            });
        let rows = of_class(resource.id).into_iter();
        let rows = rows.chain(own(resource.id)).chain(with).reduce(Expr::and);
        parts.insert(resource.id, Part { shown, rows });
    }
    guard_history(&lexicon.dictionary, &mut parts);
    Ok(Granted {
        feed,
        class,
        write,
        expires: words.instant("ExpirationTimestamp"),
        terms: FeedTerms::default(),
        parts,
    })
}

/// Reads `Resource: filter` lines.
fn row_filters(lexicon: &Lexicon, lines: &[Text], faults: &mut Faults) -> Vec<(ResourceId, Expr)> {
    let mut filters = Vec::new();
    for line in lines {
        let Some((name, text)) = line.split_once(':') else {
            faults.push(("RowFilters", format!("{line:?} is not `Resource: filter`.")));
            continue;
        };
        let Some(resource) = lexicon.dictionary.find(name.trim()) else {
            faults.push(("RowFilters", format!("There is no resource {:?}.", name.trim())));
            continue;
        };
        let read = match &lexicon.row_filters {
            Some(read) => read(&lexicon.dictionary, resource.id, text.trim()),
            None => Err("row filters are not read here".into()),
        };
        match read {
            Ok(filter) => filters.push((resource.id, filter)),
            Err(message) => faults.push(("RowFilters", format!("{}: {message}", resource.name))),
        }
    }
    filters
}

/// HistoryTransactional tells old and new values of other resources' fields: only rows about fields that
/// the grant shows are seen.
fn guard_history(dictionary: &Dictionary, parts: &mut HashMap<ResourceId, Part>) {
    let Some(history) = dictionary.find("HistoryTransactional") else { return };
    let (Some(of), Some(field)) = (history.find("ResourceName"), history.find("FieldName")) else { return };
    let Some(mut part) = parts.remove(&history.id) else { return };
    let mut names: Vec<(ResourceId, &Part)> = parts.iter().map(|(id, part)| (*id, part)).collect();
    names.sort_unstable_by_key(|(id, _)| *id);
    let each = names.iter().map(|(id, seen)| {
        let resource = dictionary.resource(*id);
        let hidden: Vec<Expr> = resource
            .each()
            .filter(|(id, _)| !seen.shown.contains(*id))
            .map(|(_, field)| Expr::Value(Value::Text(field.name.clone())))
            .collect();
        let about = Expr::equal(of, resource.name.clone());
        if hidden.is_empty() {
            return about;
        }
        // A row that does not name its field might be about any.
        let named = Expr::Compare(Comparison::NotEqual, Box::new(Expr::field(field)), Box::new(Expr::Null));
        let shown = Expr::Not(Box::new(Expr::In(Box::new(Expr::field(field)), hidden)));
        about.and(named).and(shown)
    });
    let guard = Expr::Or(each.collect());
    part.rows = Some(match part.rows.take() {
        None => guard,
        Some(before) => before.and(guard),
    });
    parts.insert(history.id, part);
}

struct Masks {
    only: Vec<Text>,
    shown: Vec<Text>,
    hidden: Vec<Text>,
}

impl Masks {
    /// What is shown of `resource`, where the class shows `class` of it; none where it is not there.
    fn of(&self, resource: &Resource, class: Option<&Arc<FieldSet>>) -> Option<Arc<FieldSet>> {
        if !self.only.is_empty() && !self.only.contains(&resource.name) {
            return None;
        }
        let mut set = class.map(|set| (**set).clone());
        let mut changed = false;
        for (id, field) in resource.each() {
            if any(&self.shown, resource, &field.name) {
                set.get_or_insert_default().insert(id);
                changed = true;
            }
            if any(&self.hidden, resource, &field.name) {
                set.as_mut().into_iter().for_each(|set| set.remove(id));
                changed = true;
            }
        }
        if changed { set.map(|set| Arc::new(completed(resource, set))) } else { class.cloned() }
    }

    fn check(&self, dictionary: &Dictionary, faults: &mut Faults) {
        for name in &self.only {
            if dictionary.find(name).is_none_or(|r| r.origin == Origin::Freehold) {
                faults.push(("ResourceNames", format!("There is no resource {name:?}.")));
            }
        }
        for (field, list) in [("ShownFields", &self.shown), ("HiddenFields", &self.hidden)] {
            for entry in list {
                let fit = entry.split_once('.').is_some_and(|(resource, pattern)| {
                    dictionary
                        .find(resource)
                        .is_some_and(|r| r.fields.iter().any(|field| fits(pattern, &field.name)))
                });
                if !fit {
                    faults.push((field, format!("{entry:?} names no field; write `Resource.Field`.")));
                }
            }
        }
    }
}

fn any(entries: &[Text], resource: &Resource, field: &str) -> bool {
    entries
        .iter()
        .filter_map(|entry| entry.split_once('.'))
        .any(|(name, pattern)| name == resource.name && fits(pattern, field))
}

/// A record of one of Freehold's own resources, read by names.
pub(crate) struct Words<'a> {
    pub(crate) own: &'a Resource,
    pub(crate) record: &'a Record,
}

impl<'a> Words<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.record.get(self.own.find(name)?)
    }

    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        self.get(name)?.as_text().map(Text::new)
    }

    pub(crate) fn list(&self, name: &str) -> Vec<Text> {
        match self.get(name) {
            Some(Value::TextList(list)) => list.to_vec(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_integer()
    }

    pub(crate) fn truth(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_boolean).unwrap_or(false)
    }

    pub(crate) fn instant(&self, name: &str) -> Option<Timestamp> {
        self.get(name)?.as_timestamp()
    }
}
