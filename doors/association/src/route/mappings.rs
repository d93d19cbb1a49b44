//! Mapping sets: each version is kept whole and never changes; one is put in force in an environment.

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use dictionary::{Text, named};
use http::HeaderMap;
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::Stored;

use crate::answer::{self, Answer};
use crate::conversion::{self, Entry, MappingSet};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::{Door, asking, told};

/// Versions that an integration has at most; their numbers stand in their keys with as many digits.
const MOST_VERSIONS: i64 = 9_999;

/// What a new version is made of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent {
    entries: Vec<Entry>,
    /// Whether the standard agent and office types are added where no entry names them.
    #[serde(default)]
    standard_types: bool,
}

/// The key of a version.
pub(crate) fn key(integration: &str, version: i64) -> Text {
    Text::from(format!("{integration}.{version:04}"))
}

/// Every version, without its entries.
pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("MappingSet");
    let versions = door.register.beginning("MappingSet", &format!("{}.", asked.integration().id));
    let told = versions.iter().map(|stored| {
        let mut told = told::kept(own, stored);
        let object = told.as_object_mut().expect("a kept record is told as an object");
        object.remove("MappingSetText");
        told
    });
    answer::ok(&json!({ "value": told.collect::<Vec<_>>() }))
}

/// The parameters of a version's address.
#[derive(Deserialize)]
pub(super) struct At {
    version: i64,
}

pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { version }): Path<At>,
) -> Answer {
    let id = key(&asked.integration().id, version);
    let kept = door.register.get("MappingSet", &id).ok_or_else(|| {
        let message = format!("The mapping has no version {version}.");
        Fault::new(404, "mapping_unknown", message, "GET …/mappings lists them.")
    })?;
    answer::ok(&shown(&door, &kept))
}

fn shown(door: &Door, kept: &Stored) -> Json {
    let mut told = told::kept(door.dictionary.known("MappingSet"), kept);
    let entries = MappingSet::read(&door.dictionary, kept).map(|set| json!(set.entries()));
    let object = told.as_object_mut().expect("a kept record is told as an object");
    object.remove("MappingSetText");
    object.insert("entries".into(), entries.unwrap_or_default());
    told
}

/// Keeps a new version. Two who make one at once make two, or one of them is told.
pub(super) async fn create(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let mut sent: Sent = asking::object(&headers, &body)?;
    if sent.standard_types {
        let standard = conversion::standard(&sent.entries);
        sent.entries.extend(standard);
    }
    let warnings = conversion::judge(&sent.entries)?;
    let of = asked.integration();
    let version = door.newest_mapping(&of.id).map_or(1, |set| set.version + 1);
    if version > MOST_VERSIONS {
        let message = format!("The mapping has {MOST_VERSIONS} versions.");
        let hint = "Write down another integration.";
        return Err(Fault::new(409, "too_many_versions", message, hint).into());
    }
    let id = key(&of.id, version);
    let text = json!(sent.entries).to_string();
    let record = named(
        door.dictionary.known("MappingSet"),
        [
            ("MappingSetId", Some(id.clone().into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("MappingSetVersion", Some(version.into())),
            ("MappingSetText", Some(text.into())),
            ("MappingSetWarnings", Some(dictionary::Value::TextList(warnings.into()))),
            ("MadeBy", Some(asked.actor().into())),
        ],
    );
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.add(record);
    door.keep(keeping).await?;
    let kept = door
        .register
        .get("MappingSet", &id)
        .ok_or_else(|| Fault::new(404, "mapping_unknown", "It is gone.", "Make it again."))?;
    answer::made(&shown(&door, &kept))
}
