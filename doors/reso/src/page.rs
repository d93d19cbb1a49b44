//! A page of records: found, written, with the link to the next (RESO-020, RESO-040 to 042).

use dictionary::Timestamp;
use gate::{Caller, Permitted};
use odata::json;
use odata::page_token::{self, PageToken};
use query::{PageMark, Query};
use search::{Hits, Reader};

use crate::bound::Bound;
use crate::gather::Gather;
use crate::headers::Wishes;
use crate::reply::{Refused, Reply, TEXT};
use crate::url::Url;
use crate::{Door, delta};

/// How large the pages of an answer are.
pub(crate) fn page_size(door: &Door, wishes: &Wishes) -> u32 {
    let wish = wishes.prefer.max_page_size.unwrap_or(door.settings.page_size);
    wish.clamp(1, door.settings.largest_page)
}

/// The preferences that a page of this size honours (RESO-029).
pub(crate) fn applied(wishes: &Wishes, size: u32) -> Option<String> {
    honoured(wishes, size, false)
}

/// The same; `tracked` says that changes are told of.
pub(crate) fn honoured(wishes: &Wishes, size: u32, tracked: bool) -> Option<String> {
    let mut honoured = wishes.prefer.clone();
    honoured.max_page_size = honoured.max_page_size.map(|_| size);
    honoured.give_back = None;
    honoured.track_changes &= tracked;
    honoured.applied()
}

/// A walk over pages: the question of this page, and what the next one's link must carry.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) query: Query,
    question: u64,
    /// The token of the delta link that the walk ends with, if it does.
    delta: Option<String>,
}

impl Walk {
    /// The question of the page that `token` names, or of the first one.
    pub(crate) fn of(
        mut query: Query,
        url: Url<'_>,
        token: Option<&str>,
        size: u32,
    ) -> Result<Self, Refused> {
        query.page_size = size;
        let question = url.question();
        if let Some(token) = token {
            let PageToken { mark, left, question: _ } = page_token::read(token, question)?;
            query.after = Some(mark);
            // What was skipped lies before the mark.
            query.skip = 0;
            query.top = left;
        }
        Ok(Self { query, question, delta: None })
    }

    /// The link to the page after this one, of which `written` records were told.
    pub(crate) fn next(&self, door: &Door, url: Url<'_>, mark: PageMark, written: usize) -> String {
        let left = self.query.top.map(|top| top.saturating_sub(written as u64));
        let token = PageToken { mark, left, question: self.question };
        let mut next = url.next(&door.settings.public_url, &page_token::write(&token));
        if let Some(delta) = self.delta.as_ref().filter(|_| !url.has_delta()) {
            next.push_str("&$deltatoken=");
            next.push_str(delta);
        }
        next
    }
}

/// Answers a question about records of the index; `delta` is what a walk that tracks changes began with.
#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    query: Query,
    url: Url<'_>,
    token: Option<String>,
    delta: Option<String>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let mut walk = Walk::of(query, url, token.as_deref(), page_size(door, wishes))?;
    let permitted = door.gate.permit(caller, walk.query.clone())?;
    let reader = door.search.read();
    walk.delta = delta.or_else(|| delta::begin(&permitted, url, wishes, reader.applied()));
    let hits = reader.page(&permitted.query, &permitted.scope, now)?;
    write(door, caller, &reader, &permitted, hits, &walk, url, wishes, now)
}

/// Writes what was found.
#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
pub(crate) fn write(
    door: &Door,
    caller: &Caller,
    reader: &Reader<'_>,
    permitted: &Permitted,
    hits: Hits,
    walk: &Walk,
    url: Url<'_>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let query = &permitted.query;
    let resource = door.dictionary.resource(query.resource);
    let gather = Gather { door, caller, reader, permitted, wishes, now, bound: Bound::default() };
    let gathered = gather.rows(resource, &hits.rows, query)?;
    let mut sheet = gathered.sheet(wishes);
    let context = context(door, query, wishes, false);
    json::open_collection(sheet.writer(), context.as_deref(), hits.count);
    gathered.write(&mut sheet);
    let next = hits.next.map(|mark| walk.next(door, url, mark, hits.rows.len()));
    match walk.delta.as_ref().filter(|_| next.is_none()) {
        Some(token) => {
            json::close_with_delta(sheet.writer(), &url.delta(&door.settings.public_url, token));
        }
        None => json::close_collection(sheet.writer(), next.as_deref()),
    }
    let applied = honoured(wishes, query.page_size, walk.delta.is_some());
    Ok(Reply { applied, next: next.filter(|_| url.is_replication()), ..Reply::pressed(sheet, wishes) })
}

/// `…/$count`: how many match, as plain text.
pub(crate) fn count(door: &Door, caller: &Caller, query: Query, now: Timestamp) -> Result<Reply, Refused> {
    let Permitted { query, scope } = door.gate.permit(caller, query)?;
    let asked = Query { filter: query.filter, count: true, page_size: 0, ..Query::all(query.resource) };
    let hits = door.search.read().page(&asked, &scope, now)?;
    Ok(Reply::of(TEXT, hits.count.unwrap_or_default().to_string()))
}

/// The context URL of an answer; none where the client asks for no metadata.
pub(crate) fn context(door: &Door, query: &Query, wishes: &Wishes, single: bool) -> Option<String> {
    (wishes.metadata != json::Metadata::None).then(|| {
        let root = door.root_url();
        json::context_url(&root, &door.dictionary, query.resource, &query.select, &query.expand, single)
    })
}
