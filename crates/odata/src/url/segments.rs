//! The path below the service root, segment by segment (4.01 part 2, 4).

use dictionary::{Link, LinkId, ResourceId};

use super::asked::Place;
use super::cursor::{Cursor, shown};
use super::decode::{Decoded, decode};
use super::names::Named;
use super::{Limits, Reading, key};
use crate::Fault;

/// What a path leads to, before the options are read.
pub(super) enum Target {
    Service,
    Metadata,
    Collection(ResourceId),
    Replication(ResourceId),
    Count(ResourceId),
    Entity(Place),
    Linked(Place, LinkId),
    LinkedCount(Place, LinkId),
    Field(Place, dictionary::FieldId),
    FieldValue(Place, dictionary::FieldId),
    FieldCount(Place, dictionary::FieldId),
}

/// Segments that are understood and not supported.
const LATER: [&str; 8] = ["$batch", "$crossjoin", "$all", "$entity", "$delta", "$ref", "$query", "$each"];

/// Reads a path; it may begin and end with a slash (RESO-006).
pub(super) fn read(path: &str, reading: &Reading<'_>) -> Result<Target, Fault> {
    let parts = cut(path)?;
    let mut rest = parts.iter();
    let Some(first) = rest.next() else { return Ok(Target::Service) };
    let mut target = root(first, reading)?;
    for part in rest {
        target = step(target, part, reading)?;
    }
    Ok(target)
}

/// Slashes between quotes belong to a key, whether the quotes are escaped or not.
fn cut(path: &str) -> Result<Vec<Decoded<'_>>, Fault> {
    let bytes = path.as_bytes();
    let mut parts = Vec::new();
    let mut quoted = false;
    let begin = usize::from(path.starts_with('/'));
    let mut from = begin;
    for at in begin..=bytes.len() {
        match bytes.get(at) {
            Some(b'\'') => quoted = !quoted,
            Some(b'%') if path.get(at..at + 3) == Some("%27") => quoted = !quoted,
            Some(b'/') if !quoted => {}
            None => {}
            _ => continue,
        }
        if matches!(bytes.get(at), Some(b'/') | None) {
            if at == from && at < bytes.len() {
                let hint = "Write one slash between the parts of a path.";
                return Err(Fault::bad("syntax", "A part of the path is empty.", hint).at(at));
            }
            if at > from {
                if parts.len() == Limits::SEGMENTS {
                    let message = format!("The path has more than {} parts.", Limits::SEGMENTS);
                    return Err(
                        Fault::bad("too_deep", message, "Begin nearer to what is asked for.").at(from)
                    );
                }
                parts.push(decode(&path[from..at], from, false)?);
            }
            from = at + 1;
        }
    }
    Ok(parts)
}

fn missing(part: &Decoded<'_>, code: &'static str, message: String, hint: impl Into<String>) -> Fault {
    Fault::new(404, code, message, hint).about(&*part.text).at(part.place(0))
}

/// The name of a segment, and whether a key follows it.
fn name<'a>(part: &'a Decoded<'_>) -> (&'a str, bool) {
    match part.text.find('(') {
        Some(end) => (&part.text[..end], true),
        None => (&part.text, false),
    }
}

fn later(part: &Decoded<'_>, reading: &Reading<'_>) -> Result<(), Fault> {
    let (name, _) = name(part);
    // A dot is in names of types and operations.
    let known = LATER.contains(&name) || name == "$filter" || name == "$root";
    let qualified = name.contains('.') && reading.resource(name).is_none();
    if !known && !qualified {
        return Ok(());
    }
    let message = format!("{} is not supported.", shown(name));
    Err(Fault::new(501, "not_supported", message, "Ask without it.").about(name).at(part.place(0)))
}

fn root(part: &Decoded<'_>, reading: &Reading<'_>) -> Result<Target, Fault> {
    later(part, reading)?;
    let (name, keyed) = name(part);
    if name == "$metadata" && !keyed {
        return Ok(Target::Metadata);
    }
    let Some(resource) = reading.resource(name) else {
        let message = format!("There is no resource {}.", shown(name));
        return Err(missing(part, "unknown_resource", message, reading.resource_hint(name)));
    };
    if !keyed {
        return Ok(Target::Collection(resource.id));
    }
    let mut cursor = Cursor::new(part, &part.text);
    cursor.at = name.len();
    let key = key::read(&mut cursor, reading, resource)?;
    Ok(Target::Entity(Place { resource: resource.id, key, via: Box::default() }))
}

fn step(target: Target, part: &Decoded<'_>, reading: &Reading<'_>) -> Result<Target, Fault> {
    later(part, reading)?;
    match (target, &*part.text) {
        (Target::Collection(resource), "$count") => Ok(Target::Count(resource)),
        // A convention of other servers, and of clients made for them (RESO-044).
        (Target::Collection(resource), "replication") => Ok(Target::Replication(resource)),
        (Target::Linked(place, link), "$count") => Ok(Target::LinkedCount(place, link)),
        (Target::Field(place, field), "$value") => {
            let ty = reading.words(place.end(reading.dictionary)).field(field).ty;
            if ty.is_list() {
                let hint = "Ask for the list as JSON, without /$value.";
                return Err(missing(part, "not_found", "A list has no bare value.".into(), hint));
            }
            Ok(Target::FieldValue(place, field))
        }
        (Target::Field(place, field), "$count")
            if reading.words(place.end(reading.dictionary)).field(field).ty.is_list() =>
        {
            Ok(Target::FieldCount(place, field))
        }
        (Target::Entity(_), "$value") => {
            Err(Fault::new(501, "not_supported", "Media streams are not supported.", "Ask for MediaURL.")
                .about("$value")
                .at(part.place(0)))
        }
        (Target::Entity(place), text) if !text.starts_with('$') => inside(place, part, reading),
        (Target::Collection(resource), text) => {
            let words = reading.words(resource);
            let hint = match reading.named(resource, name(part).0) {
                Some(_) => format!("Name the record first: {}('key')/{text}.", words.name),
                None => format!("A record is named by its key: {}('key').", words.name),
            };
            let message = format!("{} has nothing called {}.", words.name, shown(text));
            Err(missing(part, "not_found", message, hint))
        }
        (_, text) => {
            let message = format!("There is nothing called {} here.", shown(text));
            Err(missing(part, "not_found", message, "Leave this part of the path away."))
        }
    }
}

/// A field or link of a record.
fn inside(mut place: Place, part: &Decoded<'_>, reading: &Reading<'_>) -> Result<Target, Fault> {
    let resource = place.end(reading.dictionary);
    let (name, keyed) = name(part);
    match reading.named(resource, name) {
        None => {
            let message = format!("{} has no field or link {}.", reading.words(resource).name, shown(name));
            Err(missing(part, "unknown_field", message, reading.field_hint(resource, name)))
        }
        Some(_) if keyed => {
            let message = "A record of a link cannot be named by its key here.";
            let hint = "Ask for it in its own resource, such as Media('key').";
            Err(Fault::new(501, "not_supported", message, hint).about(name).at(part.place(name.len())))
        }
        Some(Named::Field(field)) => Ok(Target::Field(place, field)),
        Some(Named::Link(id)) => {
            let link: &Link = reading.words(resource).link(id);
            if link.many {
                return Ok(Target::Linked(place, id));
            }
            let mut via = place.via.into_vec();
            via.push(id);
            place.via = via.into();
            Ok(Target::Entity(place))
        }
    }
}
