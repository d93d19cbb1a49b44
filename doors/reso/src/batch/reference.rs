//! What a batch's requests came to, and URLs that begin with one of them (`$1/Media`; OData 4.01 part 1, 11.7.3).

use std::collections::HashMap;

use http::Uri;
use odata::Fault;
use odata::batch::{Answer, Part};

use crate::Door;

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

    /// Where a part goes: a path below the service root, with its query.
    pub(super) fn address(&self, door: &Door, part: &Part) -> Result<Uri, Fault> {
        let url = self.resolved(&part.url)?;
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
        let Some(rest) = url.strip_prefix('$').or_else(|| url.strip_prefix("/$")) else {
            return Ok(url.to_owned());
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let Some((went_well, place)) = self.requests.get(&rest[..end]) else {
            // `$metadata` and its like.
            if rest.starts_with(|first: char| first.is_ascii_digit()) {
                let message = format!("{url:.80?} refers to a request that does not stand before it.");
                return Err(Fault::bad(
                    "unknown_request",
                    message,
                    "Put what others refer to first, outside the change set.",
                ));
            }
            return Ok(url.to_owned());
        };
        match place {
            Some(place) if *went_well => Ok(format!("{place}{}", &rest[end..])),
            Some(_) | None if !went_well => {
                let message = format!("{url:.80?} refers to a request that did not go well.");
                Err(Fault::new(424, "not_done", message, "Correct that one first."))
            }
            _ => {
                let message = format!("{url:.80?} refers to a request that created no record.");
                Err(Fault::bad("unknown_request", message, "Refer to a POST that creates a record."))
            }
        }
    }
}
