//! Sources: run, canceled, listed with what became of them.

use axum::extract::{Extension, Path, RawQuery, State as Stand};
use bytes::Bytes;
use gate::Secret;
use http::HeaderMap;
use serde_json::{Value, json};

use super::answer::{Answer, ok, with_status};
use super::asking::{self, Parameters};
use super::spelling;
use crate::State;
use crate::operate::{self, Act, GivenCredential, Part};

/// Asks for a run. It has not begun when this is answered, but the order is on disk.
pub(super) async fn run(
    Stand(state): Stand<State>,
    Path(source): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    let stored = operate::run_source(&state.desk, &act, &source).await?;
    let body = spelling::record(state.desk.resource("Source")?, &stored);
    Ok(with_status(http::StatusCode::ACCEPTED, &body))
}

/// Asks that the run end; the answer is the run's record.
pub(super) async fn cancel(
    Stand(state): Stand<State>,
    Path(source): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    let stored = operate::cancel_source(&state.desk, &act, &source).await?;
    let body = spelling::record(state.desk.resource("ImportRun")?, &stored);
    Ok(with_status(http::StatusCode::ACCEPTED, &body))
}

/// Seals what the source's server gave: `credential` is that text, or `from` another source that has it.
pub(super) async fn credential(
    Stand(state): Stand<State>,
    Path(source): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let object = asking::object(&headers, &body)?;
    let given = match (object["credential"].as_str(), object["from"].as_str()) {
        (Some(text), None) => GivenCredential::Text(Secret::new(text)),
        (None, Some(other)) => GivenCredential::Of(other.into()),
        _ => {
            let message = "The body holds no credential.";
            let hint = "Send {\"credential\": \"…\"}, or {\"from\": the id of another source}.";
            return Err(odata::Fault::new(422, "credential_wrong", message, hint).into());
        }
    };
    let stored = operate::set_credential(&state.desk, &act, &source, &given).await?;
    let mut body = spelling::record(state.desk.resource("Source")?, &stored);
    // Sealed or not, it is nobody's to read.
    body["SealedCredential"] = Value::Null;
    Ok(ok(&body))
}

/// Every source with its last run: `limit`, `after`.
pub(super) async fn list(Stand(state): Stand<State>, RawQuery(query): RawQuery) -> Answer {
    let mut given = Parameters::read(query.as_deref())?;
    let limit = given.limit()?;
    let after = given.take("after").map(|text| asking::place(&text)).transpose()?;
    given.done()?;
    let part = Part { after, limit, fields: Vec::new() };
    let (jobs, next) = operate::jobs(&state.desk, &part).await?;
    let (source, run) = (state.desk.resource("Source")?, state.desk.resource("ImportRun")?);
    let value = jobs.iter().map(|job| {
        json!({
            "source": spelling::record(source, &job.source),
            "running": job.open,
            "run": job.run.as_ref().map_or(Value::Null, |stored| spelling::record(run, stored)),
        })
    });
    let mut body = json!({ "value": value.collect::<Vec<_>>() });
    if let Some((at, key)) = next {
        let at = at.map_or_else(String::new, |at| at.to_string());
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("limit", &limit.to_string()).append_pair("after", &format!("{at}~{key}"));
        body["next"] = json!(format!("/admin/jobs?{}", address.finish()));
    }
    Ok(ok(&body))
}
