//! A page of a server's answer as records: typed, bent where a server is loose, and nothing of it lost.

use dictionary::{
    Dictionary, FaultCode, FieldId, Key, Record, Resource, ResourceId, Text, Timestamp, Type, Value, check,
};
use intake::IntakeError;
use odata::json::{
    Extra, LinkPolicy, MistypedPolicy, ReadLimits, ReadOptions, ReadRecord, UnknownPolicy, read_page,
};

use crate::local::spelled;
use crate::tally::Why;

/// A page, read.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) records: Vec<Pulled>,
    /// The link to the next page, as the body has it.
    pub(crate) next: Option<String>,
    /// How many there are in all, where the server says so.
    pub(crate) count: Option<u64>,
}

/// A record as it came.
#[derive(Debug)]
pub(crate) struct Pulled {
    /// None where it has none: it is refused.
    pub(crate) key: Option<Key>,
    pub(crate) record: Record,
    /// The source says that it is to be removed.
    pub(crate) gone: bool,
    /// What the dictionary does not know, or cannot hold.
    pub(crate) local: Vec<Extra>,
    /// Records that stood inside it.
    pub(crate) linked: Vec<Linked>,
    /// What is wrong with it.
    pub(crate) whys: Vec<Why>,
}

/// The records under one link.
#[derive(Debug)]
pub(crate) struct Linked {
    /// The name of the link.
    pub(crate) name: Text,
    /// Whether all that there are stood there, so that others are gone.
    pub(crate) whole: bool,
    pub(crate) records: Vec<Pulled>,
}

/// Records of one page, and members of one: vendors cap both far below.
const LIMITS: ReadLimits = ReadLimits { bytes: 128 << 20, depth: 12, members: 20_000, faults: 10 };

/// Reads a page. It takes some milliseconds a megabyte.
///
/// # Errors
/// `not_json`, `not_a_page`: the body is none.
pub(crate) fn read(
    bytes: &[u8],
    dictionary: &Dictionary,
    resource: ResourceId,
    flag: Option<&str>,
) -> Result<Page, IntakeError> {
    let options = ReadOptions {
        unknown: UnknownPolicy::Keep,
        mistyped: MistypedPolicy::Keep,
        links: LinkPolicy::Keep,
        limits: LIMITS,
    };
    let found = read_page(bytes, dictionary, resource, &options)
        .map_err(|fault| IntakeError::new(fault.code, fault.message, fault.hint))?;
    let records = found.records.into_iter().map(|read| match read {
        Ok(read) => pulled(dictionary, resource, read, flag),
        Err(faults) => Pulled {
            key: None,
            record: Record::new(resource),
            gone: false,
            local: Vec::new(),
            linked: Vec::new(),
            whys: faults.into_iter().map(|f| Why::refused(f.code, f.target, f.message, f.hint)).collect(),
        },
    });
    Ok(Page { records: records.collect(), next: found.next, count: found.count })
}

fn pulled(dictionary: &Dictionary, resource: ResourceId, read: ReadRecord, flag: Option<&str>) -> Pulled {
    let own = dictionary.resource(resource);
    let ReadRecord { mut record, links, extra, .. } = read;
    let gone = flag.is_some_and(|flag| {
        let known = own.find(flag).and_then(|id| record.get(id)).and_then(Value::as_boolean);
        known == Some(false) || extra.iter().any(|one| one.name == flag && one.json == "false")
    });
    let (mut local, mut whys) = (Vec::new(), Vec::new());
    for one in extra {
        let field = own.find(&one.name);
        match field.and_then(|id| Some((id, bend(own.field(id).ty, &one.json)?))) {
            Some((id, value)) => drop(record.set(id, value)),
            None => {
                if let Some(id) = field {
                    let message =
                        format!("{} is {} here and not at the source.", one.name, own.field(id).ty.edm());
                    whys.push(Why::left_out("wrong_type", &one.name, message, ASIDE));
                }
                local.push(one);
            }
        }
    }
    // When this installation wrote a record, its own log says; a point that is computed is not kept.
    let hub = own.hub_fields();
    for id in [hub.modification, hub.entry].into_iter().flatten() {
        record.clear(id);
    }
    if let Some(derived) = own.derived()
        && let Some(point) = record.clear(derived.field)
        && derived.value(&record).is_none_or(|computed| computed != point)
    {
        record.set(derived.field, point);
    }
    let key = checked(dictionary, own, &mut record, &mut local, &mut whys);
    let linked = links.into_iter().map(|nested| {
        let link = own.link(nested.link);
        let target = dictionary.resource(link.target);
        let records = nested.records.into_iter().map(|mut read| {
            // What the link says need not be said again inside it.
            if link.many {
                let joined = record.get(link.join.source).cloned();
                let says = [joined.map(|value| (link.join.target, value))].into_iter().chain([link
                    .join
                    .constant
                    .clone()
                    .map(|(id, text)| (id, Value::Text(text)))]);
                for (id, value) in says.flatten() {
                    if read.record.get(id).is_none() {
                        read.record.set(id, value);
                    }
                }
            }
            pulled(dictionary, target.id, read, None)
        });
        Linked { name: link.name.clone(), whole: link.many, records: records.collect() }
    });
    let linked = linked.collect();
    local.sort_by(|a, b| a.name.cmp(&b.name));
    local.dedup_by(|a, b| a.name == b.name);
    Pulled { key, record, gone, local, linked, whys }
}

const ASIDE: &str = "The value is kept in LocalValues.";

/// Takes out of a record what its fields cannot hold; the key, where it has one.
fn checked(
    dictionary: &Dictionary,
    own: &Resource,
    record: &mut Record,
    local: &mut Vec<Extra>,
    whys: &mut Vec<Why>,
) -> Option<Key> {
    for fault in check(dictionary, record) {
        let of_key = matches!(fault.code, FaultCode::KeyMissing | FaultCode::KeyTooLong);
        let id = own.find(&fault.field).filter(|id| !of_key && !own.key.contains(id));
        let Some(id) = id else {
            whys.push(Why::refused(
                fault.code.name(),
                Some(fault.field.to_string()),
                fault.message,
                fault.hint,
            ));
            return None;
        };
        let Some(value) = record.clear(id) else { continue };
        match (fault.code, &value) {
            // Said twice is said.
            (FaultCode::Repeated, Value::TextList(list)) => {
                let mut once: Vec<Text> = Vec::with_capacity(list.len());
                list.iter().for_each(|item| {
                    if !once.contains(item) {
                        once.push(item.clone())
                    }
                });
                record.set(id, Value::TextList(once.into()));
                continue;
            }
            (FaultCode::TooFine, Value::Decimal(number)) => {
                if let Type::Decimal { scale: Some(scale), .. } = own.field(id).ty {
                    record.set(id, Value::Decimal(number.round_dp(scale.into())));
                }
            }
            _ => {}
        }
        local.push(Extra { name: fault.field.clone(), json: spelled(&value) });
        whys.push(Why::left_out(fault.code.name(), &fault.field, fault.message, ASIDE));
    }
    own.key_of(record)
}

/// A value that a server sends in another form than its field has, where it can mean one thing only: a number as
/// text, text as a number, a list as text with commas between.
pub(crate) fn bend(ty: Type, json: &str) -> Option<Value> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    match (ty, value) {
        (Type::TextList { .. }, serde_json::Value::String(text)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            let items: Vec<Text> = items.map(Text::new).collect();
            (!items.is_empty()).then(|| Value::TextList(items.into()))
        }
        (Type::Text { .. }, serde_json::Value::Number(number)) => Some(Value::from(number.to_string())),
        (Type::Text { .. }, serde_json::Value::Bool(truth)) => Some(Value::from(truth.to_string())),
        (Type::Text { .. } | Type::TextList { .. }, _) => None,
        (ty, serde_json::Value::String(text)) => {
            odata::text::read_value(ty, text.trim()).ok().or_else(|| {
                // An instant where a date is meant, at midnight or not: the date is what it says.
                let date = (ty == Type::Date).then(|| text.split('T').next()).flatten()?;
                odata::text::read_value(ty, date).ok()
            })
        }
        (Type::Timestamp, serde_json::Value::Number(_)) => None,
        (ty, serde_json::Value::Number(number)) => odata::text::read_value(ty, &number.to_string()).ok(),
        _ => None,
    }
}

impl Pulled {
    /// The value of a timestamp.
    pub(crate) fn at(&self, field: FieldId) -> Option<Timestamp> {
        self.record.get(field)?.as_timestamp()
    }
}

#[cfg(test)]
mod tests {
    use dictionary::Version;

    use super::*;

    #[test]
    fn what_a_server_sends_loosely_is_bent_where_it_means_one_thing() {
        let words = Dictionary::standard(Version::V2_1);
        let own = words.known("Property");
        let check = |field: &str, json: &str, expect: Option<&str>| {
            let found = bend(own.field(own.find(field).unwrap()).ty, json);
            let shown = found.map(|value| {
                let mut out = Vec::new();
                odata::text::write_value(&mut out, value.view());
                String::from_utf8(out).unwrap()
            });
            assert_eq!(shown.as_deref(), expect, "{field} {json}");
        };
        check("BedroomsTotal", "\"4\"", Some("4"));
        check("BedroomsTotal", "\"four\"", None);
        check("ListPrice", "\" 525000.50 \"", Some("525000.50"));
        check("City", "7", Some("7"));
        check("City", "true", Some("true"));
        check("City", "{}", None);
        check("CloseDate", "\"2026-03-01T00:00:00Z\"", Some("2026-03-01"));
        check("CloseDate", "\"soon\"", None);
        check("ModificationTimestamp", "5", None);
        check("Appliances", "\"Oven, Range,,\"", Some("[\"Oven\",\"Range\"]"));
        check("Appliances", "\"\"", None);
        check("Appliances", "7", None);
    }

    /// RESO-084: what is not known, of another type or not to be held is kept beside the record, and said.
    #[test]
    fn reso_084_nothing_that_came_is_dropped_in_silence() {
        let words = Dictionary::standard(Version::V2_1);
        let own = words.known("Property");
        let body = br#"{"value":[{"ListingKey":"1","StandardStatus":"Gone Fishing","City":["x"],"NWM_View":{"a":[1]},
            "ListPrice":"5","MlgCanView":false,"Appliances":["Oven","Oven"],"@odata.id":"x","Latitude":47.1234567891234},
            {"City":"keyless"},7],"@odata.count":9}"#;
        let page = read(body, &words, own.id, Some("MlgCanView")).unwrap();
        assert_eq!((page.records.len(), page.count), (3, Some(9)));
        let one = &page.records[0];
        let aside: Vec<_> =
            one.local.iter().map(|extra| (extra.name.as_str(), extra.json.as_str())).collect();
        let expect = [
            ("City", "[\"x\"]"),
            ("Latitude", "47.1234567891234"),
            ("MlgCanView", "false"),
            ("NWM_View", "{\"a\":[1]}"),
            ("StandardStatus", "\"Gone Fishing\""),
        ];
        assert_eq!(aside, expect);
        assert!(one.gone);
        let kept: Vec<_> = one.record.iter().map(|(id, _)| own.field(id).name.as_str()).collect();
        assert_eq!(kept, ["Appliances", "Latitude", "ListPrice", "ListingKey"]);
        let codes: Vec<_> = one.whys.iter().map(|why| (why.code, why.refused)).collect();
        assert_eq!(codes, [("wrong_type", false), ("too_fine", false), ("not_in_lookup", false)]);
        for bad in &page.records[1..] {
            assert!(bad.key.is_none() && bad.whys[0].refused, "{bad:?}");
        }
        assert_eq!(read(b"{}", &words, own.id, None).unwrap_err().code, "not_a_page");
    }
}
