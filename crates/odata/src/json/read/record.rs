//! One record, and those that stand inside it.

use std::collections::HashSet;

use dictionary::{Dictionary, Field, FieldId, FieldSet, LinkId, Record, Resource, ResourceId, Text, Value};

use super::bind;
use super::value::{read_field, read_members};
use super::{Extra, LinkPolicy, MistypedPolicy, NestedRecords, ReadOptions, ReadRecord, UnknownPolicy};
use crate::Fault;
use crate::json::scan::{Broken, Next, Scanner};
use crate::metadata::EnumNames;

pub(super) struct Reader<'d> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) options: &'d ReadOptions,
    /// The fields that are sent as members of enumerations.
    pub(super) enums: Option<&'d EnumNames>,
    pub(super) faults: Vec<Fault>,
    /// How many values the record before had: the next has about as many.
    pub(super) usual: usize,
}

/// What one record is gathered in.
struct Gathered {
    resource: ResourceId,
    prefix: String,
    values: Vec<(FieldId, Value)>,
    nulls: FieldSet,
    seen: FieldSet,
    links: Vec<NestedRecords>,
    extra: Vec<Extra>,
    extra_names: HashSet<Text>,
    /// Whether it stands among changes.
    change: bool,
    removed: bool,
    /// `@id`, where it stands among changes.
    address: Option<String>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < self.options.limits.faults {
            self.faults.push(fault);
        }
    }

    /// Reads one record; none where it is no object, which is a fault. `prefix` goes before the names of
    /// its members in targets.
    pub(super) fn record(
        &mut self,
        scan: &mut Scanner<'_>,
        resource: ResourceId,
        prefix: String,
    ) -> Result<Option<ReadRecord>, Broken> {
        self.one(scan, resource, prefix, false)
    }

    /// The same, or one of the changes of linked records.
    fn one(
        &mut self,
        scan: &mut Scanner<'_>,
        resource: ResourceId,
        prefix: String,
        change: bool,
    ) -> Result<Option<ReadRecord>, Broken> {
        let at = scan.place();
        if scan.next()? != Next::Object {
            let fault = Fault::bad(
                "not_an_object",
                format!("A record of {} is an object.", self.dictionary.resource(resource).name),
                "Write {\"Field\": value, …}.",
            );
            let fault = if prefix.is_empty() { fault } else { fault.about(prefix.trim_end_matches('.')) };
            self.fault(fault.at(at));
            // `null`, `true` and `false` are passed over by looking at them.
            if scan.place() == at {
                scan.skip()?;
            }
            return Ok(None);
        }
        let mut gathered = Gathered {
            resource,
            prefix,
            values: Vec::with_capacity(self.usual),
            nulls: FieldSet::default(),
            seen: FieldSet::default(),
            links: Vec::new(),
            extra: Vec::new(),
            extra_names: HashSet::new(),
            change,
            removed: false,
            address: None,
        };
        scan.object(&mut |scan, name, at| self.member(scan, &mut gathered, &name, at))?;
        let Gathered { mut values, nulls, links, extra, removed, address, seen, .. } = gathered;
        let own = self.dictionary.resource(resource);
        if let (Some(address), [key]) = (address, &*own.key)
            && let Some(text) = bind::key_in(&address, &own.name).filter(|_| !seen.contains(*key))
        {
            values.push((*key, Value::Text(text)));
        }
        let nulls = nulls.iter().collect();
        self.usual = values.len();
        Ok(Some(ReadRecord { record: Record::from_values(resource, values), nulls, links, extra, removed }))
    }

    /// What is said of a record among changes beside its fields; whether it was that.
    fn of_change(&self, scan: &mut Scanner<'_>, into: &mut Gathered, name: &str) -> Result<bool, Broken> {
        match name {
            "@removed" | "@odata.removed" if into.change => into.removed = scan.skip()? != "null",
            "@id" | "@odata.id" if into.change => {
                let at = scan.place();
                match scan.next()? {
                    Next::String => into.address = Some(scan.string()?.into_owned()),
                    _ if scan.place() == at => drop(scan.skip()?),
                    _ => {}
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn keeps_links(&self) -> bool {
        matches!(self.options.links, LinkPolicy::Keep | LinkPolicy::Change)
    }

    fn member(
        &mut self,
        scan: &mut Scanner<'_>,
        into: &mut Gathered,
        name: &str,
        at: usize,
    ) -> Result<(), Broken> {
        if name.contains('@') {
            if self.of_change(scan, into, name)? {
                return Ok(());
            }
            let delta = name.strip_suffix("@delta").or_else(|| name.strip_suffix("@odata.delta"));
            let resource = self.dictionary.resource(into.resource);
            if let Some(id) = delta
                .filter(|_| self.options.links == LinkPolicy::Change)
                .and_then(|link| resource.find_link(link))
                && resource.link(id).many
            {
                return self.link(scan, into, resource, (id, true), at);
            }
            return match bind::link_of(name).filter(|_| self.keeps_links()) {
                Some(link) => self.bind(scan, into, name, link, at),
                None => scan.skip().map(drop),
            };
        }
        let resource = self.dictionary.resource(into.resource);
        if let Some(id) = resource.find(name) {
            if into.seen.contains(id) {
                self.fault(repeated(&into.prefix, name).at(at));
                return scan.skip().map(drop);
            }
            into.seen.insert(id);
            return self.field(scan, into, id, resource.field(id));
        }
        match resource.find_link(name) {
            Some(link) => self.link(scan, into, resource, (link, false), at),
            None => self.unknown(scan, into, resource, name, at),
        }
    }

    fn field(
        &mut self,
        scan: &mut Scanner<'_>,
        into: &mut Gathered,
        id: FieldId,
        field: &Field,
    ) -> Result<(), Broken> {
        let at = scan.place();
        let members = self.enums.filter(|enums| enums.covers(into.resource, id));
        let read = match members {
            Some(enums) => read_members(scan, field.ty, enums.form(into.resource, id), enums)?,
            None => read_field(scan, field.ty)?,
        };
        match read {
            Ok(None) => into.nulls.insert(id),
            Ok(Some(value)) => into.values.push((id, value)),
            Err(_) if self.options.mistyped == MistypedPolicy::Keep => {
                let json = scan.since(at).trim_end().to_owned();
                into.extra.push(Extra { name: field.name.clone(), json });
            }
            Err(wrong) => {
                let target = format!("{}{}", into.prefix, field.name);
                let hint = format!("{} {} is {}.", wrong.hint, field.name, field.ty.edm());
                self.fault(Fault::bad("wrong_type", wrong.message, hint).about(target).at(at));
            }
        }
        Ok(())
    }

    /// A link that is tied by address, which is the value of the field that ties it.
    fn bind(
        &mut self,
        scan: &mut Scanner<'_>,
        into: &mut Gathered,
        name: &str,
        link: &str,
        at: usize,
    ) -> Result<(), Broken> {
        let place = scan.place();
        let address = match scan.next()? {
            Next::String => Some(scan.string()?),
            _ if scan.place() == place => scan.skip().map(|_| None)?,
            _ => None,
        };
        let resource = self.dictionary.resource(into.resource);
        match bind::tie(self.dictionary, resource, link, address.as_deref()) {
            Ok((field, value)) if !into.seen.contains(field) => {
                into.seen.insert(field);
                into.values.push((field, value));
            }
            Ok((field, _)) => self.fault(repeated(&into.prefix, &resource.field(field).name).at(at)),
            Err(fault) => {
                let target = format!("{}{}", into.prefix, name.chars().take(128).collect::<String>());
                self.fault(fault.about(target).at(at));
            }
        }
        Ok(())
    }

    fn link(
        &mut self,
        scan: &mut Scanner<'_>,
        into: &mut Gathered,
        resource: &Resource,
        (id, delta): (LinkId, bool),
        at: usize,
    ) -> Result<(), Broken> {
        let link = resource.link(id);
        match self.options.links {
            LinkPolicy::Ignore => return scan.skip().map(drop),
            LinkPolicy::Refuse => {
                let message = format!("{} holds linked records.", link.name);
                let hint =
                    format!("Send them to {} by themselves.", self.dictionary.resource(link.target).name);
                let target = format!("{}{}", into.prefix, link.name);
                self.fault(Fault::bad("link_refused", message, hint).about(target).at(at));
                return scan.skip().map(drop);
            }
            LinkPolicy::Keep | LinkPolicy::Change => {}
        }
        if into.links.iter().any(|l| l.link == id) {
            self.fault(repeated(&into.prefix, &link.name).at(at));
            return scan.skip().map(drop);
        }
        let mut records = Vec::new();
        let target = format!("{}{}", into.prefix, link.name);
        let place = scan.place();
        match (scan.next()?, link.many) {
            (Next::Null, false) => {}
            (Next::Array, true) => scan.array(&mut |scan, at| {
                records.extend(self.one(scan, link.target, format!("{target}[{at}]."), delta)?);
                Ok(())
            })?,
            (Next::Object, false) => records.extend(self.record(scan, link.target, format!("{target}."))?),
            (_, many) => {
                let hint = if many { "Write a list of records." } else { "Write one record, or null." };
                let message = format!("{} does not hold what it links to.", link.name);
                self.fault(Fault::bad("wrong_type", message, hint).about(target).at(place));
                if scan.place() == place {
                    scan.skip()?;
                }
            }
        }
        into.links.push(NestedRecords { link: id, records, delta });
        Ok(())
    }

    fn unknown(
        &mut self,
        scan: &mut Scanner<'_>,
        into: &mut Gathered,
        resource: &Resource,
        name: &str,
        at: usize,
    ) -> Result<(), Broken> {
        let json = scan.skip()?;
        match self.options.unknown {
            UnknownPolicy::Ignore => {}
            UnknownPolicy::Keep if !into.extra_names.insert(Text::new(name)) => {
                self.fault(repeated(&into.prefix, name).at(at));
            }
            UnknownPolicy::Keep => into.extra.push(Extra { name: Text::new(name), json: json.to_owned() }),
            UnknownPolicy::Refuse => {
                let hint = match resource.nearest(name) {
                    Some(near) => format!("Did you mean {}?", near.name),
                    None => format!("See $metadata for the fields of {}.", resource.name),
                };
                let shown = crate::text::shown(name);
                let message = format!("{} has no field {shown}.", resource.name);
                let target = format!("{}{}", into.prefix, name.chars().take(128).collect::<String>());
                self.fault(Fault::bad("unknown_field", message, hint).about(target).at(at));
            }
        }
        Ok(())
    }
}

fn repeated(prefix: &str, name: &str) -> Fault {
    let name = name.chars().take(128).collect::<String>();
    Fault::bad("repeated_member", format!("{name} stands twice in one object."), "Send each member once.")
        .about(format!("{prefix}{name}"))
}
