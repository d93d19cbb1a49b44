//! A request for reading, from its URL to its answer.

use dictionary::{Origin, ResourceId, Timestamp};
use gate::Caller;
use http::Uri;
use odata::metadata::{self, Options};
use odata::url::{self, Asked, Format, Reading, Request};
use odata::{Fault, service};

use crate::entity::{self, Part};
use crate::headers::Wishes;
use crate::reply::{JSON, Refused, Reply, XML};
use crate::url::Url;
use crate::{Door, aggregated, delta, linked, page, told};

/// Answers `GET`.
pub(crate) async fn ask(
    door: &Door,
    caller: &Caller,
    uri: &Uri,
    wishes: &mut Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let url = Url { path: uri.path(), query: uri.query().unwrap_or_default() };
    let Request { mut asked, format, page_token, delta_token, replication, custom: _ } =
        read(door, caller, url, wishes)?;
    take_format(format, &asked, wishes)?;
    if let (true, Asked::Collection(query)) = (replication, &mut asked) {
        // To these clients `$top` is how many records a page has, and the walk goes on to the end.
        let size = query.top.take().map(|top| u32::try_from(top.max(1)).unwrap_or(u32::MAX));
        wishes.prefer.max_page_size = size.or(wishes.prefer.max_page_size);
    }
    match asked {
        Asked::Service => Ok(service(door, caller, wishes)),
        Asked::Metadata => Ok(described(door, caller, format)),
        Asked::Collection(query) if told::tells(door, query.resource) && delta_token.is_some() => {
            let message = "Changes of this resource are not told by $deltatoken.";
            let hint = "EntityEvent is the log itself: $filter=EntityEventSequence gt N.";
            Err(Fault::new(501, "not_supported", message, hint).about("$deltatoken").into())
        }
        Asked::Collection(query) if told::tells(door, query.resource) => {
            told::answer(door, caller, query, url, page_token, wishes, now).await
        }
        Asked::Aggregated(asked) if told::tells(door, asked.question.resource) => {
            Err(aggregated::not_of_told(door, &asked).into())
        }
        Asked::Aggregated(asked) => aggregated::answer(door, caller, asked, url, page_token, wishes, now),
        Asked::Collection(query) => match delta_token {
            Some(token) if page_token.is_none() => {
                delta::answer(door, caller, query, url, &token, wishes, now).await
            }
            delta => page::answer(door, caller, query, url, page_token, delta, wishes, now),
        },
        Asked::Count(query) if told::tells(door, query.resource) => {
            told::count(door, caller, query, now).await
        }
        Asked::Count(query) => page::count(door, caller, query, now),
        Asked::Entity { at, query } if told::tells(door, at.resource) => {
            told::entity(door, caller, &at, query, wishes, now).await
        }
        Asked::Entity { at, query } => entity::answer(door, caller, &at, query, wishes, now),
        Asked::Linked { at, link, query } => {
            linked::answer(door, caller, &at, link, query, url, page_token, wishes, now)
        }
        Asked::LinkedCount { at, link, query } => linked::count(door, caller, &at, link, query, now),
        Asked::Field { at, field } => entity::field(door, caller, &at, field, Part::Json, wishes, now),
        Asked::FieldValue { at, field } => entity::field(door, caller, &at, field, Part::Text, wishes, now),
        Asked::FieldCount { at, field } => entity::field(door, caller, &at, field, Part::Count, wishes, now),
    }
}

/// The question that the URL asks, of what the caller may see.
pub(crate) fn read(door: &Door, caller: &Caller, url: Url<'_>, wishes: &Wishes) -> Result<Request, Fault> {
    let reading = Reading {
        dictionary: &door.dictionary,
        sight: caller.sight(),
        serves: &|id| door.serves(id),
        enums: &door.enums,
        page_size: page::page_size(door, wishes),
    };
    let below = url.path.strip_prefix(door.settings.root.as_str()).unwrap_or(url.path);
    url::read(below, url.query, &reading)
}

/// `$format` goes before `Accept` (OData 4.01 part 2, 5.1.2). XML is offered for `$metadata` alone.
pub(crate) fn take_format(format: Option<Format>, asked: &Asked, wishes: &mut Wishes) -> Result<(), Fault> {
    match format {
        Some(Format::Xml) if *asked != Asked::Metadata => Err(Fault::new(
            406,
            "format_unsupported",
            "XML is offered for $metadata alone.",
            "Leave $format out, or use $format=json.",
        )
        .about("$format")),
        Some(Format::Json { metadata, numbers }) => {
            wishes.metadata = metadata.unwrap_or(wishes.metadata);
            wishes.numbers = numbers.unwrap_or(wishes.numbers);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// `/`: the resources that the caller may see.
fn service(door: &Door, caller: &Caller, wishes: &Wishes) -> Reply {
    let options = Options { enums: door.settings.enums, serves: &|id| door.serves(id), ..Options::default() };
    Reply::json(service::document(&door.dictionary, &door.root_url(), caller.sight(), &options), wishes)
}

/// `$metadata`: XML unless `$format=json` asks for JSON, whatever `Accept` says (RESO-005), of what the
/// caller may see (RESO-008).
fn described(door: &Door, caller: &Caller, format: Option<Format>) -> Reply {
    let options = Options {
        enums: door.settings.enums,
        freehold: false,
        serves: &|id| door.serves(id),
        applies: &|id| !told::tells(door, id),
    };
    let (kind, text) = match format {
        Some(Format::Json { .. }) => (JSON, metadata::json(&door.dictionary, caller.sight(), &options)),
        _ => (XML, metadata::xml(&door.dictionary, caller.sight(), &options).into_bytes()),
    };
    let etag = Some(metadata::etag(&text));
    Reply { etag, ..Reply::of(kind, text) }
}

impl Door {
    /// Whether a resource is offered at all: RESO's and the installation's own; Freehold's are the
    /// operators', at the admin API.
    pub(crate) fn serves(&self, resource: ResourceId) -> bool {
        self.dictionary.resource(resource).origin != Origin::Freehold
    }
}
