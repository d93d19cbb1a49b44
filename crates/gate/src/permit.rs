//! From a query to a permitted one.

use std::sync::Arc;

use dictionary::{FieldSet, ResourceId};
use query::{FeedRows, Query, Rows, Scope};

use crate::account::Account;
use crate::wanted::Wanted;
use crate::{Caller, Refusal};

/// A question that may be answered, and of which records.
#[derive(Clone, PartialEq, Debug)]
pub struct Permitted {
    /// The question as it was asked.
    pub query: Query,
    /// The records that the answer may tell of, at whatever depth. Each record still shows only
    /// [`Caller::shown`] of its resource and feed.
    pub scope: Arc<Scope>,
}

/// Permits `query`. A field that is hidden in every feed does not exist. One that is hidden in some
/// limits the records of its resource to the feeds that show it, throughout the whole question: a
/// filter, an order or a link never tells what a hidden field holds.
pub(crate) fn permit(caller: &Caller, query: Query) -> Result<Permitted, Refusal> {
    let account = &*caller.account;
    if account.operator {
        return Ok(Permitted { query, scope: account.scope.clone() });
    }
    let mut wanted = Wanted::new(&account.lexicon.dictionary, &account.sight);
    wanted.query(&query)?;
    let mut scope = account.scope.clone();
    for (resource, fields) in &wanted.fields {
        if let Some(rows) = narrowed(account, *resource, fields) {
            Arc::make_mut(&mut scope).allow(*resource, rows);
        }
    }
    Ok(Permitted { query, scope })
}

/// The rows of the feeds that show all of `fields`; none where every feed does.
fn narrowed(account: &Account, resource: ResourceId, fields: &FieldSet) -> Option<Rows> {
    let mut left = Vec::new();
    let mut dropped = false;
    for grant in &account.grants {
        let Some(part) = grant.parts.get(&resource) else { continue };
        if fields.iter().all(|field| part.shown.contains(field)) {
            left.push(FeedRows { feed: grant.feed.clone(), filter: part.rows.clone() });
        } else {
            dropped = true;
        }
    }
    dropped.then_some(if left.is_empty() { Rows::None } else { Rows::Of(left) })
}
