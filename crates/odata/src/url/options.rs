//! The query string cut into options; what each is, before its value is read.

use super::cursor::{Cursor, shown};
use super::decode::{Decoded, decode};
use super::{Limits, spelling};
use crate::Fault;

/// A system query option of OData that is read here, in the order of reading: what gives names comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum System {
    Apply,
    Compute,
    Filter,
    Search,
    Select,
    Expand,
    OrderBy,
    Top,
    Skip,
    Count,
    Format,
    SkipToken,
    DeltaToken,
}

const KNOWN: [(&str, System); 13] = [
    ("$apply", System::Apply),
    ("$compute", System::Compute),
    ("$search", System::Search),
    ("$filter", System::Filter),
    ("$select", System::Select),
    ("$expand", System::Expand),
    ("$orderby", System::OrderBy),
    ("$top", System::Top),
    ("$skip", System::Skip),
    ("$count", System::Count),
    ("$format", System::Format),
    ("$skiptoken", System::SkipToken),
    ("$deltatoken", System::DeltaToken),
];
/// System query options that are understood and not supported.
const LATER: [&str; 4] = ["$id", "$index", "$levels", "$schemaversion"];
/// A bearer token among the options: whoever authenticates reads it.
pub(super) const ACCESS_TOKEN: &str = "access_token";

impl System {
    pub(super) fn name(self) -> &'static str {
        KNOWN.iter().find(|(_, option)| *option == self).map_or("", |(name, _)| name)
    }
}

/// What a name of an option is.
pub(super) enum Sort {
    Known(System),
    /// Understood and not supported.
    Later(&'static str),
    /// Begins with `$` and is none of OData's, or is spelled much like one.
    Wrong {
        near: Option<&'static str>,
    },
    /// The client's own.
    Custom,
}

/// OData 4.01 takes any case of letters, and leaves the dollar sign to the client (part 2, 5.1).
pub(super) fn sort(name: &str) -> Sort {
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_prefix('$').unwrap_or(&lower);
    let is = |known: &str| &known[1..] == bare;
    if let Some((_, option)) = KNOWN.iter().find(|(known, _)| is(known)) {
        return Sort::Known(*option);
    }
    if let Some(later) = LATER.iter().find(|known| is(known)) {
        return Sort::Later(later);
    }
    let names = || KNOWN.iter().map(|(known, _)| *known).chain(LATER);
    let near = spelling::nearest(bare, names().map(|known| &known[1..]));
    // What holds other signs is the client's own, however near it is.
    let plain = bare.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'$'));
    let near = near
        .filter(|_| plain || lower.starts_with('$'))
        .and_then(|bare| names().find(|known| &known[1..] == bare));
    if lower.starts_with('$') || near.is_some() { Sort::Wrong { near } } else { Sort::Custom }
}

/// One option whose value is still to be read.
pub(super) struct Given<'a> {
    pub(super) option: System,
    /// Byte of the request where it begins.
    pub(super) place: usize,
    pub(super) value: Decoded<'a>,
}

#[derive(Default)]
pub(super) struct Options<'a> {
    pub(super) given: Vec<Given<'a>>,
    pub(super) custom: Vec<(String, String)>,
}

/// Cuts `query`, which begins at byte `start` of the request.
pub(super) fn cut(query: &str, start: usize) -> Result<Options<'_>, Fault> {
    let mut options = Options::default();
    let mut place = start;
    for (at, one) in query.split('&').enumerate() {
        let (name, value) = one.split_once('=').unwrap_or((one, ""));
        let value_at = place + one.len() - value.len();
        if !one.is_empty() {
            if at >= Limits::OPTIONS {
                let message = format!("There are more than {} options.", Limits::OPTIONS);
                return Err(Fault::bad("too_many", message, "Leave some away.").at(place));
            }
            let name = decode(name, place, true)?;
            options.take(&name.text, place, decode(value, value_at, true)?)?;
        }
        place += one.len() + 1;
    }
    Ok(options)
}

impl<'a> Options<'a> {
    fn take(&mut self, name: &str, place: usize, value: Decoded<'a>) -> Result<(), Fault> {
        let option = match sort(name) {
            Sort::Known(option) => option,
            Sort::Later(later) => {
                let message = format!("{later} is not supported.");
                return Err(Fault::new(501, "not_supported", message, "Ask without it.")
                    .about(later)
                    .at(place));
            }
            Sort::Wrong { near } => {
                let message = format!("There is no option {}.", shown(name));
                let hint = match near {
                    Some(near) => format!("Did you mean {near}?"),
                    None => {
                        let names: Vec<&str> = KNOWN.iter().map(|(known, _)| *known).collect();
                        format!("The options are {}.", names.join(", "))
                    }
                };
                return Err(Fault::bad("unknown_option", message, hint).about(name).at(place));
            }
            Sort::Custom if name.starts_with('@') => {
                let message = "Parameter aliases are not supported.";
                let hint = "Write the value where it is used.";
                return Err(Fault::new(501, "not_supported", message, hint).about(name).at(place));
            }
            Sort::Custom => {
                if name != ACCESS_TOKEN {
                    self.custom.push((name.to_owned(), value.text));
                }
                return Ok(());
            }
        };
        if self.given.iter().any(|given| given.option == option) {
            let message = format!("{} stands twice.", option.name());
            let hint = "Write each option once; join conditions with `and`.";
            return Err(Fault::bad("duplicate_option", message, hint).about(option.name()).at(place));
        }
        self.given.push(Given { option, place, value });
        Ok(())
    }
}

/// A whole number of records, which is the rest of the text up to `;` and `)`. A number beyond what can be
/// counted is cut to that.
pub(super) fn records(cursor: &mut Cursor<'_>) -> Result<u64, Fault> {
    let from = cursor.at;
    while cursor.peek().is_some_and(|b| b.is_ascii_digit()) {
        cursor.at += 1;
    }
    let digits = cursor.since(from);
    if digits.is_empty() {
        return Err(cursor.expected("a whole number", "Write digits alone, 0 or more: $top=100."));
    }
    Ok(digits.parse().unwrap_or(u64::MAX))
}

/// `true` or `false`.
pub(super) fn truth(cursor: &mut Cursor<'_>) -> Result<bool, Fault> {
    let word = cursor.peek_name();
    let found = match () {
        () if word.eq_ignore_ascii_case("true") => true,
        () if word.eq_ignore_ascii_case("false") => false,
        () => return Err(cursor.expected("true or false", "Write $count=true.")),
    };
    cursor.at += word.len();
    Ok(found)
}
