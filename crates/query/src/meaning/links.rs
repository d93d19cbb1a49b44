//! Paths over links, counts, and lambdas (OData 4.01 part 2, 5.1.1.13).

use std::borrow::Cow;
use std::sync::Arc;

use dictionary::{LinkId, Record, Text, Value};

use super::{Found, Frame, Subject, truth};
use crate::{FieldRef, Over, Quantifier, Quantity};

/// The value of a field, over links to one record each; null where one of them leads nowhere.
pub(super) fn field<'v>(field: &FieldRef, frame: &'v Frame<'_>) -> Found<'v> {
    let Subject::Record(record) = frame.at(field.scope)? else { return None };
    match follow(record, &field.via, frame) {
        End::Here => record.get(field.field).map(Cow::Borrowed),
        End::There(record) => record.get(field.field).cloned().map(Cow::Owned),
        End::Nowhere => None,
    }
}

/// Where a path ends.
enum End {
    Here,
    There(Arc<Record>),
    Nowhere,
}

fn follow(record: &Record, via: &[LinkId], frame: &Frame<'_>) -> End {
    let Some((first, rest)) = via.split_first() else { return End::Here };
    let step = |record: &Record, link: LinkId| frame.context.links.linked(record, link).into_iter().next();
    let mut at = step(record, *first);
    for link in rest {
        at = at.and_then(|record| step(&record, *link));
    }
    at.map_or(End::Nowhere, End::There)
}

/// What a lambda ranges over.
enum Members {
    Elements(Box<[Text]>),
    Records(Vec<Arc<Record>>),
}

/// The elements of a list, the records of a link. A list without a value has none: a collection is never
/// null in OData.
fn members(over: &Over, frame: &Frame<'_>) -> Members {
    match over {
        Over::List(list) => match field(list, frame).map(Cow::into_owned) {
            Some(Value::TextList(elements)) => Members::Elements(elements),
            _ => Members::Elements(Box::default()),
        },
        Over::Link(link) => {
            let Some(Subject::Record(record)) = frame.at(link.scope) else {
                return Members::Records(Vec::new());
            };
            let find = |record: &Record| frame.context.links.linked(record, link.link);
            Members::Records(match follow(record, &link.via, frame) {
                End::Here => find(record),
                End::There(record) => find(&record),
                End::Nowhere => Vec::new(),
            })
        }
    }
}

/// `/$count`
pub(super) fn count(over: &Over, frame: &Frame<'_>) -> i64 {
    let count = match members(over, frame) {
        Members::Elements(elements) => elements.len(),
        Members::Records(records) => records.len(),
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// `any` is true where the body is true for one, `all` where it is true for every one; each is false
/// otherwise and never unknown, whatever is unknown inside.
pub(super) fn quantified(quantifier: &Quantifier, frame: &Frame<'_>) -> bool {
    let holds = |subject: Subject<'_>| match &quantifier.body {
        None => true,
        Some(body) => truth(body, &Frame::within(frame, subject)) == Some(true),
    };
    match (members(&quantifier.over, frame), quantifier.quantity) {
        (Members::Elements(list), Quantity::Any) => list.iter().any(|text| holds(Subject::Element(text))),
        (Members::Elements(list), Quantity::All) => list.iter().all(|text| holds(Subject::Element(text))),
        (Members::Records(list), Quantity::Any) => list.iter().any(|one| holds(Subject::Record(one))),
        (Members::Records(list), Quantity::All) => list.iter().all(|one| holds(Subject::Record(one))),
    }
}
