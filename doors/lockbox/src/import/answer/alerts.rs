//! `GET …/alerts`: what somebody of the tenant should look at.

use axum::extract::{Extension, Path, RawQuery, State};
use gate::Caller;
use http::StatusCode;
use parameters::Parameters;
use serde_json::json;

use crate::Door;
use crate::import::alerts::{Alert, alerts};
use crate::reply::{Answer, json};
use crate::tenant::Right;

/// Alerts of a list.
const MOST: usize = 100;

/// `GET /lockbox/{environment}/tenants/{tenant}/alerts`: those that stand come first; `standing=true` leaves the
/// others out.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let standing = asked.flag("standing")?;
    asked.done()?;
    let found = alerts(&door, &tenant).await?;
    let items = found.iter().filter(|alert| !standing || alert.resolved.is_none());
    let items: Vec<_> = items.take(MOST).map(Alert::told).collect();
    Ok(json(StatusCode::OK, &json!({ "items": items })))
}
