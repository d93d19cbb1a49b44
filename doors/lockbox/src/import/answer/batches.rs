//! Batches, told.

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::Named as Words;
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::json;

use super::Named;
use crate::Door;
use crate::import::batch::Batch;
use crate::import::index::each;
use crate::reply::{Answer, Refused, json};
use crate::tenant::Right;
use parameters::Parameters;

/// Batches of a list.
const MOST: usize = 100;

/// `GET /lockbox/{environment}/tenants/{tenant}/imports`: the newest first; `status` picks.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let status = asked.take("status");
    asked.done()?;
    let own = door.dictionary.known("ImportBatch");
    let mut found: Vec<Batch> = Vec::new();
    each(&door.store, &door.dictionary, (own.id, &OWN_FEED.into()), |stored| {
        let batch = Batch::read(Words { own, record: &stored.record });
        found.extend(batch.filter(|batch| {
            batch.tenant == tenant.id
                && batch.environment == tenant.environment
                && status.as_deref().is_none_or(|status| batch.status.name().eq_ignore_ascii_case(status))
        }));
    })
    .await?;
    found.sort_by(|a, b| b.id.cmp(&a.id));
    let items: Vec<_> = found.iter().take(MOST).map(Batch::told).collect();
    Ok(json(StatusCode::OK, &json!({ "items": items })))
}

/// `GET /lockbox/{environment}/tenants/{tenant}/imports/{batch}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, batch)): Path<Named>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let batch = door.batch_of(&tenant, &batch).await?;
    Ok::<_, Refused>(json(StatusCode::OK, &batch.told()))
}
