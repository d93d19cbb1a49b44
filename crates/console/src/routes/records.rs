//! Records of Freehold's own resources.

use axum::extract::{Extension, Path, RawQuery, State as Stand};
use bytes::Bytes;
use dictionary::Text;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::answer::{Answer, ok, with_status};
use super::asking::{self, Parameters};
use super::spelling;
use crate::State;
use crate::operate::{self, Act, Part};

/// Freehold's own resources and their fields.
pub(super) async fn resources(Stand(state): Stand<State>, RawQuery(query): RawQuery) -> Answer {
    Parameters::read(query.as_deref())?.done()?;
    let all = state.desk.resources().map(|resource| {
        let shown = operate::shown_fields(resource);
        let fields = resource.each().filter(|(id, _)| shown.contains(*id)).map(|(_, field)| {
            let values = field.lookup.map(|id| state.desk.dictionary.lookup(id));
            json!({
                "name": field.name.as_str(),
                "type": field.ty.edm(),
                "key": field.key,
                "values": values.map(|l| l.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>()),
            })
        });
        json!({ "name": resource.name.as_str(), "fields": fields.collect::<Vec<_>>() })
    });
    Ok(ok(&json!({ "value": all.collect::<Vec<_>>() })))
}

/// A part of a resource's records: `limit`, `after`, and any field with the text that it must hold.
pub(super) async fn list(
    Stand(state): Stand<State>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let resource = state.desk.resource(&name)?;
    let mut given = Parameters::read(query.as_deref())?;
    let limit = given.limit()?;
    let after = given.take("after").map(|text| asking::place(&text)).transpose()?;
    let mut fields = Vec::new();
    for (field, text) in given.rest() {
        let known = resource.find(&field).filter(|id| operate::shown_fields(resource).contains(*id));
        fields.push((known.ok_or_else(|| asking::unknown(&field))?, Text::from(text)));
    }
    let asked = Part { after, limit, fields };
    let found = operate::list(&state.desk, &name, &asked).await?;
    let value: Vec<Value> = found.records.iter().map(|stored| spelling::record(resource, stored)).collect();
    let mut body = json!({ "value": value });
    if let Some((at, key)) = found.next {
        let at = at.map_or_else(String::new, |at| at.to_string());
        let mut next = form_urlencoded::Serializer::new(String::new());
        next.append_pair("limit", &limit.to_string()).append_pair("after", &format!("{at}~{key}"));
        for (field, text) in &asked.fields {
            next.append_pair(&resource.field(*field).name, text);
        }
        body["next"] = json!(format!("/admin/{name}?{}", next.finish()));
    }
    Ok(ok(&body))
}

/// A new record.
pub(super) async fn create(
    Stand(state): Stand<State>,
    Path(name): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let resource = state.desk.resource(&name)?;
    if resource.name == "Endpoint" {
        return super::endpoints::register(&state, &act, &headers, &body).await;
    }
    let read = asking::record(&headers, &body, &state.desk.dictionary, resource.id)?;
    let stored = operate::create(&state.desk, &act, &name, read.record).await?;
    Ok(with_status(StatusCode::CREATED, &spelling::record(resource, &stored)))
}

/// One record.
pub(super) async fn read(
    Stand(state): Stand<State>,
    Path((name, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    Parameters::read(query.as_deref())?.done()?;
    let stored = operate::get(&state.desk, &name, &key).await?;
    Ok(ok(&spelling::record(state.desk.resource(&name)?, &stored)))
}

/// Changes some fields of a record; null takes a value away.
pub(super) async fn update(
    Stand(state): Stand<State>,
    Path((name, key)): Path<(String, String)>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let resource = state.desk.resource(&name)?;
    let version = asking::version(&headers)?;
    let read = asking::record(&headers, &body, &state.desk.dictionary, resource.id)?;
    let stored = operate::update(&state.desk, &act, &name, &key, &read.record, &read.nulls, version).await?;
    Ok(ok(&spelling::record(resource, &stored)))
}

/// Removes a record.
pub(super) async fn remove(
    Stand(state): Stand<State>,
    Path((name, key)): Path<(String, String)>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
) -> Answer {
    let version = asking::version(&headers)?;
    operate::remove(&state.desk, &act, &name, &key, version).await?;
    Ok(ok(&json!({ "removed": key })))
}
