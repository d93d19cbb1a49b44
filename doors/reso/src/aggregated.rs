//! What records come to: `$apply` (RESO-027).

use std::ops::Range;

use dictionary::{Resource, Timestamp, Value};
use gate::Caller;
use odata::Fault;
use odata::json::{self, RowShape};
use odata::page_token::{self, PageToken};
use odata::url::Aggregated;
use press::Sheet;
use query::{Expr, Part, Query, Transformation, held, window};
use search::{Reader, Row};

use crate::bound::Bound;
use crate::gather::{Gather, Gathered};
use crate::headers::{Version, Wishes};
use crate::page::{applied, context, page_size};
use crate::reply::{Refused, Reply};
use crate::url::Url;
use crate::{Door, entity};

/// A page of rows, records or both. What the caller may not see counts in none of them: the scope goes before the
/// groups.
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    mut asked: Aggregated,
    url: Url<'_>,
    token: Option<String>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let question = url.question();
    let token: Option<PageToken> = token.map(|token| page_token::read(&token, question)).transpose()?;
    let mut looks_at = asked.question.looks_at();
    // What is looked at by links is not told: that is asked of the records by themselves.
    let linked = looks_at.expand.len();
    if let Some(records) = &asked.records {
        looks_at.expand.extend_from_slice(&records.expand);
        looks_at = Query { order: looks_at.order, expand: looks_at.expand, ..records.clone() };
    }
    let mut permitted = door.gate.permit(caller, looks_at)?;
    permitted.query.expand.drain(..linked);
    let reader = door.search.read();
    if let Some((at, link)) = &asked.of {
        let row = entity::find(door, caller, &reader, at, &permitted, now)?;
        let linked = reader.linked_filter(at.end(&door.dictionary), row, *link);
        // A record that leads nowhere has none.
        let linked = linked.unwrap_or(Expr::Value(Value::Boolean(false)));
        asked.question.steps.insert(0, Transformation::Filter(linked));
    }
    let mut found = Found(reader.aggregate(&asked.question, &permitted.scope, now)?);
    let count = asked.count.then_some(found.len() as u64);
    let cut = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    found.cut(cut(asked.skip)..cut(asked.skip).saturating_add(asked.top.map_or(usize::MAX, cut)));
    let size = page_size(door, wishes);
    let resource = door.dictionary.resource(asked.question.resource);
    let mark = |at: usize| found.mark(at, &reader, resource, asked.columns.len());
    let (page, next) = window(found.len(), mark, token.as_ref().map(|token| &token.mark), size as usize);
    found.cut(page);
    let gather =
        Gather { door, caller, reader: &reader, permitted: &permitted, wishes, now, bound: Bound::default() };
    let telling = Telling { gather: &gather, asked: &asked, resource };
    let mut sheet = telling.sheet(found, count)?;
    let next = next.map(|mark| {
        let token = PageToken { mark, left: None, question };
        url.next_of_rows(&door.settings.public_url, &page_token::write(&token))
    });
    json::close_collection(sheet.writer(), next.as_deref());
    Ok(Reply { applied: applied(wishes, size), ..Reply::pressed(sheet, wishes) })
}

/// What was found, one part after the other.
struct Found(Vec<Part<Row>>);

impl Found {
    fn len(&self) -> usize {
        self.0.iter().map(Part::len).sum()
    }

    /// Leaves what lies in this range.
    fn cut(&mut self, range: Range<usize>) {
        let (mut start, mut count) = (range.start, range.len());
        for part in &mut self.0 {
            let (skipped, left) = part.cut(start, count);
            (start, count) = (start - skipped, count - left);
        }
    }

    /// What a page link names one by: a record's key, or all that a row holds.
    fn mark(
        &self,
        at: usize,
        reader: &Reader<'_>,
        resource: &Resource,
        columns: usize,
    ) -> Vec<Option<Value>> {
        let mut at = at;
        for part in &self.0 {
            match part {
                Part::Records(rows) if at < rows.len() => {
                    return vec![Some(Value::from(reader.view(resource.id, rows[at]).key()))];
                }
                Part::Rows(rows) if at < rows.len() => return held(&rows[at], columns),
                passed => at -= passed.len(),
            }
        }
        Vec::new()
    }
}

/// What a part of the answer is written from.
enum Written<'a> {
    Records(Gathered<'a>),
    Rows(Vec<u8>),
}

/// How an answer is told.
struct Telling<'a> {
    gather: &'a Gather<'a>,
    asked: &'a Aggregated,
    resource: &'a Resource,
}

impl<'a> Telling<'a> {
    /// The answer up to the end of its list.
    fn sheet(&self, found: Found, count: Option<u64>) -> Result<Sheet, Refused> {
        let wishes = self.gather.wishes;
        let parts: Vec<Written<'a>> = found
            .0
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| match part {
                Part::Records(rows) => {
                    let query = &self.gather.permitted.query;
                    self.gather.rows(self.resource, &rows, query).map(Written::Records)
                }
                Part::Rows(rows) => {
                    // What is first in a list has no comma before it.
                    let mut items = vec![b'['];
                    json::write_rows(&mut items, rows.iter(), self.asked, self.shape());
                    Ok(Written::Rows(items.split_off(1)))
                }
            })
            .collect::<Result<_, _>>()?;
        let mut sheet = Sheet::new(wishes.form);
        json::open_collection(sheet.writer(), self.context().as_deref(), count);
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                sheet.text(b",");
            }
            match part {
                Written::Records(gathered) => gathered.write(&mut sheet),
                Written::Rows(items) => sheet.text(items),
            }
        }
        Ok(sheet)
    }

    fn shape(&self) -> RowShape<'a> {
        let Gather { door, wishes, .. } = self.gather;
        RowShape {
            dictionary: &door.dictionary,
            metadata: wishes.metadata,
            numbers: wishes.numbers,
            enums: door.enums_written().map(|enums| &**enums),
            omit_nulls: wishes.prefer.omit_nulls,
            transient: wishes.version == Version::V4_0,
        }
    }

    fn context(&self) -> Option<String> {
        let Gather { door, wishes, permitted, .. } = self.gather;
        if self.asked.records.is_some() {
            return context(door, &permitted.query, wishes, false);
        }
        (wishes.metadata != json::Metadata::None)
            .then(|| json::rows_context_url(&door.root_url(), &door.dictionary, self.asked))
    }
}

/// EntityEvent, Lookup and Field are told and not kept: there is nothing to aggregate them in.
pub(crate) fn not_of_told(door: &Door, asked: &Aggregated) -> Fault {
    let resource = &door.dictionary.resource(asked.question.resource).name;
    let message = format!("$apply of {resource} is not supported.");
    Fault::new(501, "not_supported", message, "Read it and add it up.").about("$apply")
}
