//! URLs as data: what each asks for, or which fault it is and where.

mod apply;
mod expressions;
mod faults;
mod options;
mod paths;
mod round_trip;
mod sight;

use std::sync::LazyLock;

use dictionary::{Dictionary, Origin, ResourceId, Tables, Version};
use query::{Expr, Query, Sight};

use super::*;
use crate::Fault;
use crate::metadata::EnumMode;

/// The standard has no field of some types; an installation may.
const LOCAL: &str = "\
resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince
Property\tX_Place\tEdm.GeographyPoint
Property\tX_Opens\tEdm.TimeOfDay
Property\tX_Ratio\tEdm.Double
Property\tX_Small\tEdm.Int16
";

struct Words {
    dictionary: Dictionary,
    strings: EnumNames,
    members: EnumNames,
    all: Sight,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let local = Tables { origin: Origin::Local, fields: LOCAL, links: "", lookups: "" };
    let dictionary = Dictionary::with_local(Version::V2_1, &[local]).unwrap();
    let strings = EnumNames::of(&dictionary, EnumMode::Strings);
    let members = EnumNames::of(&dictionary, EnumMode::EnumType);
    Words { dictionary, strings, members, all: Sight::everything() }
});

fn reading() -> Reading<'static> {
    let words = &*WORDS;
    Reading {
        dictionary: &words.dictionary,
        sight: &words.all,
        serves: &|_| true,
        enums: &words.strings,
        page_size: 500,
    }
}

/// The reading of a server that offers enumerations in their older form (RESO-025).
fn legacy() -> Reading<'static> {
    Reading { enums: &WORDS.members, ..reading() }
}

fn ask(url: &str, reading: &Reading<'_>) -> Result<Request, Fault> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    read(path, query, reading)
}

/// The question of a collection.
fn query_of(url: &str, reading: &Reading<'_>) -> Query {
    match ask(url, reading) {
        Ok(Request { asked: Asked::Collection(query), .. }) => query,
        other => panic!("{url}: {other:?}"),
    }
}

fn name(resource: ResourceId) -> &'static str {
    &WORDS.dictionary.resource(resource).name
}

/// What a request asks for in a line: names, and expressions with the parentheses they need.
fn told(request: &Request) -> String {
    let words = &WORDS.dictionary;
    let place = |at: &Place| {
        let key = match &at.key {
            KeyGiven::Key(key) => format!("{key:?}"),
            KeyGiven::Filter(filter) => write_expression(filter, words, words.resource(at.resource)),
        };
        let mut text = format!("{}({key})", name(at.resource));
        let mut resource = words.resource(at.resource);
        for link in &at.via {
            text.push('/');
            text.push_str(&resource.link(*link).name);
            resource = words.resource(resource.link(*link).target);
        }
        text
    };
    let field = |at: &Place, id| words.resource(at.end(words)).field(id).name.as_str();
    let link = |at: &Place, id| words.resource(at.end(words)).link(id).name.as_str();
    let mut text = match &request.asked {
        Asked::Service => "service".to_owned(),
        Asked::Metadata => "metadata".to_owned(),
        Asked::Collection(query) => format!("collection {} {}", name(query.resource), asked(query)),
        Asked::Aggregated(asked) => apply::rows(asked),
        Asked::Count(query) => format!("count {} {}", name(query.resource), asked(query)),
        Asked::Entity { at, query } => {
            format!("entity {} {} {}", place(at), name(query.resource), asked(query))
        }
        Asked::Linked { at, link: id, query } => {
            format!("linked {}/{} {} {}", place(at), link(at, *id), name(query.resource), asked(query))
        }
        Asked::LinkedCount { at, link: id, query } => {
            format!("linked count {}/{} {}", place(at), link(at, *id), asked(query))
        }
        Asked::Field { at, field: id } => format!("field {}/{}", place(at), field(at, *id)),
        Asked::FieldValue { at, field: id } => format!("value {}/{}", place(at), field(at, *id)),
        Asked::FieldCount { at, field: id } => format!("elements {}/{}", place(at), field(at, *id)),
    };
    text.truncate(text.trim_end().len());
    if let Some(format) = request.format {
        text.push_str(&format!(" {format:?}"));
    }
    if let Some(token) = &request.page_token {
        text.push_str(&format!(" after {token:?}"));
    }
    if let Some(token) = &request.delta_token {
        text.push_str(&format!(" since {token:?}"));
    }
    if request.replication {
        text.push_str(" replicated");
    }
    if !request.custom.is_empty() {
        text.push_str(&format!(" custom {:?}", request.custom));
    }
    text
}

fn asked(query: &Query) -> String {
    let text = write_query(query, &WORDS.dictionary);
    super::decode::decode(&text, 0, true).unwrap().text
}

/// What `url` asks for is told as `expect`.
fn check(url: &str, expect: &str) {
    match ask(url, &reading()) {
        Ok(request) => assert_eq!(told(&request), expect, "{url}"),
        Err(fault) => panic!("{url}: {fault:?}"),
    }
}

/// A fault as `status code @position`.
fn fault_of(url: &str, reading: &Reading<'_>) -> String {
    match ask(url, reading) {
        Ok(request) => format!("read: {}", told(&request)),
        Err(fault) => {
            assert!(!fault.message.is_empty() && !fault.hint.is_empty(), "{url}: {fault:?}");
            let position = fault.position.map_or(String::new(), |at| format!(" @{at}"));
            format!("{} {}{position}", fault.status, fault.code)
        }
    }
}

/// `url` with a caret is refused where the caret stands.
fn refuse(url: &str, expect: &str) {
    let at = url.find('^').expect("a caret marks the place");
    let plain = url.replacen('^', "", 1);
    assert_eq!(fault_of(&plain, &reading()), format!("{expect} @{at}"), "{url}");
}

/// The filter of Property, read.
fn filter(text: &str, reading: &Reading<'_>) -> Expr {
    let url = format!("Property?$filter={}", text.replace(' ', "%20"));
    query_of(&url, reading).filter.unwrap()
}
