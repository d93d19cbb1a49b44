//! What a batch's requests came to, and URLs that begin with one of them (`$1/Media`; OData 4.01 part 1, 11.7.3).

use std::borrow::Cow;
use std::collections::HashMap;

use http::Uri;
use odata::Fault;
use odata::batch::{Answer, Part};

use crate::Door;
use crate::write::{self, Deed, Planned};

#[derive(Default)]
pub(super) struct Known {
    /// By name: whether it went well, and where its record is.
    requests: HashMap<String, (bool, Option<String>)>,
    groups: HashMap<String, bool>,
}

impl Known {
    pub(super) fn note(&mut self, part: &Part, answer: &Answer) {
        let went_well = answer.status < 400;
        if let Some(group) = &part.group {
            *self.groups.entry(group.clone()).or_insert(true) &= went_well;
        }
        let Some(id) = &part.id else { return };
        let named = |wanted: &str| {
            let found = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.clone())
        };
        self.requests.insert(id.clone(), (went_well, named("location")));
    }

    /// Whether a request or change set that stands before went well.
    pub(super) fn went_well(&self, name: &str) -> bool {
        self.groups
            .get(name)
            .copied()
            .or_else(|| self.requests.get(name).map(|known| known.0))
            .unwrap_or(false)
    }

    /// Where a part goes: a path below the service root, with its query. A reference to one of `before`, which stand
    /// before it in its change set, is left as it is: where that record will be is known once it is planned
    /// ([`within`]).
    pub(super) fn address(&self, door: &Door, part: &Part, before: &[Part]) -> Result<Uri, Fault> {
        let url = match refers(&part.url) {
            Some((name, rest)) if named(before, name).is_some() => {
                format!("{}/${name}{rest}", door.settings.root)
            }
            _ => self.resolved(&part.url)?,
        };
        let root = &door.settings.root;
        let path = match url.split_once("://") {
            // Whatever name this host goes by: the path says whether it is this service.
            Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]).to_owned(),
            None if url.starts_with('/') => url,
            None => format!("{root}/{url}"),
        };
        let below = path.strip_prefix(root.as_str());
        if !below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) {
            let message = format!("{:.80?} is not below {root}.", part.url);
            return Err(Fault::bad(
                "other_service",
                message,
                "Ask this service alone, such as Property?$top=1.",
            ));
        }
        // Some clients leave spaces as they are.
        Uri::try_from(path.replace(' ', "%20")).map_err(|wrong| {
            let message = format!("{:.80?} is no URL: {wrong}.", part.url);
            Fault::bad("malformed_body", message, "Write other characters as percent escapes.")
        })
    }

    /// The URL with a reference at its beginning replaced by where that record is.
    fn resolved(&self, url: &str) -> Result<String, Fault> {
        let Some((name, rest)) = refers(url) else { return Ok(url.to_owned()) };
        let Some((went_well, place)) = self.requests.get(name) else {
            // `$metadata` and its like.
            if name.starts_with(|first: char| first.is_ascii_digit()) {
                let message = format!("{url:.80?} refers to a request that does not stand before it.");
                return Err(Fault::bad("unknown_request", message, "Put what others refer to first."));
            }
            return Ok(url.to_owned());
        };
        match place {
            Some(place) if *went_well => Ok(format!("{place}{rest}")),
            Some(_) | None if !went_well => {
                let message = format!("{url:.80?} refers to a request that did not go well.");
                Err(Fault::new(424, "not_done", message, "Correct that one first."))
            }
            _ => Err(made_nothing(url)),
        }
    }
}

/// The name of the request that a URL begins with, and what comes after it.
fn refers(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix('$').or_else(|| url.strip_prefix("/$"))?;
    Some(rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())))
}

fn named(parts: &[Part], name: &str) -> Option<usize> {
    parts.iter().position(|part| part.id.as_deref() == Some(name))
}

fn made_nothing(url: &str) -> Fault {
    let message = format!("{url:.80?} refers to a request that created no record.");
    Fault::bad("unknown_request", message, "Refer to a POST that creates a record.")
}

/// The path of a request of a change set, with a reference to one that is planned before it replaced by where that
/// record will be.
pub(super) fn within<'p>(
    door: &Door,
    path: &'p str,
    parts: &[Part],
    planned: &[Planned],
) -> Result<Cow<'p, str>, Fault> {
    let root = &door.settings.root;
    let Some((name, rest)) = path.strip_prefix(root.as_str()).and_then(refers) else {
        return Ok(path.into());
    };
    let Some(at) = named(&parts[..planned.len()], name) else { return Ok(path.into()) };
    match &planned[at] {
        made if made.deed == Deed::Created => Ok(format!("{root}/{}{rest}", write::path(door, made)).into()),
        _ => Err(made_nothing(path)),
    }
}
