//! `GET /profile/card`: what is told of a profile.

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use dictionary::Value;
use gate::Caller;
use http::{HeaderMap, StatusCode, Uri, header};
use serde_json::json;

use super::{Kind, Pod, host_pod, root, url};
use crate::Door;
use crate::reply::{Answer, Refused, json as answer, typed};

/// `{id}.{domain}/profile/card`
pub(crate) async fn card_at_host(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let host = uri.host().or_else(|| headers.get(header::HOST)?.to_str().ok()).unwrap_or_default();
    let id = host_pod(host, &door.settings.domain).ok_or_else(unknown)?;
    card(&door, &caller, id).await
}

/// `/pods/{id}/profile/card`, which needs no wildcard DNS.
pub(crate) async fn card_at_path(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Answer {
    card(&door, &caller, &id).await
}

fn unknown() -> Refused {
    Refused::new(
        404,
        "profile_unknown",
        "There is no such profile.",
        "A profile's id is agent-, office-, company- or app- and a key.",
    )
}

/// Everyone with a credential learns that a profile is there and where its inbox is; its name is a field
/// of a record, and told to those who are granted that field.
async fn card(door: &Door, caller: &Caller, id: &str) -> Answer {
    let pod = Pod::read(id).ok_or_else(unknown)?;
    let own = door.dictionary.known(pod.kind.resource());
    let stored = door.store.get(own.id, &pod.key).await?.ok_or_else(unknown)?;
    let shown = caller.shown(own.id, &stored.feed);
    let text = |name: &str| {
        let field = own.find(name).filter(|field| shown.contains(*field))?;
        stored.record.get(field).and_then(Value::as_text)
    };
    let name = match pod.kind {
        Kind::Agent => text("MemberFullName")
            .map(str::to_owned)
            .or_else(|| Some(format!("{} {}", text("MemberFirstName")?, text("MemberLastName")?))),
        Kind::Office => text("OfficeName").map(str::to_owned),
        Kind::Company => text("OrganizationName").map(str::to_owned),
        Kind::App => text("ClientName").map(str::to_owned),
        Kind::Feed => text("FeedName").map(str::to_owned),
    };
    let mut card = json!({
        "type": pod.kind.linked_type(),
        "id": url(&door.settings, &pod).as_str(),
        "inbox": format!("{}/inbox/", root(&door.settings, &pod)),
    });
    if let Some(name) = name {
        card["name"] = name.into();
    }
    Ok(answer(StatusCode::OK, &card))
}

/// What the members of answers mean, for whoever reads them as linked data (EVT-052).
pub(crate) async fn context() -> Response {
    let context = json!({ "@context": {
        "@vocab": "https://schema.org/",
        "id": "@id",
        "type": "@type",
        "inbox": { "@id": "http://www.w3.org/ns/ldp#inbox", "@type": "@id" },
        "contains": { "@id": "http://www.w3.org/ns/ldp#contains", "@type": "@id" },
    }});
    typed(StatusCode::OK, "application/ld+json", context.to_string())
}
