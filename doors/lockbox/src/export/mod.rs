//! The full data set of an association, on request: for tests, with personal data masked, or as it is (LBX-072).
//! What leaves can be imported again: it has the headings that the import reads.

mod columns;
mod describe;
mod mask;
mod rows;

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use gate::Caller;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use http_body_util::channel::Channel;

use crate::Door;
use crate::import::Part;
use crate::reply::{Answer, Refused, typed};
use crate::route::{Line, get, line};
use crate::tenant::Right;
use parameters::Parameters;

/// Parts of a body that wait for a slow reader.
const WAITING: usize = 2;

/// The routes of exports.
pub(crate) fn routes() -> Vec<Line> {
    vec![line("/lockbox/{environment}/tenants/{tenant}/export/{part}", get(export), describe::export)]
}

/// `GET …/export/{part}`: CSV, every record of the part. Unmasked is for administrators.
async fn export(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, part)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let mut asked = Parameters::read(query.as_deref())?;
    let masked = asked.flag("masked")?;
    asked.done()?;
    let right = if masked { Right::See } else { Right::Answer };
    let tenant = door.tenant(&caller, (&environment, &id), right).await?;
    let unknown =
        || Refused::new(404, "part_unknown", "There is no such part.", "offices, members or listings.");
    let part = Part::find(&part).ok_or_else(unknown)?;
    let (sender, body) = Channel::<Bytes, Infallible>::new(WAITING);
    let name = format!("attachment; filename=\"{}.csv\"", part.name());
    tokio::spawn(async move {
        if let Err(error) = rows::tell(&door, &tenant, (part, masked), sender).await {
            tracing::error!(code = error.code(), "an export was cut off: {error}");
        }
    });
    let mut answer: Response = typed(StatusCode::OK, "text/csv; charset=utf-8", Body::new(body));
    if let Ok(name) = HeaderValue::try_from(name) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}
