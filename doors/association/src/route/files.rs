//! Data files: what a vendor sends of an association's agents and offices, kept with what it holds.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Record, Text, Value, named};
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::Stored;

use super::grants::no_randomness;
use crate::answer::{self, Answer, Refused};
use crate::conversion::{Examined, examine};
use crate::files::{Files, Laid};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::words::FileKind;
use crate::{Door, told};

/// Files of one integration at the most.
const MOST: usize = 1_000;
/// Parts of a file that the address may name a column for.
const PARTS: [&str; 4] = ["id", "status", "userClass", "type"];

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let files = door.register.beginning("DataFile", &format!("{}.", asked.integration().id));
    answer::ok(&json!({ "value": files.iter().map(|one| shown(&door, one)).collect::<Vec<_>>() }))
}

/// The parameters of a file's address.
#[derive(Deserialize)]
pub(super) struct At {
    file: String,
}

pub(super) async fn read(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { file }): Path<At>,
) -> Answer {
    answer::ok(&shown(&door, &of(&door, &asked, &file)?))
}

/// A file of the integration.
pub(super) fn of(door: &Door, asked: &Asked, id: &str) -> Result<Stored, Fault> {
    let start = format!("{}.", asked.integration().id);
    let found = door.register.get("DataFile", id).filter(|_| id.starts_with(&start));
    found.ok_or_else(|| {
        let message = format!("The integration has no file {id:?}.");
        Fault::new(404, "file_unknown", message, "GET …/files lists them.")
    })
}

fn shown(door: &Door, stored: &Stored) -> Json {
    let mut told = told::kept(door.dictionary.known("DataFile"), stored);
    let object = told.as_object_mut().expect("a kept record is told as an object");
    let counts = object.remove("DataFileCounts");
    let counts = counts.as_ref().and_then(Json::as_str).and_then(|text| serde_json::from_str(text).ok());
    object.insert("counts".into(), counts.unwrap_or_else(|| json!({})));
    told
}

/// What the address says of a file that comes.
struct Said {
    kind: FileKind,
    name: String,
    columns: BTreeMap<&'static str, String>,
}

impl Said {
    fn read(query: Option<&str>) -> Result<Self, Fault> {
        let (mut kind, mut name, mut columns) = (None, None, BTreeMap::new());
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(16) {
            let part = PARTS.into_iter().find(|part| *part == key);
            let twice = match (key.as_ref(), part) {
                ("kind", _) => kind.replace(value.to_string()).is_some(),
                ("name", _) => name.replace(value.to_string()).is_some(),
                (_, Some(part)) => columns.insert(part, value.to_string()).is_some(),
                _ => {
                    let message = format!("There is no parameter {key}.");
                    let hint = "There are kind, name, id, status, userClass and type.";
                    return Err(Fault::bad("parameter_unknown", message, hint).about(key.as_ref()));
                }
            };
            if twice {
                let message = format!("The parameter {key} stands twice.");
                return Err(Fault::bad("parameter_twice", message, "Send it once.").about(key.as_ref()));
            }
        }
        let kind = kind.unwrap_or_default();
        let found = FileKind::ALL.iter().copied().find(|one| one.name().eq_ignore_ascii_case(&kind));
        let kind = found.ok_or_else(|| {
            let message = format!("{kind:?} is no kind of data file.");
            Fault::bad("parameter_wrong", message, "Say kind=agent or kind=office.").about("kind")
        })?;
        let name = name.unwrap_or_else(|| format!("{}.csv", kind.name().to_lowercase()));
        if name.is_empty() || name.chars().count() > 255 || name.contains(['/', '\\', '\0']) {
            let message = "The name is none of a file.";
            return Err(Fault::bad("parameter_wrong", message, "Say name=agents.csv.").about("name"));
        }
        Ok(Self { kind, name, columns })
    }
}

/// Takes a file in: it lies on disk and has been read to its end before it is acknowledged (AMS-002).
pub(super) async fn receive(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Answer {
    let said = Said::read(query.as_deref())?;
    let files = directory(&door)?;
    let of = asked.integration();
    if door.register.beginning("DataFile", &format!("{}.", of.id)).len() >= MOST {
        let message = format!("The integration has {MOST} files.");
        return Err(Fault::new(409, "too_many", message, "Write down another integration.").into());
    }
    let fresh = gate::fresh_id(asked.now).map_err(|error| no_randomness(&error))?;
    let id = Text::from(format!("{}.{fresh}", of.id));
    let laid = files.lay(&fresh, &said.name, body).await?;
    let (source, columns, kind) = (laid.source.clone(), said.columns.clone(), said.kind);
    let looked = tokio::task::spawn_blocking(move || examine(source, kind, &columns)).await;
    let examined = looked.map_err(|_| {
        let hint = "Please report it with the file, or with rows that are like it.";
        Fault::new(500, "reading_stopped", "Reading the file was stopped by a fault of Freehold's own.", hint)
    })??;
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.add(record(&door, &asked, &id, &said, &laid, examined));
    door.keep(keeping).await?;
    answer::made(&shown(&door, &self::of(&door, &asked, &id)?))
}

/// Where files lie; a server without a directory takes none.
pub(super) fn directory(door: &Door) -> Result<&Files, Refused> {
    door.files.as_ref().ok_or_else(|| {
        let hint = "The operator gives the association door a directory.";
        Fault::new(503, "no_directory", "This server keeps no data files.", hint).into()
    })
}

fn record(door: &Door, asked: &Asked, id: &Text, said: &Said, laid: &Laid, examined: Examined) -> Record {
    let of = asked.integration();
    let column = |part: &str| examined.columns.parts.get(part).map(|heading| Value::from(heading.clone()));
    let list = |texts: &[String]| {
        Value::TextList(texts.iter().map(|text| text.chars().take(255).collect::<String>().into()).collect())
    };
    let notes: Vec<String> = examined.notes.iter().map(|note| note.chars().take(1_024).collect()).collect();
    let number = |count: u64| Some(Value::from(i64::try_from(count).unwrap_or(i64::MAX)));
    named(
        door.dictionary.known("DataFile"),
        [
            ("DataFileId", Some(id.clone().into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("DataFileKind", Some(said.kind.into())),
            ("FileName", Some(said.name.clone().into())),
            ("FileBytes", number(laid.bytes)),
            ("DataFileHash", Some(laid.hash.clone().into())),
            ("DataFileHeadings", Some(list(&examined.headings))),
            ("IdColumn", column("id")),
            ("StatusColumn", column("status")),
            ("UserClassColumn", column("userClass")),
            ("ContactTypeColumn", column("type")),
            ("RowsRead", number(examined.rows)),
            ("RowsRefused", number(examined.refused)),
            ("DataFileCounts", Some(json!(examined.counts).to_string().into())),
            ("DataFileNotes", (!notes.is_empty()).then(|| list(&notes))),
            ("ReceivedBy", Some(asked.actor().into())),
            ("ReceivedTimestamp", Some(asked.now.into())),
        ],
    )
}
