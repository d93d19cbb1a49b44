//! Keys: issued once, revoked at once.

use axum::extract::{Extension, Path, State as Stand};
use bytes::Bytes;
use dictionary::Text;
use http::{HeaderMap, StatusCode};
use odata::Fault;
use serde_json::json;

use super::answer::{Answer, ok, with_status};
use super::asking;
use super::spelling;
use crate::State;
use crate::operate::{self, Act, NewKey};

/// Issues a key; the answer is the only place where its secret is shown. The body may hold
/// `ClientKeyName` and `ExpirationTimestamp`.
pub(super) async fn issue(
    Stand(state): Stand<State>,
    Path(client): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = state.desk.resource("ClientKey")?;
    let mut new = NewKey::default();
    if !body.is_empty() {
        let read = asking::record(&headers, &body, &state.desk.dictionary, own.id)?;
        for (id, value) in read.record.iter() {
            match own.field(id).name.as_str() {
                "ClientKeyName" => new.name = value.as_text().map(Text::new),
                "ExpirationTimestamp" => new.expires = value.as_timestamp(),
                other => {
                    let message = format!("{other} is not yours to say.");
                    let hint = "Send ClientKeyName and ExpirationTimestamp, or nothing.";
                    return Err(Fault::new(422, "field_fixed", message, hint).about(other).into());
                }
            }
        }
    }
    let shown = operate::issue_key(&state.desk, &act, &client, new).await?;
    let mut answer = spelling::record(own, &shown.kept);
    answer["secret"] = json!(shown.secret.reveal());
    Ok(with_status(StatusCode::CREATED, &answer))
}

/// Revokes a key.
pub(super) async fn revoke(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    let stored = operate::revoke_key(&state.desk, &act, &key).await?;
    Ok(ok(&spelling::record(state.desk.resource("ClientKey")?, &stored)))
}
