//! Jobs that the binary runs for an operator.

use axum::extract::{Extension, Path, State as Stand};
use bytes::Bytes;
use http::HeaderMap;
use odata::Fault;

use super::answer::{Answer, ok};
use super::asking;
use crate::operate::Act;
use crate::{JobOrder, State};

/// Runs a job; the body is what it is told.
pub(super) async fn run(
    Stand(state): Stand<State>,
    Path(job): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let parameters = asking::object(&headers, &body)?;
    let Some(run) = &state.run_job else {
        let message = format!("There is no job {job:?} on this node.");
        return Err(Fault::new(404, "job_unknown", message, "Ask the node that runs the jobs.").into());
    };
    let order = JobOrder { job, parameters, actor: act.actor, now: act.now };
    Ok(ok(&run(order).await?))
}
