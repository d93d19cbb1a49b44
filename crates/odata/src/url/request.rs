//! The whole request: path and options together.

use query::Query;

use super::asked::{Aggregated, Asked, Format, Request};
use super::cursor::Cursor;
use super::decode::decode;
use super::expression::Parser;
use super::options::{ACCESS_TOKEN, Given, System, cut};
use super::rows::Words;
use super::segments::{self, Target};
use super::{Limits, Reading, beyond, format};
use crate::Fault;

/// Reads a request to read: `path` below the service root, `query` without its `?`, both as they were sent.
///
/// # Errors
/// 400 with the position for what is malformed or ill-typed, 404 for what is not there, 406 for a format
/// that is not offered, 414 for a URL of more than 64 KiB, 501 with the name for what is understood and not
/// supported.
pub fn read(path: &str, query: &str, reading: &Reading<'_>) -> Result<Request, Fault> {
    if path.len() + query.len() > Limits::BYTES {
        let message = format!("The URL has more than {} bytes.", Limits::BYTES);
        return Err(Fault::new(
            414,
            "url_too_long",
            message,
            "Split the list of keys over several requests.",
        ));
    }
    asked(path, query, reading).map_err(|fault| beyond::judged(fault, path, query, reading))
}

fn asked(path: &str, query: &str, reading: &Reading<'_>) -> Result<Request, Fault> {
    let target = segments::read(path, reading)?;
    let options = cut(query, path.len() + 1)?;
    let mut request = Request {
        asked: Asked::Service,
        format: None,
        page_token: None,
        delta_token: None,
        replication: matches!(target, Target::Replication(_)),
        custom: options.custom,
    };
    let resource = match &target {
        Target::Collection(resource) | Target::Replication(resource) | Target::Count(resource) => {
            Some(*resource)
        }
        Target::Entity(place) => Some(place.end(reading.dictionary)),
        Target::Linked(place, link) | Target::LinkedCount(place, link) => {
            Some(reading.words(place.end(reading.dictionary)).link(*link).target)
        }
        _ => None,
    };
    let mut asked = resource.map(|resource| Query { page_size: reading.page_size, ..Query::all(resource) });
    let mut given: Vec<&Given<'_>> = options.given.iter().collect();
    given.sort_by_key(|given| given.option);
    let mut words = Words::default();
    for given in given {
        allowed(&target, given)?;
        let cursor = Cursor::new(&given.value, given.option.name());
        match (given.option, &mut asked) {
            (System::Format, _) => request.format = Some(format_of(&target, &cursor)?),
            (System::SkipToken, _) => request.page_token = Some(given.value.text.clone()),
            (System::DeltaToken, _) => request.delta_token = Some(given.value.text.clone()),
            (option, Some(query)) => one_option(reading, cursor, option, query, &mut words)?,
            (_, None) => {}
        }
    }
    if let Some(query) = &mut asked {
        query.compute = words.computed;
    }
    request.asked = match (asked, words.rows) {
        (Some(query), Some(rows)) => {
            let of = match target {
                Target::Linked(place, link) => Some((place, link)),
                _ => None,
            };
            Asked::Aggregated(Aggregated { of, ..rows.asked(query) })
        }
        (asked, _) => asked_for(target, asked),
    };
    Ok(request)
}

fn one_option<'a>(
    reading: &'a Reading<'a>,
    cursor: Cursor<'a>,
    option: System,
    query: &mut Query,
    words: &mut Words,
) -> Result<(), Fault> {
    let mut parser = Parser::new(reading, cursor, query.resource);
    words.read(&mut parser, option, query)?;
    parser.cursor.space();
    if parser.cursor.done() {
        return Ok(());
    }
    let (what, hint) = match option {
        System::Filter => (
            "an operator or the end",
            "Join conditions with `and` or `or`; write texts between single quotes.",
        ),
        System::Top | System::Skip => ("the end of the number", "Write digits alone, 0 or more."),
        System::OrderBy => ("`asc`, `desc`, a comma or the end", "Write $orderby=ListPrice desc,City."),
        _ => ("a comma or the end", "Nothing else may follow here."),
    };
    Err(parser.cursor.expected(what, hint))
}

/// Refuses an option that means nothing where it stands: nothing is ignored in silence (RESO-004).
fn allowed(target: &Target, given: &Given<'_>) -> Result<(), Fault> {
    use System::{Compute, Expand, Filter, Format, Search, Select};
    let name = given.option.name();
    let (takes, hint): (&[System], _) = match target {
        Target::Collection(_) => return Ok(()),
        Target::Replication(_) => (
            &[Filter, Search, Select, Expand, System::Count, System::Top, Format, System::SkipToken],
            "Everything is told in the order of its changes; $top says how many records a page has.",
        ),
        Target::Linked(..) if given.option == System::DeltaToken => {
            (&[], "Changes are told of a whole resource: ask it with $filter.")
        }
        Target::Linked(..) => return Ok(()),
        Target::Service | Target::Metadata | Target::Field(..) => {
            (&[Format], "Only $format may be asked here.")
        }
        Target::Entity(_) => {
            (&[Select, Expand, Compute, Format], "One record takes $select, $expand, $compute and $format.")
        }
        Target::Count(_) | Target::LinkedCount(..) => {
            (&[Filter, Search], "A count takes $filter and $search alone.")
        }
        Target::FieldValue(..) | Target::FieldCount(..) => (&[], "No option may be asked here."),
    };
    if takes.contains(&given.option) {
        return Ok(());
    }
    let message = format!("{name} is not an option here.");
    Err(Fault::bad("option_not_here", message, hint).about(name).at(given.place))
}

fn format_of(target: &Target, cursor: &Cursor<'_>) -> Result<Format, Fault> {
    let format = format::read(cursor)?;
    if format == Format::Xml && !matches!(target, Target::Metadata) {
        let mut fault =
            cursor.bad(0, "bad_format", "This is answered in JSON alone.", "Ask for $format=json.");
        fault.status = 406;
        return Err(fault);
    }
    Ok(format)
}

fn asked_for(target: Target, query: Option<Query>) -> Asked {
    match (target, query) {
        (Target::Metadata, _) => Asked::Metadata,
        (Target::Field(at, field), _) => Asked::Field { at, field },
        (Target::FieldValue(at, field), _) => Asked::FieldValue { at, field },
        (Target::FieldCount(at, field), _) => Asked::FieldCount { at, field },
        (Target::Collection(_) | Target::Replication(_), Some(query)) => Asked::Collection(query),
        (Target::Count(_), Some(query)) => Asked::Count(query),
        (Target::Entity(at), Some(query)) => Asked::Entity { at, query },
        (Target::Linked(at, link), Some(query)) => Asked::Linked { at, link, query },
        (Target::LinkedCount(at, link), Some(query)) => Asked::LinkedCount { at, link, query },
        // Every target of records has a resource, and so a query.
        (_, _) => Asked::Service,
    }
}

/// The `access_token` among the options, decoded: a bearer token for clients that cannot set a header.
/// None where there is none, or it cannot be read.
#[must_use]
pub fn access_token(query: &str) -> Option<String> {
    if query.len() > Limits::BYTES {
        return None;
    }
    let given = query.split('&').find_map(|one| one.strip_prefix(ACCESS_TOKEN)?.strip_prefix('='))?;
    decode(given, 0, true).ok().map(|decoded| decoded.text)
}

/// Reads any bytes as a path and, after the first `?`, a query string: they may be refused, and nothing
/// else may happen. A question that is read is written, and what was written is the same question.
///
/// # Panics
/// Where that does not hold.
pub fn fuzz(bytes: &[u8], reading: &Reading<'_>) {
    let text = String::from_utf8_lossy(bytes);
    let (path, query) = text.split_once('?').unwrap_or((&text, ""));
    match read(path, query, reading) {
        Ok(Request { asked: Asked::Collection(query), .. }) => {
            let again = super::write_query(&query, reading.dictionary);
            let second = read(path, &again, reading).map(|request| request.asked);
            // Escapes take up to three times the room.
            let fits = path.len() + again.len() <= Limits::BYTES;
            assert!(!fits || second == Ok(Asked::Collection(query)), "{text:?} is written as {again:?}");
        }
        Ok(_) => {}
        Err(fault) => {
            assert!(fault.position.is_none_or(|at| at <= path.len() + 1 + query.len()), "{fault:?}");
        }
    }
}
