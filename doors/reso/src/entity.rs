//! One record, one field of it, one value (RESO-026).

use dictionary::{FieldId, Fields, ResourceId, Timestamp, ValueRef};
use gate::{Caller, Permitted};
use odata::url::{KeyGiven, Place};
use odata::{Fault, json, text};
use query::{Query, Selection};
use search::{Reader, Row};

use crate::Door;
use crate::bound::Bound;
use crate::gather::Gather;
use crate::headers::Wishes;
use crate::page::context;
use crate::reply::{Refused, Reply, TEXT};

/// What is asked of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// `/ListPrice`
    Json,
    /// `/ListPrice/$value`
    Text,
    /// `/Appliances/$count`
    Count,
}

/// The row that a place names. `permitted` is what was asked of it: its scope limits every step on the way.
pub(crate) fn find(
    door: &Door,
    caller: &Caller,
    reader: &Reader<'_>,
    at: &Place,
    permitted: &Permitted,
    now: Timestamp,
) -> Result<Row, Refused> {
    let scope = &permitted.scope;
    let unknown = || -> Refused {
        let name = &door.dictionary.resource(at.end(&door.dictionary)).name;
        let hint = "Look for it with $filter; it may have been removed.";
        Fault::new(404, "record_unknown", format!("There is no such record of {name}."), hint).into()
    };
    let mut row = match &at.key {
        KeyGiven::Key(key) => {
            let found = reader.row(at.resource, key).filter(|row| reader.sees(at.resource, *row, scope, now));
            found.ok_or_else(unknown)?
        }
        KeyGiven::Filter(filter) => {
            let query = Query { filter: Some(filter.clone()), page_size: 2, ..Query::all(at.resource) };
            let Permitted { query, scope } = door.gate.permit(caller, query)?;
            match *reader.page(&query, &scope, now)?.rows.as_slice() {
                [row] => row,
                [] => return Err(unknown()),
                _ => {
                    let message = "Several records answer to this alternate key.";
                    return Err(
                        Fault::bad("key_ambiguous", message, "Read by the key, or use $filter.").into()
                    );
                }
            }
        }
    };
    let mut resource = at.resource;
    for link in &at.via {
        row = *reader.linked(resource, row, *link, scope, now).first().ok_or_else(unknown)?;
        resource = door.dictionary.resource(resource).link(*link).target;
    }
    Ok(row)
}

/// `/Property('K')`, `/Property('K')/ListAgent`
pub(crate) fn answer(
    door: &Door,
    caller: &Caller,
    at: &Place,
    query: Query,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let permitted = door.gate.permit(caller, query)?;
    let reader = door.search.read();
    let row = find(door, caller, &reader, at, &permitted, now)?;
    let resource = door.dictionary.resource(permitted.query.resource);
    let gather =
        Gather { door, caller, reader: &reader, permitted: &permitted, wishes, now, bound: Bound::default() };
    let gathered = gather.rows(resource, &[row], &permitted.query)?;
    let mut sheet = gathered.sheet(wishes);
    sheet.text(b"{");
    if let Some(context) = context(door, &permitted.query, wishes, true) {
        sheet.text(b"\"@odata.context\":");
        json::write_string(sheet.writer(), &context);
        // Where metadata are wanted at all, a record has an ETag: a member follows.
        sheet.text(b",");
    }
    sheet.text(&wishes.annotations);
    gathered.write_row(&mut sheet, 0);
    let etag = Some(format!("W/\"{}\"", reader.view(resource.id, row).sequence()));
    Ok(Reply { etag, applied: single_applied(wishes), ..Reply::pressed(sheet, wishes) })
}

/// Of a single record only nulls can be left out as the client prefers.
pub(crate) fn single_applied(wishes: &Wishes) -> Option<String> {
    wishes.prefer.omit_nulls.then(|| "omit-values=nulls".to_owned())
}

/// `/Property('K')/ListPrice` and what may stand after it. A null has no body (OData 4.01 part 1, 11.2.4).
pub(crate) fn field(
    door: &Door,
    caller: &Caller,
    at: &Place,
    field: FieldId,
    part: Part,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let end: ResourceId = at.end(&door.dictionary);
    let query = Query { select: Selection::Fields(vec![field]), ..Query::all(end) };
    let permitted = door.gate.permit(caller, query)?;
    let reader = door.search.read();
    let row = find(door, caller, &reader, at, &permitted, now)?;
    let resource = door.dictionary.resource(end);
    let view = reader.view(end, row);
    let shown = caller.shown(end, view.feed()).contains(field);
    let value = view.look(field).filter(|_| shown);
    let mut body = Vec::new();
    match (part, value) {
        (Part::Count, Some(ValueRef::TextList(list))) => Ok(Reply::of(TEXT, list.len().to_string())),
        (Part::Count, _) => Ok(Reply::of(TEXT, "0")),
        (_, None) => Ok(Reply::no_content()),
        (Part::Text, Some(value)) => {
            text::write_value(&mut body, value);
            Ok(Reply::of(TEXT, body))
        }
        (Part::Json, Some(value)) => {
            body.push(b'{');
            if wishes.metadata != json::Metadata::None {
                let path = json::entity_path(resource, &view);
                let name = &resource.field(field).name;
                body.extend_from_slice(b"\"@odata.context\":");
                json::write_string(&mut body, &format!("{}/$metadata#{path}/{name}", door.root_url()));
                body.push(b',');
            }
            body.extend_from_slice(b"\"value\":");
            json::write_field(
                &mut body,
                value,
                (resource, field),
                wishes.numbers,
                door.enums_written().map(|e| &**e),
            );
            body.push(b'}');
            Ok(Reply::json(body, wishes))
        }
    }
}
