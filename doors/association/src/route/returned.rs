//! What comes back from the other side: changes of contacts, each field judged by whose it is; and NRDS ids.

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use http::HeaderMap;
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::sync::Contact;
use crate::{Door, asking, authority, nrds, told};

/// A change of a contact, from whoever the integration leads to.
pub(super) async fn change(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path((.., resource, key)): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let contact = Contact::find(&resource).ok_or_else(|| {
        let message = format!("{resource:?} is no contact.");
        let hint = "Change Office, Member, OfficeAssociation and MemberAssociation.";
        Fault::new(404, "resource_unknown", message, hint)
    })?;
    let own = contact.resource(&door.dictionary);
    let all: Vec<&str> = own.each().map(|(_, field)| field.name.as_str()).collect();
    let sent = asking::record(&door, own, &headers, &body, &all)?;
    let done = authority::take(&door, &asked, contact, &key, &sent).await?;
    let conflicts: Vec<Json> = done
        .conflicts
        .iter()
        .map(|(field, side)| json!({ "FieldName": field.as_str(), "AuthoritySide": side.as_str() }))
        .collect();
    let names = |all: &[dictionary::Text]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    answer::ok(&json!({
        "applied": names(&done.applied),
        "unchanged": names(&done.unchanged),
        "conflicts": conflicts,
    }))
}

/// Every conflict that was reported, the newest version of each.
pub(super) async fn conflicts(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = door.register.of_tenant("FieldConflict", &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known("FieldConflict"), &all))
}

/// Whom an id is for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Wanted {
    member_key: Option<String>,
}

/// Gives the next free NRDS id.
pub(super) async fn nrds_id(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let wanted: Wanted = asking::object(&headers, &body)?;
    let given = nrds::give(&door, &asked, wanted.member_key.as_deref()).await?;
    let told = json!({ "NrdsId": given.id.as_str(), "MemberKey": wanted.member_key, "issued": given.issued });
    if given.issued { answer::made(&told) } else { answer::ok(&told) }
}
