//! What records come to: `$apply` (RESO-027).

use dictionary::Timestamp;
use gate::{Caller, Permitted};
use odata::Fault;
use odata::json::{self, RowShape};
use odata::page_token::{self, PageToken};
use odata::url::Aggregated;
use query::window;

use crate::Door;
use crate::headers::{Version, Wishes};
use crate::page::{applied, page_size};
use crate::reply::{Refused, Reply};
use crate::url::Url;

/// A page of rows. What the caller may not see counts in none of them: the scope goes before the groups.
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    asked: Aggregated,
    url: Url<'_>,
    token: Option<String>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let question = url.question();
    let token: Option<PageToken> = token.map(|token| page_token::read(&token, question)).transpose()?;
    let Permitted { scope, .. } = door.gate.permit(caller, asked.question.looks_at())?;
    let mut rows = door.search.read().aggregate(&asked.question, &scope, now)?;
    let count = asked.count.then_some(rows.len() as u64);
    let cut = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    rows.drain(..cut(asked.skip).min(rows.len()));
    rows.truncate(asked.top.map_or(usize::MAX, cut));
    let size = page_size(door, wishes);
    let columns = asked.columns.len();
    let page = window(rows, columns, token.as_ref().map(|token| &token.mark), size as usize);
    let metadata = wishes.metadata;
    let context = (metadata != json::Metadata::None)
        .then(|| json::rows_context_url(&door.root_url(), &door.dictionary, &asked));
    let shape = RowShape {
        dictionary: &door.dictionary,
        metadata,
        numbers: wishes.numbers,
        enums: door.enums_written().map(|enums| &**enums),
        omit_nulls: wishes.prefer.omit_nulls,
        transient: wishes.version == Version::V4_0,
    };
    let mut body = Vec::new();
    json::open_collection(&mut body, context.as_deref(), count);
    json::write_rows(&mut body, page.records.iter().map(|row| &**row), &asked, shape);
    let next = page.next.map(|mark| {
        let token = PageToken { mark, left: None, question };
        url.next_of_rows(&door.settings.public_url, &page_token::write(&token))
    });
    json::close_collection(&mut body, next.as_deref());
    Ok(Reply { applied: applied(wishes, size), ..Reply::json(body, wishes) })
}

/// EntityEvent, Lookup and Field are told and not kept: there is nothing to aggregate them in.
pub(crate) fn not_of_told(door: &Door, asked: &Aggregated) -> Fault {
    let resource = &door.dictionary.resource(asked.question.resource).name;
    let message = format!("$apply of {resource} is not supported.");
    Fault::new(501, "not_supported", message, "Read it and add it up.").about("$apply")
}
