//! From tables to a dictionary; every fault is found and named by its line.

use hashbrown::HashMap;

use crate::resource::index;
use crate::tables::{FIELD_COLUMNS, LINK_COLUMNS, LOOKUP_COLUMNS, Row, rows};
use crate::{
    Dictionary, Field, FieldId, Join, Link, LinkId, Lookup, LookupId, LookupStatus, LookupValue, Origin,
    Resource, ResourceId, Tables, Text, Type, Version,
};

/// What is wrong with a line of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclarationFault {
    /// Which table: `fields`, `links` or `lookups`.
    pub table: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl std::fmt::Display for DeclarationFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.tsv line {}: {}", self.table, self.line, self.message)
    }
}

/// Resources, fields of one resource, links of one resource, lookups and values of one lookup are each
/// bounded by this, so that a number of 16 bits names them.
const LONGEST_LIST: usize = 60_000;

/// Reads all tables in their order.
pub(crate) fn build(version: Version, tables: &[Tables<'_>]) -> Result<Dictionary, Vec<DeclarationFault>> {
    let mut builder = Builder { version, resources: Vec::new(), lookups: Vec::new(), faults: Vec::new() };
    for table in tables {
        let Tables { origin, fields, links: _, lookups } = *table;
        builder.read("lookups", lookups, &LOOKUP_COLUMNS, |b, row| b.lookup_value(&row.cells));
        builder.read("fields", fields, &FIELD_COLUMNS, |b, row| b.field(origin, &row.cells));
    }
    builder.sort_fields();
    for table in tables {
        builder.read("links", table.links, &LINK_COLUMNS, |b, row| b.link(&row.cells));
    }
    builder.finish()
}

struct Builder {
    version: Version,
    resources: Vec<Resource>,
    lookups: Vec<Lookup>,
    faults: Vec<DeclarationFault>,
}

type Said = Result<(), String>;

impl Builder {
    fn read<const N: usize>(
        &mut self,
        table: &'static str,
        text: &str,
        columns: &[&str; N],
        mut one: impl FnMut(&mut Self, &Row<'_, N>) -> Said,
    ) {
        match rows(text, columns) {
            Err((line, message)) => self.faults.push(DeclarationFault { table, line, message }),
            Ok(rows) => {
                for row in rows {
                    // The column `since` is the last of every table.
                    if !self.version.holds(row.cells[N - 1]) {
                        continue;
                    }
                    if let Err(message) = one(self, &row) {
                        self.faults.push(DeclarationFault { table, line: row.line, message });
                    }
                }
            }
        }
    }

    fn lookup_value(&mut self, cells: &[&str; 4]) -> Said {
        let [name, value, legacy, since] = *cells;
        named("lookup", name)?;
        if value.is_empty() {
            return Err(format!("lookup {name} has a value without text"));
        }
        let at = self.lookup(name)?;
        let lookup = &mut self.lookups[at.index()];
        if lookup.by_value.contains_key(value) {
            return Err(format!("lookup {name} has the value {value:?} twice"));
        }
        lookup.by_value.insert(Text::new(value), lookup.values.len());
        lookup.values.push(LookupValue {
            value: Text::new(value),
            legacy: Text::new(legacy),
            since: Text::new(since),
        });
        Ok(())
    }

    /// The lookup of this name; a lookup that fields name and no value fills is an open one.
    fn lookup(&mut self, name: &str) -> Result<LookupId, String> {
        if let Some(at) = self.lookups.iter().position(|l| l.name == name) {
            return Ok(LookupId(index(at)));
        }
        bounded("lookups", self.lookups.len())?;
        self.lookups.push(Lookup { name: Text::new(name), values: Vec::new(), by_value: HashMap::new() });
        Ok(LookupId(index(self.lookups.len() - 1)))
    }

    fn field(&mut self, origin: Origin, cells: &[&str; 11]) -> Said {
        let [resource, name, ty, max_length, precision, scale, lookup, status, key, synonyms, since] = *cells;
        named("resource", resource)?;
        named("field", name)?;
        let ty = read_type(ty, number(max_length)?, number(precision)?, number(scale)?)?;
        let lookup_status = match status {
            "" => None,
            "Open" => Some(LookupStatus::Open),
            "Open with Enumerations" => Some(LookupStatus::OpenWithEnumerations),
            "Locked with Enumerations" | "Closed" => Some(LookupStatus::Locked),
            other => {
                return Err(format!(
                    "{other:?} is no lookup status; use Open, Open with Enumerations or Locked with Enumerations"
                ));
            }
        };
        if !matches!(key, "" | "key") {
            return Err(format!("the column key holds {key:?}; write `key` or leave it empty"));
        }
        let lookup = if lookup.is_empty() { None } else { Some(self.lookup(lookup)?) };
        let at = self.resource(resource, origin)?;
        let fields = &mut self.resources[at].fields;
        if fields.iter().any(|f| f.name == name) {
            return Err(format!("{resource} has a field {name} already"));
        }
        if origin == Origin::Local
            && let Some(known) = fields.iter().find(|f| f.synonyms.iter().any(|s| s == name))
        {
            return Err(format!("{name} is a known synonym of {resource}'s {}; use that field", known.name));
        }
        bounded("fields", fields.len())?;
        let synonyms = synonyms.split('|').map(str::trim).filter(|s| !s.is_empty()).map(Text::new).collect();
        let since = Text::new(since);
        let name = Text::new(name);
        fields.push(Field { name, ty, lookup, lookup_status, key: key == "key", synonyms, since, origin });
        Ok(())
    }

    fn resource(&mut self, name: &str, origin: Origin) -> Result<usize, String> {
        if let Some(at) = self.resources.iter().position(|r| r.name == name) {
            return Ok(at);
        }
        bounded("resources", self.resources.len())?;
        self.resources.push(Resource {
            id: ResourceId(index(self.resources.len())),
            name: Text::new(name),
            origin,
            fields: Vec::new(),
            links: Vec::new(),
            key: Box::default(),
            timestamp: None,
            fields_by_name: HashMap::new(),
            links_by_name: HashMap::new(),
        });
        Ok(self.resources.len() - 1)
    }

    /// Fields get their numbers in the order of their names, so that a record is written in it.
    fn sort_fields(&mut self) {
        for resource in &mut self.resources {
            resource.fields.sort_by(|a, b| a.name.cmp(&b.name));
            resource.fields_by_name = resource
                .fields
                .iter()
                .enumerate()
                .map(|(at, f)| (f.name.clone(), FieldId(index(at))))
                .collect();
            resource.key = resource
                .fields
                .iter()
                .enumerate()
                .filter(|(_, f)| f.key)
                .map(|(at, _)| FieldId(index(at)))
                .collect();
            resource.timestamp =
                resource.find("ModificationTimestamp").filter(|id| resource.field(*id).ty == Type::Timestamp);
            if resource.key.is_empty() {
                let message =
                    format!("{} has no key; write `key` in the column key of one field", resource.name);
                self.faults.push(DeclarationFault { table: "fields", line: 0, message });
            }
        }
    }

    fn link(&mut self, cells: &[&str; 8]) -> Said {
        let [resource, name, target, many, source_field, target_field, constant, since] = *cells;
        named("link", name)?;
        let at = |wanted: &str| {
            let found = self.resources.iter().position(|r| r.name == wanted);
            found.ok_or_else(|| format!("there is no resource {wanted}"))
        };
        let (from, to) = (at(resource)?, at(target)?);
        let field = |at: usize, wanted: &str| {
            let found = self.resources[at].find(wanted);
            found.ok_or_else(|| format!("{} has no field {wanted}", self.resources[at].name))
        };
        let constant = match constant.split_once('=') {
            None if constant.is_empty() => None,
            None => return Err(format!("the column where holds {constant:?}; write `Field=text`")),
            Some((name, text)) => Some((field(to, name)?, Text::new(text))),
        };
        let join = Join { source: field(from, source_field)?, target: field(to, target_field)?, constant };
        let target = self.resources[to].id;
        let resource = &mut self.resources[from];
        if resource.find(name).is_some() || resource.links.iter().any(|l| l.name == name) {
            return Err(format!("{} has a field or a link {name} already", resource.name));
        }
        bounded("links", resource.links.len())?;
        resource.links.push(Link {
            name: Text::new(name),
            target,
            many: many == "many",
            join,
            since: Text::new(since),
        });
        Ok(())
    }

    fn finish(mut self) -> Result<Dictionary, Vec<DeclarationFault>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        for resource in &mut self.resources {
            resource.links.sort_by(|a, b| a.name.cmp(&b.name));
            resource.links_by_name = resource
                .links
                .iter()
                .enumerate()
                .map(|(at, l)| (l.name.clone(), LinkId(index(at))))
                .collect();
        }
        let resources_by_name = self.resources.iter().map(|r| (r.name.clone(), r.id)).collect();
        let lookups_by_name =
            self.lookups.iter().enumerate().map(|(at, l)| (l.name.clone(), LookupId(index(at)))).collect();
        let Self { version, resources, lookups, .. } = self;
        Ok(Dictionary { version, resources, lookups, resources_by_name, lookups_by_name })
    }
}

/// A name that OData takes as an identifier (4.01 ABNF, odataIdentifier, ASCII part): a letter or `_`,
/// then letters, digits and `_`, at most 128 in all.
fn named(what: &str, name: &str) -> Said {
    let mut letters = name.chars();
    let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if first && name.len() <= 128 && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(format!("{name:?} cannot name a {what}: use a letter, then letters, digits and _, at most 128"))
}

fn bounded(what: &str, count: usize) -> Said {
    if count < LONGEST_LIST { Ok(()) } else { Err(format!("more than {LONGEST_LIST} {what}")) }
}

fn number(cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("{cell:?} is no whole number"))
}

fn read_type(
    name: &str,
    max_chars: Option<u32>,
    precision: Option<u32>,
    scale: Option<u32>,
) -> Result<Type, String> {
    let digits = |count: Option<u32>, what: &str| match count {
        None => Ok(None),
        // 28 digits are what the decimal type holds.
        Some(count) if count <= 28 => Ok(u8::try_from(count).ok()),
        Some(count) => Err(format!("a {what} of {count} is more than the 28 digits that a decimal holds")),
    };
    Ok(match name {
        "Edm.Boolean" => Type::Boolean,
        "Edm.Int16" => Type::Int16,
        "Edm.Int32" => Type::Int32,
        "Edm.Int64" => Type::Int64,
        "Edm.Decimal" => {
            Type::Decimal { precision: digits(precision, "precision")?, scale: digits(scale, "scale")? }
        }
        "Edm.Double" => Type::Double,
        "Edm.Date" => Type::Date,
        "Edm.DateTimeOffset" => Type::Timestamp,
        "Edm.TimeOfDay" => Type::Time,
        "Edm.String" => Type::Text { max_chars },
        "Collection(Edm.String)" => Type::TextList { max_chars },
        "Edm.GeographyPoint" => Type::Point,
        other => {
            return Err(format!("{other:?} is no type that Freehold keeps; see docs/reference for the list"));
        }
    })
}
